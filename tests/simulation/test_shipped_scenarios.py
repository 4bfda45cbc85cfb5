"""Every scenario that is shipped loads, is what its name says, and runs."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from logistics.errors import InputError
from logistics.network.load import DATA_FOLDER
from logistics.simulation.scenario import Scenario, read_scenario, write_scenario
from logistics.simulation.setting import build_setting
from logistics.simulation.year import simulate

if TYPE_CHECKING:
    from pathlib import Path

FILES = sorted((DATA_FOLDER / "scenarios").glob("*.toml"))
SHORT = {"first": date(2026, 1, 12), "last": date(2026, 1, 14), "iterations": 60}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_it_runs(path: Path) -> None:
    scenario = read_scenario(path)
    days = simulate(build_setting(scenario.model_copy(update=SHORT)))

    assert scenario.title
    assert days[-1].delivered > 0
    assert sum(day.runs for day in days) > 0


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_it_is_the_same_when_written_and_read_again(path: Path, tmp_path: Path) -> None:
    scenario = read_scenario(path)
    copy = tmp_path / "copy.toml"
    copy.write_text(write_scenario(scenario), encoding="utf-8")

    assert read_scenario(copy) == scenario


def test_each_way_to_run_the_network_is_there() -> None:
    said = {field for path in FILES for field in read_scenario(path).model_fields_set}

    assert said >= {
        "service_days", "vans", "hub", "cost_per_stop_sek", "shift_start", "max_hours", "floating",
        "joining", "without_municipalities", "without_branches", "closures", "demand_factor",
        "snow_days_per_year", "history", "fleet", "receiving_hours",
    }  # fmt: skip


def test_who_joins_lends_and_borrows() -> None:
    joined = read_scenario(DATA_FOLDER / "scenarios" / "karlskoga-degerfors-join.toml")
    setting = build_setting(joined)

    flows = setting.arrivals.expected_week()

    assert len(setting.branches) == len(build_setting(Scenario(name="now")).branches) + 3
    assert flows["karlskoga", "nora"] > 0
    assert flows["nora", "degerfors"] > 0
    assert setting.calendar.is_served("svarta", date(2026, 1, 14))
    assert not setting.calendar.is_served("svarta", date(2026, 1, 15))


def test_a_history_comes_back_week_after_week_under_new_names() -> None:
    setting = build_setting(read_scenario(DATA_FOLDER / "scenarios" / "sample-week-replayed.toml"))
    first, second = (setting.arrivals.on(date(2026, 1, day)) for day in (13, 20))

    assert [(t.origin, t.destination) for t in first] == [(t.origin, t.destination) for t in second]
    assert not {t.id for t in first} & {t.id for t in second}
    assert sum(setting.arrivals.expected_week().values()) > 0


def test_a_history_cannot_be_multiplied(tmp_path: Path) -> None:
    path = tmp_path / "odd.toml"
    path.write_text('history = "transfers.csv"\ndemand_factor = 1.3\n', encoding="utf-8")

    with pytest.raises(InputError, match=r"demand_factor is 1\.3, expected 1 with a history"):
        read_scenario(path)

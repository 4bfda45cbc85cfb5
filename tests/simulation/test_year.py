from __future__ import annotations

import itertools
from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from logistics.errors import InputError
from logistics.simulation.outcome import read_lines
from logistics.simulation.scenario import Scenario
from logistics.simulation.setting import build_setting
from logistics.simulation.sweep import Watch, checkpoint, sweep
from logistics.simulation.year import simulate, simulate_day

if TYPE_CHECKING:
    from pathlib import Path

TEN_DAYS = Scenario(name="ten", first=date(2026, 3, 2), last=date(2026, 3, 11), iterations=300)


def test_no_item_is_lost_or_doubled() -> None:
    setting = build_setting(TEN_DAYS)
    outcomes = simulate(setting)
    arrived = list(itertools.accumulate(day.arrived for day in outcomes))
    delivered = list(itertools.accumulate(day.delivered for day in outcomes))

    for day, came, went in zip(outcomes, arrived, delivered, strict=True):
        assert came == went + day.backlog


def test_vans_are_never_fuller_than_their_fullest_leg() -> None:
    driven = [day for day in simulate(build_setting(TEN_DAYS)) if day.runs]

    for day in driven:
        assert 0 < day.item_metres / day.capacity_metres <= day.highest_load <= 1
        assert day.capacity_metres % day.metres == 0


def test_finished_days_are_counted_while_others_write_them(tmp_path: Path) -> None:
    watch = Watch([TEN_DAYS], tmp_path)
    assert watch.days() == {"ten": 0}
    path = checkpoint(tmp_path, TEN_DAYS)
    path.write_bytes(b'{"a": 1}\n{"a": 2}\n{"a"')
    assert watch.days() == {"ten": 2}
    with path.open("ab") as file:
        file.write(b": 3}\n")
    assert watch.days() == {"ten": 3}
    assert watch.days() == {"ten": 3}


def test_another_network_or_history_has_days_of_its_own(tmp_path: Path) -> None:
    data, history = tmp_path / "data", tmp_path / "history.csv"
    data.mkdir()
    (data / "rates.csv").write_text("one", encoding="utf-8")
    history.write_text("one", encoding="utf-8")
    replayed = TEN_DAYS.model_copy(update={"history": history})
    names = {checkpoint(tmp_path, replayed, data), checkpoint(tmp_path, replayed)}
    (data / "rates.csv").write_text("two", encoding="utf-8")
    names.add(checkpoint(tmp_path, replayed, data))
    history.write_text("two", encoding="utf-8")
    names.add(checkpoint(tmp_path, replayed, data))
    assert len(names) == 4
    assert checkpoint(tmp_path, replayed, data) in names


def test_nothing_is_driven_on_a_weekend() -> None:
    weekend = [day for day in simulate(build_setting(TEN_DAYS)) if day.day.isoweekday() > 5]

    assert len(weekend) == 2
    assert all(day.runs == day.metres == 0 for day in weekend)


def test_an_interrupted_run_ends_as_an_unbroken_one(tmp_path: Path) -> None:
    setting = build_setting(TEN_DAYS)
    whole, broken = tmp_path / "whole.jsonl", tmp_path / "broken.jsonl"
    unbroken = simulate(setting, whole)
    # Four days are finished and the fifth is half on disk when the machine stops.
    lines = whole.read_bytes().splitlines(keepends=True)
    broken.write_bytes(b"".join(lines[:4]) + lines[4][:37])

    resumed = simulate(build_setting(TEN_DAYS), broken)

    assert resumed == unbroken
    assert broken.read_bytes() == whole.read_bytes()
    assert [outcome for outcome, _ in read_lines(whole)] == unbroken


def test_a_worker_given_up_for_dead_that_lives_on_counts_no_day_twice(tmp_path: Path) -> None:
    setting = build_setting(TEN_DAYS)
    whole, shared = tmp_path / "whole.jsonl", tmp_path / "shared.jsonl"
    unbroken = simulate(setting, whole)

    def another_takes_over(day: date) -> None:
        # The first worker has finished three days, and does not know that it was replaced.
        if day == TEN_DAYS.first + timedelta(days=2):
            simulate(setting, shared)

    assert simulate(setting, shared, another_takes_over) == unbroken
    assert shared.read_bytes() == whole.read_bytes()


def test_workers_do_not_change_a_byte(tmp_path: Path) -> None:
    short = {"first": date(2026, 3, 2), "last": date(2026, 3, 5), "iterations": 200}
    pair = [Scenario(name="a", **short), Scenario(name="b", vans=1, **short)]

    alone = sweep(pair, tmp_path / "one", workers=1)
    together = sweep(pair, tmp_path / "two", workers=2)

    assert alone == together
    for scenario in pair:
        files = [checkpoint(tmp_path / name, scenario) for name in ("one", "two")]
        assert files[0].read_bytes() == files[1].read_bytes()


def test_scenarios_change_what_they_say() -> None:
    base = build_setting(TEN_DAYS)
    changed = build_setting(
        TEN_DAYS.model_copy(
            update={
                "vans": 3,
                "cost_per_stop_sek": 90.0,
                "service_days": {"main": (1, 3)},
                "without_municipalities": ("Nora",),
                "without_branches": ("stora",),
                "hub": "lindesberg",
                "snow_days_per_year": 150.0,
                "shift_start": 28_800,
            }
        )
    )

    assert sorted(changed.vehicles) == ["van-1", "van-2", "van-3"]
    van = changed.vehicles["van-1"]
    assert (van.cost_per_stop_sek, van.cost_per_km_sek, van.fixed_cost_sek) == (90.0, 0.0, 0.0)
    assert van.shift_start == 28_800
    assert "nora" not in changed.branches
    assert changed.hub == "lindesberg"
    tuesday, wednesday = date(2026, 3, 3), date(2026, 3, 4)
    assert not changed.calendar.is_served("kumla", tuesday)
    assert changed.calendar.is_served("kumla", wednesday)
    assert base.calendar.is_served("kumla", tuesday)
    places = Counter(
        end for one in changed.arrivals.on(tuesday) for end in (one.origin, one.destination)
    )
    assert not places.keys() & {"nora", "stora"}
    snowy = min(changed.snow)
    assert changed.travel_on(snowy).seconds[0][1] > changed.travel.seconds[0][1]


def test_every_unknown_name_of_a_scenario_is_reported() -> None:
    wrong = TEN_DAYS.model_copy(
        update={
            "vehicle": "bike",
            "service_days": {"harbour": (1,)},
            "without_municipalities": ("Oslo",),
        }
    )

    with pytest.raises(InputError) as caught:
        build_setting(wrong)

    assert [problem.split(", expected")[0] for problem in caught.value.problems] == [
        "scenario 'ten': vehicle names 'bike'",
        "scenario 'ten': service_days names 'harbour'",
        "scenario 'ten': without_municipalities names 'Oslo'",
    ]


def test_a_day_without_anything_to_move_only_takes_in_what_arrives() -> None:
    outcome, left = simulate_day(build_setting(TEN_DAYS), date(2026, 3, 2), [])

    assert outcome.runs == 0
    assert outcome.backlog == len(left) == outcome.arrived > 0

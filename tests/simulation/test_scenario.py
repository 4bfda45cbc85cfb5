from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest
from pydantic import ValidationError

from logistics.errors import InputError
from logistics.network.load import DATA_FOLDER
from logistics.network.vehicles import Energy, VehicleKind
from logistics.simulation.scenario import Scenario, read_scenario, refuse_unlike
from logistics.simulation.scenario_parts import Van
from logistics.simulation.setting import build_setting

if TYPE_CHECKING:
    from pathlib import Path


def test_a_scenario_file_speaks_of_weekdays_clock_times_and_dates(tmp_path: Path) -> None:
    path = tmp_path / "three-days.toml"
    path.write_text(
        'title = "Tre dagar"\nfirst = 2026-02-01\nshift_start = "07:30"\n'
        'service_days = { main = ["fri", "mon", "wed"] }\n'
        '[[closures]]\nbranch = "nora"\nfirst = 2026-03-01\nlast = 2026-03-08\n'
    )

    scenario = read_scenario(path)

    assert scenario.name == "three-days"  # the file's own name
    assert scenario.first == date(2026, 2, 1)
    assert scenario.shift_start == 27_000
    assert scenario.service_days == {"main": (1, 3, 5)}
    assert scenario.closures[0].branch == "nora"


def test_every_fault_of_a_file_is_reported_at_once(tmp_path: Path) -> None:
    path = tmp_path / "odd.toml"
    path.write_text(
        'vanns = 2\nmax_hours = 30\nfloating = "yes"\nservice_days = {main=["today"]}\n'
    )

    with pytest.raises(InputError) as caught:
        read_scenario(path)

    text = "\n".join(caught.value.problems)
    assert len(caught.value.problems) == 4
    for part in ("vanns is 2", "max_hours is 30", "floating is 'yes'", "service_days.main.0 is"):
        assert part in text


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(b"name = ", "is not TOML in UTF-8", id="not TOML"),
        pytest.param(b'title = "\xe5"', "is not TOML in UTF-8", id="Latin-1"),
        pytest.param(
            b"first = 2026-02-02\nlast = 2026-02-01", "before first, 2026-02-02", id="backwards"
        ),
    ],
)
def test_a_file_that_makes_no_sense_is_refused(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "bad.toml"
    path.write_bytes(content)

    with pytest.raises(InputError, match=re.escape(says)):
        read_scenario(path)


def test_an_absent_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.toml: cannot be read"):
        read_scenario(tmp_path / "nowhere.toml")


def test_a_fleet_may_be_of_several_kinds() -> None:
    path = DATA_FOLDER / "scenarios" / "electric-and-carrier.toml"
    first, second = build_setting(read_scenario(path)).vehicles.values()
    assert (first.id, first.kind, first.energy) == ("van-1", VehicleKind.OWN, Energy.ELECTRIC)
    assert (first.cost_per_km_sek, first.cost_per_hour_sek) == (2.7, 330.0)
    assert (second.id, second.kind, second.energy) == ("van-2", VehicleKind.CARRIER, Energy.HVO)
    assert (second.cost_per_stop_sek, second.cost_per_km_sek) == (190.0, 0.0)
    assert second.capacity_crates == 20


def test_what_a_kind_of_van_says_weighs_more_than_what_all_are_told() -> None:
    kinds = (Van(number=2), Van(max_hours=4.0))
    setting = build_setting(Scenario(name="a", max_hours=7.0, shift_start=27_000, fleet=kinds))
    vans = setting.vehicles
    assert [one.max_hours for one in vans.values()] == [7.0, 7.0, 4.0]
    assert {one.shift_start for one in vans.values()} == {27_000}
    with pytest.raises(ValidationError, match="fleet is given and so is vans; leave one of them"):
        Scenario(name="a", vans=1, fleet=kinds)
    with pytest.raises(InputError, match="vehicle names 'lorry', expected one of van-1, van-2"):
        build_setting(Scenario(name="a", fleet=(Van(like="lorry"),)))


def test_branches_take_goods_in_when_the_scenario_says() -> None:
    hours = {"branch": "Mo-Fr 10:00-18:00", "frovi": "Mo-Fr 09:00-12:00"}
    calendar = build_setting(Scenario(name="a", receiving_hours=hours)).calendar
    monday = date(2026, 1, 12)
    assert calendar.receiving_window("asbro", monday) == (36_000, 64_800)
    assert calendar.receiving_window("frovi", monday) == (32_400, 43_200)
    assert calendar.receiving_window("nora", monday) == (27_000, 61_200)  # a main library, as today
    odd = Scenario(name="a", receiving_hours={"nora": "at noon", "mars": "24/7"})
    with pytest.raises(InputError) as caught:
        build_setting(odd)
    assert any("receiving_hours names 'mars'" in one for one in caught.value.problems)
    assert any("receiving_hours of 'nora': " in one for one in caught.value.problems)


def test_scenarios_that_say_the_same_are_equal() -> None:
    assert Scenario(name="a", vans=2) == Scenario(name="a", vans=2)


def test_what_cannot_stand_side_by_side_is_refused_before_it_is_simulated() -> None:
    now, long = Scenario(name="now"), Scenario(name="long", last=date(2027, 1, 31))
    refuse_unlike([now, long.model_copy(update={"last": now.last})])
    with pytest.raises(InputError) as caught:
        refuse_unlike([now, now, long])
    assert caught.value.problems == [
        (
            "scenario 'now' stands 2 times, expected names that differ; "
            "say name = ... in one of the files"
        ),
        (
            "scenario 'long' is from 2026-01-01 to 2027-01-31, "
            "expected 2026-01-01 to 2026-12-31 as 'now'; say --first and --last for all"
        ),
    ]

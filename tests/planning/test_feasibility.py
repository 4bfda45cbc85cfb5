from __future__ import annotations

from dataclasses import replace

import pytest

from logistics.planning.feasibility import impossible_sites, left_out, obstacles, relaxed
from logistics.planning.problem import Break
from tests.planning.days import HOUR, MINUTE, small_day, with_site, with_van
from tests.planning.enumeration import optimum
from tests.planning.strategies import random_day


@pytest.mark.parametrize(
    ("closes", "told"),
    [
        (8 * HOUR + 10 * MINUTE, []),
        (
            8 * HOUR + 10 * MINUTE - 1,
            [
                (
                    "site 'north': must be visited, but 'van' arrives at 08:10 at the earliest, "
                    "1 minute after its window closes"
                )
            ],
        ),
    ],
)
def test_a_site_out_of_reach_is_named_with_the_reason(closes: int, told: list[str]) -> None:
    assert impossible_sites(with_site(small_day(), "north", window=(0, closes))) == told


@pytest.mark.parametrize(
    ("after_minutes", "told"),
    [
        (10, "no run goes there: 'van' finds no place for its break on the way there and back"),
        (15, "it can be served alone, but not together with the others"),
    ],
)
def test_a_break_that_no_stop_allows_is_a_reason(after_minutes: int, told: str) -> None:
    # 10 minutes out and 5 at the stop: the earliest break begins after a quarter of an hour
    day = small_day(break_=Break(after_seconds=after_minutes * MINUTE, seconds=MINUTE))
    assert left_out(day, "north") == told


@pytest.mark.parametrize(("minutes", "count"), [(25, 0), (24, 2)])
def test_the_longest_run_is_a_reason(minutes: int, count: int) -> None:
    found = impossible_sites(with_van(small_day(), max_seconds=minutes * MINUTE))
    assert ["over its longest run" in one for one in found] == [True] * count


@pytest.mark.parametrize(("minutes", "count"), [(25, 0), (24, 2)])
def test_the_shift_is_a_reason(minutes: int, count: int) -> None:
    found = impossible_sites(with_van(small_day(), shift=(0, minutes * MINUTE)))
    assert ["after its shift ends" in one for one in found] == [True] * count


def test_a_detour_that_is_faster_counts() -> None:
    # To north in 60 minutes, but by way of south in 25: then nothing is proved impossible.
    table = ((0, 3600, 600), (600, 0, 900), (600, 900, 0))
    day = with_site(small_day(travel_seconds=table), "north", window=(0, 8 * HOUR + 1500))
    assert impossible_sites(day) == []
    assert obstacles(day, "north") == [
        "'van' arrives at 09:00 at the earliest, 35 min after its window closes"
    ]


def test_a_break_without_a_place_is_an_obstacle() -> None:
    # Ten minutes of road after the break are more than nine.
    day = small_day(break_=Break(after_seconds=9 * MINUTE, seconds=0))
    assert obstacles(day, "north") == [
        "'van' finds no place for its break on the way there and back"
    ]


@pytest.mark.parametrize("max_runs", [None, 0])
def test_without_a_van_nothing_compulsory_is_served(max_runs: int | None) -> None:
    day = small_day()
    vans = () if max_runs is None else (replace(day.vehicles[0], max_runs=max_runs),)
    told = "sites 'north', 'south': must be visited, but there is no vehicle that runs; add one"
    assert impossible_sites(replace(day, vehicles=vans)) == [told]


def test_what_is_called_impossible_has_no_plan() -> None:
    found = 0
    for seed in range(200):
        day = random_day(seed, sites=4, shipments=2)
        if impossible_sites(day):
            assert optimum(day) is None
            found += 1
    assert found > 5


def test_a_relaxed_day_prices_every_compulsory_site() -> None:
    day = relaxed(small_day(), 1e6)
    assert not any(site.must_visit for site in day.sites)
    assert [one.cost_if_left for one in day.shipments] == [60.0, 1e6, 1e6]

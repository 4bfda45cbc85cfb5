"""Runs that take more than they have time or room for, priced at the cheapest goods of the day."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from logistics.planning.check import check
from logistics.planning.improve import Search
from logistics.planning.improve.layout import COST, PLAIN, SHEDDING, SHORT
from logistics.planning.plan import Route
from logistics.planning.problem import Shipment
from logistics.planning.timing import build_plan
from tests.planning.as_python import printed_by
from tests.planning.days import HOUR, MINUTE, small_day, with_site, with_van
from tests.planning.improve.cheapest import goods_at_a_price
from tests.planning.strategies import random_day

if TYPE_CHECKING:
    from logistics.planning.problem import Problem


def parcels(origin: str, count: int, worth: float) -> list[Shipment]:
    """Single items for the hub."""
    return [
        Shipment(
            id=f"{origin}-{number}",
            origin=origin,
            destination="hub",
            items=1,
            cost_if_at_hub=0.0,
            cost_if_left=worth,
        )
        for number in range(count)
    ]


def hurried_day(*, closes: int, at_south: float = 2.0) -> Problem:
    """
    Twenty items at north, worth 5 kr each, then as many at south; a minute each to handle.

    North is left at 08:35 at the earliest with all that is there, and south reached at 08:50.
    """
    day = with_van(small_day(handling_seconds_per_item=MINUTE), cost_per_hour=60.0)
    return replace(
        with_site(day, "south", window=(0, closes)),
        shipments=(*parcels("north", 20, 5.0), *parcels("south", 20, at_south)),
    )


def cost_of_all(day: Problem, *sites: int) -> tuple[float, bool]:
    """What the search asks for one run that takes all, and whether it is short of something."""
    search = Search(day, 0)
    search.inject([Route(vehicle=0, sites=sites)])
    goods_at_a_price(search)
    return float(search.state.cost[0, COST]), bool(search.state.run[0, PLAIN] == SHORT)


@pytest.mark.parametrize(("at_south", "worth"), [(2.0, 2.0), (50.0, 5.0)])
def test_a_late_minute_costs_what_the_cheapest_goods_of_the_day_are_worth(
    at_south: float, worth: float
) -> None:
    in_time = hurried_day(closes=8 * HOUR + 50 * MINUTE, at_south=at_south)
    cost, short = cost_of_all(in_time, 1, 2)
    assert not short
    late = hurried_day(closes=8 * HOUR + 47 * MINUTE, at_south=at_south)
    dearer, short = cost_of_all(late, 1, 2)
    assert short
    # three minutes, so three items; each of them saves a minute of the driver, 1 kr
    assert dearer - cost == pytest.approx(3 * (worth - 1.0))


def test_a_place_too_few_costs_what_the_cheapest_item_is_worth() -> None:
    day = replace(hurried_day(closes=12 * HOUR, at_south=9.0), handling_seconds_per_item=0)
    roomy, short = cost_of_all(day, 1, 2)
    assert not short
    full, short = cost_of_all(with_van(day, capacity=37), 1, 2)
    assert short
    assert full - roomy == pytest.approx(3 * 5.0)


@pytest.mark.parametrize("priced", [False, True])
def test_only_goods_handled_before_a_stop_that_is_late_make_room_for_it_in_time(
    priced: bool,
) -> None:
    # All at south is worth less, but seven of north's are in the way.
    day = hurried_day(closes=8 * HOUR + 43 * MINUTE)
    search = Search(day, 0)
    search.inject([Route(vehicle=0, sites=(1, 2))])
    if priced:
        goods_at_a_price(search)
    (route,) = search.best_routes()
    assert check(day, build_plan(day, [route])) == []
    assert [len(taken) for taken in route.load or ()] == [13, 20]


def test_a_search_that_is_broken_off_chooses_goods_again() -> None:
    search = Search(random_day(4, sites=9, shipments=40, vehicles=2), 0)

    def stop() -> bool:
        if search.state.tally[SHEDDING]:
            raise KeyboardInterrupt
        return False

    with pytest.raises(KeyboardInterrupt):
        search.run(iterations=100_000, stop=stop)
    assert not search.state.tally[SHEDDING]


def test_no_place_is_cheaper_than_the_one_found_and_no_goods_than_their_price(
    request: pytest.FixtureRequest,
) -> None:
    seen = printed_by("tests.planning.improve.cheapest", request.config)
    assert seen["astray"] == []
    assert seen["dearer"] == []
    assert seen["placed"] > 900
    assert seen["short"] > 150

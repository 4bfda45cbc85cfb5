from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from logistics.planning.compare import StopChange, compare
from logistics.planning.outcomes import Outcome, outcomes
from logistics.planning.plan import Plan, Route
from logistics.planning.timing import build_plan
from tests.planning.days import HOUR, MINUTE, VAN, small_day, with_site, with_van

if TYPE_CHECKING:
    from logistics.planning.problem import Problem


def loose() -> Problem:
    """Nobody need be visited, and a second van stands by."""
    day = with_site(with_site(small_day(), "north", must_visit=False), "south", must_visit=False)
    return replace(day, vehicles=(VAN, replace(VAN, id="other")))


def plan_of(*routes: Route) -> Plan:
    return build_plan(loose(), routes)


BOTH, BACK = Route(vehicle=0, sites=(1, 2)), Route(vehicle=0, sites=(2, 1))


def test_the_same_plan_differs_in_nothing() -> None:
    found = compare(loose(), plan_of(BOTH), plan_of(BOTH))
    assert found.difference_sek == 0.0
    assert found.stops == ()
    assert found.moved_stops == 0
    assert found.words("en") == ["Costs the same: 440 kr."]
    assert found.words("sv") == ["Kostar lika mycket: 440 kr."]


def test_turning_a_run_round_leaves_the_book_at_the_hub() -> None:
    found = compare(loose(), plan_of(BOTH), plan_of(BACK))
    assert found.no_longer_delivered == ("book",)
    assert found.items_direct == (1, 0)
    assert found.moved_stops == 1
    assert found.words("en") == [
        "Costs 30 kr more, 470 kr instead.",
        "Of which: waiting +30 kr.",
        "Delivered today: -1 items, 0 in all.",
        "south: 20 minutes earlier, at 08:10.",
        "north: 20 minutes later, at 08:30.",
    ]
    assert compare(loose(), plan_of(BACK), plan_of(BOTH)).newly_delivered == ("book",)


def test_a_dropped_stop_and_a_new_one_are_named() -> None:
    one = plan_of(Route(vehicle=0, sites=(1,)))
    found = compare(loose(), one, plan_of(BOTH))
    assert found.stops == (
        StopChange(site="south", before=None, after=("van", 8 * HOUR + 30 * MINUTE)),
    )
    assert "south: nytt stopp, van 08:30." in found.words("sv")
    back = compare(loose(), plan_of(BOTH), one).words("en")
    assert "south: no longer served by van." in back
    # Without south: 25 minutes and 20 km instead of 45 and 35, and the book ends at the hub.
    assert back[0] == "Costs 120 kr less, 320 kr instead."


def test_a_stop_with_another_van_is_named() -> None:
    split = plan_of(Route(vehicle=0, sites=(1,)), Route(vehicle=1, sites=(2,)))
    found = compare(loose(), plan_of(BOTH), split)
    assert found.vehicles == (1, 2)
    assert found.moved_stops == 1
    assert "south: other instead of van, at 08:10." in found.words("en")
    assert "Driving: +5.0 km, +5 minutes of paid time." in found.words("en")


@pytest.mark.parametrize(
    ("routes", "expected"),
    [
        ([BOTH], Outcome.DIRECT),
        ([BACK], Outcome.AT_HUB),
        ([], Outcome.LEFT),
    ],
)
def test_an_outcome_says_where_the_book_ends(routes: list[Route], expected: Outcome) -> None:
    assert outcomes(loose(), plan_of(*routes)) == {"book": expected}
    assert expected.delivered == (expected is Outcome.DIRECT)


def test_an_outcome_to_and_from_the_hub_is_delivered() -> None:
    book = small_day().shipments[0]
    day = replace(
        loose(),
        shipments=(
            replace(book, id="out", origin="hub"),
            replace(book, id="home", destination="hub"),
        ),
    )
    plan = build_plan(day, [BOTH])
    assert outcomes(day, plan) == {"out": Outcome.FROM_HUB, "home": Outcome.TO_HUB}


def test_what_is_carried_on_comes_from_the_hub() -> None:
    day = with_van(small_day(), max_runs=2)
    routes = [
        Route(vehicle=0, sites=(1,)),
        Route(vehicle=0, sites=(2,), carried=frozenset({0})),
    ]
    assert outcomes(day, build_plan(day, routes)) == {"book": Outcome.FROM_HUB}

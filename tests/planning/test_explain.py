"""Each reason by the smallest day that has it, and each change by the day that it changes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from logistics.errors import NotFoundError
from logistics.planning.changes import Change
from logistics.planning.explain import Explanation, Reason, explain
from logistics.planning.outcomes import Outcome
from logistics.planning.planner import solve
from logistics.planning.problem import Shipment
from tests.planning.days import HOUR, MINUTE, VAN, small_day, with_site, with_van

if TYPE_CHECKING:
    from logistics.planning.problem import Problem

STEPS = 300


def why(day: Problem, *shipments: str) -> list[Explanation]:
    plan = solve(day, iterations=STEPS)
    return list(explain(day, plan, shipments or None, iterations=STEPS))


def back_first(minutes: int) -> Problem:
    """South must be served so many minutes after eight: before north, if less than thirty."""
    window = (8 * HOUR, 8 * HOUR + minutes * MINUTE)
    return with_site(small_day(), "south", window=window)


def test_a_delivered_shipment_needs_no_reason() -> None:
    assert why(small_day()) == []


def test_an_unknown_shipment_is_refused() -> None:
    with pytest.raises(NotFoundError, match="'ghost' is not in problem 'small'"):
        why(small_day(), "ghost")


def test_what_costs_more_than_it_saves_is_not_worth_it() -> None:
    # North must be visited; bringing the book on to south the same day is a matter of price.
    day = with_site(small_day(), "south", must_visit=False)
    day = replace(
        day, shipments=(replace(day.shipments[0], cost_if_at_hub=1.0, cost_if_left=60.0),)
    )
    (found,) = why(day)
    # 15 km and 20 minutes more cost 150, and the krona of waiting is saved.
    assert (found.outcome, found.reasons) == (Outcome.AT_HUB, (Reason.NOT_WORTH_IT,))
    assert found.extra_sek == pytest.approx(149.0)
    assert found.changes == ()
    assert found.words("en") == [
        "book stays at the hub until the next run. Delivering it today would cost 149 kr more."
    ]


def test_a_window_that_binds_is_named_with_the_minutes_that_would_do() -> None:
    # By way of north the van is at south at half past eight, 14 minutes after the window.
    (found,) = why(back_first(16))
    assert found.reasons == (Reason.WINDOW,)
    assert found.extra_sek is None
    assert found.changes == (
        Change(kind="window-later", subject="south", amount=15, extra_sek=-30.0),
    )
    assert found.words("sv") == [
        "book stannar i navet till nästa tur. Ingen plan hinner med det: öppettid.",
        "Tar south emot 15 minuter längre kommer det fram i dag (-30 kr).",
    ]


def test_a_window_may_have_to_open_earlier() -> None:
    # North opens at nine, when the van must already be at south.
    day = with_site(back_first(60), "north", window=(9 * HOUR, 10 * HOUR))
    (found,) = why(day)
    # Opening at 08:40 puts the van at south at nine sharp: 5 minutes there, 15 on the road.
    assert found.changes == (
        Change(kind="window-earlier", subject="north", amount=20, extra_sek=-30.0),
    )


def test_a_run_that_is_too_short_is_named_with_the_minutes_that_would_do() -> None:
    # Both stops need 45 minutes; a run of 31 makes one of them.
    day = with_site(small_day(), "south", must_visit=False)
    (found,) = why(with_van(day, max_seconds=31 * MINUTE))
    assert Reason.SHIFT in found.reasons
    assert ("shift-longer", "van", 15) in {(c.kind, c.subject, c.amount) for c in found.changes}


CRATES = tuple(
    Shipment(
        id=f"crate {n}",
        origin="hub",
        destination="north",
        items=8,
        cost_if_at_hub=0,
        cost_if_left=c,
    )
    for n, c in enumerate((50.0, 20.0))
)


def test_a_van_that_is_too_small_is_named_with_the_places_that_would_do() -> None:
    day = with_van(small_day(shipments=CRATES[:1]), capacity=5)
    (found,) = why(day)
    assert found.reasons == (Reason.CAPACITY,)
    assert found.changes == (Change(kind="more-room", subject="van", amount=3, extra_sek=-50.0),)
    assert found.words("en")[1].startswith("With 3 more places aboard van")


def test_what_gives_way_to_dearer_goods_is_not_worth_it() -> None:
    day = with_van(small_day(shipments=CRATES), capacity=8)
    (found,) = why(day)
    assert (found.shipment, found.reasons) == ("crate 1", (Reason.NOT_WORTH_IT,))
    assert found.extra_sek == pytest.approx(30.0)


def test_one_more_van_is_found_with_the_hour_it_is_needed_from() -> None:
    # The only van has 25 minutes and must be at north; south would need another 25.
    day = small_day(
        vehicles=(replace(VAN, shift=(8 * HOUR, 12 * HOUR), max_seconds=25 * MINUTE),),
        shipments=(
            Shipment(
                id="crate",
                origin="hub",
                destination="south",
                items=1,
                cost_if_at_hub=0,
                cost_if_left=1,
            ),
        ),
    )
    day = with_site(day, "south", must_visit=False)
    (found,) = why(day)
    assert Reason.VEHICLES in found.reasons
    vans = [one for one in found.changes if one.kind == "one-more-van"]
    # 25 minutes are enough, so the last whole hour of the shift is.
    assert [(one.subject, one.amount) for one in vans] == [("van", 11 * HOUR)]
    assert "från 11:00" in vans[0].words("sv")


def test_what_no_single_rule_explains_says_so() -> None:
    # Nobody may be at north within the van's reach, and it is too small besides.
    day = with_van(small_day(shipments=CRATES[:1]), capacity=5)
    day = with_site(day, "north", must_visit=False, window=(0, 60))
    (found,) = why(day)
    assert found.reasons == (Reason.SEVERAL,)
    assert found.changes == ()

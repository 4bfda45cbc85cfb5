from __future__ import annotations

import pytest

from logistics.planning import pricing
from logistics.planning.pricing import Pricer
from logistics.planning.problem import Problem, Shipment
from logistics.planning.schedule import Road, Timing, best_timing
from tests.planning.days import HOUR, MINUTE, small_day, with_van


def hurried_day(minutes: int) -> Problem:
    """Forty items at north, a minute each to handle, and a shift of so many minutes."""
    waiting = [
        Shipment(
            id=f"{number}",
            origin="north",
            destination="hub",
            items=1,
            cost_if_at_hub=0,
            cost_if_left=number + 100,
        )
        for number in range(40)
    ]
    day = small_day(handling_seconds_per_item=MINUTE, shipments=tuple(waiting))
    return with_van(day, shift=(8 * HOUR, 8 * HOUR + minutes * MINUTE))


@pytest.fixture
def timed(monkeypatch: pytest.MonkeyPatch) -> list[Timing | None]:
    found: list[Timing | None] = []

    def note(way: Road) -> Timing | None:
        found.append(best_timing(way))
        return found[-1]

    monkeypatch.setattr(pricing, "best_timing", note)
    return found


def test_a_run_that_is_too_long_even_empty_is_timed_twice_only(
    timed: list[Timing | None],
) -> None:
    # Ten minutes out, five at the stop, ten back: 25 without an item.
    assert Pricer(hurried_day(24)).price(0, (1,)) is None
    assert timed == [None, None]


def test_a_run_short_of_time_leaves_what_is_worth_least(timed: list[Timing | None]) -> None:
    # Room for ten items; of forty a quarter at a time stays: 30, 23, 18, 14, 11, 9.
    priced = Pricer(hurried_day(35)).price(0, (1,))
    assert priced is not None
    assert priced.route.load == (frozenset(range(31, 40)),)
    assert len(timed) == 8

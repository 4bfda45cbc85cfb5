"""Where not everything finds room: who is left out, and how long the answer takes to look."""

from __future__ import annotations

import pickle
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from logistics.planning import searches
from logistics.planning.check import check
from logistics.planning.pins import Driven, Pins, broken_pins, pinned
from logistics.planning.planner import solve
from logistics.planning.shortfall import LeftOutError, spared
from tests.planning.days import HOUR, MINUTE, small_day, with_van

if TYPE_CHECKING:
    from logistics.planning.problem import Problem


def short_of_time(minutes: int = 30) -> Problem:
    """A round by north and south takes 45 minutes, one of them alone 25."""
    return with_van(small_day(), shift=(8 * HOUR, 8 * HOUR + minutes * MINUTE))


def at_hub() -> Pins:
    """A van that has left the hub and made no stop yet."""
    return Pins(driven=(Driven(vehicle="van", start=8 * HOUR, stops=()),))


def refused(day: Problem, pins: Pins | None = None, **options: Any) -> LeftOutError:
    with pytest.raises(LeftOutError) as caught:
        solve(day, pins=pins, **options)
    return caught.value


def test_room_for_one_of_two_leaves_one_out_and_plans_the_other() -> None:
    error = refused(short_of_time(), at_hub(), iterations=50)
    assert len(error.sites) == len(error.problems) == 1
    assert error.plan is not None
    served = {stop.site for run in error.plan.runs for stop in run.stops}
    assert served == {"north", "south"} - {*error.sites}

    eased, pins = spared(short_of_time(), at_hub(), error.sites)
    assert check(pinned(eased, pins), error.plan) == []
    assert broken_pins(pins, error.plan) == []
    assert solve(eased, pins=pins, start=error.plan, iterations=50).runs == error.plan.runs


def test_a_site_out_of_everybodys_reach_is_left_out_before_any_search() -> None:
    error = refused(short_of_time(24), at_hub(), iterations=50)
    assert error.sites == ("north", "south")
    assert error.plan is None


def test_pins_of_what_is_left_out_are_let_go() -> None:
    pins = Pins(
        vehicle={"north": "van", "south": "van"},
        order=(("north", "south"),),
        time={"north": (8 * HOUR, 9 * HOUR)},
    )
    _, kept = spared(small_day(), pins, ("north",))
    assert kept == Pins(vehicle={"south": "van"})


def test_the_error_goes_from_process_to_process() -> None:
    error = refused(short_of_time(), at_hub(), iterations=50)
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - made a line above
    assert (copy.problems, copy.sites, copy.plan) == (error.problems, error.sites, error.plan)


@pytest.mark.parametrize(("asked", "after"), [(0.02, 0.5), (0.0, 0.5)])
@pytest.mark.parametrize("pins", [None, at_hub()])
def test_what_is_looked_for_after_the_time_asked_has_a_limit_too(
    monkeypatch: pytest.MonkeyPatch, asked: float, after: float, pins: Pins | None
) -> None:
    limits: list[float | None] = []

    def noted(name: str) -> None:
        real = getattr(searches, name)

        def call(*given: Any, seconds: float | None = None, **options: Any) -> Any:
            limits.append(seconds)
            return real(*given, seconds=None if seconds is None else 0.01, **options)

        monkeypatch.setattr(searches, name, call)

    noted("route")
    noted("reshape")
    refused(short_of_time(), pins, seconds=asked, workers=1, certify=False)
    # the library is asked with all goods and without any, but not about what it cannot know
    assert limits[-1] == after
    assert None not in limits
    assert limits.count(after) == 1
    assert limits.count(after / 3) == (0 if pins else 2)  # it tries three ways to begin


def test_the_reason_comes_from_what_was_searched_and_takes_no_search_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def never(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(searches, "Search", never)
    assert refused(short_of_time(), at_hub(), iterations=50).plan is not None


def test_a_plan_of_another_day_gives_its_order_where_it_does_not_fit() -> None:
    # Seen with two stops; now there is time for one. With no step of search the first one stays.
    seen = solve(small_day(), iterations=50)
    first = seen.runs[0].stops[0].site
    error = refused(short_of_time(), replace(at_hub(), reference=seen), iterations=1)
    assert error.plan is not None
    assert [stop.site for run in error.plan.runs for stop in run.stops] == [first]

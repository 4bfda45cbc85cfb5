"""The worked examples of docs/waiting-costs.md."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logistics.demand.transfers import TransferKind, TransferState
from logistics.demand.waiting import (
    LONGEST_WAIT_DAYS,
    Urgency,
    Wait,
    age_days,
    cost_if_at_hub,
    cost_if_left,
    expected_wait,
    urgency,
)
from tests.demand.conftest import FRIDAY, MORNING, TUESDAY, WeekCalendar, transfer

MON_WED_FRI = {0, 2, 4}


def wait(
    calendar: WeekCalendar, on: date, origin: str = "nora", destination: str = "kumla"
) -> Wait:
    return expected_wait(calendar, origin, destination, "orebro", on)


@pytest.mark.parametrize(
    ("weekdays", "on", "at_hub", "left"),
    [
        pytest.param({}, TUESDAY, 1, 1.5, id="both every weekday: tomorrow, or half a day later"),
        pytest.param({}, FRIDAY, 3, 3.5, id="over the weekend: Monday, or Monday and Tuesday"),
        pytest.param({"kumla": MON_WED_FRI}, TUESDAY, 1, 2, id="fetched Wednesday: Wed or Fri"),
        pytest.param({"kumla": {4}}, TUESDAY, 3, 3.5, id="fetched in time: only the premium"),
        pytest.param({"nora": {0}}, TUESDAY, 1, 6.5, id="fetched Monday: Monday or Tuesday"),
        pytest.param({"nora": {0}, "kumla": {2}}, TUESDAY, 1, 8, id="no common day"),
    ],
)
def test_worked_examples(
    weekdays: dict[str, set[int]], on: date, at_hub: float, left: float
) -> None:
    assert wait(WeekCalendar(weekdays), on) == Wait(at_hub_days=at_hub, left_days=left)


def test_a_holiday_is_waited_through() -> None:
    # Lucia is no holiday; Christmas 2026: Thursday 24 to Sunday 27 December are closed.
    closed = {date(2026, 12, day) for day in range(24, 28)}
    assert wait(WeekCalendar(closed=closed), date(2026, 12, 23)).at_hub_days == 5


def test_to_the_hub_costs_nothing_once_there() -> None:
    assert wait(WeekCalendar(), TUESDAY, destination="orebro") == Wait(at_hub_days=0, left_days=1)


def test_from_the_hub_left_is_at_the_hub() -> None:
    assert wait(WeekCalendar(), FRIDAY, origin="orebro") == Wait(at_hub_days=3, left_days=3)


def test_a_place_never_served_again_has_a_price() -> None:
    found = wait(WeekCalendar({"kumla": set()}), TUESDAY)
    assert found == Wait(at_hub_days=LONGEST_WAIT_DAYS, left_days=LONGEST_WAIT_DAYS + 0.5)


def test_costs_are_days_times_items_times_rate() -> None:
    days = Wait(at_hub_days=1, left_days=1.5)
    assert cost_if_at_hub(days, 7, 9.0) == 63.0
    assert cost_if_left(days, 7, 9.0) == 94.5


weekday_sets = st.sets(st.integers(0, 6), min_size=0, max_size=7)


@given(weekday_sets, weekday_sets, st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_left_is_never_cheaper_than_at_the_hub(a: set[int], b: set[int], on: date) -> None:
    found = wait(WeekCalendar({"nora": a, "kumla": b}), on)
    assert found.left_days >= found.at_hub_days + 0.5
    assert found.at_hub_days >= 1


def test_age_counts_local_days() -> None:
    # 23:30 UTC on Monday is already Tuesday in Stockholm.
    late_evening = transfer(requested_at=datetime(2026, 11, 23, 23, 30, tzinfo=UTC))
    assert age_days(late_evening, TUESDAY) == 0
    assert age_days(transfer(requested_at=MORNING + timedelta(days=3)), TUESDAY) == 0


@pytest.mark.parametrize(
    ("kind", "days", "expected"),
    [
        pytest.param(TransferKind.HOLD, 4, Urgency.HOLD, id="the last day of the promise"),
        pytest.param(TransferKind.HOLD, 5, Urgency.LATE, id="one day over"),
        pytest.param(TransferKind.RETURN, 50, Urgency.RETURN, id="nobody waits for a return"),
        pytest.param(TransferKind.SUPPLY, 50, Urgency.SUPPLY, id="nor for supply"),
        pytest.param(TransferKind.REBALANCE, 50, Urgency.REBALANCE, id="nor for rebalance"),
    ],
)
def test_a_hold_turns_late_after_the_promise(
    kind: TransferKind, days: int, expected: Urgency
) -> None:
    asked = MORNING - timedelta(days=days)
    moving = transfer(kind=kind, requested_at=asked, state=TransferState.REQUESTED)
    assert urgency(moving, TUESDAY, 4) is expected

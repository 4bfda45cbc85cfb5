"""Builders of demand records with defaults, and a calendar one can read at a glance."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from logistics.demand.returns import Hold, ReturnedItem
from logistics.demand.transfers import Transfer, TransferKind, TransferState

TUESDAY = date(2026, 11, 24)
FRIDAY = date(2026, 11, 27)
MORNING = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)


@dataclass
class WeekCalendar:
    """Every place is served Monday to Friday unless its weekdays are given (Monday is 0)."""

    weekdays: dict[str, set[int]] = field(default_factory=dict)
    closed: set[date] = field(default_factory=set)

    def is_served(self, branch_id: str, day: date, /) -> bool:
        days = self.weekdays.get(branch_id, {0, 1, 2, 3, 4})
        return day.weekday() in days and day not in self.closed

    def next_service(self, branch_id: str, after: date, /) -> date | None:
        days = (after + timedelta(days=n) for n in range(1, 100))
        return next((day for day in days if self.is_served(branch_id, day)), None)


@dataclass
class FlatRates:
    """The rates of the worked examples."""

    promise_days: int = 4
    waiting_sek_per_item_day: dict[str, float] = field(
        default_factory=lambda: {
            "late": 13.5,
            "hold": 9.0,
            "supply": 3.0,
            "rebalance": 1.5,
            "return": 1.5,
        }
    )


def transfer(
    name: str = "t1",
    *,
    origin: str = "nora",
    destination: str = "kumla",
    kind: TransferKind = TransferKind.HOLD,
    requested_at: datetime = MORNING,
    state: TransferState = TransferState.REQUESTED,
    at: str = "",
) -> Transfer:
    return Transfer(
        id=name,
        request_id=f"r-{name}",
        item=f"i-{name}",
        kind=kind,
        origin=origin,
        destination=destination,
        requested_at=requested_at,
        state=state,
        at=at,
    )


def returned(
    item: str = "b1", title: str = "moby", *, at: str = "nora", owner: str = "kumla", **more: object
) -> ReturnedItem:
    values = {"returned_at": MORNING} | more
    return ReturnedItem(item=item, title=title, owner=owner, at=at, **values)  # type: ignore[arg-type]


def hold(
    reference: str = "h1",
    title: str = "moby",
    *,
    pickup: str = "laxa",
    position: int = 1,
    **more: object,
) -> Hold:
    values = {"placed_at": MORNING} | more
    return Hold(reference=reference, title=title, pickup=pickup, queue_position=position, **values)  # type: ignore[arg-type]

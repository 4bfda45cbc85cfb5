"""What it costs, in kronor, when an item ends the day at the hub or stays where it was.

The rule in full, with worked examples, stands in ``docs/waiting-costs.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Protocol
from zoneinfo import ZoneInfo

from logistics.demand.transfers import TransferKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from logistics.demand.transfers import Transfer

LOCAL_TIME: Final = ZoneInfo("Europe/Stockholm")

#: Part of the items left today that will ride direct when they are fetched; in a run of random
#: order exactly half of all pairs have the origin before the destination.
DIRECT_SHARE: Final = 0.5

#: Staying behind counts at least so many days more than resting at the hub: the item keeps one
#: handling more before it, and misses its chance if the next van is full.
LEFT_PREMIUM_DAYS: Final = 0.5

#: A place that the calendar never serves again must not cost infinitely much.
LONGEST_WAIT_DAYS: Final = 60


class Urgency(StrEnum):
    """
    How much a day of waiting weighs; the names are those of the waiting rates.

    Attributes
    ----------
    LATE
        A hold that has waited longer than was promised.
    HOLD
        A hold within the promise.
    SUPPLY
        Stock on its way to a shelf.
    REBALANCE
        A book that evens out two shelves.
    RETURN
        A book going home.
    """

    LATE = "late"
    HOLD = "hold"
    SUPPLY = "supply"
    REBALANCE = "rebalance"
    RETURN = "return"


class Calendar(Protocol):
    """The two questions that waiting asks of a service calendar."""

    def is_served(self, branch_id: str, day: date, /) -> bool:
        """
        Tell whether a van may call at a branch on a day.

        Parameters
        ----------
        branch_id
            Branch or hub.
        day
            The day.

        Returns
        -------
        bool
            True when it is served.
        """
        ...

    def next_service(self, branch_id: str, after: date, /) -> date | None:
        """
        Find the first service day after a day.

        Parameters
        ----------
        branch_id
            Branch or hub.
        after
            The day before the first candidate.

        Returns
        -------
        date or None
            The service day, None when there is none in sight.
        """
        ...


class WaitingRates(Protocol):
    """What waiting costs; ``logistics.costing.rates.Rates`` is one."""

    @property
    def waiting_sek_per_item_day(self) -> Mapping[str, float]:
        """SEK per item and calendar day, by class of urgency."""
        ...

    @property
    def promise_days(self) -> int:
        """Calendar days after which a waiting hold counts as late."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """
    Days an item still waits, by where it ends this day.

    Attributes
    ----------
    at_hub_days
        Days until delivery when it ends the day at the hub.
    left_days
        Expected days until delivery when it stays where it is.
    """

    at_hub_days: float
    left_days: float


def expected_wait(
    calendar: Calendar,
    origin: str,
    destination: str,
    hub: str,
    on: date,
    *,
    direct_share: float = DIRECT_SHARE,
) -> Wait:
    """
    Count the days until the next chance, weekends and holidays included.

    Parameters
    ----------
    calendar
        Service calendar.
    origin
        Place where the item waits, a branch or the hub.
    destination
        Place it goes to, a branch or the hub.
    hub
        The hub.
    on
        The day that is planned; an item delivered on it waits no day.
    direct_share
        Part of the items that ride direct on the day they are fetched, between 0 and 1.

    Returns
    -------
    Wait
        The days at the hub and left; left is never less.
    """
    if destination == hub:
        return Wait(at_hub_days=0, left_days=_days(on, _next(calendar, origin, on)))
    from_hub = _days(on, _next(calendar, destination, on))
    if origin == hub:
        return Wait(at_hub_days=from_hub, left_days=from_hub)
    fetched = _next(calendar, origin, on)
    over_night = _days(on, _next(calendar, destination, fetched))
    direct = _days(on, fetched) if calendar.is_served(destination, fetched) else over_night
    expected = direct_share * direct + (1 - direct_share) * over_night
    return Wait(at_hub_days=from_hub, left_days=max(expected, from_hub + LEFT_PREMIUM_DAYS))


def cost_if_at_hub(wait: Wait, items: int, sek_per_item_day: float) -> float:
    """
    Price the items that end the day at the hub.

    Parameters
    ----------
    wait
        Days still to wait.
    items
        Number of items.
    sek_per_item_day
        Rate of their class, in SEK per item and calendar day.

    Returns
    -------
    float
        SEK, to the öre.
    """
    return round(wait.at_hub_days * items * sek_per_item_day, 2)


def cost_if_left(wait: Wait, items: int, sek_per_item_day: float) -> float:
    """
    Price the items that stay where they are.

    Parameters
    ----------
    wait
        Days still to wait.
    items
        Number of items.
    sek_per_item_day
        Rate of their class, in SEK per item and calendar day.

    Returns
    -------
    float
        SEK, to the öre.
    """
    return round(wait.left_days * items * sek_per_item_day, 2)


def age_days(transfer: Transfer, on: date) -> int:
    """
    Count the calendar days since a transfer was asked for, in local time.

    Parameters
    ----------
    transfer
        The transfer.
    on
        The day that is planned.

    Returns
    -------
    int
        Days; 0 on the day it was asked for and before it.
    """
    asked = transfer.requested_at.astimezone(LOCAL_TIME).date()
    return max(0, (on - asked).days)


def urgency(transfer: Transfer, on: date, promise_days: int) -> Urgency:
    """
    Name the class of waiting of a transfer on a day.

    Parameters
    ----------
    transfer
        The transfer.
    on
        The day that is planned.
    promise_days
        Calendar days after which a hold that still waits counts as late.

    Returns
    -------
    Urgency
        Late for a hold older than the promise, else the class of its kind.
    """
    if transfer.kind is TransferKind.HOLD and age_days(transfer, on) > promise_days:
        return Urgency.LATE
    return Urgency(transfer.kind.value)


def _next(calendar: Calendar, branch_id: str, after: date) -> date:
    latest = after + timedelta(days=LONGEST_WAIT_DAYS)
    return min(calendar.next_service(branch_id, after) or latest, latest)


def _days(start: date, end: date) -> int:
    return min((end - start).days, LONGEST_WAIT_DAYS)

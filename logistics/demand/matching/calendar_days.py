"""How many days an item takes by the service calendar, and the day it is promised for."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from logistics.demand.waiting import DIRECT_SHARE, LONGEST_WAIT_DAYS

if TYPE_CHECKING:
    from datetime import date

    from logistics.demand.waiting import Calendar


def expected_days(
    calendar: Calendar,
    origin: str,
    destination: str,
    hub: str,
    on: date,
    *,
    direct_share: float = DIRECT_SHARE,
) -> float:
    """
    Expect how many days an item takes that is packed before the vans leave on a day.

    Parameters
    ----------
    calendar
        Service calendar.
    origin
        Where it waits.
    destination
        Where it goes.
    hub
        The hub.
    on
        The first day on which it can be fetched.
    direct_share
        Part of the items that ride direct where both ends are served the same day.

    Returns
    -------
    float
        Calendar days after ``on``; 0 is the same day.
    """
    if origin == destination:
        return 0.0
    fetched = on if origin == hub else _from(calendar, origin, on)
    if destination == hub:
        return float((fetched - on).days)
    if origin == hub:
        return float((_from(calendar, destination, on) - on).days)
    over_night = (next_call(calendar, destination, fetched) - on).days
    direct = (fetched - on).days if calendar.is_served(destination, fetched) else over_night
    return direct_share * direct + (1 - direct_share) * over_night


def promised_day(
    calendar: Calendar, origin: str, destination: str, hub: str, on: date
) -> date | None:
    """
    Name the day by which an item arrives that is packed before the vans leave on a day.

    It is the day of those items that do not ride direct, so that a promise made of it can be kept
    whatever the order of the calls.

    Parameters
    ----------
    calendar
        Service calendar.
    origin
        Where it waits.
    destination
        Where it goes.
    hub
        The hub.
    on
        The first day on which it can be fetched.

    Returns
    -------
    date or None
        The day; None where one of the two ends has no service day in sight.
    """
    fetched = on if origin in {hub, destination} else _first(calendar, origin, on)
    if fetched is None or destination in {hub, origin}:
        return fetched
    if origin == hub:
        return _first(calendar, destination, on)
    return calendar.next_service(destination, fetched)


def _first(calendar: Calendar, place: str, day: date) -> date | None:
    return day if calendar.is_served(place, day) else calendar.next_service(place, day)


def _from(calendar: Calendar, place: str, day: date) -> date:
    return day if calendar.is_served(place, day) else next_call(calendar, place, day)


def next_call(calendar: Calendar, place: str, day: date) -> date:
    """
    Find the next service day of a branch, or a day far off where it has none.

    Parameters
    ----------
    calendar
        Service calendar.
    place
        The branch.
    day
        The day after which.

    Returns
    -------
    date
        The day, at most ``LONGEST_WAIT_DAYS`` later.
    """
    latest = day + timedelta(days=LONGEST_WAIT_DAYS)
    return min(calendar.next_service(place, day) or latest, latest)

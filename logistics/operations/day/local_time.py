"""Between clock times of a service day, local, and moments, UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

LOCAL: Final = ZoneInfo("Europe/Stockholm")


def moment(day: date, seconds: int) -> datetime:
    """
    Turn a clock time of a day into a moment.

    Parameters
    ----------
    day
        The service day.
    seconds
        What the clock on the wall shows, as seconds since midnight; may pass 24 hours.

    Returns
    -------
    datetime
        The moment, UTC.
    """
    wall = datetime.combine(day, time()) + timedelta(seconds=seconds)
    return wall.replace(tzinfo=LOCAL).astimezone(UTC)


def clock_seconds(day: date, at: datetime) -> int:
    """
    Turn a moment into a clock time of a day.

    Parameters
    ----------
    day
        The service day.
    at
        The moment.

    Returns
    -------
    int
        Seconds since midnight that the clock on the wall shows; negative on the day before.
    """
    wall = at.astimezone(LOCAL).replace(tzinfo=None)
    return round((wall - datetime.combine(day, time())).total_seconds())


def local_day(at: datetime) -> date:
    """
    Tell on which day a moment falls.

    Parameters
    ----------
    at
        The moment.

    Returns
    -------
    date
        The day in Sweden.
    """
    return at.astimezone(LOCAL).date()

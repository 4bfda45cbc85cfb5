"""Receiving hours in OpenStreetMap's opening_hours syntax, with Swedish public holidays."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from opening_hours import OpeningHours, State, validate

from logistics.errors import InputError
from logistics.units import SECONDS_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Iterable

COUNTRY: Final = "SE"


def parse_hours(text: str) -> str:
    """
    Check a text of opening hours.

    Parameters
    ----------
    text
        As ``Mo-Fr 07:30-17:00; PH off``.

    Returns
    -------
    str
        The same text.

    Raises
    ------
    InputError
        The text does not follow the syntax.
    """
    _parsed(text)
    return text


@lru_cache(maxsize=65_536)
def open_window(text: str, day: date) -> tuple[int, int] | None:
    """
    Find when a place is open on a day.

    Clock times are local wall-clock times, on the days when the clock changes too. Of several
    openings on one day the longest counts, of equal ones the first, because a stop has one window.

    Parameters
    ----------
    text
        Opening hours.
    day
        The day.

    Returns
    -------
    tuple of int or None
        First and last second since midnight, ends included; None when it is closed all day.

    Raises
    ------
    InputError
        The text does not follow the syntax.
    """
    start = datetime.combine(day, time())
    spans = _merged(
        (_seconds(begin, start), _seconds(end, start))
        for begin, end, state, _ in _parsed(text).intervals(start, start + timedelta(days=1))
        if state == State.OPEN
    )
    return max(spans, key=lambda span: (span[1] - span[0], -span[0]), default=None)


@lru_cache(maxsize=4_096)
def _parsed(text: str) -> OpeningHours:
    if not validate(text):
        raise InputError(
            f"opening hours are {text!r}, expected OpenStreetMap's syntax such as "
            "'Mo-Fr 07:30-17:00; PH off'"
        )
    return OpeningHours(text, country=COUNTRY)


def _seconds(moment: datetime, midnight: datetime) -> int:
    return min(max(int((moment - midnight).total_seconds()), 0), SECONDS_PER_DAY)


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for begin, end in spans:
        if joined and joined[-1][1] == begin:
            joined[-1] = joined[-1][0], end
        else:
            joined.append((begin, end))
    return joined

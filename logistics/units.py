"""Names of units, and the only conversions between them."""

from __future__ import annotations

import re

from logistics.errors import InputError

SECONDS_PER_MINUTE = 60
SECONDS_PER_HOUR = 3_600
SECONDS_PER_DAY = 86_400
METRES_PER_KILOMETRE = 1_000
GRAMS_PER_KILOGRAM = 1_000

_CLOCK = re.compile(r"([01]\d|2[0-4]):([0-5]\d)(?::([0-5]\d))?")


def clock(seconds: float) -> str:
    """
    Write seconds since midnight as a clock time.

    Parameters
    ----------
    seconds
        Seconds since local midnight; seconds within a minute are cut off.

    Returns
    -------
    str
        ``HH:MM``; hours go on counting past 24.
    """
    minutes = int(seconds) // SECONDS_PER_MINUTE
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def parse_clock(text: str) -> int:
    """
    Read a clock time.

    Parameters
    ----------
    text
        ``HH:MM`` or ``HH:MM:SS``, 24:00 at most.

    Returns
    -------
    int
        Seconds since midnight.

    Raises
    ------
    InputError
        The text is no clock time.
    """
    match = _CLOCK.fullmatch(text.strip())
    hours, minutes, seconds = (int(part or 0) for part in match.groups()) if match else (25, 0, 0)
    total = hours * SECONDS_PER_HOUR + minutes * SECONDS_PER_MINUTE + seconds
    if total > SECONDS_PER_DAY:
        raise InputError(f"clock time is {text!r}, expected HH:MM between 00:00 and 24:00")
    return total


def kilometres(metres: float) -> float:
    """
    Turn metres into kilometres.

    Parameters
    ----------
    metres
        A distance in metres.

    Returns
    -------
    float
        The same distance in kilometres.
    """
    return metres / METRES_PER_KILOMETRE


def hours(seconds: float) -> float:
    """
    Turn seconds into hours.

    Parameters
    ----------
    seconds
        A duration in seconds.

    Returns
    -------
    float
        The same duration in hours.
    """
    return seconds / SECONDS_PER_HOUR

"""Weekly patterns of service, and how long items wait by each."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from logistics.demand.waiting import DIRECT_SHARE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

DAYS_A_WEEK: Final = 7
_MANY_DAYS: Final = 4


def spread_patterns(
    weekdays: Sequence[int], *, least_days: int = 1, most_days: int = DAYS_A_WEEK
) -> tuple[tuple[int, ...], ...]:
    """
    List the patterns that spread their days: none next to each other for two, no three for three.

    Parameters
    ----------
    weekdays
        ISO weekdays on which vans drive.
    least_days, most_days
        Days a week at least and at most.

    Returns
    -------
    tuple
        Patterns, few days first.
    """
    days = sorted(set(weekdays))
    top = min(most_days, len(days))
    return tuple(
        pattern
        for size in range(max(1, least_days), top + 1)
        for pattern in combinations(days, size)
        if _spread(pattern, size, len(days))
    )


def _spread(pattern: tuple[int, ...], size: int, days: int) -> bool:
    if size >= min(_MANY_DAYS, days):
        return True
    steps = [b - a for a, b in pairwise(pattern)]
    in_a_row = any(a == b == 1 for a, b in pairwise(steps))
    return not in_a_row and not (size == 2 and steps == [1])  # noqa: PLR2004


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """
    How items wait by a pattern.

    Attributes
    ----------
    fetched
        Part of a week's outgoing items that is fetched on each weekday, Monday first.
    until_fetched
        Days from asking to fetching, mean over the week.
    from_hub
        For items that a van fetches on each weekday and that go to a branch with this pattern,
        expected days until they are there; where both ends are served that day, some ride direct.
    """

    fetched: Floats
    until_fetched: float
    from_hub: Floats


def waits_of(
    pattern: Iterable[int], asked: Sequence[float], *, direct_share: float = DIRECT_SHARE
) -> Waits:
    """
    Work out the waits of a pattern.

    Parameters
    ----------
    pattern
        ISO weekdays of service.
    asked
        Part of a week's items asked for on each weekday, Monday first. What is asked for on a day
        can be fetched from the day after on.
    direct_share
        Part of the items that ride direct where both ends are served the same day.

    Returns
    -------
    Waits
        The waits.
    """
    days = {day - 1 for day in pattern}
    ahead = [_until_next(day, days) for day in range(DAYS_A_WEEK)]
    fetched = np.zeros(DAYS_A_WEEK)
    for day, share in enumerate(asked):
        fetched[(day + ahead[day]) % DAYS_A_WEEK] += share
    return Waits(
        fetched=fetched,
        until_fetched=float(np.dot(asked, ahead)),
        from_hub=np.array(
            [
                days_ahead * (1 - direct_share if day in days else 1.0)
                for day, days_ahead in enumerate(ahead)
            ]
        ),
    )


def waits_of_hub(asked: Sequence[float]) -> Waits:
    """
    Give the waits of the hub itself, which no van has to reach.

    Parameters
    ----------
    asked
        Part of a week's items asked for on each weekday.

    Returns
    -------
    Waits
        Items from it leave on the next service day of their destination; items to it are there
        when fetched.
    """
    return Waits(
        fetched=np.asarray(asked, dtype=float), until_fetched=0.0, from_hub=np.zeros(DAYS_A_WEEK)
    )


def _until_next(day: int, days: set[int]) -> int:
    return next(n for n in range(1, DAYS_A_WEEK + 1) if (day + n) % DAYS_A_WEEK in days)

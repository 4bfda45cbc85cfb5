"""How long runs may work and be late, and how long stops keep them at least."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from logistics.planning.exact.day import Day, Integers, Kind


def longest_work(day: Day, kind: Kind) -> int:
    """
    Tell how long a run can work, its break apart.

    Parameters
    ----------
    day
        The day.
    kind
        Who drives.

    Returns
    -------
    int
        Seconds.
    """
    longest = min(kind.max_seconds, kind.shift[1] - kind.shift[0])
    if day.pause is None:
        return longest
    after, pause = day.pause
    return max(longest - pause, min(after, longest))


def most_late(day: Day, ceiling: float) -> int:
    """
    Tell how late a run of a plan below a ceiling can be.

    Parameters
    ----------
    day
        The day.
    ceiling
        SEK.

    Returns
    -------
    int
        Seconds: one more leaves shipments behind that alone are worth the ceiling.
    """
    return max(0, min(int(np.searchsorted(day.late, ceiling, side="right")), day.late.size) - 1)


def seconds_home(day: Day) -> Integers:
    """
    Find the least driving and stopping time from each row to the hub.

    Parameters
    ----------
    day
        The day.

    Returns
    -------
    Integers
        Seconds, handling of what rides direct apart.
    """
    steps = day.travel + day.service * (np.arange(day.size) > 0)
    home = day.travel[:, 0].copy()
    home[0] = 0
    for _ in range(day.size):
        home = np.minimum(home, (steps[:, 1:] + home[np.newaxis, 1:]).min(axis=1, initial=2**62))
        home[0] = 0
    return home


def duty(day: Day) -> Integers:
    """
    Tell how long each compulsory site keeps a run at least, the way there included.

    Parameters
    ----------
    day
        The day.

    Returns
    -------
    Integers
        Seconds; -1 for any other row.
    """
    ways = day.travel.copy()
    np.fill_diagonal(ways, 2**60)
    return np.where(day.must, day.service + ways.min(axis=0), -1)


def shortest(travel: Integers) -> Integers:
    """
    Close a table under detours (Floyd and Warshall): sites left out may be passed.

    Parameters
    ----------
    travel
        Seconds from row to column.

    Returns
    -------
    Integers
        Seconds at least.
    """
    closed = travel.copy()
    np.fill_diagonal(closed, 0)
    for via in range(len(closed)):
        closed = np.minimum(closed, closed[:, via, np.newaxis] + closed[np.newaxis, via, :])
    return closed

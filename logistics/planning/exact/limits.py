"""How long runs may work and be late, and how long stops keep them at least."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from logistics.planning.exact.day import Floats

if TYPE_CHECKING:
    from logistics.planning.exact.day import Day, Flags, Integers, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """
    How long runs work at least, whatever stops they make.

    Attributes
    ----------
    base
        Seconds of any run; may be less than nothing.
    each
        Seconds that each site adds where it is visited, by row; nothing where that is not known.
    due
        The same of compulsory sites, which are on some run of every plan; nothing for any other.
    """

    base: float
    each: Floats
    due: Floats

    def room(self, longest: float) -> Floats:
        """
        Tell how long the other stops of a run may take together.

        Parameters
        ----------
        longest
            Seconds that the run may work.

        Returns
        -------
        Floats
            Seconds for each stop.
        """
        return longest - self.base - self.each

    def crowd(self, longest: float) -> float:
        """
        Tell how much company there is at most, by the products of what two sites add.

        What the sites of a run add squares to the most where as many runs as can be are full. A
        plan without one of them has no more, unless that one fills more than a run.

        Parameters
        ----------
        longest
            Seconds that a run may work.

        Returns
        -------
        float
            Seconds squared, for any two sites on the same run in both orders.
        """
        full = longest - self.base
        runs, rest = divmod(float(self.each.sum()), full)
        alone = self.each[(self.each <= full) | (self.due > 0)]
        return runs * full**2 + rest**2 - float((alone**2).sum())

    def crowd_late(self, longest: float, latest: int) -> float:
        """
        Tell how much more there is for each second by which a run works longer than it may.

        Parameters
        ----------
        longest
            Seconds that a run may work.
        latest
            How many seconds later it is at most.

        Returns
        -------
        float
            Seconds.
        """
        return 2 * (longest - self.base) + latest


def least_work(day: Day, visit: Floats, run: float, known: Flags) -> Work:
    """
    Read how long runs work from prices of a relaxation whose only cost is time.

    Parameters
    ----------
    day
        The day.
    visit
        What it pays for each visit, in seconds.
    run
        What it pays for each run.
    known
        Rows that were compulsory there.

    Returns
    -------
    Work
        No run works less, but for a second that rounding may take.
    """
    each = np.where(known, np.maximum(0.0, visit), 0.0)
    base = run - 1.0 + float(np.minimum(0.0, visit[1:]).sum())
    return Work(base=base, each=each, due=np.where(day.must, each, 0.0))


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


def late_rate(day: Day) -> float:
    """
    Tell what a second of lateness costs at least.

    Parameters
    ----------
    day
        The day.

    Returns
    -------
    float
        SEK, and a krona at most.
    """
    return float(min(1.0, day.late[1]))

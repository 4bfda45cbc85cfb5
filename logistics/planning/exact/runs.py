"""All runs that a plan within a given cost of the bound can be made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from logistics.planning.exact import home, labels
from logistics.planning.exact.day import EVER, Floats, Integers

if TYPE_CHECKING:
    from typing import Any

    from logistics.planning.exact.day import Day, Flags, Kind
    from logistics.planning.exact.prices import Prices

Sets: TypeAlias = NDArray[np.uint64]

MOST_SITES = 62
"""A set of stops is one 64-bit word."""
_FIRST_LABELS, MOST_LABELS = 1 << 18, 1_400_000
_NO_REST = 2**60


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """
    The cheapest run of one kind of vehicle for each set of stops.

    Attributes
    ----------
    kind
        Position of the kind.
    sets
        Stops as bits, row 1 the lowest.
    cost
        SEK at least, what it saves in waiting taken off.
    extra
        What its steps cost beyond the bound.
    ends
        Last label of each.
    parent, where
        For each label the one before it, and the stop it adds.
    """

    kind: int
    sets: Sets
    cost: Floats
    extra: Floats
    ends: Integers
    parent: NDArray[np.int32]
    where: NDArray[np.int8]

    def stops(self, number: int) -> tuple[int, ...]:
        """
        Follow a run back to the hub.

        Parameters
        ----------
        number
            Position of the run.

        Returns
        -------
        tuple[int, ...]
            Its rows in the order of driving.
        """
        way = []
        label = int(self.ends[number])
        while self.parent[label] >= 0:
            way.append(int(self.where[label]))
            label = int(self.parent[label])
        return tuple(reversed(way))


def enumerate_runs(
    day: Day,
    prices: Prices,
    allowance: float,
    dear: int,
    stop: Flags,
    *,
    whole: bool = False,
    most: int = MOST_LABELS,
) -> list[Runs] | None:
    """
    Enumerate every run whose steps cost no more extra than allowed.

    Parameters
    ----------
    day
        The day; at most :data:`MOST_SITES` sites besides the hub.
    prices
        A dual solution.
    allowance
        SEK. A plan that costs less than the bound and the allowance together can be made of the
        runs found.
    dear
        Seconds late at most.
    stop
        Whoever sets its first element ends the search.
    whole
        Whether a run must visit all that is compulsory.
    most
        Labels of one length at most.

    Returns
    -------
    list[Runs] or None
        One entry a kind; None where there are too many or the search was ended.
    """
    found = []
    for number in range(len(day.kinds)):
        runs = _of_kind(day, number, prices, allowance, dear, stop, most, whole=whole)
        if runs is None:
            return None
        found.append(runs)
    return found


def _of_kind(  # noqa: PLR0917 - what the search takes
    day: Day,
    number: int,
    prices: Prices,
    allowance: float,
    dear: int,
    stop: Flags,
    limit: int,
    *,
    whole: bool,
) -> Runs | None:
    most = _FIRST_LABELS
    while True:
        status, _, *rest = labels.grow(
            *arguments(day, number, prices, allowance, dear, most, stop, whole=whole)
        )
        if status == labels.DONE:
            sets, cost, extra, ends, parent, where = rest
            return Runs(
                kind=number,
                sets=sets,
                cost=cost,
                extra=extra,
                ends=ends,
                parent=parent,
                where=where,
            )
        if status == labels.STOPPED or most >= limit:
            return None
        most = min(limit, most * 8)


def arguments(  # noqa: PLR0917 - what the search takes
    day: Day,
    number: int,
    prices: Prices,
    allowance: float,
    dear: int,
    most: int,
    stop: Flags,
    *,
    whole: bool = False,
) -> tuple[Any, ...]:
    """
    Collect what the compiled search takes.

    Parameters
    ----------
    day
        The day.
    number
        Position of the kind of vehicle.
    prices
        A dual solution.
    allowance
        SEK.
    dear
        Seconds late at most.
    most
        Labels of one length at most.
    stop
        Whoever sets its first element ends the search.
    whole
        Whether a run must visit all that is compulsory.

    Returns
    -------
    tuple
        In the order of :func:`labels.grow`.
    """
    kind = day.kinds[number]
    rests = day.pause is not None
    after, pause = day.pause or (_NO_REST, 0)
    return (
        day.travel,
        day.service,
        day.windows,
        kind.arcs,
        day.saved,
        day.handled,
        day.outbound,
        day.inbound,
        prices.first[number],
        np.ascontiguousarray(np.transpose(prices.behind, (0, 2, 1))),
        prices.slack,
        *tables(day, number, ways(day, prices, number), dear),
        seconds_home(day),
        kind.pay,
        min(other.pay for other in day.kinds),
        kind.capacity,
        *kind.shift,
        kind.max_seconds,
        after,
        pause,
        rests,
        day.windowed,
        day.late,
        day.item_price,
        duty(day),
        whole,
        allowance,
        dear,
        most,
        stop,
    )


def ways(day: Day, prices: Prices, number: int) -> Floats:
    """
    Tell what each step costs extra at least, whatever lies behind.

    Parameters
    ----------
    day
        The day.
    prices
        A dual solution.
    number
        Position of the kind of vehicle.

    Returns
    -------
    Floats
        SEK from row to column.
    """
    least: Floats = prices.first[number] + np.minimum(0.0, prices.behind).sum(axis=2)
    own = np.arange(day.size)
    least += np.maximum(0.0, prices.behind[own, :, own])
    return least


def tables(day: Day, number: int, arcs: Floats, dear: int) -> tuple[Any, ...]:
    """
    Bound ways home by the work done, with and without the price of lateness, and by the clock.

    Parameters
    ----------
    day
        The day.
    number
        Position of the kind of vehicle.
    arcs
        What each step costs at least.
    dear
        Seconds late at most.

    Returns
    -------
    tuple
        By row and column, see :func:`home.ways_home`.
    """
    kind = day.kinds[number]
    steps = day.travel + day.service * (np.arange(day.size) > 0)
    always = np.tile(np.array([[0, EVER]]), (day.size, 1))
    opens, closes = kind.shift
    longest = kind.max_seconds if day.windowed else longest_work(day, kind)
    longest = min(longest, closes - opens)
    limits = 0, longest, day.late, dear
    by_work = home.ways_home(steps, arcs, always, *limits, priced=True)
    free, _ = home.ways_home(steps, arcs, always, *limits, priced=False)
    if not day.windowed:
        return *by_work, free, by_work[0][:, :1], by_work[1][:, :1]
    moved = np.minimum(day.windows, EVER // 2) + day.service[:, np.newaxis]
    by_clock = home.ways_home(steps, arcs, moved, opens, closes, day.late, dear, priced=True)
    return *by_work, free, *by_clock


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

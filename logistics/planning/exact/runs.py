"""All runs that a plan within a given cost of the bound can be made of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from logistics.planning.exact import home, labels
from logistics.planning.exact.day import EVER, Floats, Integers
from logistics.planning.exact.limits import duty, longest_work, seconds_home, shortest

if TYPE_CHECKING:
    from typing import Any

    from logistics.planning.exact.day import Day, Flags
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
    allowance
        SEK up to which no run lacks: what was asked for, or less where there are too many; then
        some that are dearer are here too.
    """

    kind: int
    sets: Sets
    cost: Floats
    extra: Floats
    ends: Integers
    parent: NDArray[np.int32]
    where: NDArray[np.int8]
    allowance: float

    def whole(self) -> Runs:
        """
        Leave out what was found beyond the allowance.

        Returns
        -------
        Runs
            Every run up to it, and no other.
        """
        kept = np.flatnonzero(self.extra <= self.allowance)
        return replace(
            self,
            sets=self.sets[kept],
            cost=self.cost[kept],
            extra=self.extra[kept],
            ends=self.ends[kept],
        )

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
    thin: bool = True,
) -> list[Runs] | None:
    """
    Enumerate every run whose steps cost no more extra than allowed, or than memory allows.

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
    thin
        Whether to go on with the cheaper half where there are more; else nothing is told of them.

    Returns
    -------
    list[Runs] or None
        One entry a kind; None where the search was ended, or too wide and not to be thinned.
    """
    found = []
    for number in range(len(day.kinds)):
        given = arguments(day, number, prices, allowance, dear, whole=whole)
        runs = _of_kind(number, given, most, stop, thin=thin)
        if runs is None:
            return None
        found.append(runs)
    return found


def _of_kind(
    number: int, given: tuple[Any, ...], limit: int, stop: Flags, *, thin: bool
) -> Runs | None:
    most = min(limit, _FIRST_LABELS)
    while True:
        last = most >= limit
        status, kept, *rest = labels.grow(*(*given, most, last and thin, stop))
        if status == labels.STOPPED or (status == labels.FULL and last and not thin):
            return None
        if last or status == labels.DONE:
            return runs_of(number, kept if status == labels.DONE else -np.inf, *rest)
        most = min(limit, most * 8)


def runs_of(  # noqa: PLR0917 - what the search returns
    kind: int,
    allowance: float,
    sets: Sets,
    cost: Floats,
    extra: Floats,
    ends: Integers,
    parent: NDArray[np.int32],
    where: NDArray[np.int8],
) -> Runs:
    """
    Name what the compiled search returns.

    Parameters
    ----------
    kind
        Position of the kind of vehicle.
    allowance
        SEK up to which no run lacks.
    sets, cost, extra, ends, parent, where
        See :func:`labels.grow`.

    Returns
    -------
    Runs
        The same.
    """
    return Runs(
        kind=kind,
        sets=sets,
        cost=cost,
        extra=extra,
        ends=ends,
        parent=parent,
        where=where,
        allowance=allowance,
    )


def arguments(
    day: Day,
    number: int,
    prices: Prices,
    allowance: float,
    dear: int,
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
    whole
        Whether a run must visit all that is compulsory.

    Returns
    -------
    tuple
        In the order of :func:`labels.grow`, but for most labels, whether thinned, and stop.
    """
    kind = day.kinds[number]
    rests = day.pause is not None
    after, pause = day.pause or (_NO_REST, 0)
    paid = float(prices.time[number])
    late = day.late - paid * np.arange(day.late.size)
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
        *tables(day, number, ways(day, prices, number), late, dear),
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
        late,
        paid,
        day.item_price,
        day.item_price * (1.0 - paid / max(paid, float(min(1.0, day.late[1])), 1e-9)),
        duty(day),
        shortest(day.travel),
        whole,
        allowance,
        dear,
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


def tables(day: Day, number: int, arcs: Floats, late: Floats, dear: int) -> tuple[Any, ...]:
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
    late
        What lateness costs extra, by seconds.
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
    limits = 0, longest, late, dear
    by_work = home.ways_home(steps, arcs, always, *limits, priced=True)
    free, _ = home.ways_home(steps, arcs, always, *limits, priced=False)
    if not day.windowed:
        return *by_work, free, by_work[0][:, :1], by_work[1][:, :1]
    moved = np.minimum(day.windows, EVER // 2) + day.service[:, np.newaxis]
    by_clock = home.ways_home(steps, arcs, moved, opens, closes, late, dear, priced=True)
    return *by_work, free, *by_clock

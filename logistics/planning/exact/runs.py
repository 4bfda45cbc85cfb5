"""All runs that a plan within a given cost of the bound can be made of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from logistics.planning.exact import labels
from logistics.planning.exact.arguments import arguments
from logistics.planning.exact.day import Floats, Integers

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from logistics.planning.exact.day import Day, Flags
    from logistics.planning.exact.prices import Prices

Sets: TypeAlias = NDArray[np.uint64]

MOST_SITES = 62
"""A set of stops is one 64-bit word."""
_FIRST_LABELS, MOST_LABELS = 1 << 18, 1_400_000
_FEW_ORDERS, MOST_ORDERS = 1 << 12, 1_400_000


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


def bits_of(rows: Iterable[int]) -> int:
    """
    Write rows as bits.

    Parameters
    ----------
    rows
        Rows of a day; the hub is none of them.

    Returns
    -------
    int
        Row 1 is the lowest bit.
    """
    return sum(1 << (int(row) - 1) for row in rows)


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
        runs = _of_kind(number, given, most, stop, thin=thin, orders=False)
        if runs is None:
            return None
        found.append(runs)
    return found


def enumerate_orders(
    day: Day, prices: Prices, kind: int, allowance: float, dear: int, stop: Flags
) -> Runs | None:
    """
    Enumerate every order of a run by all that is compulsory, within an allowance.

    Parameters
    ----------
    day
        The day, with the stops of the run alone.
    prices
        A dual solution.
    kind
        Position of the kind of vehicle.
    allowance
        SEK extra at most.
    dear
        Seconds late at most.
    stop
        Whoever sets its first element ends the search.

    Returns
    -------
    Runs or None
        One entry an order; None where the search was ended.
    """
    given = arguments(day, kind, prices, allowance, dear, whole=True)
    return _of_kind(kind, given, MOST_ORDERS, stop, thin=True, orders=True)


def _of_kind(
    number: int, given: tuple[Any, ...], limit: int, stop: Flags, *, thin: bool, orders: bool
) -> Runs | None:
    most = min(limit, _FEW_ORDERS if orders else _FIRST_LABELS)
    while True:
        last = most >= limit
        status, kept, *rest = labels.grow(*(*given, most, last and thin, orders, stop))
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

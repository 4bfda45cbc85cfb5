"""Which stops are on the same run, as flows tell it, and in what order.

Of two stops one comes first, or they are on different runs. And being on the same run is
transitive: where two stops share a run with a third they share it with each other. Fractional flows
overlook that, and let every stop ride with its favourites (Groetschel and Wakabayashi 1990, "Facets
of the clique partitioning polytope").
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from logistics.planning.exact.programme import TWICE

if TYPE_CHECKING:
    from logistics.planning.exact.arcs import Arcs
    from logistics.planning.exact.day import Day, Floats, Integers
    from logistics.planning.exact.flows import Flows
    from logistics.planning.exact.programme import Rows

Triangle: TypeAlias = tuple[int, int, int]

_BROKEN: Final = 0.05
_MOST_ROWS: Final = 4_000
_NEVER: Final = -9.0


class Pairs:
    """
    Columns and rows of two sites on the same run.

    Parameters
    ----------
    day
        The day.
    rows
        The programme they are added to.
    arcs, flows
        What it holds already: arcs, and the flows of what each stop sends after itself.
    """

    def __init__(self, day: Day, rows: Rows, arcs: Arcs, flows: Flows) -> None:
        self.size = size = day.size
        first, second = np.triu_indices(size - 1, 1)
        self.first, self.second = first + 1, second + 1
        count = np.zeros(first.size)
        self.pair = rows.add_rows(count - np.inf, count)
        self.both = rows.add_columns(count)
        join = rows.add_rows(count, count)
        where = np.zeros((size, size), dtype=np.int64)
        where[self.first, self.second] = where[self.second, self.first] = join
        on = flows.head > 0
        rows.put(where[flows.origin[on], flows.head[on]], flows.columns[on], 1.0)
        rows.put(join, self.both, -TWICE)
        rows.put(self.pair, self.both, TWICE)
        self.into = [
            np.concatenate([layer[arcs.head == row] for layer in arcs.columns])
            for row in range(size)
        ]
        for row in np.unique(self.second):
            pairs, into = self.pair[self.second == row], self.into[row]
            rows.put(np.repeat(pairs, into.size), np.tile(into, pairs.size), -1.0)

    def prices(self, dual: Floats) -> Floats:
        """
        Read the prices of their rows.

        Parameters
        ----------
        dual
            Of all rows.

        Returns
        -------
        Floats
            By first and second site, at least 0.
        """
        pair = np.zeros((self.size, self.size))
        pair[self.first, self.second] = np.maximum(0.0, -dual[self.pair])
        return pair

    def together(self, primal: Floats) -> Floats:
        """
        Tell how much of each site is on the run of each other.

        Parameters
        ----------
        primal
            Of all columns.

        Returns
        -------
        Floats
            By two sites, symmetric.
        """
        both = np.zeros((self.size, self.size))
        both[self.first, self.second] = TWICE * primal[self.both]
        return both + both.T

    def row_of(self, triangle: Triangle) -> tuple[Integers, Floats]:
        """
        Write the row of three sites: the first and the last with the middle one, but not together.

        Parameters
        ----------
        triangle
            The sites.

        Returns
        -------
        tuple[Integers, Floats]
            Columns and values; together nothing at most.
        """
        one, middle, other = triangle
        into = self.into[middle]
        columns = [self._both(one, middle), self._both(middle, other), self._both(one, other)]
        values = np.concatenate([[TWICE, TWICE, -TWICE], np.full(into.size, -1.0)])
        return np.concatenate([columns, into]), values

    def _both(self, one: int, other: int) -> int:
        """Find the column of two sites: they stand by the first, then by the second."""
        low, high = min(one, other) - 1, max(one, other) - 1
        count = self.size - 1
        return int(self.both[low * (2 * count - low - 1) // 2 + high - low - 1])


def broken_triangles(both: Floats) -> list[Triangle]:
    """
    Find sites of which two share a run with a third, but not with each other.

    Parameters
    ----------
    both
        How much of each site is on the run of each other, symmetric.

    Returns
    -------
    list[Triangle]
        The third in the middle, the worst first.
    """
    size = len(both)
    excess = both[:, :, np.newaxis] + both[np.newaxis, :, :] - both[:, np.newaxis, :] - 1.0
    own = np.arange(size)
    excess[own, own, :] = excess[own, :, own] = excess[:, own, own] = _NEVER
    excess[0] = excess[:, 0] = excess[:, :, 0] = _NEVER
    found = np.argwhere(excess > _BROKEN)
    found = found[found[:, 0] < found[:, 2]]
    worst = np.argsort(-excess[tuple(found.T)], kind="stable")[:_MOST_ROWS]
    return [(one, middle, other) for one, middle, other in found[worst].tolist()]


def prices_of_triangles(size: int, priced: list[tuple[Triangle, float]]) -> tuple[Floats, Floats]:
    """
    Sum what triangles say of two sites, and of one.

    Parameters
    ----------
    size
        Rows of the day.
    priced
        Triangles and their prices, at least 0.

    Returns
    -------
    tuple[Floats, Floats]
        What it costs more that two sites are on the same run, symmetric; what a visit costs less.
    """
    together, alone = np.zeros((size, size)), np.zeros(size)
    for (one, middle, other), price in priced:
        together[one, middle] += price
        together[middle, other] += price
        together[one, other] -= price
        alone[middle] += price
    return together + together.T, alone

"""Compiled: a linear programme by a first-order method that takes new rows on the way.

Primal-dual hybrid gradient steps, reflected and drawn back to where the epoch began (Halpern), with
restarts (Lu and Yang 2024, "Restarted Halpern PDHG for linear programming"; Lu, Peng and Yang 2025,
"cuPDLPx: a further enhanced GPU-based first-order solver for linear programming"), rows and columns
scaled as in PDLP (Applegate et al. 2021). A round of cuts changes little of the solution, so prices
and step sizes are carried over: a solver that begins anew takes several times as long.
"""

# ruff: noqa: PLR0913, PLR0917
# mypy: disable-error-code="misc, untyped-decorator, no-any-return"
from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from logistics.planning.exact.day import Flags, Floats, Integers
    from logistics.planning.exact.programme import Table

_BLOCK: Final = 64
"""Steps between two looks at the clock and at how far the method has come."""
_SHORTER, _STALLED, _LONG = 0.2, 0.8, 0.36
"""When to begin a new epoch: see :meth:`FirstOrder._is_over`."""
_FIRST_WEIGHT, _LARGER = 100.0, 1.5
_OF_LAST, _OF_ALL = 0.99, 0.01
_BALANCINGS, _POWERS = 10, 40
_SAFE: Final = 0.99


class FirstOrder:
    """
    Solves a linear programme step by step; its columns lie between 0 and 1.

    Parameters
    ----------
    table
        The programme, to be minimised.
    least, most
        Between which the weight of steps of columns against those of prices stays. Where rows come
        and go, epochs are short, and what they tell of the right weight may lead astray.
    """

    def __init__(self, table: Table, *, least: float = 0.0, most: float = np.inf) -> None:
        self.primal: Floats = np.zeros(table.cost.size)
        self.dual: Floats = np.zeros(table.low.size)
        self.steps = 0
        self._least, self._most = least, most
        self._weight, self._drift = max(_FIRST_WEIGHT, _LARGER * least), 0.0
        self._take(table)

    def replace(self, table: Table, before: Integers) -> None:
        """
        Go on with other rows.

        Parameters
        ----------
        table
            The programme, with the same columns.
        before
            Which row each of its rows was before; -1 for a new one.
        """
        self.dual = np.where(before >= 0, self.dual[before], 0.0)
        self._take(table)

    def _take(self, table: Table) -> None:
        self.rows, self.columns = _scales(table)
        values = table.value * self.rows[table.row] * self.columns[table.column]
        rows, columns = table.low.size, table.cost.size
        self._matrix = (
            *_sorted(rows, table.row, table.column, values),
            *_sorted(columns, table.column, table.row, values),
        )
        self._limits = (
            table.cost * self.columns,
            table.low * self.rows,
            table.high * self.rows,
            1.0 / self.columns,
        )
        self._length = _SAFE / _norm(*self._matrix, _POWERS)
        self._x, self._y = self.primal / self.columns, self.dual / self.rows
        self._begin()

    def _begin(self) -> None:
        """Begin an epoch where the method stands."""
        self._from = self._x.copy(), self._y.copy()
        self._age, self._first, self._last = 0, 0.0, np.inf

    def run(self, steps: int, stop: Flags) -> None:
        """
        Take some steps; `primal` and `dual` tell where they led.

        Parameters
        ----------
        steps
            How many.
        stop
            Whoever sets its first element ends the run.
        """
        until = self.steps + steps
        while self.steps < until and not stop[0]:
            block = _BLOCK if self._age else 1
            change, prices, x, y = _steps(
                *self._matrix,
                *self._limits,
                self._x,
                self._y,
                *self._from,
                self._length / self._weight,
                self._length * self._weight,
                self._age,
                block,
            )
            moved = float(np.sqrt(self._weight * change + prices / self._weight))
            self.steps += block
            if not self._age:
                self._first = moved
            self._age += block
            self.primal, self.dual = x * self.columns, y * self.rows
            if block > 1 and self._is_over(moved):
                self._balance(x, y)
                self._x, self._y = x, y
                self._begin()
            self._last = moved

    def _is_over(self, moved: float) -> bool:
        """Tell whether an epoch has come far, comes no farther, or has gone on for long."""
        return (
            moved <= _SHORTER * self._first
            or (moved <= _STALLED * self._first and moved > self._last)
            or self._age >= _LONG * self.steps
        )

    def _balance(self, x: Floats, y: Floats) -> None:
        """Weigh steps of columns and of prices by how far each came in this epoch."""
        far = float(np.linalg.norm(x - self._from[0])), float(np.linalg.norm(y - self._from[1]))
        if min(far) > 1e-12:  # noqa: PLR2004
            off = float(np.log(self._weight * far[0] / far[1]))
            self._drift += off
            weight = self._weight * float(np.exp(-_OF_LAST * off - _OF_ALL * self._drift))
            self._weight = min(self._most, max(self._least, weight))
            if self._weight != weight:
                self._drift = 0.0


def _scales(table: Table) -> tuple[Floats, Floats]:
    """Scale rows and columns by Ruiz' balancing, then by their sums (Pock and Chambolle 2011)."""
    size, count = table.low.size, table.cost.size
    rows, columns = np.ones(size), np.ones(count)
    value = np.abs(table.value)
    for _ in range(_BALANCINGS):
        now = value * rows[table.row] * columns[table.column]
        rows /= np.sqrt(_largest(size, table.row, now))
        columns /= np.sqrt(_largest(count, table.column, now))
    now = value * rows[table.row] * columns[table.column]
    by_row = np.bincount(table.row, now, size)
    by_column = np.bincount(table.column, now, count)
    rows /= np.sqrt(np.where(by_row > 0, by_row, 1.0))
    columns /= np.sqrt(np.where(by_column > 0, by_column, 1.0))
    return rows, columns


@njit(cache=True, nogil=True)
def _largest(count: int, place: Integers, value: Floats) -> Floats:
    """Find the largest value of each place, one where there is none."""
    largest = np.zeros(count)
    for at in range(place.size):
        largest[place[at]] = max(largest[place[at]], value[at])
    for at in range(count):
        if largest[at] == 0.0:
            largest[at] = 1.0
    return largest


@njit(cache=True, nogil=True)
def _sorted(
    count: int, line: Integers, other: Integers, value: Floats
) -> tuple[Integers, np.ndarray, np.ndarray]:
    """
    Put a matrix in order, line by line: where each begins, where its values stand, and they.

    Of single precision: a step takes as long as the matrix takes to be read.
    """
    starts = np.zeros(count + 1, np.int64)
    for at in range(line.size):
        starts[line[at] + 1] += 1
    for at in range(count):
        starts[at + 1] += starts[at]
    free = starts[:-1].copy()
    places = np.empty(line.size, np.int32)
    values = np.empty(line.size, np.float32)
    for at in range(line.size):
        to = free[line[at]]
        free[line[at]] += 1
        places[to] = other[at]
        values[to] = value[at]
    return starts, places, values


@njit(cache=True, nogil=True)
def _norm(
    row_starts: Integers,
    row_places: np.ndarray,
    row_values: np.ndarray,
    column_starts: Integers,
    column_places: np.ndarray,
    column_values: np.ndarray,
    powers: int,
) -> float:
    """Estimate the largest singular value of the matrix by powers."""
    size, count = row_starts.size - 1, column_starts.size - 1
    one = 0.5 + (np.arange(count) * 0.6180339887498949) % 1.0
    other = np.empty(size)
    for _ in range(powers):
        one /= np.sqrt((one * one).sum())
        for row in range(size):
            total = 0.0
            for at in range(row_starts[row], row_starts[row + 1]):
                total += row_values[at] * one[row_places[at]]
            other[row] = total
        for column in range(count):
            total = 0.0
            for at in range(column_starts[column], column_starts[column + 1]):
                total += column_values[at] * other[column_places[at]]
            one[column] = total
    return max(np.sqrt(np.sqrt((one * one).sum())), 1e-9)


@njit(cache=True, nogil=True, fastmath={"reassoc", "contract", "nsz"})
def _steps(
    row_starts: Integers,
    row_places: np.ndarray,
    row_values: np.ndarray,
    column_starts: Integers,
    column_places: np.ndarray,
    column_values: np.ndarray,
    cost: Floats,
    low: Floats,
    high: Floats,
    most: Floats,
    x: Floats,
    y: Floats,
    x_from: Floats,
    y_from: Floats,
    tau: float,
    sigma: float,
    age: int,
    count: int,
) -> tuple[float, float, Floats, Floats]:
    """
    Take `count` steps from `x` and `y`, which are moved.

    Return how far the last one went, squared, in columns and in prices, and where the plain step,
    neither reflected nor drawn back, would have led.
    """
    n, m = x.size, y.size
    ahead = np.empty(n)
    plain_x, plain_y = np.empty(n), np.empty(m)
    far_x = far_y = 0.0
    for step in range(count):
        far_x = far_y = 0.0
        share = (age + step + 1.0) / (age + step + 2.0)
        for j in range(n):
            slope = cost[j]
            for at in range(column_starts[j], column_starts[j + 1]):
                slope -= column_values[at] * y[column_places[at]]
            to = min(max(x[j] - tau * slope, 0.0), most[j])
            move = to - x[j]
            far_x += move * move
            plain_x[j] = to
            ahead[j] = to + move
            x[j] = share * (to + move) + (1.0 - share) * x_from[j]
        for i in range(m):
            total = 0.0
            for at in range(row_starts[i], row_starts[i + 1]):
                total += row_values[at] * ahead[row_places[at]]
            to = y[i] / sigma - total
            to = sigma * (to - min(max(to, -high[i]), -low[i]))
            move = to - y[i]
            far_y += move * move
            plain_y[i] = to
            y[i] = share * (to + move) + (1.0 - share) * y_from[i]
    return far_x, far_y, plain_x, plain_y

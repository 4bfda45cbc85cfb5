"""The tight relaxation: flows both ways along each run, and the rows that fractional ones break.

The tail flows of :mod:`flows` know what comes after a stop. Here head flows tell what comes before
it, and the two must agree: as much of one stop's tail passes a second as of the second's head
passes the first. Rows that make flows paths (:mod:`paths`) and runs sets (:mod:`pairs`) are far too
many to write down; they are added where the flows of the moment break them, and go when they no
longer matter, while the first-order method goes on from where it is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from logistics.planning.exact.arcs import MANY_ROWS, Arcs
from logistics.planning.exact.company import keep_company, keep_crowd, prices_of
from logistics.planning.exact.crowded import crowded_sets
from logistics.planning.exact.day import Floats, Integers, direct_gain
from logistics.planning.exact.duals import Cut, Order
from logistics.planning.exact.first_order import FirstOrder
from logistics.planning.exact.flows import Flows, duals_of
from logistics.planning.exact.limits import late_rate
from logistics.planning.exact.pairs import Pairs, Triangle, broken_triangles, prices_of_triangles
from logistics.planning.exact.paths import Detour, detours, prices_of_detours, row_of
from logistics.planning.exact.prices import price
from logistics.planning.exact.programme import MUCH_LATER, Rows, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logistics.planning.exact.day import Day, Flags
    from logistics.planning.exact.duals import Duals
    from logistics.planning.exact.limits import Work
    from logistics.planning.exact.prices import Prices

_IDLE: Final = 3
"""Rounds after which a row goes that has had no price in any."""
_FIRST_STEPS, _STEPS = 2_500, 700
_LIGHTEST, _HEAVIEST = 1.2, 18.0
"""Times what an arc costs: weights of the first-order method that suit up to 31 sites; on more, it
finds its own."""


@dataclass(slots=True, kw_only=True)
class _Row:
    """A row that is there while it matters: what it forbids, to flows of which side."""

    columns: Integers
    values: Floats
    side: int = 0
    detour: Detour | None = None
    triangle: Triangle | None = None
    cut: Cut | None = None
    high: float = 0.0
    idle: int = 0

    @property
    def name(self) -> tuple[int, Detour | Triangle | bytes | None]:
        return self.side, self.cut.inside.tobytes() if self.cut else self.detour or self.triangle


def tight_prices(
    day: Day, allowed: Flags, cuts: list[Cut], work: Work | None, stop: Flags
) -> Iterator[Prices]:
    """
    Solve the tight relaxation, round by round, for as long as somebody asks.

    Parameters
    ----------
    day
        The day.
    allowed
        Which arcs the relaxation knows; all others are priced afterwards.
    cuts
        Sets that take several runs.
    work
        What each site adds to the work of a run; None where nothing is known.
    stop
        Whoever sets its first element ends the round.

    Yields
    ------
    Prices
        Of each round, made good; not every round is better than the last.
    """
    relaxation = Relaxation(day, allowed, cuts, work)
    relaxation.run(_FIRST_STEPS, stop)
    while True:
        yield relaxation.prices()
        relaxation.tighten()
        relaxation.run(_STEPS, stop)


class Relaxation:
    """
    A tight relaxation of the plans of a day, solved step by step.

    Parameters
    ----------
    day
        The day.
    allowed
        Which arcs the relaxation knows; all others are priced afterwards.
    cuts
        Sets that take several runs.
    work
        What each site adds to the work of a run; None where nothing is known.
    """

    def __init__(self, day: Day, allowed: Flags, cuts: list[Cut], work: Work | None) -> None:
        self.day, self.known, self.work = day, cuts, work
        rows = Rows()
        tail, head = np.nonzero(allowed)
        self.arcs = Arcs(day, rows, tail, head, cuts)
        self.tails = Flows(rows, self.arcs, tail, head, direct_gain(day))
        self.heads = Flows(rows, self.arcs, head, tail, np.zeros((day.size, day.size)))
        self.pairs = Pairs(day, rows, self.arcs, self.tails)
        self.company = self.crowd = rows.add_rows(np.zeros(0), np.zeros(0))
        if work is not None:
            self.company = keep_company(day, rows, self.arcs, self.pairs, work)
            self.crowd = keep_crowd(day, rows, self.arcs, self.pairs, work)
        self.before = self._agree(rows)
        self.late = rows.add_columns(np.array([MUCH_LATER * late_rate(day) * self._longest]))
        self.base = rows.table()
        self.columns = [_places(flows) for flows in (self.tails, self.heads)]
        self.cuts: list[_Row] = []
        self.solver = FirstOrder(self.base, **_weights(day))

    def _agree(self, rows: Rows) -> Integers:
        """Add rows: what tails pass, heads pass the other way round."""
        size = self.day.size
        nothing = np.zeros((size - 1) ** 2)
        before = rows.add_rows(nothing, nothing).reshape(size - 1, size - 1)
        for flows, value in ((self.tails, 1.0), (self.heads, -1.0)):
            on = flows.head > 0
            origin, passed = flows.origin[on] - 1, flows.head[on] - 1
            where = before[origin, passed] if value > 0 else before[passed, origin]
            rows.put(where, flows.columns[on], value)
        return before

    def run(self, steps: int, stop: Flags) -> None:
        """
        Take some steps of the first-order method.

        Parameters
        ----------
        steps
            How many.
        stop
            Whoever sets its first element ends the run.
        """
        self.solver.run(steps, stop)

    def tighten(self) -> int:
        """
        Add rows that the flows of the moment break, and drop those that have long had no price.

        Returns
        -------
        int
            How many rows are new.
        """
        prices = -self.solver.dual[self.base.low.size :]
        for row, paid in zip(self.cuts, prices.tolist(), strict=True):
            row.idle = 0 if paid > 0 else row.idle + 1
        kept = [number for number, row in enumerate(self.cuts) if row.idle < _IDLE]
        rows = [self.cuts[number] for number in kept]
        known = {row.name for row in rows}
        new = [row for row in self._broken() if row.name not in known]
        self.cuts = [*rows, *new]
        first = self.base.low.size
        before = np.concatenate(
            [np.arange(first), first + np.array(kept, dtype=np.int64), np.full(len(new), -1)]
        )
        self.solver.replace(self._table(), before)
        return len(new)

    def _broken(self) -> Iterator[_Row]:
        primal = self.solver.primal
        for side, flows in enumerate((self.tails, self.heads)):
            for detour in detours(flows, primal):
                columns, values = row_of(self.columns[side], detour)
                yield _Row(columns=columns, values=values, side=side, detour=detour)
        if self.work is not None:
            for cut in crowded_sets(self._driven(primal), self.work, self._longest):
                yield self._entries(cut)
        for triangle in broken_triangles(self.pairs.together(primal)):
            columns, values = self.pairs.row_of(triangle)
            yield _Row(columns=columns, values=values, triangle=triangle)

    @property
    def _longest(self) -> float:
        return float(self.arcs.longest.max())

    def _driven(self, primal: Floats) -> Floats:
        """Tell how often each arc is driven."""
        driven = np.zeros((self.day.size, self.day.size))
        for layer in self.arcs.columns:
            driven[self.arcs.tail, self.arcs.head] += primal[layer]
        return driven

    def _entries(self, cut: Cut) -> _Row:
        """Write the row of a set that takes several runs, or some lateness."""
        enters = cut.inside[self.arcs.head] & ~cut.inside[self.arcs.tail]
        columns = np.concatenate([*(layer[enters] for layer in self.arcs.columns), self.late])
        values = np.full(columns.size, -1.0)
        values[-1] = -MUCH_LATER * self._longest / cut.lacking
        return _Row(columns=columns, values=values, cut=cut, high=-float(cut.runs))

    def _table(self) -> Table:
        """Write the programme with all rows of the moment."""
        base, count = self.base, len(self.cuts)
        sizes = [row.columns.size for row in self.cuts]
        numbers = base.low.size + np.repeat(np.arange(count), sizes)
        return Table(
            row=np.concatenate([base.row, numbers]),
            column=np.concatenate([base.column, *(row.columns for row in self.cuts)]),
            value=np.concatenate([base.value, *(row.values for row in self.cuts)]),
            cost=base.cost,
            low=np.concatenate([base.low, np.full(count, -np.inf)]),
            high=np.concatenate([base.high, [row.high for row in self.cuts]]),
        )

    def prices(self) -> Prices:
        """
        Read the prices of all rows and make them good.

        Returns
        -------
        Prices
            A dual solution.
        """
        entries = [row.cut for row in self.cuts if row.cut]
        return price(self.day, self.duals(), [*self.known, *entries], self.work)

    def duals(self) -> Duals:
        """
        Read the prices of all rows.

        Returns
        -------
        Duals
            As the method left them, with those of the sets found after those known.
        """
        dual, size = self.solver.dual, self.day.size
        prices = np.maximum(0.0, -dual[self.base.low.size :])
        priced = list(zip(self.cuts, prices.tolist(), strict=True))
        tails, heads = (
            prices_of_detours(
                size, [(row.detour, p) for row, p in priced if row.detour and row.side == side]
            )
            for side in (0, 1)
        )
        together, alone = prices_of_triangles(
            size, [(row.triangle, p) for row, p in priced if row.triangle]
        )
        before = np.zeros((size, size))
        before[1:, 1:] = dual[self.before]
        return replace(
            duals_of(self.arcs, self.tails, self.pairs, dual),
            cuts=np.concatenate([dual[self.arcs.cuts], [p for row, p in priced if row.cut]]),
            company=prices_of(dual[self.company], self._longest, size),
            crowd=float(np.maximum(0.0, -dual[self.crowd]).sum()) / self._longest**2,
            order=Order(
                link=self.heads.link_prices(dual),
                potential=self.heads.potentials(dual),
                before=before,
                tails=tails,
                heads=heads,
                together=together,
                alone=alone,
            ),
        )


def _weights(day: Day) -> dict[str, float]:
    dear = float(np.median([np.abs(kind.arcs) for kind in day.kinds]))
    if day.size > MANY_ROWS or not dear:
        return {}
    return {"least": _LIGHTEST * dear, "most": _HEAVIEST * dear}


def _places(flows: Flows) -> Integers:
    """Tell the column of each origin, tail and head; -1 where there is none."""
    return flows.table((flows.columns + 1).astype(np.float64)).astype(np.int64) - 1

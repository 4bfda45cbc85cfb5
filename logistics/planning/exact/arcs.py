"""The arcs driven, as columns of a relaxation, and the rows that hold of them alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from logistics.planning.exact.limits import late_rate, longest_work
from logistics.planning.exact.programme import MUCH_LATER, Rows

if TYPE_CHECKING:
    from logistics.planning.exact.day import Day, Flags, Integers
    from logistics.planning.exact.duals import Cut

MANY_ROWS = 32
"""Rows of a day up to which all arcs are known."""
MOST_ROWS = 112
"""Rows of a day up to which a relaxation is solved in a minute or so."""
_NEAR = (64, 12), (MOST_ROWS, 8)
"""How many arcs from each row are known on larger days."""


class Arcs:
    """
    Columns and rows of the arcs driven, one layer for each kind of vehicle.

    Parameters
    ----------
    day
        The day.
    rows
        The programme they are added to.
    tail, head
        Where each arc begins and ends, by row of the day.
    cuts
        Sets that take several runs.
    """

    def __init__(
        self, day: Day, rows: Rows, tail: Integers, head: Integers, cuts: list[Cut]
    ) -> None:
        self.tail, self.head = tail, head
        size, kinds = day.size, len(day.kinds)
        seconds = day.travel + day.service * (np.arange(size) > 0)
        self.columns = np.stack(
            [rows.add_columns((kind.arcs + kind.pay * seconds)[tail, head]) for kind in day.kinds]
        )
        ones = np.ones(size - 1)
        self.visit = rows.add_rows(day.must[1:].astype(float), ones)
        self.balance = np.stack([rows.add_rows(0 * ones, 0 * ones) for _ in range(kinds)])
        self.runs = np.concatenate(
            [rows.add_rows(np.zeros(1), np.array([float(kind.runs)])) for kind in day.kinds]
        )
        self.cuts = rows.add_rows(
            np.array([float(cut.runs) for cut in cuts]), np.full(len(cuts), np.inf)
        )
        out, into = tail == 0, head == 0
        self.longest = np.array([max(1, longest_work(day, kind)) for kind in day.kinds])
        self.time = rows.add_rows(np.full(kinds, -np.inf), np.zeros(kinds))
        dearest = MUCH_LATER * late_rate(day) * self.longest
        rows.put(self.time, rows.add_columns(dearest), -MUCH_LATER)
        for kind in range(kinds):
            share = seconds[tail, head] / self.longest[kind] - out
            rows.put(np.full(tail.size, self.time[kind]), self.columns[kind], share)
            columns = self.columns[kind]
            rows.put(self.visit[head[~into] - 1], columns[~into], 1.0)
            rows.put(self.balance[kind][head[~into] - 1], columns[~into], 1.0)
            rows.put(self.balance[kind][tail[~out] - 1], columns[~out], -1.0)
            rows.put(np.full(out.sum(), self.runs[kind]), columns[out], 1.0)
            for row, cut in zip(self.cuts, cuts, strict=True):
                enters = cut.inside[head] & ~cut.inside[tail]
                rows.put(np.full(enters.sum(), row), columns[enters], 1.0)


def near_arcs(day: Day) -> Flags:
    """
    Choose the arcs that the relaxation should know.

    Parameters
    ----------
    day
        The day.

    Returns
    -------
    Flags
        All of a small day; of others those from and to the hub, and from each site to the nearest
        and back.
    """
    allowed = ~np.eye(day.size, dtype=np.bool_)
    if day.size > MANY_ROWS:
        apart = np.where(allowed, day.travel, np.iinfo(np.int64).max)
        count = next((count for most, count in _NEAR if day.size <= most), _NEAR[-1][1])
        near = apart.argsort(axis=1, kind="stable")[:, :count]
        close = np.zeros_like(allowed)
        np.put_along_axis(close, near, values=True, axis=1)
        close[0] = True
        allowed &= close | close.T
    return allowed

"""Flows that turn back on their way, and the rows that forbid it.

What a stop sends after itself passes each later stop once, so as much of it as passes a stop enters
any set round that stop from outside. Fractional flows break that where the arcs of a run and those
of its reverse are half used both: they go there and back, and every stop then seems to come after
every other. A flow that keeps these rows is a mixture of paths (generalised subtour elimination,
Fischetti, Salazar Gonzalez and Toth 1997, "A branch-and-cut algorithm for the symmetric generalized
traveling salesman problem").
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from ortools.graph.python import max_flow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logistics.planning.exact.day import Floats, Integers
    from logistics.planning.exact.flows import Flows

_BROKEN: Final = 0.03
_MOST_ROWS: Final = 3_000
_WHOLE: Final = 1_000_000
_NOTHING: Final = 1e-5


class Detour(NamedTuple):
    """
    A flow from a site reaches a goal from within a set of sites only as it has entered the set.

    Attributes
    ----------
    origin, goal
        Rows of the day.
    inside
        Whether each row is in the set: the goal is, the origin and the hub are not.
    """

    origin: int
    goal: int
    inside: bytes

    def parts(self) -> tuple[Integers, Integers, Integers]:
        """
        Part the rows of the day.

        Returns
        -------
        tuple[Integers, Integers, Integers]
            Rows inside, rows outside, and rows inside without the goal.
        """
        inside = np.frombuffer(self.inside, dtype=np.bool_)
        within = np.flatnonzero(inside)
        return within, np.flatnonzero(~inside), within[within != self.goal]


def detours(flows: Flows, primal: Floats) -> list[Detour]:
    """
    Find where flows turn back.

    Parameters
    ----------
    flows
        The flows.
    primal
        Of all columns.

    Returns
    -------
    list[Detour]
        The worst first.
    """
    values, found = primal[flows.columns], []
    for origin in range(1, flows.size):
        some = np.flatnonzero((flows.origin == origin) & (values > _NOTHING))
        tail, head, value = flows.tail[some], flows.head[some], values[some]
        room = (value * _WHOLE).astype(np.int64)
        passing = np.bincount(head, value, flows.size)
        for goal in np.flatnonzero(passing > _BROKEN).tolist():
            if goal == 0:
                continue
            network = max_flow.SimpleMaxFlow()
            network.add_arcs_with_capacity(tail, head, room)
            network.solve(origin, goal)
            missing = passing[goal] - network.optimal_flow() / _WHOLE
            if missing > _BROKEN:
                inside = np.zeros(flows.size, dtype=np.bool_)
                inside[network.get_sink_side_min_cut()] = True
                if not inside[0] and not inside[origin]:
                    found.append((missing, Detour(origin, goal, inside.tobytes())))
    found.sort(key=lambda one: -one[0])
    return [detour for _, detour in found[:_MOST_ROWS]]


def row_of(columns: Integers, detour: Detour) -> tuple[Integers, Floats]:
    """
    Write the row that forbids a detour.

    Parameters
    ----------
    columns
        Column of each origin, tail and head; -1 where there is none.
    detour
        The detour.

    Returns
    -------
    tuple[Integers, Floats]
        Columns and values; together nothing at most.
    """
    within, outside, others = detour.parts()
    table = columns[detour.origin]
    reaching = table[within, detour.goal]
    entering = table[np.ix_(outside, others)].ravel()
    reaching, entering = reaching[reaching >= 0], entering[entering >= 0]
    values = np.concatenate([np.ones(reaching.size), np.full(entering.size, -1.0)])
    return np.concatenate([reaching, entering]), values


def prices_of_detours(size: int, priced: Iterable[tuple[Detour, float]]) -> Floats:
    """
    Sum what the rows say of each unit of flow, also on arcs that no row knows.

    Parameters
    ----------
    size
        Rows of the day.
    priced
        Detours and their prices, at least 0.

    Returns
    -------
    Floats
        What it costs more, by origin, tail and head.
    """
    twisted = np.zeros((size, size, size))
    for detour, price in priced:
        if price:
            within, outside, others = detour.parts()
            twisted[detour.origin][within, detour.goal] += price
            twisted[detour.origin][np.ix_(outside, others)] -= price
    return twisted

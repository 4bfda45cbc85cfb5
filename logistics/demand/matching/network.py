"""The matching as a flow of least cost from copies to readers, shelves and home.

Copies of a title that stand at one branch and belong to one branch are alike, and so are holds of
a title for one branch at one price; each such group is one node, which keeps the arcs few. Costs
are whole öre.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from ortools.graph.python import min_cost_flow

from logistics.demand.matching.records import Copy
from logistics.demand.returns import Hold
from logistics.errors import LogisticsError

#: Filling one hold more is worth more than any saving: a million kronor.
FILLED_OERE: Final = 100_000_000


@dataclass(slots=True)
class CopyGroup:
    """
    Copies that are alike.

    Attributes
    ----------
    copies
        The copies, first to be lent first.
    home_oere
        Cost of sending one home; None where it may stay on its shelf for nothing.
    floats_at
        Branch where one may stay in place of going home, None where it may not.
    waiting
        Whether anybody waits for the title.
    """

    copies: list[Copy]
    home_oere: int | None
    floats_at: str | None = None
    waiting: bool = False


@dataclass(slots=True)
class HoldGroup:
    """
    Holds that are alike.

    Attributes
    ----------
    holds
        The holds, first in the queue first.
    """

    holds: list[Hold]


@dataclass(slots=True)
class Network:
    """
    Groups of copies and holds, and what filling one by the other costs.

    Attributes
    ----------
    copies
        Groups of copies.
    holds
        Groups of holds.
    arcs
        Group of copies, group of holds and cost in öre.
    room
        Number of copies that may stay at a branch that floats.
    """

    copies: list[CopyGroup] = field(default_factory=list)
    holds: list[HoldGroup] = field(default_factory=list)
    arcs: list[tuple[int, int, int]] = field(default_factory=list)
    room: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """
    How many copies go where.

    Attributes
    ----------
    lent
        Group of copies, group of holds and how many.
    stays
        Copies that stay where they float, by group.
    cost_oere
        Cost in öre, without the reward for filling holds.
    """

    lent: list[tuple[int, int, int]]
    stays: dict[int, int]
    cost_oere: int


def solve(network: Network) -> Flow:
    """
    Find the flow of least cost that fills as many holds as can be.

    Parameters
    ----------
    network
        The network.

    Returns
    -------
    Flow
        An optimal flow; copies that are neither lent nor stay go home, or stay on their shelf.

    Raises
    ------
    LogisticsError
        The solver finds no flow, which a network made here always has.
    """
    n_copies, n_holds = len(network.copies), len(network.holds)
    branches = {branch: n_copies + n_holds + i for i, branch in enumerate(network.room)}
    sink = n_copies + n_holds + len(branches)
    sizes = [len(group.copies) for group in network.copies]
    arcs = [
        (a, n_copies + b, min(sizes[a], len(network.holds[b].holds)), cost - FILLED_OERE)
        for a, b, cost in network.arcs
    ]
    first_float = len(arcs)
    floats = [i for i, group in enumerate(network.copies) if group.floats_at in branches]
    arcs += [(i, branches[network.copies[i].floats_at or ""], sizes[i], 0) for i in floats]
    arcs += [(i, sink, sizes[i], g.home_oere or 0) for i, g in enumerate(network.copies)]
    arcs += [(n_copies + i, sink, len(g.holds), 0) for i, g in enumerate(network.holds)]
    arcs += [(node, sink, network.room[branch], 0) for branch, node in branches.items()]
    flows, cost = _least_cost(arcs, sizes, sink)
    lent = [
        (a, b, int(count))
        for (a, b, _), count in zip(network.arcs, flows[: len(network.arcs)], strict=True)
        if count
    ]
    stays = zip(floats, flows[first_float : first_float + len(floats)], strict=True)
    return Flow(
        lent=lent,
        stays={i: int(count) for i, count in stays if count},
        cost_oere=cost + FILLED_OERE * sum(count for *_, count in lent),
    )


def _least_cost(
    arcs: list[tuple[int, int, int, int]], supplies: list[int], sink: int
) -> tuple[np.ndarray, int]:
    if not arcs:
        return np.zeros(0, dtype=np.int64), 0
    table = np.array(arcs, dtype=np.int64)
    flow = min_cost_flow.SimpleMinCostFlow()
    numbers = flow.add_arcs_with_capacity_and_unit_cost(*(table[:, column] for column in range(4)))
    nodes = np.array([*range(len(supplies)), sink], dtype=np.int64)
    flow.set_nodes_supplies(nodes, np.array([*supplies, -sum(supplies)], dtype=np.int64))
    status = flow.solve()
    if status != flow.OPTIMAL:
        raise LogisticsError(f"matching: the flow has no optimum ({status}); this is a bug")
    return flow.flows(numbers), flow.optimal_cost()

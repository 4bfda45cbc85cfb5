"""Other people's solvers on the same day problems, each at its best settings, judged by our rules.

Neither knows what rides direct, so items between sites count as going by way of the hub, unless
they may ride direct only; their runs are then judged by our rules and prices, in the better
direction of each run where that is not the same.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from logistics.errors import LogisticsError, UnavailableError
from logistics.planning.benchmark.pyvrp import pyvrp_routes
from logistics.planning.benchmark.vroom import vroom_routes
from logistics.planning.check import check
from logistics.planning.plan import Route
from logistics.planning.timing import build_plan

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from logistics.planning.plan import Plan
    from logistics.planning.problem import Problem

_MOST_DIRECTIONS = 6

PEERS: dict[str, Callable[..., list[Route]]] = {"pyvrp": pyvrp_routes, "vroom": vroom_routes}


def judged(problem: Problem, routes: Sequence[Route]) -> Plan:
    """
    Judge a peer's runs by our rules and prices, in the best direction of each.

    Parameters
    ----------
    problem
        The day.
    routes
        The peer's runs.

    Returns
    -------
    Plan
        The cheapest that keeps the rules.

    Raises
    ------
    UnavailableError
        No direction keeps the rules.
    """
    turns = (
        [(False, True)] * len(routes)
        if len(routes) <= _MOST_DIRECTIONS
        else [(False,)] * len(routes)
    )
    best: Plan | None = None
    for turned in product(*turns):
        tried = [
            Route(vehicle=one.vehicle, sites=one.sites[::-1] if back else one.sites)
            for one, back in zip(routes, turned, strict=True)
        ]
        try:
            plan = build_plan(problem, tried)
        except LogisticsError:
            continue
        if (best is None or plan.cost.total < best.cost.total) and not check(problem, plan):
            best = plan
    if best is None:
        raise UnavailableError("the peer's runs keep the rules in no direction")
    return best

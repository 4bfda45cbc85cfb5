"""Other people's solvers on the same day problems, each at its best settings, judged by our rules.

Neither knows what rides direct, so items between sites count as going by way of the hub, unless
they may ride direct only; their runs are then judged by our rules and prices, each run in its
better direction and with the load that suits it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from logistics.errors import UnavailableError
from logistics.planning.benchmark.pyvrp import pyvrp_routes
from logistics.planning.benchmark.vroom import vroom_routes
from logistics.planning.check import check
from logistics.planning.pricing import Pricer
from logistics.planning.timing import build_plan

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from logistics.planning.plan import Plan, Route
    from logistics.planning.problem import Problem

PEERS: dict[str, Callable[..., list[Route]]] = {"pyvrp": pyvrp_routes, "vroom": vroom_routes}


def judged(problem: Problem, routes: Sequence[Route]) -> Plan:
    """
    Judge a peer's runs by our rules and prices, each in its better direction.

    Where no vehicle goes out twice, what a run saves depends on no other run; so the better
    direction of each gives the best of all their combinations, however many there are.

    Parameters
    ----------
    problem
        The day.
    routes
        The peer's runs, at most one a vehicle.

    Returns
    -------
    Plan
        The cheapest that keeps the rules.

    Raises
    ------
    UnavailableError
        A run keeps the rules in neither direction, or a compulsory site has no call.
    """
    pricer = Pricer(problem)
    plan = build_plan(problem, [_better_way(pricer, one) for one in routes])
    broken = check(problem, plan)
    if broken:
        raise UnavailableError(f"the peer's runs break a rule: {broken[0].message}")
    return plan


def _better_way(pricer: Pricer, route: Route) -> Route:
    """Turn a run round where that is cheaper, and load what pays and fits."""
    ways = (route.sites, route.sites[::-1])
    priced = [one for way in ways if (one := pricer.price(route.vehicle, way)) is not None]
    if not priced:
        named = ", ".join(pricer.problem.sites[site].id for site in route.sites)
        raise UnavailableError(f"the peer's run {named} keeps the rules in neither direction")
    return min(priced, key=lambda one: one.cost).route

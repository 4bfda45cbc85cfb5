"""Other people's solvers on the same day problems, each at its best settings, judged by our rules.

Neither knows what rides direct, so items between sites count as going by way of the hub, unless
they may ride direct only; their runs are then judged by our rules and prices, each run in its
better direction and with the load that suits it. A run that has no time for putting off what rides
direct leaves the goods, or optional sites, that cost least to leave.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from typing import TYPE_CHECKING

from logistics.errors import RuleBrokenError, UnavailableError
from logistics.planning.benchmark.pyvrp import pyvrp_routes
from logistics.planning.benchmark.vroom import vroom_routes
from logistics.planning.check import check
from logistics.planning.decompose.part import Whole
from logistics.planning.plan import Route
from logistics.planning.pricing import Pricer
from logistics.planning.timing import Waiting, build_plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from logistics.planning.plan import Plan
    from logistics.planning.problem import Problem, Shipment

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
    whole = Whole(problem)
    plan = build_plan(problem, [_better_way(whole, one) for one in routes])
    broken = check(problem, plan)
    if broken:
        raise UnavailableError(f"the peer's runs break a rule: {broken[0].message}")
    return plan


def _better_way(whole: Whole, route: Route) -> Route:
    """Turn a run round where that is cheaper, and load what pays and fits."""
    part = whole.part(route.sites, [route.vehicle])
    day, (run,) = part.problem, part.inward([route])
    found = _cheapest(day, [run.sites, run.sites[::-1]])
    if found is None:
        named = ", ".join(day.sites[site].id for site in run.sites)
        raise UnavailableError(f"the peer's run {named} keeps the rules in neither direction")
    if _cost(day, Route(vehicle=0, sites=found[1].sites)) is None:
        found = _thinned(day, found)
    return part.outward([found[1]])[0]


def _thinned(day: Problem, found: tuple[float, Route]) -> tuple[float, Route]:
    """Where time is short for what the peer did not see, call at fewer sites while that pays."""
    while True:
        sites = found[1].sites
        optional = [site for site in sites if not day.sites[site].must_visit]
        fewer = _cheapest(day, [tuple(one for one in sites if one != out) for out in optional])
        if len(sites) == 1 or fewer is None or fewer[0] >= found[0]:
            return found
        found = fewer


def _cheapest(day: Problem, ways: Iterable[tuple[int, ...]]) -> tuple[float, Route] | None:
    """Load each way as well as is known, and take the cheapest that has a timing."""
    pricer, waiting = Pricer(day), Waiting(day)
    tried: list[Route | None] = []
    for way in filter(None, ways):
        priced = pricer.price(0, way)
        tried += [None if priced is None else priced.route, _lightened(waiting, way)]
    found = [(cost, one) for one in tried if one and (cost := _cost(day, one)) is not None]
    return min(found, key=lambda one: one[0], default=None)


def _cost(day: Problem, route: Route) -> float | None:
    """Price a day with this run alone; None where it keeps no timing."""
    try:
        return build_plan(day, [route]).cost.total
    except RuleBrokenError:
        return None


def _lightened(waiting: Waiting, way: tuple[int, ...]) -> Route | None:
    """Leave the least worth an item, no more than the run's time asks for."""
    day, whole = waiting.problem, Route(vehicle=0, sites=way)
    goods = waiting.freight(whole)
    ranked = sorted(
        {one for load in (goods.start, *goods.load) for one in load},
        key=lambda one: (_worth(day.shipments[one], one in goods.to_hub), one),
    )

    def without(count: int) -> Route:
        left = frozenset(ranked[:count])
        load = tuple(frozenset(some) - left for some in goods.load)
        return replace(whole, load=load, leave=left.intersection(goods.start))

    if _cost(day, without(len(ranked))) is None:
        return None
    # the fewest that make room: more left behind never takes longer
    counts = range(len(ranked) + 1)
    return without(bisect_left(counts, x=True, key=lambda n: _cost(day, without(n)) is not None))


def _worth(shipment: Shipment, to_hub: bool) -> float:
    """Tell what taking an item saves."""
    saved = shipment.cost_if_left - (shipment.cost_if_at_hub if to_hub else 0.0)
    return saved / max(1, shipment.items)

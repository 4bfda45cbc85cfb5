"""What groups of municipalities would pay for runs of their own, on a day as it was served.

The day is taken as it was: the same calls, at each the same items put off and taken. A group keeps
its own calls and drives them from the hub with the same fleet at the least driving cost; what comes
from others waits at the hub, and what goes to others is left there. Waiting is not billed, so it is
no part of the game. Values come from the same search as plans do and begin from the day's own
runs with the others' calls left out, so that no group is ever worse off than that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, MutableMapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import combinations
from multiprocessing import get_context
from typing import TYPE_CHECKING, Final

from logistics.costing.sharing.game import CostGame, exactly
from logistics.errors import InputError, NoPlanError, RuleBrokenError
from logistics.planning.check import check
from logistics.planning.plan import Plan, Route
from logistics.planning.planner import solve
from logistics.planning.problem import Problem
from logistics.planning.records import Shipment
from logistics.planning.timing import build_plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

#: Steps of search for one group; the calls of a few municipalities are few.
ITERATIONS: Final = 2_000

# Leaving an item behind must never look cheaper than taking it.
_LEFT_SEK: Final = 1e6
_MOST_SITES_NO_SEARCH: Final = 2

Runs = tuple[tuple[int, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedDay:
    """
    A day as it was served, for driving only.

    Attributes
    ----------
    problem
        Every call compulsory, its items to and from the hub, and their handling part of the stop.
    runs
        The runs as they were driven: vehicle and calls.
    sites_of
        Calls of each municipality.
    driving_sek
        What the runs cost.
    """

    problem: Problem
    runs: Runs
    sites_of: Mapping[str, frozenset[str]]
    driving_sek: float

    def sites(self, group: Iterable[str]) -> frozenset[str]:
        """
        Name the calls of a group.

        Parameters
        ----------
        group
            Municipalities.

        Returns
        -------
        frozenset
            Sites.
        """
        return frozenset[str]().union(*(self.sites_of[name] for name in group))


def served_day(problem: Problem, plan: Plan, municipality_of: Mapping[str, str]) -> ServedDay:
    """
    Take a day as its plan serves it.

    Parameters
    ----------
    problem
        The day problem.
    plan
        Its plan, or what was driven in the form of one.
    municipality_of
        Municipality of each site but the hub.

    Returns
    -------
    ServedDay
        What the cost game is played on.

    Raises
    ------
    InputError
        A site has no municipality.
    """
    items = {shipment.id: shipment.items for shipment in problem.shipments}
    off: dict[str, int] = {}
    on: dict[str, int] = {}
    for run in plan.runs:
        for stop in run.stops:
            off[stop.site] = sum(items[one] for one in stop.unload)
            on[stop.site] = sum(items[one] for one in stop.load)
    homeless = sorted(site for site in off if site not in municipality_of)
    if homeless:
        raise InputError(f"site {site!r} has no municipality, expected one" for site in homeless)
    sites_of: defaultdict[str, set[str]] = defaultdict(set)
    for site in off:
        sites_of[municipality_of[site]].add(site)
    per_item = problem.handling_seconds_per_item
    sites = tuple(
        replace(
            site,
            stop_seconds=site.stop_seconds + per_item * (off[site.id] + on[site.id]),
            must_visit=True,
        )
        if site.id in off
        else site
        for site in problem.sites
    )
    whole = replace(
        problem,
        sites=sites,
        shipments=tuple(_freight(problem.hub, off, on)),
        handling_seconds_per_item=0,
    )
    return ServedDay(
        problem=restricted(whole, off),
        runs=_runs_of(problem, plan),
        sites_of={name: frozenset(calls) for name, calls in sorted(sites_of.items())},
        driving_sek=plan.cost.total - plan.cost.delay,
    )


def restricted(problem: Problem, sites: Iterable[str]) -> Problem:
    """
    Keep only some sites and the hub, and the shipments among them.

    Parameters
    ----------
    problem
        A day problem.
    sites
        Sites to keep.

    Returns
    -------
    Problem
        The smaller day.
    """
    kept = {*sites, problem.hub}
    places = [i for i, site in enumerate(problem.sites) if site.id in kept]
    return replace(
        problem,
        sites=tuple(problem.sites[i] for i in places),
        travel_metres=tuple(tuple(problem.travel_metres[i][j] for j in places) for i in places),
        travel_seconds=tuple(tuple(problem.travel_seconds[i][j] for j in places) for i in places),
        shipments=tuple(s for s in problem.shipments if {s.origin, s.destination} <= kept),
    )


@dataclass(slots=True, kw_only=True)
class GroupCosts:
    """
    The least driving cost of the calls of a group of municipalities.

    Attributes
    ----------
    day
        The day.
    iterations
        Steps of search for one group.
    known_runs
        Best runs by set of calls, from other days too. Where no window, shift or capacity bends
        them, handling adds the same to any order of the calls, so the best runs of one day are
        the best of another, and are only priced anew.
    """

    day: ServedDay
    iterations: int = ITERATIONS
    known_runs: MutableMapping[frozenset[str], Runs] = field(default_factory=dict)

    def price(self, sites: frozenset[str], ideas: Sequence[Runs]) -> tuple[float, Runs]:
        """
        Price the calls of a group and name its runs.

        Parameters
        ----------
        sites
            Calls of its members.
        ideas
            Runs that serve these calls and perhaps others; the search begins from the cheapest
            once the others are left out.

        Returns
        -------
        tuple
            SEK and runs; infinite and none where no idea and no search serves the calls.
        """
        problem = restricted(self.day.problem, sites)
        known = self.known_runs.get(sites)
        again = None if known is None else _drive(problem, known)
        if known is not None and again is not None and _nothing_binds(again):
            return again.cost.total, known
        cuts = {_cut(runs, sites) for runs in ideas}
        start = _cheapest(again, *(_drive(problem, runs) for runs in cuts))
        best = self._search(problem, start, len(sites))
        return (float("inf"), ()) if best is None else (best.cost.total, _runs_of(problem, best))

    def _search(self, problem: Problem, start: Plan | None, sites: int) -> Plan | None:
        if start is not None and sites <= _MOST_SITES_NO_SEARCH and len(start.runs) == 1:
            turned = tuple((vehicle, stops[::-1]) for vehicle, stops in _runs_of(problem, start))
            return _cheapest(start, _drive(problem, turned))
        try:
            found = solve(problem, iterations=self.iterations, workers=1, seed=0, start=start)
        except NoPlanError:
            return start
        return start if found.cost.delay else _cheapest(start, found)


def cost_game(
    day: ServedDay,
    *,
    workers: int = 1,
    iterations: int = ITERATIONS,
    known_runs: MutableMapping[frozenset[str], Runs] | None = None,
    on_solved: Callable[[int, int], None] | None = None,
) -> CostGame:
    """
    Price every group of the municipalities served on a day.

    Parameters
    ----------
    day
        The day as it was served.
    workers
        Processes that price groups side by side.
    iterations
        Steps of search for one group.
    known_runs
        Best runs by set of calls, kept from day to day; filled as groups are priced.
    on_solved
        Told how many groups are priced, and of how many.

    Returns
    -------
    CostGame
        All values; that of all together is what their runs cost.
    """
    known = {} if known_runs is None else known_runs
    costs = GroupCosts(day=day, iterations=iterations, known_runs=dict(known))
    players = tuple(day.sites_of)
    whole = frozenset(players)
    values, runs_of = {whole: day.driving_sek}, {whole: day.runs}
    with _pool(workers) as pool:
        # From the largest to the smallest: a group begins from the best runs of every group with
        # one member more, so that no part costs more than the whole it is cut from.
        for size in range(len(players) - 1, 0, -1):
            layer = [frozenset(group) for group in combinations(players, size)]
            sites = [day.sites(group) for group in layer]
            ideas = [[runs_of[group | {one}] for one in whole - group] for group in layer]
            found = (map if pool is None else pool.map)(costs.price, sites, ideas)
            for group, calls, (sek, runs) in zip(layer, sites, found, strict=True):
                values[group] = min(sek, day.driving_sek)
                runs_of[group] = runs or day.runs
                known[calls] = runs_of[group]
                if on_solved is not None:
                    on_solved(len(values), 2 ** len(players) - 1)
    return CostGame(players, {group: exactly(sek) for group, sek in values.items()})


@contextmanager
def _pool(workers: int) -> Iterator[ProcessPoolExecutor | None]:
    if workers <= 1:
        yield None
        return
    # A forked child of a process with threads can hang; a spawned one cannot.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield pool


def _freight(hub: str, off: Mapping[str, int], on: Mapping[str, int]) -> Iterator[Shipment]:
    for site, items in off.items():
        if items:
            yield _ride(hub, site, items)
    for site, items in on.items():
        if items:
            yield _ride(site, hub, items)


def _ride(origin: str, destination: str, items: int) -> Shipment:
    return Shipment(
        id=f"{origin}>{destination}",
        origin=origin,
        destination=destination,
        items=items,
        cost_if_at_hub=0.0,
        cost_if_left=_LEFT_SEK,
    )


def _cut(runs: Runs, sites: frozenset[str]) -> Runs:
    return tuple(
        (vehicle, kept)
        for vehicle, stops in runs
        if (kept := tuple(site for site in stops if site in sites))
    )


def _drive(problem: Problem, runs: Runs) -> Plan | None:
    index = problem.site_index
    routes = [Route(vehicle=v, sites=tuple(index[site] for site in stops)) for v, stops in runs]
    try:
        plan = build_plan(problem, routes)
    except RuleBrokenError:
        return None
    return None if check(problem, plan) or plan.cost.delay else plan


def _runs_of(problem: Problem, plan: Plan) -> Runs:
    return tuple(
        (problem.vehicle_index[run.vehicle], tuple(stop.site for stop in run.stops))
        for run in plan.runs
    )


def _cheapest(*plans: Plan | None) -> Plan | None:
    found = [plan for plan in plans if plan is not None]
    return min(found, key=lambda plan: plan.cost.total, default=None)


def _nothing_binds(plan: Plan) -> bool:
    # One run without a second of waiting: the same seconds of handling lengthen every order alike.
    return len(plan.runs) == 1 and all(
        stop.arrive == stop.begin for run in plan.runs for stop in run.stops
    )

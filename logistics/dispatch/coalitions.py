"""What groups of municipalities would pay for runs of their own, on a day as it was served.

The day is taken as it was: the same calls, at each the same items put off and taken. A group keeps
its own calls and drives them from the hub with the same fleet at the least driving cost; what comes
from others waits at the hub, and what goes to others is left there. Waiting is not billed, so it is
no part of the game. Values come from the same search as plans do and begin from the day's own
runs with the others' calls left out, so that no group is ever worse off than that.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import combinations
from multiprocessing import get_context
from typing import TYPE_CHECKING, Final

from logistics.costing.sharing.game import CostGame, Value, coalitions, exactly
from logistics.costing.sharing.shapley import shapley_bounds
from logistics.dispatch.served_day import Runs, ServedDay, restricted, runs_of
from logistics.errors import NoPlanError, RuleBrokenError
from logistics.planning.check import check
from logistics.planning.plan import Plan, Route
from logistics.planning.planner import solve
from logistics.planning.timing import build_plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from logistics.planning.problem import Problem

#: Steps of search for one group; the calls of a few municipalities are few.
ITERATIONS: Final = 2_000

_MOST_SITES_NO_SEARCH: Final = 2


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
        return (float("inf"), ()) if best is None else (best.cost.total, runs_of(problem, best))

    def _search(self, problem: Problem, start: Plan | None, sites: int) -> Plan | None:
        if start is not None and sites <= _MOST_SITES_NO_SEARCH and len(start.runs) == 1:
            turned = tuple((vehicle, stops[::-1]) for vehicle, stops in runs_of(problem, start))
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
    values, best_runs = {whole: day.driving_sek}, {whole: day.runs}
    with _pool(workers) as pool:
        # From the largest to the smallest: a group begins from the best runs of every group with
        # one member more, so that no part costs more than the whole it is cut from.
        for size in range(len(players) - 1, 0, -1):
            layer = [frozenset(group) for group in combinations(players, size)]
            sites = [day.sites(group) for group in layer]
            ideas = [[best_runs[group | {one}] for one in whole - group] for group in layer]
            found = (map if pool is None else pool.map)(costs.price, sites, ideas)
            for group, calls, (sek, runs) in zip(layer, sites, found, strict=True):
                values[group] = min(sek, day.driving_sek)
                best_runs[group] = runs or day.runs
                known[calls] = best_runs[group]
                if on_solved is not None:
                    on_solved(len(values), 2 ** len(players) - 1)
    return CostGame(players, {group: exactly(sek) for group, sek in values.items()})


def bounded_game(
    day: ServedDay,
    known_runs: MutableMapping[frozenset[str], Runs],
    *,
    error_sek: float = 1.0,
    most_searches: int = 64,
    iterations: int = ITERATIONS,
) -> CostGame:
    """
    Price only as many groups as the shares need, and bound the others by them.

    Made for a year of days: groups whose calls were driven before are priced without a search, and
    those that widen the shares most are searched first.

    Parameters
    ----------
    day
        The day as it was served.
    known_runs
        Best runs by set of calls, kept from day to day; filled as groups are priced.
    error_sek
        Leave off once no Shapley share can be wrong by more SEK.
    most_searches
        Leave off after so many searches.
    iterations
        Steps of search for one group.

    Returns
    -------
    CostGame
        Exact and bounded values.
    """
    costs = GroupCosts(day=day, iterations=iterations, known_runs=known_runs)
    players = tuple(day.sites_of)
    whole = frozenset(players)
    values = {whole: exactly(day.driving_sek)}
    for group in coalitions(players):
        calls = day.sites(group)
        if group != whole and (len(group) == 1 or calls in known_runs):
            values[group] = _priced(costs, calls, day.driving_sek)
    game = CostGame(players, values)
    for _ in range(most_searches):
        widest = game.widest()
        if widest is None or _error(game) <= error_sek:
            break
        values[widest] = _priced(costs, day.sites(widest), day.driving_sek)
        game = CostGame(players, values)
    return game


def _priced(costs: GroupCosts, calls: frozenset[str], most_sek: float) -> Value:
    sek, runs = costs.price(calls, [costs.day.runs])
    if runs:
        costs.known_runs[calls] = runs
    return exactly(min(sek, most_sek))


def _error(game: CostGame) -> float:
    return max(bound.high - bound.low for bound in shapley_bounds(game).values()) / 2


@contextmanager
def _pool(workers: int) -> Iterator[ProcessPoolExecutor | None]:
    if workers <= 1:
        yield None
        return
    # A forked child of a process with threads can hang; a spawned one cannot.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield pool


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


def _cheapest(*plans: Plan | None) -> Plan | None:
    found = [plan for plan in plans if plan is not None]
    return min(found, key=lambda plan: plan.cost.total, default=None)


def _nothing_binds(plan: Plan) -> bool:
    # One run without a second of waiting: the same seconds of handling lengthen every order alike.
    return len(plan.runs) == 1 and all(
        stop.arrive == stop.begin for run in plan.runs for stop in run.stops
    )

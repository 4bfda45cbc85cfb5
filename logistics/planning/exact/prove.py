"""Prove a lower bound on the cost of the day, valid whenever it is asked for, and often met."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING, Literal

import numpy as np

from logistics.errors import RuleBrokenError
from logistics.planning.check import check
from logistics.planning.exact.assign import assignment_bound
from logistics.planning.exact.day import Day, Flags, read_day
from logistics.planning.exact.fleet import Case, cases
from logistics.planning.exact.flows import Duals, solve_flows
from logistics.planning.exact.generate import MOST_LABELS, Generator
from logistics.planning.exact.partition import choose, columns_of
from logistics.planning.exact.prices import Prices, price
from logistics.planning.exact.runs import MOST_SITES, enumerate_runs, most_late
from logistics.planning.plan import OPTIMAL_GAP, Route
from logistics.planning.pricing import Pricer
from logistics.planning.problem import Problem
from logistics.planning.timing import build_plan

if TYPE_CHECKING:
    from logistics.planning.exact.partition import Columns
    from logistics.planning.exact.runs import Runs
    from logistics.planning.plan import Plan

Outcome = Literal["optimal", "feasible", "infeasible"]
_FIRST_SHARE = 0.005
_GROWTH = 3.0
_TOO_CLOSE = 0.85
_TIE = 1e-3
_WIDEN_SECONDS = 2.0
_ENOUGH_RUNS = 20_000
_MOST_SECONDS = 3 * 86_400
_BOUNDLESS = 1e13
"""SEK beyond which rings round the bound only grow: what nobody pays is less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """
    What was proved.

    Attributes
    ----------
    bound
        SEK: no plan costs less; infinite where no plan exists.
    routes
        The cheapest runs that were found, if cheaper than the plan given; None otherwise.
    status
        ``optimal`` where the bound meets the best plan known, ``infeasible`` where no plan exists.
    """

    bound: float
    routes: list[Route] | None
    status: Outcome


@dataclass(slots=True)
class _Search:
    """State of a proof under way: what is proved, what is known, and how long it may go on."""

    problem: Problem
    day: Day
    until: float
    on_bound: Callable[[float], None] | None
    on_plan: Callable[[list[Route]], None] | None
    stop: Callable[[], bool] | None
    ceiling: float = np.inf
    bound: float = -np.inf
    bounds: list[float] = field(default_factory=lambda: [-np.inf])
    routes: list[Route] | None = None
    known: list[tuple[int, int, float]] = field(default_factory=list)
    halt: Flags = field(default_factory=lambda: np.zeros(1, dtype=np.bool_))

    @property
    def closed(self) -> bool:
        if not np.isfinite(self.ceiling):
            return self.bound == np.inf
        return self.ceiling - self.bound <= 1e-6 * (1.0 + abs(self.ceiling))

    @property
    def left(self) -> float:
        """Seconds left; none once the caller wants to stop."""
        return 0.0 if self.stop is not None and self.stop() else self.until - monotonic()

    def raise_bound(self, bound: float, case: int | None = None) -> None:
        """Note what holds for one case, or for all of them; tell what holds for the day."""
        for number in range(len(self.bounds)) if case is None else [case]:
            self.bounds[number] = max(self.bounds[number], min(bound, self.ceiling))
        least = min(self.bounds)
        if least > self.bound + 1e-9 or not np.isfinite(self.bound):
            self.bound = max(self.bound, least)
            if self.on_bound is not None:
                self.on_bound(self.bound)

    def offer(self, routes: list[Route]) -> float:
        """Price runs by the true rules and keep them if they are the best; infinite if unfit."""
        try:
            plan = build_plan(self.problem, routes)
        except RuleBrokenError:
            return np.inf
        if check(self.problem, plan):
            return np.inf
        cost = plan.cost.total
        if cost < self.ceiling - 1e-9:
            self.ceiling, self.routes = cost, routes
            if self.on_plan is not None:
                self.on_plan(routes)
        return cost


def prove(
    problem: Problem,
    *,
    incumbent: Plan | None = None,
    seconds: float = 60.0,
    on_bound: Callable[[float], None] | None = None,
    on_plan: Callable[[list[Route]], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Proof:
    """
    Prove how cheap a plan can be at all.

    Parameters
    ----------
    problem
        The day.
    incumbent
        The best plan known: the better it is, the faster the proof.
    seconds
        Wall time.
    on_bound
        Told every better bound, SEK.
    on_plan
        Told every better plan.
    stop
        Asked now and then whether to end early.

    Returns
    -------
    Proof
        The bound holds whenever the search ended.
    """
    day = read_day(problem)
    search = _Search(
        problem=problem,
        day=day,
        until=monotonic() + seconds,
        on_bound=on_bound,
        on_plan=on_plan,
        stop=stop,
        ceiling=np.inf if incumbent is None else incumbent.cost.total,
        known=[] if incumbent is None else _known(problem, day, incumbent),
    )
    watch = Event()
    watcher = Thread(target=_watch, args=(search, watch), daemon=True)
    watcher.start()
    try:
        _run(search)
    finally:
        watch.set()
        watcher.join()
    return _proof(search)


def _known(problem: Problem, day: Day, plan: Plan) -> list[tuple[int, int, float]]:
    """Read kind, set of stops and cost off the runs of a plan."""
    pricer = Pricer(problem)
    row = {site: number for number, site in enumerate(day.sites)}
    known = []
    for run in plan.runs:
        vehicle = problem.vehicle_index[run.vehicle]
        sites = tuple(problem.site_index[stop.site] for stop in run.stops)
        priced = pricer.price(vehicle, sites)
        if priced is not None:
            kind = next(at for at, kind in enumerate(day.kinds) if vehicle in kind.vehicles)
            stops = sum(1 << (row[site] - 1) for site in sites)
            known.append((kind, stops, priced.cost + problem.vehicles[vehicle].fixed_cost))
    return known


def _watch(search: _Search, done: Event) -> None:
    """Halt the compiled search when time is up or the caller wants it."""
    while not done.wait(0.05):
        if search.left <= 0:
            search.halt[0] = True
            return


def _proof(search: _Search) -> Proof:
    if search.bound == np.inf:
        return Proof(bound=np.inf, routes=None, status="infeasible")
    gap = search.ceiling - search.bound
    met = np.isfinite(search.ceiling) and gap <= OPTIMAL_GAP * max(search.ceiling, 1e-9)
    status: Outcome = "optimal" if met else "feasible"
    return Proof(bound=search.bound, routes=search.routes, status=status)


def _span(day: Day) -> int:
    """Tell how many seconds the tables of ways home would need a column for."""
    return max(kind.shift[1] - kind.shift[0] for kind in day.kinds)


def _run(search: _Search) -> None:
    day = search.day
    if day.size == 1 or not day.kinds:
        possible = not day.must.any()
        if possible:
            search.offer([])
        search.raise_bound(day.constant if possible else np.inf)
        return
    if not day.must.any():
        search.offer([])
    search.raise_bound(assignment_bound(day))
    if day.size > MOST_SITES + 1:
        return
    prices = price(day, _nothing(day), [])
    search.raise_bound(prices.bound)
    if _span(day) > _MOST_SECONDS or search.left <= 0:
        return
    apart = cases(day, search.left / 4, search.halt)
    search.bounds = [search.bound] * len(apart)
    for number, case in enumerate(apart):
        search.raise_bound(prices.bound + case.penalty, number)
    for number, case in enumerate(apart):
        if search.bounds[number] < search.ceiling - _TIE:
            _prove_case(search, number, case)


def _prove_case(search: _Search, number: int, case: Case) -> None:
    duals = None
    if search.left > 0:
        allowed = ~np.eye(case.day.size, dtype=np.bool_)
        duals = solve_flows(case.day, allowed, case.cuts, search.left)
    if duals is None:
        return
    prices = price(case.day, duals, case.cuts)
    search.raise_bound(prices.bound + case.penalty, number)
    generator = Generator(case, prices, search.ceiling, search.halt)
    _widen(search, generator)
    generator.run(
        monotonic() + search.left / 2,
        lambda bound: search.raise_bound(bound + case.penalty, number),
    )
    prices = generator.prices
    _close(search, number, case, prices)


def _widen(search: _Search, generator: Generator) -> None:
    """Give column generation runs to begin with: those of the plan, and those near the bound."""
    case, prices = generator.case, generator.start
    room = search.ceiling - prices.bound
    share, runs = _FIRST_SHARE * (abs(prices.bound) + 1.0), None
    for kind, stops, cost in search.known:
        generator.begin_with(kind, stops, cost)
    began = monotonic()
    widest = min(room, _BOUNDLESS)
    while share < widest and search.left > 0 and monotonic() - began < _WIDEN_SECONDS:
        more = enumerate_runs(
            case.day,
            prices,
            share,
            generator.dear,
            search.halt,
            whole=case.whole,
            most=MOST_LABELS,
        )
        if more is None:
            break
        runs, share = more, share * 2.0
        if sum(one.cost.size for one in runs) > _ENOUGH_RUNS:
            break
    if runs is not None:
        generator.include(runs)


def _nothing(day: Day) -> Duals:
    """Prices of nothing: made good, they bound the day by the cheapest way into each site."""
    size, kinds = day.size, len(day.kinds)
    return Duals(
        visit=np.zeros(size),
        balance=np.zeros((kinds, size)),
        runs=np.zeros(kinds),
        cuts=np.zeros(0),
        link=np.zeros((size, size, size)),
        potential=np.zeros((size, size)),
        pair=np.zeros((size, size)),
        driven=np.zeros((size, size)),
    )


def _close(search: _Search, number: int, case: Case, prices: Prices) -> None:
    """Enumerate runs in growing rings round the bound until the best choice lies within."""
    share = max(case.penalty * _GROWTH, _FIRST_SHARE * (abs(prices.bound) + 1.0))
    failed, done = np.inf, 0.0
    while search.left > 0 and search.bounds[number] < search.ceiling - _TIE:
        room = search.ceiling - prices.bound + _TIE
        allowance = room if share > _BOUNDLESS else min(room, share)
        dear = most_late(case.day, search.ceiling)
        runs = enumerate_runs(case.day, prices, allowance, dear, search.halt, whole=case.whole)
        if runs is None:
            failed = allowance
            share = float(np.sqrt(allowance * max(done, allowance / _GROWTH)))
        else:
            edge = prices.bound + allowance
            bound = _settle(search, case.day, runs, edge)
            search.raise_bound(min(bound, edge) if allowance < room else bound, number)
            if allowance >= room or bound < edge:
                return
            done = allowance
            share = float(min(allowance * _GROWTH, np.sqrt(failed * allowance)))
        if done > failed * _TOO_CLOSE or failed < _TIE:
            return


def _settle(search: _Search, day: Day, runs: list[Runs], edge: float) -> float:
    """Find the cheapest choice of runs; offer it."""
    columns = columns_of(runs)
    if columns.cost.size == 0:
        return np.inf if day.must.any() else day.constant
    ceiling = min(edge, search.ceiling + _TIE)
    choice = choose(day, columns, ceiling, search.left)
    if choice.columns is None:
        return choice.bound
    search.offer(_routes(day, runs, columns, choice.columns))
    return choice.bound


def _routes(day: Day, runs: list[Runs], columns: Columns, picked: list[int]) -> list[Route]:
    free = [list(kind.vehicles) for kind in day.kinds]
    routes = []
    for column in picked:
        kind, number = int(columns.kind[column]), int(columns.number[column])
        sites = tuple(day.sites[row] for row in runs[kind].stops(number))
        vehicle = free[kind].pop(0) if len(free[kind]) > 1 else free[kind][0]
        routes.append(Route(vehicle=vehicle, sites=sites))
    return routes

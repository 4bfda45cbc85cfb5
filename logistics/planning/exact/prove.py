"""Prove a lower bound on the cost of the day, valid whenever it is asked for, and often met."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING, Literal

import numpy as np

from logistics.planning.exact.arcs import MANY_ROWS, MOST_ROWS, near_arcs
from logistics.planning.exact.assign import assignment_bound
from logistics.planning.exact.couple import is_couple
from logistics.planning.exact.fleet import Case, cases
from logistics.planning.exact.flows import solve_flows
from logistics.planning.exact.generate import MOST_LABELS, Generator
from logistics.planning.exact.prices import Prices, nothing, price
from logistics.planning.exact.read import read_day
from logistics.planning.exact.rings import BOUNDLESS, FIRST_SHARE, close
from logistics.planning.exact.runs import MOST_SITES, enumerate_runs
from logistics.planning.exact.state import TIE, State, known_runs
from logistics.planning.exact.tighten import tight_prices
from logistics.planning.loading import reloaded
from logistics.planning.plan import OPTIMAL_GAP, Route
from logistics.planning.timing import route_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from logistics.planning.exact.day import Day
    from logistics.planning.plan import Plan
    from logistics.planning.problem import Problem

Outcome = Literal["optimal", "feasible", "infeasible"]
_WIDEN_SECONDS, _NARROWER = 2.0, 4.0
_ENOUGH_RUNS = 20_000
_WHOLE_SECONDS = 5.0
_FLOWS_SHARE, _FLOWS_SHARE_MANY, _ONE_FLOW_SHARE = 0.6, 0.95, 0.15
_ROUNDS, _LITTLE = 6, 0.015
"""Rounds of the tight relaxation that must raise the bound by a share of what is missing."""
_MOST_SECONDS = 3 * 86_400
_RELOAD_SECONDS = 1.0


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


def prove(
    problem: Problem,
    *,
    incumbent: Plan | None = None,
    seconds: float = 60.0,
    on_bound: Callable[[float], None] | None = None,
    on_plan: Callable[[list[Route]], None] | None = None,
    stop: Callable[[], bool] | None = None,
    best_known: Callable[[], float] | None = None,
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
    best_known
        Asked now and then what the best plan costs that others have found by now, SEK.

    Returns
    -------
    Proof
        The bound holds whenever the search ended.
    """
    day = read_day(problem)
    search = State(
        problem=problem,
        day=day,
        until=monotonic() + seconds,
        on_bound=on_bound,
        on_plan=on_plan,
        stop=stop,
        best_known=best_known,
        cost=np.inf if incumbent is None else incumbent.cost.total,
        known=[] if incumbent is None else known_runs(problem, day, incumbent),
    )
    watch = Event()
    watcher = Thread(target=_watch, args=(search, watch), daemon=True)
    watcher.start()
    try:
        if incumbent is not None:
            routes = [route_of(problem, run) for run in incumbent.runs]
            search.offer(reloaded(problem, routes, min(seconds, _RELOAD_SECONDS)))
        _run(search)
    finally:
        watch.set()
        watcher.join()
    return _proof(search)


def _watch(search: State, done: Event) -> None:
    """Halt the compiled search when time is up or the caller wants it."""
    while not done.wait(0.05):
        search.halt[0] = search.left <= 0


def _proof(search: State) -> Proof:
    if search.bound == np.inf:
        return Proof(bound=np.inf, routes=None, status="infeasible")
    gap = search.ceiling - search.bound
    met = np.isfinite(search.ceiling) and gap <= OPTIMAL_GAP * max(search.ceiling, 1e-9)
    status: Outcome = "optimal" if met else "feasible"
    return Proof(bound=search.bound, routes=search.routes, status=status)


def _span(day: Day) -> int:
    """Tell how many seconds the tables of ways home would need a column for."""
    return max(kind.shift[1] - kind.shift[0] for kind in day.kinds)


def _run(search: State) -> None:
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
    if day.size > MOST_ROWS:
        return
    prices = price(day, nothing(day), [])
    search.raise_bound(prices.bound)
    if _span(day) > _MOST_SECONDS or search.left <= 0:
        return
    _prove_cases(search, prices.bound)


def _prove_cases(search: State, least: float) -> None:
    """Prove every case of the day: what is quickly told of each first, then the rest."""
    apart = cases(search.day, search.left / 4, search.halt, [kind for kind, *_ in search.known])
    search.bounds = [search.bound] * len(apart)
    for number, case in enumerate(apart):
        search.raise_bound(least + case.penalty, number)
    reached: dict[int, Prices] = {}
    left = [number for number, bound in enumerate(search.bounds) if bound < search.ceiling - TIE]
    each = max(_WHOLE_SECONDS, _ONE_FLOW_SHARE * search.left) if len(left) > 1 else search.left
    share = _FLOWS_SHARE if search.day.size <= MANY_ROWS else _FLOWS_SHARE_MANY
    for place, number in enumerate(left):
        if search.bounds[number] < search.ceiling - TIE:
            search.take_turn(share / (len(left) - place))
            case = apart[number]
            prices = _relax(search, number, case, _WHOLE_SECONDS if case.whole else each)
            if prices is not None:
                reached[number] = prices
    for place, number in enumerate(sorted(reached, key=lambda case: search.bounds[case])):
        search.take_turn(1.0 / (len(reached) - place))
        close(search, number, apart[number], reached[number])


def _relax(search: State, number: int, case: Case, seconds: float) -> Prices | None:
    """Bound a case by the flows, then by column generation; None where no more can be proved."""
    prices = price(case.day, nothing(case.day), [])
    if search.left <= 0:
        return prices
    if case.day.size > MANY_ROWS:
        prices = _tighten(search, number, case, prices)
    else:
        limit = min(search.left, seconds)
        duals = solve_flows(case.day, near_arcs(case.day), case.cuts, limit)
        if duals is None:
            return prices
        prices = price(case.day, duals, case.cuts)
        search.raise_bound(case.bound(prices), number)
    if search.bounds[number] >= min(search.ceiling - TIE, BOUNDLESS):
        return None
    if case.day.size > MOST_SITES + 1:
        return None
    if is_couple(case):
        others = [bound for at, bound in enumerate(search.bounds) if at != number]
        search.take_turn(1.0 if min(others, default=np.inf) >= search.ceiling - TIE else 0.5)
        close(search, number, case, prices)
        if search.bounds[number] >= search.ceiling - TIE:
            return None
    generator = Generator(case, prices, search.ceiling, search.halt)
    _widen(search, generator)
    # What its runs cost already holds what being late costs.
    generator.run(monotonic() + search.left, lambda bound: search.raise_bound(bound, number))
    return generator.prices


def _tighten(search: State, number: int, case: Case, best: Prices) -> Prices:
    """Bound a case by the tight relaxation, until its rounds gain little or time is up."""
    day = case.day
    rounds = tight_prices(day, near_arcs(day), case.cuts, case.work, search.halt)
    bounds = [best.bound]
    for prices in rounds:
        if prices.bound > best.bound:
            best = prices
            search.raise_bound(case.bound(best), number)
        bounds.append(best.bound)
        if search.left <= 0 or search.bounds[number] >= min(search.ceiling - TIE, BOUNDLESS):
            break
        missing = search.ceiling - best.bound
        if len(bounds) > _ROUNDS and bounds[-1] - bounds[-_ROUNDS] < _LITTLE * missing:
            break
    return best


def _widen(search: State, generator: Generator) -> None:
    """Give column generation runs to begin with: those of the plan, and those near the bound."""
    case, prices = generator.case, generator.start
    room = search.ceiling - prices.bound
    share, runs = FIRST_SHARE * (abs(prices.bound) + 1.0), None
    for kind, stops, cost in search.known:
        generator.begin_with(kind, stops, cost)
    began = monotonic()
    widest = min(room, BOUNDLESS)
    while share < widest and search.left > 0 and monotonic() - began < _WIDEN_SECONDS:
        more = enumerate_runs(
            case.day,
            prices,
            share,
            generator.dear,
            search.halt,
            whole=case.whole,
            most=MOST_LABELS,
            thin=False,
        )
        if more is None and runs is None:
            share /= _NARROWER
            continue
        if more is None:
            break
        runs, share = more, share * 2.0
        if sum(one.cost.size for one in runs) > _ENOUGH_RUNS:
            break
    if runs is not None:
        generator.include(runs)

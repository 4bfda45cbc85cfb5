"""Prove a lower bound on the cost of the day, valid whenever it is asked for, and often met."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING, Literal

import numpy as np

from logistics.planning.exact.arcs import MANY_ROWS, MOST_ROWS
from logistics.planning.exact.assign import assignment_bound
from logistics.planning.exact.climb import Climb
from logistics.planning.exact.duals import nothing
from logistics.planning.exact.fleet import Case, cases
from logistics.planning.exact.generate import MOST_LABELS, Generator
from logistics.planning.exact.prices import Prices, price
from logistics.planning.exact.read import read_day
from logistics.planning.exact.rings import BOUNDLESS, FIRST_SHARE, close
from logistics.planning.exact.runs import MOST_SITES, enumerate_runs
from logistics.planning.exact.state import TIE, State, known_runs
from logistics.planning.loading import reloaded
from logistics.planning.plan import OPTIMAL_GAP, Route
from logistics.planning.timing import route_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from logistics.planning.exact.day import Day
    from logistics.planning.plan import Plan
    from logistics.planning.problem import Problem

Outcome = Literal["optimal", "feasible", "infeasible"]
_WIDEN_SECONDS, _NARROWER = 2.0, 4.0
_ENOUGH_RUNS = 20_000
_FIRST_SHARE, _FIRST_SHARE_MANY, _CLOSE_SHARE, _AGAIN_SHARE = 0.7, 0.95, 0.5, 0.7
_CLIMB_SHARE, _EARLY_SHARE, _GENERATE_SHARE = 0.7, 0.75, 0.6
"""Of the time that is left."""
_WORTH_IT = 0.05
"""Of what is missing: shifted prices leave more labels than those of the flows."""
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
    planned = [kind for kind, *_ in search.known]
    visited = search.visited()
    apart = cases(search.day, search.left / 4, search.halt, planned, visited)
    search.bounds = [search.bound] * len(apart)
    for number, case in enumerate(apart):
        search.raise_bound(least + case.penalty, number)
    many = search.day.size > MANY_ROWS
    climbs: dict[int, Climb] = {}
    reached: dict[int, Prices] = {}
    share = _FIRST_SHARE_MANY if many else _FIRST_SHARE
    for number, case in _in_turn(search, apart, range(len(apart)), share):
        climbs[number] = Climb(search, number, case)
        _raise(search, climbs[number], reached, climbs[number].begin)
    for number, case in _in_turn(search, apart, reached, 1.0 if many else _CLOSE_SHARE):
        close(search, number, case, reached[number])
    for number, case in _in_turn(search, apart, () if many else reached, 1.0):
        until = search.turn
        search.go_on(monotonic() + _AGAIN_SHARE * search.left)
        _raise(search, climbs[number], reached, climbs[number].go_on)
        search.go_on(until)
        close(search, number, case, reached[number])


def _in_turn(
    search: State, apart: list[Case], which: Iterable[int], share: float
) -> Iterator[tuple[int, Case]]:
    """Give each case that is open its part of a share of the time, the lowest last."""
    order = sorted(which, key=lambda number: search.bounds[number], reverse=True)
    for place, number in enumerate(order):
        if search.bounds[number] < search.ceiling - TIE:
            search.take_turn(share / (len(order) - place))
            yield number, apart[number]


def _raise(
    search: State, climb: Climb, reached: dict[int, Prices], flow: Callable[[], None]
) -> None:
    """Bound a case by flows, by its runs if few, then by column generation; keep the prices."""
    number, case, until = climb.number, climb.case, search.turn
    if case.day.size <= MANY_ROWS:
        search.turn = monotonic() + _CLIMB_SHARE * search.left
    flow()
    if climb.is_over() or case.day.size > MOST_SITES + 1:
        return
    if number in reached and climb.start.bound <= reached[number].bound:
        return
    prices = climb.start
    reached.setdefault(number, prices)
    proved = prices.bound
    search.go_on(until)
    if case.day.size <= MANY_ROWS:
        search.turn = monotonic() + _EARLY_SHARE * search.left
        better = close(search, number, case, prices, better_later=True)
        if climb.is_over() or not better:
            return
        proved = search.bounds[number]
        search.go_on(until)
    generator = Generator(case, prices, search.ceiling, search.halt)
    _widen(search, generator)
    # What its runs cost already holds what being late costs.
    share = _GENERATE_SHARE if case.day.size <= MANY_ROWS else 1.0
    until = monotonic() + share * search.left
    generator.run(until, lambda bound: search.raise_bound(bound, number))
    enough = prices.bound + _WORTH_IT * (search.ceiling - prices.bound)
    if generator.prices.bound > max(enough, proved):
        reached[number] = max(reached[number], generator.prices, key=lambda found: found.bound)


def _widen(search: State, generator: Generator) -> None:
    """Give column generation runs to begin with: those of the plan, and those near the bound."""
    case, prices = generator.case, generator.start
    room = search.ceiling - prices.bound
    share, runs = FIRST_SHARE * (abs(prices.bound) + 1.0), None
    fleet = [kind.vehicles for kind in case.day.kinds]
    for kind, stops, cost in search.known:
        vehicles = search.day.kinds[kind].vehicles
        if vehicles in fleet:
            generator.begin_with(fleet.index(vehicles), stops, cost)
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

"""What the compulsory sites of a day take: how many runs, how long, and whether others pay."""

from __future__ import annotations

from dataclasses import replace
from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from logistics.planning.exact import labels
from logistics.planning.exact.among import among
from logistics.planning.exact.arcs import MANY_ROWS, near_arcs
from logistics.planning.exact.arguments import arguments
from logistics.planning.exact.day import NEVER
from logistics.planning.exact.duals import Cut
from logistics.planning.exact.flows import solve_flows, solve_roughly
from logistics.planning.exact.limits import Work, least_work, longest_work, most_late, shortest
from logistics.planning.exact.prices import free, price
from logistics.planning.exact.runs import MOST_SITES, enumerate_runs

if TYPE_CHECKING:
    from logistics.planning.exact.day import Day, Flags, Integers, Kind
    from logistics.planning.exact.prices import Prices

MOST_PARTED = 40
"""Rows of a day up to which there is time for several linear programmes."""
_LABELS = 300_000
_STEPS, _STEPS_OF_MANY = 3_000, 6_000
"""Of the first-order method, for the number of runs, and for how long as many work."""
_SECONDS_LATE = 600
"""How late a single run is allowed to be before it counts as impossible."""


def anchored(day: Day, seconds: float, stop: Flags) -> bool:
    """
    Tell whether every run of a best plan calls at a compulsory site, as no other one pays.

    What a run costs and saves depends on no other, so one by optional sites alone that costs more
    than it saves can be left out, and the plan is cheaper.

    Parameters
    ----------
    day
        The day.
    seconds
        Time limit for the linear programme.
    stop
        Whoever sets its first element ends the search.

    Returns
    -------
    bool
        Whether that is proved.
    """
    rows = np.flatnonzero(~day.must)
    one_run = sum(kind.runs for kind in day.kinds) == 1
    if rows.size == 1 or (one_run and day.must.any()):
        return True
    if day.several_runs or rows.size == day.size or day.size > MOST_PARTED:
        return False
    rest = among(day, rows)
    cut = Cut.leaving(rest.size, 1)
    duals = solve_flows(rest, near_arcs(rest), [cut], seconds)
    if duals is None:
        return False
    prices = price(rest, duals, [cut])
    missing = day.constant - prices.bound
    if missing <= 0:
        return True
    dear = most_late(rest, day.constant)
    found = enumerate_runs(rest, prices, missing, dear, stop, most=_LABELS, thin=False)
    return found is not None and all(
        one.allowance >= missing and one.cost.min(initial=0.0) >= 0.0 for one in found
    )


def runs_by_length(
    day: Day, called: Flags, seconds: float, stop: Flags
) -> tuple[int, float, Work | None]:
    """
    Tell how many runs all compulsory stops take, by how long they work.

    Parameters
    ----------
    day
        The day.
    called
        Rows that are compulsory, or that the first plan visits.
    seconds
        Time limit for each linear programme.
    stop
        Whoever sets its first element ends the search.

    Returns
    -------
    tuple[int, float, Work or None]
        Runs at least, by how many seconds one fewer would be late, and how long runs work at least,
        told by what is called at; None where one run does all of it in time.
    """
    longest = max(longest_work(day, kind) for kind in day.kinds)
    if longest <= 0 or _rough(day, called) <= longest:
        return 1, 0.0, None
    clock = _timed(day)
    solved = _solved(clock, seconds, stop)
    if solved is None:
        return 1, 0.0, None
    time = solved.bound
    runs = ceil(time / longest - 1e-6)
    lacking = time - (runs - 1) * longest
    busy = replace(clock, must=called)
    if runs > 1 and day.size > MANY_ROWS:
        work = _work_of_many(day, busy, runs, stop)
    else:
        by_visits = solved if np.array_equal(called, day.must) else _solved(busy, seconds, stop)
        work = None
        if by_visits is not None:
            work = least_work(day, by_visits.visit, float(by_visits.runs[0]), called)
    return runs, lacking / 2 if day.windowed and day.pause else lacking, work


def _rough(day: Day, rows: Flags) -> int:
    """Tell how long some stops take at most, in seconds."""
    return int(day.service[rows].sum()) + int(day.travel.max()) * int(rows.sum() + 1)


def _timed(day: Day) -> Day:
    """Make time the only cost, and no run ever late, as what that costs is no time."""
    span = _rough(day, np.arange(day.size) > 0) + (day.pause or (0, 0))[1]
    only = replace(
        day.kinds[0],
        arcs=np.zeros_like(day.kinds[0].arcs),
        pay=1.0,
        runs=sum(kind.runs for kind in day.kinds),
        shift=(0, span),
        max_seconds=span,
    )
    nothing = np.zeros((day.size, day.size))
    handled = nothing.astype(np.int64)
    return replace(day, kinds=(only,), constant=0.0, saved=nothing, handled=handled)


def _solved(clock: Day, seconds: float, stop: Flags) -> Prices | None:
    """Price a day by its flows; None where the solver leaves nothing."""
    if clock.size > MANY_ROWS:
        return price(clock, solve_roughly(clock, near_arcs(clock), [], _STEPS, stop), [])
    duals = solve_flows(clock, near_arcs(clock), [], seconds)
    return None if duals is None else price(clock, duals, [])


def _work_of_many(day: Day, clock: Day, runs: int, stop: Flags) -> Work:
    """Tell how long runs work at least, priced as where there are so many: each leaves the hub."""
    cut = Cut.leaving(clock.size, runs)
    duals = solve_roughly(clock, near_arcs(clock), [cut], _STEPS_OF_MANY, stop)
    prices = price(clock, duals, [cut])
    run = float(prices.runs[0]) + prices.cut_prices[0]
    return least_work(day, prices.visit, run, clock.must)


def runs_by_windows(day: Day, stop: Flags) -> tuple[int, float]:
    """
    Search for one run by all compulsory sites; without one, two runs are needed.

    Parameters
    ----------
    day
        The day.
    stop
        Whoever sets its first element ends the search.

    Returns
    -------
    tuple[int, float]
        Runs at least, and by how many seconds one fewer would be late.
    """
    rows = np.flatnonzero(day.must | (np.arange(day.size) == 0))
    if not day.windowed or rows.size > MOST_SITES + 1:
        return 1, 0.0
    if rows.size < day.size:
        # the break may be taken where a site is visited that need not be
        day = replace(day, pause=None)
    for kind in day.kinds:
        clock = _clock(day, kind, rows)
        size = clock.size
        given = arguments(clock, 0, free(size), _SECONDS_LATE, _SECONDS_LATE, whole=True)
        status, _, sets, *_ = labels.grow(*(*given, _LABELS, False, False, stop))
        if status != labels.DONE or sets.size:
            return 1, 0.0
    return 2, float(_SECONDS_LATE)


def _clock(day: Day, kind: Kind, rows: Integers) -> Day:
    """Keep some of the rows, with nothing to pay but a krona for each second of lateness."""
    kept = among(day, rows)
    nothing = np.zeros_like(kept.saved)
    return replace(
        kept,
        travel=shortest(day.travel)[np.ix_(rows, rows)],
        saved=nothing,
        handled=np.zeros_like(kept.handled),
        outbound=np.zeros_like(kept.outbound),
        inbound=np.zeros_like(kept.inbound),
        late=np.append(np.arange(day.late.size - 1, dtype=np.float64), NEVER),
        kinds=(replace(kind, arcs=nothing, pay=0.0),),
    )

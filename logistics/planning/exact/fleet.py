"""Cases that are proved apart: plans of as many runs as the day takes, of fewer, and of more.

Fewer runs may do where shipments stay behind, for then stops take less time. But each second that
is lacking has its price, so the second case starts from a bound of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from logistics.planning.exact import labels
from logistics.planning.exact.among import among
from logistics.planning.exact.arcs import MANY_ROWS, near_arcs
from logistics.planning.exact.arguments import arguments
from logistics.planning.exact.day import NEVER, Day
from logistics.planning.exact.duals import Cut, Duals
from logistics.planning.exact.flows import solve_flows, solve_roughly
from logistics.planning.exact.limits import Work, least_work, longest_work, shortest
from logistics.planning.exact.prices import free, price
from logistics.planning.exact.runs import MOST_SITES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logistics.planning.exact.day import Flags, Integers, Kind
    from logistics.planning.exact.prices import Prices

_LABELS = 300_000
_MOST_FLEETS = 8
"""Up to so many fleets of unlike vehicles have a case each."""
_COUPLE, _NEARLY = 2, 3
"""Runs of a plan: two are proved together, and one apart from more; with three, two may yet do, as
first plans have many."""
_MOST_PARTED = 40
"""Rows of a day up to which there is time for several linear programmes."""
_STEPS, _STEPS_OF_MANY = 3_000, 6_000
"""Of the first-order method, for the number of runs, and for how long as many work."""
_SECONDS_LATE = 600
"""How late a single run is allowed to be before it counts as impossible."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """
    Some of the plans of a day.

    Attributes
    ----------
    day
        The day, with as many runs as these plans have at most.
    cuts
        What holds for these plans.
    whole
        Whether they consist of one run by all that is compulsory.
    penalty
        SEK that they pay at least for being late.
    work
        How long runs work at least; None where nothing is known.
    lacking
        Seconds by which their runs are late together at least.
    """

    day: Day
    cuts: list[Cut]
    whole: bool
    penalty: float
    work: Work | None = None
    lacking: float = 0.0

    def bound(self, prices: Prices) -> float:
        """
        Tell what no plan of the case costs less than.

        Parameters
        ----------
        prices
            A dual solution, which may already count what a second of lateness costs at least.

        Returns
        -------
        float
            SEK, with what being late costs beyond that.
        """
        counted = float(prices.time.max(initial=0.0)) * self.lacking
        return prices.bound + max(0.0, self.penalty - counted)


def cases(day: Day, seconds: float, stop: Flags, planned: Sequence[int] = ()) -> list[Case]:
    """
    Part the plans of a day by their number of runs, and where vehicles differ by who makes them.

    Parameters
    ----------
    day
        The day.
    seconds
        Time limit for the linear programme.
    stop
        Whoever sets its first element ends the search.
    planned
        Kind of each run of the first plan: where it is worth it, plans of fewer or of more runs are
        then cases of their own; plans of one run where one was planned, and of more; where vehicles
        differ, every fleet.

    Returns
    -------
    list[Case]
        One case where that is all that can be told. Where vehicles differ, the fleet planned last.
    """
    first, *others = _by_necessity(day, seconds, stop)
    if day.several_runs or not planned or day.size > _MOST_PARTED:
        return [first, *others]
    if len(day.kinds) > 1:
        return [*others, *_each_fleet(first, planned)]
    if len(planned) > _NEARLY or _least(first) > _COUPLE:
        return [first, *others]
    return [*others, *_fewer(first), *_as_many(first, or_more=len(planned) == 1)]


def _as_many(first: Case, *, or_more: bool) -> list[Case]:
    """Part plans of two runs from plans of more, unless those come with them."""
    kind = first.day.kinds[0]
    if kind.runs < _COUPLE:
        return []
    enough = first if _least(first) >= _COUPLE else _of_runs(first, _COUPLE)
    if or_more or kind.runs <= _COUPLE:
        return [enough]
    pair = replace(first.day, kinds=(replace(kind, runs=_COUPLE),))
    return [_of_runs(first, _COUPLE + 1), replace(enough, day=pair)]


def _fewer(first: Case) -> list[Case]:
    """Part plans of one run where one may do."""
    if _least(first) >= _COUPLE:
        return []
    day = first.day
    alone = replace(day, kinds=(replace(day.kinds[0], runs=1),))
    return [replace(first, day=alone, whole=bool(day.must.any()))]


def _each_fleet(first: Case, planned: Sequence[int]) -> list[Case]:
    """Part plans by the vehicles that drive; the fleet planned comes last."""
    day = first.day
    counts = [
        chosen
        for chosen in product(*(range(kind.runs + 1) for kind in day.kinds))
        if sum(chosen) >= max(1, _least(first))
    ]
    if len(counts) > _MOST_FLEETS:
        return [first]
    known = tuple(list(planned).count(kind) for kind in range(len(day.kinds)))
    counts.sort(key=lambda chosen: (chosen == known, sum(chosen)))
    return [_of_fleet(first, chosen) for chosen in counts]


def _of_fleet(first: Case, chosen: tuple[int, ...]) -> Case:
    """Keep plans by just these vehicles of each kind; by one, also that nobody drives."""
    day, runs = first.day, sum(chosen)
    kinds = [
        replace(kind, runs=count) for kind, count in zip(day.kinds, chosen, strict=True) if count
    ]
    case = replace(first, day=replace(day, kinds=tuple(kinds)))
    if runs == 1:
        return replace(case, whole=bool(day.must.any()))
    return case if _least(case) >= runs else _of_runs(case, runs)


def _of_runs(case: Case, runs: int) -> Case:
    """Keep plans of so many runs at least."""
    rows = np.arange(case.day.size) > 0
    return replace(case, cuts=[*case.cuts, Cut(inside=rows, runs=runs)])


def _least(case: Case) -> int:
    """Tell how many runs the plans of a case have at least."""
    return max((cut.runs for cut in case.cuts), default=0)


def _by_necessity(day: Day, seconds: float, stop: Flags) -> list[Case]:
    """Part the plans at the number of runs that all compulsory stops take."""
    must = day.must.any()
    plain = Case(
        day=day, cuts=[Cut(inside=day.must, runs=1)] if must else [], whole=False, penalty=0.0
    )
    if not must or day.several_runs or sum(kind.runs for kind in day.kinds) == 1:
        return [plain]
    runs, seconds_lacking, work = _by_length(day, seconds, stop)
    plain = replace(plain, work=work)
    if runs < 2:  # noqa: PLR2004
        runs, seconds_lacking = _by_windows(day, stop)
    if runs < 2:  # noqa: PLR2004
        return [plain]
    many = replace(plain, cuts=[Cut(inside=day.must, runs=runs)])
    late = min(int(seconds_lacking), day.late.size - 1)
    few = replace(plain, penalty=float(day.late[late]), lacking=float(late))
    if day.must[1:].all():  # or there may be more runs, by optional sites alone
        kinds = tuple(replace(kind, runs=min(kind.runs, runs - 1)) for kind in day.kinds)
        few = replace(few, day=replace(day, kinds=kinds), whole=runs == _COUPLE)
    elif runs == _COUPLE and len(day.kinds) == 1 and day.size <= _MOST_PARTED:
        alone = replace(few, day=replace(day, kinds=(replace(day.kinds[0], runs=1),)), whole=True)
        return [many, alone, _of_runs(few, _COUPLE)]
    return [many, few]


def _by_length(day: Day, seconds: float, stop: Flags) -> tuple[int, float, Work | None]:
    """Bound the working time of all compulsory stops; return runs, and seconds one fewer lacks."""
    longest = max(longest_work(day, kind) for kind in day.kinds)
    rough = int(day.service[day.must].sum()) + int(day.travel.max()) * int(day.must.sum() + 1)
    if longest <= 0 or rough <= longest:
        return 1, 0.0, None
    every = sum(kind.runs for kind in day.kinds)
    # long enough never to be late, as what that costs is no time
    span = rough + (day.pause or (0, 0))[1]
    only = replace(
        day.kinds[0],
        arcs=np.zeros_like(day.kinds[0].arcs),
        pay=1.0,
        runs=every,
        shift=(0, span),
        max_seconds=span,
    )
    nothing = np.zeros((day.size, day.size))
    clock = replace(
        day, kinds=(only,), constant=0.0, saved=nothing, handled=nothing.astype(np.int64)
    )
    if day.size > MANY_ROWS:
        duals: Duals | None = solve_roughly(clock, near_arcs(day), [], _STEPS, stop)
    else:
        duals = solve_flows(clock, near_arcs(day), [], seconds)
    if duals is None:
        return 1, 0.0, None
    prices = price(clock, duals, [])
    time, work = prices.bound, least_work(day, prices.visit, float(prices.runs[0]))
    runs = ceil(time / longest - 1e-6)
    lacking = time - (runs - 1) * longest
    if runs > 1 and day.size > MANY_ROWS:
        work = _work_of_many(clock, runs, stop)
    return runs, lacking / 2 if day.windowed and day.pause else lacking, work


def _work_of_many(clock: Day, runs: int, stop: Flags) -> Work:
    """Tell how long runs work at least, priced as where there are so many: each leaves the hub."""
    cut = Cut(inside=np.arange(clock.size) > 0, runs=runs)
    duals = solve_roughly(clock, near_arcs(clock), [cut], _STEPS_OF_MANY, stop)
    prices = price(clock, duals, [cut])
    return least_work(clock, prices.visit, float(prices.runs[0]) + prices.cut_prices[0])


def _by_windows(day: Day, stop: Flags) -> tuple[int, float]:
    """Search for one run by all compulsory sites; without one, two runs are needed."""
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

"""Two cases that are proved apart: plans of as many runs as the day seems to take, and of fewer.

Fewer runs may do where shipments stay behind, for then stops take less time. But each second that
is lacking has its price, so the second case starts from a bound of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from logistics.planning.exact import labels
from logistics.planning.exact.day import NEVER, Day
from logistics.planning.exact.flows import Cut, solve_flows
from logistics.planning.exact.prices import free, price
from logistics.planning.exact.runs import arguments, longest_work

if TYPE_CHECKING:
    from logistics.planning.exact.day import Flags, Integers, Kind

_LABELS = 300_000
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
        SEK that they pay at least for being late, besides what the relaxation sees.
    """

    day: Day
    cuts: list[Cut]
    whole: bool
    penalty: float


def cases(day: Day, seconds: float, stop: Flags) -> list[Case]:
    """
    Part the plans of a day by their number of runs.

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
    list[Case]
        One case where that is all that can be told.
    """
    must = day.must.any()
    plain = Case(
        day=day, cuts=[Cut(inside=day.must, runs=1)] if must else [], whole=False, penalty=0.0
    )
    if not must or day.several_runs or sum(kind.runs for kind in day.kinds) == 1:
        return [plain]
    runs, seconds_lacking = _by_length(day, seconds)
    if runs < 2:  # noqa: PLR2004
        runs, seconds_lacking = _by_windows(day, stop)
    if runs < 2:  # noqa: PLR2004
        return [plain]
    kinds = tuple(replace(kind, runs=min(kind.runs, runs - 1)) for kind in day.kinds)
    many = replace(plain, cuts=[Cut(inside=day.must, runs=runs)])
    few = replace(
        plain,
        day=replace(day, kinds=kinds),
        whole=runs == 2,  # noqa: PLR2004
        penalty=float(day.late[min(int(seconds_lacking), day.late.size - 1)]),
    )
    return [many, few]


def _by_length(day: Day, seconds: float) -> tuple[int, float]:
    """Bound the working time of all compulsory stops; return runs, and seconds one fewer lacks."""
    longest = max(longest_work(day, kind) for kind in day.kinds)
    rough = int(day.service[day.must].sum()) + int(day.travel.max()) * int(day.must.sum() + 1)
    if longest <= 0 or rough <= longest:
        return 1, 0.0
    every = sum(kind.runs for kind in day.kinds)
    only = replace(day.kinds[0], arcs=np.zeros_like(day.kinds[0].arcs), pay=1.0, runs=every)
    nothing = np.zeros((day.size, day.size))
    clock = replace(
        day, kinds=(only,), constant=0.0, saved=nothing, handled=nothing.astype(np.int64)
    )
    duals = solve_flows(clock, ~np.eye(day.size, dtype=np.bool_), [], seconds)
    if duals is None:
        return 1, 0.0
    time = price(clock, duals, []).bound
    runs = ceil(time / longest - 1e-6)
    lacking = time - (runs - 1) * longest
    return runs, lacking / 2 if day.windowed and day.pause else lacking


def _by_windows(day: Day, stop: Flags) -> tuple[int, float]:
    """Search for one run by all compulsory sites; without one, two runs are needed."""
    if not day.windowed:
        return 1, 0.0
    rows = np.flatnonzero(day.must | (np.arange(day.size) == 0))
    for kind in day.kinds:
        clock = _clock(day, kind, rows)
        size = clock.size
        given = arguments(
            clock, 0, free(size), _SECONDS_LATE, _SECONDS_LATE, _LABELS, stop, whole=True
        )
        status, _, sets, *_ = labels.grow(*given)
        if status != labels.DONE or sets.size:
            return 1, 0.0
    return 2, float(_SECONDS_LATE)


def _clock(day: Day, kind: Kind, rows: Integers) -> Day:
    """Keep some of the rows, with nothing to pay but a krona for each second of lateness."""
    nothing = np.zeros((rows.size, rows.size))
    none = np.zeros(rows.size, dtype=np.int64)
    return replace(
        day,
        sites=tuple(day.sites[row] for row in rows),
        must=day.must[rows],
        travel=_shortest(day.travel)[np.ix_(rows, rows)],
        service=day.service[rows],
        windows=day.windows[rows],
        saved=nothing,
        handled=nothing.astype(np.int64),
        outbound=none,
        inbound=none,
        late=np.append(np.arange(day.late.size - 1, dtype=np.float64), NEVER),
        kinds=(replace(kind, arcs=nothing, pay=0.0),),
    )


def _shortest(travel: Integers) -> Integers:
    """Close the table under detours (Floyd and Warshall): sites left out may be passed."""
    closed = travel.copy()
    np.fill_diagonal(closed, 0)
    for via in range(len(closed)):
        closed = np.minimum(closed, closed[:, via, np.newaxis] + closed[np.newaxis, via, :])
    return closed

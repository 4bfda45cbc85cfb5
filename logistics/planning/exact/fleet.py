"""Cases that are proved apart: plans of as many runs as the day takes, of fewer, and of more.

Fewer runs may do where shipments stay behind, for then stops take less time. But each second that
is lacking has its price, so the second case starts from a bound of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from logistics.planning.exact.day import Day
from logistics.planning.exact.duals import Cut
from logistics.planning.exact.limits import Work
from logistics.planning.exact.necessity import (
    MOST_PARTED,
    anchored,
    runs_by_length,
    runs_by_windows,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logistics.planning.exact.day import Flags
    from logistics.planning.exact.prices import Prices

_MOST_FLEETS = 8
"""Up to so many fleets of unlike vehicles have a case each."""
_COUPLE, _NEARLY = 2, 3
"""Runs of a plan: two are proved together, and one apart from more; with three, two may yet do, as
first plans have many."""


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
    anchored
        Whether each of their runs calls at a compulsory site.
    """

    day: Day
    cuts: list[Cut]
    whole: bool
    penalty: float
    work: Work | None = None
    lacking: float = 0.0
    anchored: bool = False

    @property
    def fewest(self) -> int:
        """Runs of each of these plans at least."""
        return max((cut.runs for cut in self.cuts), default=0)

    @property
    def most(self) -> int:
        """Runs of each of these plans at most."""
        return sum(kind.runs for kind in self.day.kinds)

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


def cases(
    day: Day,
    seconds: float,
    stop: Flags,
    planned: Sequence[int] = (),
    visited: Flags | None = None,
) -> list[Case]:
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
    visited
        Whether the first plan visits each row: how long runs work at least is told with these.

    Returns
    -------
    list[Case]
        One case where that is all that can be told. Where vehicles differ, the fleet planned last.
    """
    called = day.must if visited is None else day.must | visited
    tied = anchored(day, seconds, stop)
    first, *others = _by_necessity(day, called, seconds, stop, tied=tied)
    if day.several_runs or not planned or day.size > MOST_PARTED:
        return [first, *others]
    if len(day.kinds) > 1:
        return [*others, *_each_fleet(first, planned)]
    if len(planned) > _NEARLY or first.fewest > _COUPLE:
        return [first, *others]
    return [*others, *_fewer(first), *_as_many(first, or_more=len(planned) == 1)]


def _as_many(first: Case, *, or_more: bool) -> list[Case]:
    """Part plans of two runs from plans of more, unless those come with them."""
    kind = first.day.kinds[0]
    if kind.runs < _COUPLE:
        return []
    enough = first if first.fewest >= _COUPLE else _of_runs(first, _COUPLE)
    if or_more or kind.runs <= _COUPLE:
        return [enough]
    pair = replace(first.day, kinds=(replace(kind, runs=_COUPLE),))
    return [_of_runs(first, _COUPLE + 1), replace(enough, day=pair)]


def _fewer(first: Case) -> list[Case]:
    """Part plans of one run where one may do."""
    if first.fewest >= _COUPLE:
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
        if sum(chosen) >= max(1, first.fewest)
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
    return case if case.fewest >= runs else _of_runs(case, runs)


def _of_runs(case: Case, runs: int) -> Case:
    """Keep plans of so many runs at least; if anchored, so many call at compulsory sites."""
    must, cuts = case.day.must, [Cut.leaving(case.day.size, runs)]
    kept = [cut for cut in case.cuts if not cut.everywhere]
    if case.anchored and not must[1:].all():
        kept = [cut for cut in kept if not np.array_equal(cut.inside, must)]
        cuts.append(Cut(inside=must, runs=runs))
    return replace(case, cuts=[*kept, *cuts])


def _by_necessity(
    day: Day, called: Flags, seconds: float, stop: Flags, *, tied: bool
) -> list[Case]:
    """Part the plans at the number of runs that all compulsory stops take."""
    must = day.must.any()
    cuts = [Cut(inside=day.must, runs=1)] if must else []
    plain = Case(day=day, cuts=cuts, whole=False, penalty=0.0, anchored=tied)
    if not must or day.several_runs or sum(kind.runs for kind in day.kinds) == 1:
        return [plain]
    runs, seconds_lacking, work = runs_by_length(day, called, seconds, stop)
    plain = replace(plain, work=work)
    if runs < 2:  # noqa: PLR2004
        runs, seconds_lacking = runs_by_windows(day, stop)
    if runs < 2:  # noqa: PLR2004
        return [plain]
    many = _of_runs(replace(plain, cuts=[Cut(inside=day.must, runs=runs)]), runs)
    late = min(int(seconds_lacking), day.late.size - 1)
    few = replace(plain, penalty=float(day.late[late]), lacking=float(late))
    if tied:  # or there may be more runs, by optional sites alone
        kinds = tuple(replace(kind, runs=min(kind.runs, runs - 1)) for kind in day.kinds)
        few = replace(few, day=replace(day, kinds=kinds), whole=runs == _COUPLE)
    elif runs == _COUPLE and len(day.kinds) == 1 and day.size <= MOST_PARTED:
        alone = replace(few, day=replace(day, kinds=(replace(day.kinds[0], runs=1),)), whole=True)
        return [many, alone, _of_runs(few, _COUPLE)]
    return [many, few]

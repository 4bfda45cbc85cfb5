"""Choose days and vans: solve, price the tours that come out, bound them better, solve again."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush
from itertools import combinations, count
from typing import TYPE_CHECKING, Final

from logistics.errors import NoPlanError
from logistics.simulation.service_days.minorants import Envelope
from logistics.simulation.service_days.model import Answer, Goal, Model, lacking
from logistics.simulation.service_days.search import explore, score
from logistics.simulation.service_days.week import Choice, Tours, Verdict, Week, judge, tours_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from logistics.simulation.service_days.week import Floats

#: Ends the search: choices this near are the same to anybody.
GAP: Final = 1e-4

_WORTH_ADDING: Final = 1e-3
_SECONDS_TOLERATED: Final = 0.1
_MOST_RELAXED: Final = 25
_ROUNDS_WITHOUT_GAIN: Final = 2
_GAIN: Final = 1e-3
_STEPS_PER_PLACE: Final = 80
_BEST_DAY_SETS: Final = 4
_FIRST_TRY_SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """
    The best choice found, and how much better any other could be.

    Attributes
    ----------
    choice
        Days and van of every place.
    verdict
        What it comes to.
    goal
        What was asked for.
    bound
        Proved: no choice costs less SEK a week, or takes fewer days where days were minimised.
    """

    choice: Choice
    verdict: Verdict
    goal: Goal
    bound: float

    @property
    def value(self) -> float:
        """What was minimised: SEK a week, or days."""
        return self.verdict.days if self.goal.fewest_days else self.verdict.driving_sek

    @property
    def gap(self) -> float:
        """By what part another choice could be better at most."""
        return max(0.0, (self.value - self.bound) / self.value) if self.value else 0.0


def choose(
    week: Week,
    goal: Goal,
    *,
    tours: Tours | None = None,
    seconds: float = 120.0,
    gap: float = GAP,
    on_progress: Callable[[float | None, float], None] | None = None,
) -> Chosen:
    """
    Choose days and vans.

    Parameters
    ----------
    week
        The week.
    goal
        What is asked for.
    tours
        Its tours, where they were priced before.
    seconds
        Leave off after this long.
    gap
        Leave off once nothing can be better by more than this part.
    on_progress
        Told the best value so far, None while there is none, and the bound.

    Returns
    -------
    Chosen
        The best choice found, with its bound.

    Raises
    ------
    NoPlanError
        No choice keeps the limit; or none was found in time.
    """
    search = _Search(week, goal, tours or tours_of(week), (seconds, gap), on_progress)
    search.run()
    return search.result()


@dataclass(frozen=True, slots=True, order=True)
class _Node:
    """Part of the choices: some tours are driven, some are not, the others are open."""

    bound: float
    number: int
    fixed: Mapping[tuple[int, int], bool] = field(compare=False)
    answer: Answer = field(compare=False)
    seconds: float = field(default=_FIRST_TRY_SECONDS, compare=False)


class _Search:
    def __init__(
        self,
        week: Week,
        goal: Goal,
        tours: Tours,
        limits: tuple[float, float],
        on_progress: Callable[[float | None, float], None] | None,
    ) -> None:
        self.week, self.goal, self.tours = week, goal, tours
        self.until, self.gap = time.monotonic() + limits[0], limits[1]
        self.model = Model(week, goal, tours.most_seconds)
        self.cost, self.time = Envelope(tours.possible_sek), Envelope(tours.seconds)
        self.best: Choice | None = None
        self.best_score = (float("inf"), float("inf"))
        self.numbers = count()
        self.open: list[_Node] = []
        self.impossible = False
        self.tell = on_progress

    def run(self) -> None:
        """Branch on the tours that are driven, the best bound first; then choose the patterns."""
        self._explore()
        floor = self._relax({}).bound
        for days in self._day_sets():
            self._open({(0, day): day in days for day in self.week.weekdays}, floor)
        self.impossible = not self.open and self._left() > 0
        while self.open and self._left() > 0 and not self._closed():
            node = heappop(self.open)
            tour = self._undecided(node)
            if tour is None:
                self._finish(node)
            else:
                for driven in (True, False):
                    self._open({**node.fixed, tour: driven}, node.bound)
            if self.tell is not None:
                self.tell(self.best_score[1] if self._found else None, self.bound)

    @property
    def bound(self) -> float:
        """No choice is better: the worst part that is still open, or what was not sought."""
        parts = [*(node.bound for node in self.open), self._cutoff()]
        return max(0.0, min(parts))

    @property
    def _found(self) -> bool:
        return self.best_score[0] == 0

    def _cutoff(self) -> float:
        """Choices that are no better by the gap are not sought."""
        return self.best_score[1] * (1 - self.gap) if self._found else float("inf")

    def _open(self, fixed: Mapping[tuple[int, int], bool], floor: float) -> None:
        """Keep a part of the choices if it can be better; it is no better than what it is of."""
        answer = self._relax(fixed)
        bound = max(0.0, floor, answer.bound)
        if not answer.impossible and bound < self._cutoff():
            if answer.choice is not None:
                self._offer(answer.choice)
            heappush(self.open, _Node(bound, next(self.numbers), fixed, answer))

    def _relax(self, fixed: Mapping[tuple[int, int], bool]) -> Answer:
        """Bound a part of the choices by mixtures of patterns."""
        self.model.drive(fixed)
        self.model.want(self._cutoff())
        last, idle, best = -float("inf"), 0, -float("inf")
        answer = self.model.solve(self._left(), whole=False)
        for _ in range(_MOST_RELAXED):
            best = max(best, answer.bound)
            if answer.impossible or answer.bound >= self._cutoff() or not answer.stops:
                break
            idle = 0 if answer.bound > last + _GAIN * max(1.0, abs(last)) else idle + 1
            last = answer.bound
            if not self._add(answer) or idle >= _ROUNDS_WITHOUT_GAIN or self._left() <= 0:
                break
            answer = self.model.solve(self._left(), whole=False)
        return replace(answer, bound=max(best, answer.bound))

    def _undecided(self, node: _Node) -> tuple[int, int] | None:
        """Name the open tour that is most in doubt; None once all are decided."""
        left = [tour for tour in self.model.tours if tour not in node.fixed]
        used = node.answer.used
        return min(left, key=lambda tour: (abs(used.get(tour, 0.5) - 0.5), tour), default=None)

    def _finish(self, node: _Node) -> None:
        """Choose the patterns for given tours; what takes long is put back and tried longer."""
        bound, until = node.bound, time.monotonic() + node.seconds
        while True:
            self.model.drive(node.fixed)
            self.model.want(self._cutoff())
            answer = self.model.solve(min(self._left(), until - time.monotonic()))
            if answer.impossible:
                return
            bound = max(bound, answer.bound)
            if answer.choice is not None:
                self._offer(answer.choice)
            if bound >= self._cutoff():
                return
            spent = time.monotonic() > until
            if answer.choice is None or spent or not self._add(answer, whole=True):
                break
        longer = replace(node, bound=bound, number=next(self.numbers), seconds=2 * node.seconds)
        heappush(self.open, longer)

    def result(self) -> Chosen:
        if self.best is None or not self._found:
            limit = (
                f"{self.goal.most_sek:.2f} SEK a week"
                if self.goal.most_sek is not None
                else f"{self.goal.most_days} days to the reader"
                if self.goal.most_days is not None
                else "the vans"
            )
            proved = "no choice of days keeps" if self.impossible else "no choice was found within"
            raise NoPlanError(
                f"service days: {proved} {limit} with {self.week.vans} vans; "
                "allow more days, money, vans or patterns"
            )
        return Chosen(
            choice=self.best,
            verdict=judge(self.week, self.tours, self.best),
            goal=self.goal,
            bound=min(self.bound, self.best_score[1]),
        )

    def _explore(self) -> None:
        """Try every set of weekdays, those that do best a second time for longer."""
        steps = _STEPS_PER_PLACE * len(self.week.places)
        ranked: list[tuple[tuple[float, float], tuple[int, ...]]] = []
        for days in self._day_sets():
            found = explore(self.week, self.tours, self.goal, days, steps=steps, seed=len(ranked))
            if found is not None:
                ranked.append((self._offer(found), days))
        for _, days in sorted(ranked)[:_BEST_DAY_SETS]:
            longer = explore(self.week, self.tours, self.goal, days, steps=4 * steps, seed=1)
            if longer is not None:
                self._offer(longer)

    def _day_sets(self) -> list[tuple[int, ...]]:
        weekdays = self.week.weekdays
        return [
            days for size in range(1, len(weekdays) + 1) for days in combinations(weekdays, size)
        ]

    def _offer(self, choice: Choice) -> tuple[float, float]:
        found = score(self.goal, judge(self.week, self.tours, choice))
        if found < self.best_score:
            self.best, self.best_score = choice, found
        return found

    def _add(self, answer: Answer, *, whole: bool = False) -> bool:
        """Bound the tours that the answer takes for cheaper or shorter than they are."""
        added = False
        seen: set[bytes] = set()
        for tour, calls in answer.stops.items():
            used = answer.used[tour]
            if lacking(calls.tolist()):
                continue
            point = (calls / max(used, 1e-9)).clip(0.0, 1.0)
            key = point.round(6).tobytes()
            if key in seen:
                continue
            seen.add(key)
            cost = self.cost.touch(point)
            if used * cost.at(point) > answer.priced[tour] + _WORTH_ADDING:
                self.model.add_cost(cost)
                added = True
            if whole:
                added |= self._add_time(tour, answer, point)
        return added

    def _add_time(self, tour: tuple[int, int], answer: Answer, point: Floats) -> bool:
        stops = sum(1 << place for place, part in enumerate(point) if part > 0.5)  # noqa: PLR2004
        seconds = float(self.tours.seconds[stops]) + answer.handled[tour]
        if seconds <= self.tours.most_seconds + _SECONDS_TOLERATED:
            return False
        self.model.add_time(self.time.touch(point))
        return True

    def _closed(self) -> bool:
        return self._found and self.bound >= self._cutoff()

    def _left(self) -> float:
        return self.until - time.monotonic()

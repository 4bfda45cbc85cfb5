"""The choice of days and vans as a mixed-integer programme over tours, bounded from below.

A branch takes one pattern and one van. What the tours of a day cost is bounded by linear functions
below the table of all tours (``minorants``), added where they are violated, so that the programme's
bound is a bound on every choice; what waits at the hub follows the days on which it was fetched.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from ortools.math_opt.python import mathopt

from logistics.simulation.service_days.patterns import DAYS_A_WEEK, waits_of_hub
from logistics.simulation.service_days.week import Choice, Floats, shares_on

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from logistics.simulation.service_days.minorants import Minorant
    from logistics.simulation.service_days.week import Pattern, Week

_SAFETY: Final = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """
    What is asked for: least cost within days, or fewest days within a budget.

    Attributes
    ----------
    most_days
        Days to the reader at most; None where days are what is minimised.
    most_sek
        SEK a week at most; None where cost is what is minimised.
    """

    most_days: float | None = None
    most_sek: float | None = None

    @property
    def fewest_days(self) -> bool:
        """Whether days are minimised, and not cost."""
        return self.most_sek is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """
    What the programme says.

    Attributes
    ----------
    bound
        No choice is better; minus infinity where nothing was proved.
    choice
        The choice, or of a mixture the patterns that weigh most; None where none was found.
    stops
        How much each place is called at, by van and ISO weekday.
    priced
        What the programme believes each tour costs.
    used
        How much each tour is driven.
    handled
        Seconds of handling of each tour.
    impossible
        Whether no choice keeps the rows.
    """

    bound: float
    choice: Choice | None
    stops: dict[tuple[int, int], Floats]
    priced: dict[tuple[int, int], float]
    used: dict[tuple[int, int], float]
    handled: dict[tuple[int, int], float]
    impossible: bool = False


class Model:
    """
    The programme, to which bounds on tours are added as they are found.

    Parameters
    ----------
    week
        The week.
    goal
        What is asked for.
    most_seconds
        Longest run, break apart.
    """

    def __init__(self, week: Week, goal: Goal, most_seconds: float) -> None:
        self.week, self.goal, self.most_seconds = week, goal, most_seconds
        self.tours = [(van, day) for van in range(week.vans) for day in week.weekdays]
        self._model = mathopt.Model()
        add = self._model.add_binary_variable
        self._chosen = [[[add() for _ in range(week.vans)] for _ in menu] for menu in week.menus]
        self._used = {tour: add() for tour in self.tours}
        self._cost = {tour: self._model.add_variable(lb=0.0) for tour in self.tours}
        self._calls = {
            tour: [self._model.add_variable(lb=0.0, ub=1.0) for _ in week.places]
            for tour in self.tours
        }
        self._handling = {tour: self._model.add_variable(lb=0.0) for tour in self.tours}
        self._binaries = [v for place in self._chosen for row in place for v in row]
        self._binaries += self._used.values()
        self._join()
        self._carry()
        self._aim()
        self._be_whole(whole=False)
        # Goes on from the last basis, so that a bound that was added costs a few steps only.
        self._relaxed = mathopt.IncrementalSolver(self._model, mathopt.SolverType.GLOP)

    def add_cost(self, bound: Minorant) -> None:
        """
        Bound what each tour costs.

        Parameters
        ----------
        bound
            Below the cost of every tour.
        """
        for tour in self.tours:
            self._model.add_linear_constraint(self._value(bound, tour) <= self._cost[tour])

    def add_time(self, bound: Minorant) -> None:
        """
        Bound how long each tour takes, handling included.

        Parameters
        ----------
        bound
            Below the time of every tour.
        """
        for tour in self.tours:
            self._model.add_linear_constraint(
                self._value(bound, tour) + self._handling[tour]
                <= self.most_seconds * self._used[tour]
            )

    def drive(self, fixed: Mapping[tuple[int, int], bool]) -> None:
        """
        Say which tours are driven.

        Parameters
        ----------
        fixed
            Whether it is, by van and ISO weekday; a tour that is absent may be or not.
        """
        for tour, variable in self._used.items():
            known = fixed.get(tour)
            variable.lower_bound = 1.0 if known else 0.0
            variable.upper_bound = 0.0 if known is False else 1.0

    def want(self, most: float) -> None:
        """
        Ask for something better than what is known.

        Parameters
        ----------
        most
            SEK a week, or days: worse choices are of no interest.
        """
        self._interest.upper_bound = most - self._shift

    def solve(self, seconds: float, *, whole: bool = True) -> Answer:
        """
        Solve the programme as it stands.

        Parameters
        ----------
        seconds
            Time limit.
        whole
            Whether a branch takes one pattern and not a mixture; without, the answer comes soon.

        Returns
        -------
        Answer
            Bound and choice.
        """
        params = mathopt.SolveParameters(
            time_limit=timedelta(seconds=max(0.1, seconds)),
            relative_gap_tolerance=1e-5 if whole else None,
        )
        # Dual values and bases are not asked for: reading them takes longer than solving does.
        wanted = mathopt.ModelSolveParameters(
            dual_values_filter=mathopt.SparseVectorFilter(filtered_items=[]),
            reduced_costs_filter=mathopt.SparseVectorFilter(filtered_items=[]),
        )
        if not whole:
            return self._answer(self._relaxed.solve(params=params, model_params=wanted))
        self._be_whole(whole=True)
        try:
            return self._answer(
                mathopt.solve(
                    self._model, mathopt.SolverType.HIGHS, params=params, model_params=wanted
                )
            )
        finally:
            self._be_whole(whole=False)

    def _be_whole(self, *, whole: bool) -> None:
        for variable in self._binaries:
            variable.integer = whole

    def _answer(self, result: Any) -> Answer:  # noqa: ANN401 - no types
        reasons = mathopt.TerminationReason
        impossible = result.termination.reason in {
            reasons.INFEASIBLE,
            reasons.INFEASIBLE_OR_UNBOUNDED,
        }
        dual = result.termination.objective_bounds.dual_bound
        bound = dual - _SAFETY * (1 + abs(dual)) if np.isfinite(dual) else -np.inf
        if impossible or not result.has_primal_feasible_solution():
            return Answer(
                bound=bound,
                choice=None,
                stops={},
                priced={},
                used={},
                handled={},
                impossible=impossible,
            )
        value = result.variable_values
        return Answer(
            bound=bound,
            choice=self._read(value),
            stops={tour: np.array(value(self._calls[tour])) for tour in self.tours},
            priced={tour: value(self._cost[tour]) for tour in self.tours},
            used={tour: value(self._used[tour]) for tour in self.tours},
            handled={tour: value(self._handling[tour]) for tour in self.tours},
        )

    def _read(self, value: Any) -> Choice:  # noqa: ANN401 - no types
        patterns, vans = [], []
        for place, menu in enumerate(self.week.menus):
            _, pattern, van = max(
                (value(variable), pattern, -van)
                for pattern, row in zip(menu, self._chosen[place], strict=True)
                for van, variable in enumerate(row)
            )
            patterns.append(pattern)
            vans.append(-van)
        return Choice(patterns=tuple(patterns), van=tuple(vans))

    def _value(self, bound: Minorant, tour: tuple[int, int]) -> Any:  # noqa: ANN401 - no types
        calls = zip(bound.weights.tolist(), self._calls[tour], strict=True)
        return bound.base * self._used[tour] + mathopt.fast_sum(w * call for w, call in calls)

    def _of(self, place: int) -> list[tuple[Pattern, list[mathopt.Variable]]]:
        return list(zip(self.week.menus[place], self._chosen[place], strict=True))

    def _join(self) -> None:
        """One pattern and van each; calls follow from them; a tour is driven where it calls."""
        for place in range(len(self.week.places)):
            every = [variable for row in self._chosen[place] for variable in row]
            self._model.add_linear_constraint(mathopt.fast_sum(every) == 1.0)
            for van, day in self.tours:
                serving = [row[van] for pattern, row in self._of(place) if day in pattern]
                call = self._calls[van, day][place]
                self._model.add_linear_constraint(mathopt.fast_sum(serving) == call)
                self._model.add_linear_constraint(call <= self._used[van, day])
        both = self.week.handling_seconds * (self.week.taken + self.week.put_off)
        for tour in self.tours:
            self._model.add_linear_constraint(self._handled(tour, both) == self._handling[tour])
            for items in (self.week.taken, self.week.put_off):
                self._model.add_linear_constraint(
                    self._handled(tour, items) <= self.week.vehicle.capacity * self._used[tour]
                )
        # Vans are alike, so the first may be taken to be the busiest.
        for van in range(1, self.week.vans):
            before, after = (
                mathopt.fast_sum(self._used[one, day] for day in self.week.weekdays)
                for one in (van - 1, van)
            )
            self._model.add_linear_constraint(after <= before)

    def _handled(self, tour: tuple[int, int], items: Floats) -> Any:  # noqa: ANN401 - no types
        van, day = tour
        return mathopt.fast_sum(
            float(items[place]) * shares_on(self.week, pattern, day) * row[van]
            for place in range(len(self.week.places))
            for pattern, row in self._of(place)
            if day in pattern
        )

    def _carry(self) -> None:
        """Follow the holds: fetched by the days of their origin, kept for those of their end."""
        week, size = self.week, len(self.week.places)
        hub = waits_of_hub(week.asked)
        parts = [
            float(week.holds[place].sum()) * week.waits(pattern).until_fetched * variable
            for place in range(size)
            for pattern, row in self._of(place)
            for variable in row
        ]
        for end in range(size):
            into = float(week.holds[:, end].sum())
            rows: list[list[mathopt.Variable]] = []
            for pattern, row in self._of(end):
                kept = [self._model.add_variable(lb=0.0) for _ in range(DAYS_A_WEEK)]
                self._model.add_linear_constraint(
                    mathopt.fast_sum(kept) == into * mathopt.fast_sum(row)
                )
                waits = week.waits(pattern).from_hub.tolist()
                parts += [days * one for days, one in zip(waits, kept, strict=True)]
                rows.append(kept)
            for day in range(DAYS_A_WEEK):
                arriving = mathopt.fast_sum(
                    float(week.holds[start, end]) * float(week.waits(pattern).fetched[day]) * one
                    for start in range(size)
                    for pattern, row in self._of(start)
                    for one in row
                )
                fixed = float(week.holds[size, end]) * float(hub.fetched[day])
                self._model.add_linear_constraint(
                    mathopt.fast_sum(kept[day] for kept in rows) == arriving + fixed
                )
        self._item_days = mathopt.fast_sum(parts)

    def _aim(self) -> None:
        driving = mathopt.fast_sum(self._cost.values())
        items = float(self.week.holds.sum())
        if self.goal.most_days is not None:
            self._model.add_linear_constraint(
                self._item_days <= self.goal.most_days * items + _SAFETY
            )
        if self.goal.most_sek is not None:
            self._model.add_linear_constraint(
                driving <= self.goal.most_sek - self.week.handling_sek + _SAFETY
            )
            aim = self._item_days * (1 / max(items, _SAFETY))
        else:
            aim = driving + self.week.handling_sek
        self._model.minimize(aim)
        # Kept below what is known already, so that hopeless branches of the search end early.
        self._interest = self._model.add_linear_constraint(
            expr=aim - (self.week.handling_sek if not self.goal.fewest_days else 0.0),
            ub=float("inf"),
        )
        self._shift = 0.0 if self.goal.fewest_days else self.week.handling_sek


def lacking(tour_calls: Sequence[float]) -> bool:
    """
    Tell whether a tour calls nowhere.

    Parameters
    ----------
    tour_calls
        How much each place is called at.

    Returns
    -------
    bool
        True when none is.
    """
    return max(tour_calls, default=0.0) <= _SAFETY

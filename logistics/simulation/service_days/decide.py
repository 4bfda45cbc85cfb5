"""Decide the service days of a scenario: days and vans, then hours, then what it all comes to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from logistics.errors import NoPlanError
from logistics.simulation.service_days.choose import GAP, Chosen, choose
from logistics.simulation.service_days.hours import TimedTour, spreads, timed
from logistics.simulation.service_days.model import Goal
from logistics.simulation.service_days.typical import typical_week
from logistics.simulation.service_days.week import tours_of
from logistics.units import SECONDS_PER_MINUTE, clock

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from logistics.simulation.scenario import Scenario
    from logistics.simulation.service_days.week import Week
    from logistics.simulation.setting import Setting

#: A budget that the hours exceed is cut and the days chosen anew, so often at most.
_MOST_TRIES: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """
    Service days with everything that follows from them.

    Attributes
    ----------
    chosen
        Days and vans with the proved bound.
    places
        Branches that were decided about.
    tours
        The week's tours with their hours.
    vans
        Number of vans it was decided for; None for those of the scenario.
    """

    chosen: Chosen
    places: tuple[str, ...]
    tours: tuple[TimedTour, ...]
    vans: int | None = None

    @property
    def driving_sek(self) -> float:
        """What the week's tours cost with regular hours."""
        return sum(tour.driving_sek for tour in self.tours)

    @property
    def gap(self) -> float:
        """By what part other days or hours could be better at most."""
        if self.chosen.goal.fewest_days:
            return self.chosen.gap
        return max(0.0, 1 - self.chosen.bound / self.driving_sek) if self.driving_sek else 0.0

    @property
    def days_of(self) -> dict[str, tuple[int, ...]]:
        """ISO weekdays by branch."""
        return dict(zip(self.places, self.chosen.choice.patterns, strict=True))

    def as_scenario(self, base: Scenario) -> Scenario:
        """
        Put the days into a scenario, so that a year of them can be simulated.

        Parameters
        ----------
        base
            The scenario that was decided for.

        Returns
        -------
        Scenario
            With the decided days and vans; branches that were not decided about keep theirs.
        """
        days = {**base.service_days, **self.days_of}
        changed = {
            "name": f"{base.name}-decided",
            "service_days": days,
            "title": "decided days",
            "vans": base.vans if self.vans is None else self.vans,
        }
        return base.model_copy(update=changed)

    def as_json(self) -> dict[str, Any]:
        """
        Write the decision down.

        Returns
        -------
        dict
            Cost, days, bound, and each tour with its clock times.
        """
        wide = spreads(self.tours)
        return {
            "driving_sek_a_week": round(self.driving_sek, 2),
            "days_to_reader": round(self.chosen.verdict.days, 3),
            "bound": round(self.chosen.bound, 4),
            "bound_of": "days to the reader" if self.chosen.goal.fewest_days else "SEK a week",
            "gap": round(self.gap, 4),
            "branches": {
                place: {
                    "weekdays": list(days),
                    "van": van + 1,
                    "spread_minutes": wide.get(place, 0) // SECONDS_PER_MINUTE,
                }
                for (place, days), van in zip(
                    self.days_of.items(), self.chosen.choice.van, strict=True
                )
            },
            "tours": [
                {
                    "van": tour.van + 1,
                    "weekday": tour.weekday,
                    "start": clock(tour.start),
                    "end": clock(tour.end),
                    "driving_sek": round(tour.driving_sek, 2),
                    "stops": [[place, clock(second)] for place, second in tour.stops],
                }
                for tour in self.tours
            ],
        }


def decide(
    setting: Setting,
    goal: Goal,
    *,
    least_days: Mapping[str, int] | None = None,
    vans: int | None = None,
    spread_minutes: int = 120,
    seconds: float = 120.0,
    gap: float = GAP,
    on_progress: Callable[[float | None, float], None] | None = None,
) -> Decision:
    """
    Decide which branches are served on which weekdays, with which van and when.

    Parameters
    ----------
    setting
        The scenario applied to the network.
    goal
        Least cost within days, or fewest days within a budget.
    least_days
        Days a week at least, by kind of branch or by branch.
    vans
        Number of vans; those of the scenario when None.
    spread_minutes
        How far apart the hours may lie at which a branch sees its van.
    seconds
        Time for the choice of days.
    gap
        Leave off once nothing can be better by more than this part.
    on_progress
        Told the best value so far and the bound.

    Returns
    -------
    Decision
        The decision.

    Raises
    ------
    NoPlanError
        No days keep the promise or the budget; or none was found in time.
    """
    week = typical_week(setting, least_days=least_days, vans=vans)
    tours = tours_of(week)
    windows = _windows(setting, week)
    first, within, left = None, goal, seconds
    for _ in range(_MOST_TRIES):
        # Windows and regular hours come on top of the tours' least cost, so money is set aside
        # for them where it is short; the bound is that of the whole budget.
        part = left / 2 if goal.fewest_days else left
        left -= part
        chosen = choose(week, within, tours=tours, seconds=part, gap=gap, on_progress=on_progress)
        first = first or chosen
        timetable = timed(week, chosen.choice, windows, spread_minutes=spread_minutes)
        decision = Decision(
            chosen=replace(chosen, goal=goal, bound=min(first.bound, chosen.value)),
            places=week.places,
            tours=tuple(timetable),
            vans=vans,
        )
        over = decision.driving_sek - (goal.most_sek or float("inf"))
        if over <= 0:
            return decision
        within = Goal(most_sek=(within.most_sek or 0.0) - over)
    raise NoPlanError(
        f"service days: with hours at most {spread_minutes} minutes apart no choice was found "
        f"within {goal.most_sek:.2f} SEK a week; allow a wider --spread, more money or time"
    )


def _windows(setting: Setting, week: Week) -> dict[tuple[str, int], tuple[int, int] | None]:
    monday = _working_week(setting)
    return {
        (place, day): setting.calendar.receiving_window(place, monday + timedelta(days=day - 1))
        for place in week.places
        for day in week.weekdays
    }


def _working_week(setting: Setting) -> date:
    """Find a Monday whose five days all have service, so that no holiday hides a window."""
    monday = setting.first + timedelta(days=-setting.first.weekday() % 7)
    for _ in range(53):
        if all(setting.calendar.is_service_day(monday + timedelta(days=n)) for n in range(5)):
            return monday
        monday += timedelta(days=7)
    return monday

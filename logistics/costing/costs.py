"""What a run, a day or a year costs, by cause, and per run, stop, kilometre, crate and item."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from logistics.units import hours, kilometres

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True, kw_only=True)
class CostBreakdown:
    """
    A cost by cause.

    Attributes
    ----------
    fixed_sek
        For using vehicles at all.
    stops_sek
        By the stop.
    distance_sek
        By the kilometre.
    time_sek
        By the paid hour.
    waiting_sek
        What readers' and books' waiting is worth; nobody is billed for it.
    """

    fixed_sek: float = 0.0
    stops_sek: float = 0.0
    distance_sek: float = 0.0
    time_sek: float = 0.0
    waiting_sek: float = 0.0

    @property
    def driving_sek(self) -> float:
        """What has to be paid: everything but waiting."""
        return self.fixed_sek + self.stops_sek + self.distance_sek + self.time_sek

    @property
    def total_sek(self) -> float:
        """What the planner minimises: driving and waiting."""
        return self.driving_sek + self.waiting_sek

    def __add__(self, other: CostBreakdown) -> CostBreakdown:
        return CostBreakdown(
            fixed_sek=self.fixed_sek + other.fixed_sek,
            stops_sek=self.stops_sek + other.stops_sek,
            distance_sek=self.distance_sek + other.distance_sek,
            time_sek=self.time_sek + other.time_sek,
            waiting_sek=self.waiting_sek + other.waiting_sek,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """
    What was done for a cost.

    Attributes
    ----------
    runs
        Number of runs.
    stops
        Number of stops.
    distance_metres
        Metres driven.
    paid_seconds
        Seconds paid.
    items
        Items delivered.
    crates
        Crates they filled.
    """

    runs: int = 0
    stops: int = 0
    distance_metres: int = 0
    paid_seconds: int = 0
    items: int = 0
    crates: int = 0

    def __add__(self, other: Activity) -> Activity:
        return Activity(
            runs=self.runs + other.runs,
            stops=self.stops + other.stops,
            distance_metres=self.distance_metres + other.distance_metres,
            paid_seconds=self.paid_seconds + other.paid_seconds,
            items=self.items + other.items,
            crates=self.crates + other.crates,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitCosts:
    """
    Driving cost per unit of what was done; None where nothing of it was done.

    Attributes
    ----------
    per_run
        SEK per run.
    per_stop
        SEK per stop.
    per_kilometre
        SEK per kilometre.
    per_crate
        SEK per crate.
    per_item
        SEK per item.
    """

    per_run: float | None
    per_stop: float | None
    per_kilometre: float | None
    per_crate: float | None
    per_item: float | None


class Priced(Protocol):
    """A vehicle's prices; those of the day problem and of the fleet's file can both answer."""

    @property
    def fixed_cost(self) -> float:
        """SEK for using it."""
        ...

    @property
    def cost_per_stop(self) -> float:
        """SEK per stop."""
        ...

    @property
    def cost_per_km(self) -> float:
        """SEK per kilometre."""
        ...

    @property
    def cost_per_hour(self) -> float:
        """SEK per paid hour."""
        ...


def run_cost(
    vehicle: Priced, *, stops: int, distance_metres: int, paid_seconds: int
) -> CostBreakdown:
    """
    Price one run.

    Parameters
    ----------
    vehicle
        The vehicle's prices.
    stops
        Number of stops.
    distance_metres
        Metres driven.
    paid_seconds
        Seconds paid: the run's length without its break.

    Returns
    -------
    CostBreakdown
        Its driving cost, in SEK.
    """
    return CostBreakdown(
        fixed_sek=vehicle.fixed_cost,
        stops_sek=vehicle.cost_per_stop * stops,
        distance_sek=vehicle.cost_per_km * kilometres(distance_metres),
        time_sek=vehicle.cost_per_hour * hours(paid_seconds),
    )


class PlannedCost(Protocol):
    """The cost of a plan as the planner writes it; ``logistics.planning.plan.Cost`` is one."""

    @property
    def fixed(self) -> float:
        """SEK for used vehicles."""
        ...

    @property
    def stops(self) -> float:
        """SEK for stops."""
        ...

    @property
    def distance(self) -> float:
        """SEK for kilometres."""
        ...

    @property
    def time(self) -> float:
        """SEK for paid hours."""
        ...

    @property
    def delay(self) -> float:
        """SEK for items not delivered the same day."""
        ...


def plan_cost(cost: PlannedCost) -> CostBreakdown:
    """
    Take over what the planner says a plan costs.

    Parameters
    ----------
    cost
        The cost of a plan.

    Returns
    -------
    CostBreakdown
        The same, by cause.
    """
    return CostBreakdown(
        fixed_sek=cost.fixed,
        stops_sek=cost.stops,
        distance_sek=cost.distance,
        time_sek=cost.time,
        waiting_sek=cost.delay,
    )


def total(costs: Iterable[CostBreakdown]) -> CostBreakdown:
    """
    Add costs up.

    Parameters
    ----------
    costs
        Costs of runs, days or parts.

    Returns
    -------
    CostBreakdown
        Their sum; nothing costs nothing.
    """
    return sum(costs, CostBreakdown())


def unit_costs(cost: CostBreakdown, activity: Activity) -> UnitCosts:
    """
    Divide the driving cost by what was done.

    Parameters
    ----------
    cost
        The cost.
    activity
        What was done for it.

    Returns
    -------
    UnitCosts
        SEK per unit.
    """

    def per(count: float) -> float | None:
        return cost.driving_sek / count if count else None

    return UnitCosts(
        per_run=per(activity.runs),
        per_stop=per(activity.stops),
        per_kilometre=per(kilometres(activity.distance_metres)),
        per_crate=per(activity.crates),
        per_item=per(activity.items),
    )

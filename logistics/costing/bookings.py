"""What was driven, as it is booked when a day is closed; reports read nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from logistics.costing.costs import CostBreakdown
from logistics.errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class StopBooking:
    """
    One stop as it was served.

    Attributes
    ----------
    branch
        Branch.
    municipality
        Code of the municipality that pays for it.
    items_off
        Items put off.
    items_on
        Items taken.
    hub_metres
        Shortest road from the hub to the branch, metres; the share of emissions rests on it.
    """

    branch: str
    municipality: str
    items_off: int
    items_on: int
    hub_metres: int = 0

    def __post_init__(self) -> None:
        problems = [
            f"stop at {self.branch!r}: {name} is {getattr(self, name)}, expected 0 or more"
            for name in ("items_off", "items_on", "hub_metres")
            if getattr(self, name) < 0
        ]
        if problems:
            raise InputError(problems)

    @property
    def items(self) -> int:
        """Items put off and taken."""
        return self.items_off + self.items_on


@dataclass(frozen=True, slots=True, kw_only=True)
class RunBooking:
    """
    One run as it was driven.

    Attributes
    ----------
    day
        Service day.
    run
        Number of the run within the day.
    vehicle
        Identifier of the vehicle.
    stops
        Stops that were served, in order.
    distance_metres
        Metres driven.
    paid_seconds
        Seconds paid.
    cost
        What it cost; waiting is booked with the day, not with a run.
    energy
        What the vehicle runs on.
    energy_units
        Litres or kilowatt-hours used.
    co2e_grams
        Grams of CO2 equivalents, None where no factor was known.
    """

    day: date
    run: int
    vehicle: str
    stops: tuple[StopBooking, ...]
    distance_metres: int
    paid_seconds: int
    cost: CostBreakdown
    energy: str
    energy_units: float
    co2e_grams: float | None = None

    @property
    def items(self) -> int:
        """Items put off and taken on the run; an item that rides direct counts at both ends."""
        return sum(stop.items for stop in self.stops)

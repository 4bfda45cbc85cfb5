"""The vehicles runs are driven with, and what driving them costs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from logistics.errors import InputError
from logistics.network.branches import Confidence
from logistics.units import SECONDS_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Iterator


class VehicleKind(StrEnum):
    """
    Who drives.

    Attributes
    ----------
    OWN
        A van of the cooperation, paid by the kilometre and the hour.
    CARRIER
        A contracted carrier, paid by the stop or the run.
    """

    OWN = "own"
    CARRIER = "carrier"


class Energy(StrEnum):
    """
    What a vehicle runs on.

    Attributes
    ----------
    DIESEL
        Diesel with the reduction duty's share of renewables, litres.
    HVO
        Hydrogenated vegetable oil, litres.
    ELECTRIC
        Electricity, kilowatt-hours.
    """

    DIESEL = "diesel"
    HVO = "hvo"
    ELECTRIC = "electric"


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleRecord:
    """
    A vehicle of the fleet.

    Attributes
    ----------
    id
        Short name, as ``van-1``.
    name
        Name people use.
    kind
        Who drives.
    depot
        Hub where its runs start and end; None for whichever hub is in use.
    capacity_crates
        Crates it holds.
    items_per_crate
        Items in a full crate.
    shift_start
        First second it may leave, seconds since local midnight.
    shift_end
        Last second it may be back, seconds since local midnight.
    max_hours
        Longest run in hours, break included.
    fixed_cost_sek
        SEK for each day it is used.
    cost_per_stop_sek
        SEK for each stop.
    cost_per_km_sek
        SEK for each kilometre.
    cost_per_hour_sek
        SEK for each paid hour.
    energy
        What it runs on.
    consumption_per_km
        Litres, or kilowatt-hours when electric, for each kilometre.
    max_runs
        Runs it may make on one day.
    turnaround_seconds
        Time at the hub between two runs.
    source
        Where the row comes from.
    confidence
        How sure it is.

    Raises
    ------
    InputError
        A text is blank, or a number is out of range.
    """

    id: str
    name: str
    kind: VehicleKind
    capacity_crates: int
    items_per_crate: int
    shift_start: int
    shift_end: int
    max_hours: float
    fixed_cost_sek: float
    cost_per_stop_sek: float
    cost_per_km_sek: float
    cost_per_hour_sek: float
    energy: Energy
    consumption_per_km: float
    depot: str | None = None
    max_runs: int = 1
    turnaround_seconds: int = 0
    source: str = ""
    confidence: Confidence = Confidence.LOW

    def __post_init__(self) -> None:
        problems = [f"vehicle {self.id!r}: {fault}" for fault in self._faults()]
        if problems:
            raise InputError(problems)

    @property
    def capacity_items(self) -> int:
        """The items it holds in full crates."""
        return self.capacity_crates * self.items_per_crate

    def _faults(self) -> Iterator[str]:
        for name in ("id", "name"):
            if not getattr(self, name).strip():
                yield f"{name} is blank, expected a text"
        for name in ("capacity_crates", "items_per_crate", "max_runs"):
            if getattr(self, name) < 1:
                yield f"{name} is {getattr(self, name)}, expected 1 or more"
        if not 0 <= self.shift_start < self.shift_end <= SECONDS_PER_DAY:
            yield (
                f"shift is [{self.shift_start}, {self.shift_end}], expected seconds since "
                f"midnight with 0 <= start < end <= {SECONDS_PER_DAY}"
            )
        if not 0 < self.max_hours <= 24:  # noqa: PLR2004
            yield f"max_hours is {self.max_hours}, expected more than 0 and at most 24"
        if self.turnaround_seconds < 0:
            yield f"turnaround_seconds is {self.turnaround_seconds}, expected 0 or more"
        for name in (
            "fixed_cost_sek",
            "cost_per_stop_sek",
            "cost_per_km_sek",
            "cost_per_hour_sek",
            "consumption_per_km",
        ):
            if not 0 <= getattr(self, name) < math.inf:
                yield f"{name} is {getattr(self, name)}, expected 0 or more"

"""Litres, kilowatt-hours and greenhouse gases of what was driven, by dated factors with a source.

Well to wheel, as ISO 14083:2023 and the GLEC framework v3 ask. A run's emissions are divided over
the whole round trip, the empty way back included: each stop's part is its shortest road from the
hub times the items loaded and unloaded there (the transport activity of ISO 14083, 6.3).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from logistics.csvfile import Column, read_records
from logistics.errors import InputError
from logistics.units import kilometres

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logistics.costing.bookings import RunBooking

#: The blend of fuels and the mix of power change from year to year.
FACTOR_GETS_OLD_AFTER: Final = timedelta(days=2 * 365)


@dataclass(frozen=True, slots=True, kw_only=True)
class EmissionFactor:
    """
    What one unit of energy emits, from a date onwards.

    Attributes
    ----------
    energy
        ``diesel``, ``hvo`` or ``electric``.
    unit
        ``litre`` or ``kilowatt-hour``.
    grams_co2e_per_unit
        Grams of CO2 equivalents per unit.
    valid_from
        First day it holds, which is also how old it is.
    scope
        ``well-to-wheel`` or ``tank-to-wheel``.
    source
        Who says so.
    confidence
        How sure it is: high, medium or low.

    Raises
    ------
    InputError
        The factor is negative.
    """

    energy: str
    unit: str
    grams_co2e_per_unit: float
    valid_from: date
    scope: str
    source: str
    confidence: str = "low"

    def __post_init__(self) -> None:
        if not 0 <= self.grams_co2e_per_unit < float("inf"):
            raise InputError(
                f"emission factor of {self.energy!r} from {self.valid_from}: "
                f"{self.grams_co2e_per_unit} g, expected 0 or more"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Emission:
    """
    What a distance used and emitted.

    Attributes
    ----------
    energy_units
        Litres or kilowatt-hours.
    factor
        The factor used, None where none was known.
    co2e_grams
        Grams of CO2 equivalents, None without a factor.
    caveats
        What a reader of the figure must know, one sentence each.
    """

    energy_units: float
    factor: EmissionFactor | None
    co2e_grams: float | None
    caveats: tuple[str, ...] = ()


_COLUMNS: Final = (
    Column(name="energy"),
    Column(name="unit"),
    Column(name="grams_co2e_per_unit", parse=float, expected="grams, 0 or more"),
    Column(name="valid_from", parse=date.fromisoformat, expected="a date, such as 2026-01-01"),
    Column(name="scope"),
    Column(name="source"),
    Column(name="confidence"),
)


def read_factors(data: bytes, name: str = "emission_factors.csv") -> list[EmissionFactor]:
    """
    Read dated emission factors.

    Parameters
    ----------
    data
        CSV with the columns of ``data/emission_factors.csv``.
    name
        What to call the file in faults.

    Returns
    -------
    list of EmissionFactor
        In the order of the file.

    Raises
    ------
    InputError
        With every fault, by line.
    """
    return read_records(data, name, _COLUMNS, EmissionFactor)


def factor_on(factors: Iterable[EmissionFactor], energy: str, day: date) -> EmissionFactor | None:
    """
    Find the factor that holds on a day.

    Parameters
    ----------
    factors
        Dated factors in any order.
    energy
        ``diesel``, ``hvo`` or ``electric``.
    day
        The day.

    Returns
    -------
    EmissionFactor or None
        The latest that is valid from that day or earlier.
    """
    held = [one for one in factors if one.energy == energy and one.valid_from <= day]
    return max(held, key=lambda one: one.valid_from, default=None)


def emission(
    distance_metres: int,
    energy: str,
    consumption_per_km: float,
    day: date,
    factors: Iterable[EmissionFactor],
) -> Emission:
    """
    Work out what a distance used and emitted.

    Parameters
    ----------
    distance_metres
        Metres driven.
    energy
        What the vehicle runs on.
    consumption_per_km
        Litres or kilowatt-hours per kilometre.
    day
        When it was driven.
    factors
        Dated factors.

    Returns
    -------
    Emission
        Energy and grams, with a caveat where the factor is missing or older than two years.
    """
    units = kilometres(distance_metres) * consumption_per_km
    factor = factor_on(factors, energy, day)
    if factor is None:
        caveat = f"no emission factor for {energy} holds on {day}, so its CO2e is not counted"
        return Emission(energy_units=units, factor=None, co2e_grams=None, caveats=(caveat,))
    caveats: tuple[str, ...] = ()
    if day - factor.valid_from > FACTOR_GETS_OLD_AFTER:
        caveats = (
            (
                f"the emission factor for {energy} is of {factor.valid_from}, more than two years "
                f"before {day}; add a newer one ({factor.source})"
            ),
        )
    return Emission(
        energy_units=units,
        factor=factor,
        co2e_grams=units * factor.grams_co2e_per_unit,
        caveats=caveats,
    )


def grams_by_municipality(runs: Iterable[RunBooking]) -> dict[str, float]:
    """
    Divide the emissions of runs over whole round trips among the municipalities served.

    A stop's part of a run is its shortest road from the hub times the items loaded and unloaded.
    Where nothing was loaded on a run, stops count by distance alone, and where no distance is
    known, alike.

    Parameters
    ----------
    runs
        Runs as driven; one without known emissions adds nothing.

    Returns
    -------
    dict
        Grams of CO2 equivalents by code of municipality; they sum to what the runs emitted.
    """
    grams: defaultdict[str, float] = defaultdict(float)
    for run in runs:
        if run.co2e_grams is None or not run.stops:
            continue
        weights = [stop.hub_metres * stop.items for stop in run.stops]
        if not sum(weights):
            weights = [stop.hub_metres for stop in run.stops]
        if not sum(weights):
            weights = [1 for _ in run.stops]
        for stop, weight in zip(run.stops, weights, strict=True):
            grams[stop.municipality] += run.co2e_grams * weight / sum(weights)
    return dict(grams)

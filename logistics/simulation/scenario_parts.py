"""The parts of a scenario file: weekdays, clock times, closures, branches that join, the fleet."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from logistics.units import parse_clock

WEEKDAYS: Final = {"mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6, "sun": 7}


def _weekdays(days: object) -> object:
    """Weekday names as ISO numbers; anything else is left to the type to refuse."""
    if not isinstance(days, list | tuple):
        return days
    return tuple(sorted(WEEKDAYS.get(day, day) if isinstance(day, str) else day for day in days))


def _clock(value: object) -> object:
    return parse_clock(value) if isinstance(value, str) else value


def as_tuple(value: object) -> object:
    """
    Turn a TOML array into a tuple.

    Parameters
    ----------
    value
        What stands in the file.

    Returns
    -------
    object
        A tuple of a list, anything else as it is, for its type to refuse.
    """
    return tuple(value) if isinstance(value, list) else value


Weekday = Annotated[int, Field(ge=1, le=7)]
Weekdays = Annotated[tuple[Weekday, ...], BeforeValidator(_weekdays), Field(min_length=1)]
Clock = Annotated[int, BeforeValidator(_clock), Field(ge=0, le=86_400)]
Hours = Annotated[float, Field(gt=0, le=24)]
Sek = Annotated[float, Field(ge=0)]
Texts = Annotated[tuple[str, ...], BeforeValidator(as_tuple)]


class Strict(BaseModel):
    """A part of a scenario file: every key and kind of value that is not known is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Closure(Strict):
    """
    A branch that closes for a while in the scenario.

    Attributes
    ----------
    branch
        Identifier of the branch.
    first, last
        First and last day it is closed.
    """

    branch: str
    first: date
    last: date


class NewBranch(Strict):
    """
    A branch that joins the cooperation in the scenario.

    Attributes
    ----------
    id
        Short name in lower case.
    municipality
        Four-digit code of its municipality, which may be new.
    kind
        What kind of service point it is: ``main``, ``branch`` or ``depot``.
    latitude, longitude
        Where it is; it is put on the nearest road.
    inhabitants
        Inhabitants it serves.
    weekdays
        When a van may call, unless ``service_days`` says otherwise.
    """

    id: Annotated[str, Field(min_length=1, max_length=60)]
    municipality: Annotated[str, Field(pattern=r"^[0-9]{4}$")]
    kind: Literal["main", "branch", "depot"] = "main"
    latitude: float
    longitude: float
    inhabitants: Annotated[int, Field(ge=0)]
    weekdays: Weekdays = (1, 2, 3, 4, 5)


class Van(Strict):
    """
    Vans of one kind in the scenario's fleet.

    Attributes
    ----------
    like
        Vehicle of the network that they are like in all that is not said; None for the first.
    number
        How many.
    capacity_crates
        Crates one holds.
    energy
        What it runs on: ``diesel``, ``hvo`` or ``electric``.
    consumption_per_km
        Litres or kilowatt-hours for each kilometre.
    fixed_cost_sek
        SEK for each day it is used.
    cost_per_km_sek, cost_per_hour_sek
        SEK for each kilometre and paid hour.
    cost_per_stop_sek
        A carrier's price for each stop; what is not said besides is then free.
    shift_start, shift_end
        Seconds since midnight.
    max_hours
        Longest run in hours.
    """

    like: str | None = None
    number: Annotated[int, Field(ge=1, le=100)] = 1
    capacity_crates: Annotated[int, Field(ge=1)] | None = None
    energy: Literal["diesel", "hvo", "electric"] | None = None
    consumption_per_km: Sek | None = None
    fixed_cost_sek: Sek | None = None
    cost_per_km_sek: Sek | None = None
    cost_per_hour_sek: Sek | None = None
    cost_per_stop_sek: Sek | None = None
    shift_start: Clock | None = None
    shift_end: Clock | None = None
    max_hours: Hours | None = None

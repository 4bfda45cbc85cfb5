"""The places a van calls at, and the municipalities that own them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from logistics.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

# Shipments and bundles join identifiers with > and :, so none may stand in one.
_ID: Final = re.compile(r"\w[\w.-]{0,59}")


class Confidence(StrEnum):
    """
    How sure a row of data is.

    Attributes
    ----------
    HIGH
        A source names exactly this.
    MEDIUM
        A source names it, with a doubt that the row states.
    LOW
        An estimate, or a source that may be out of date.
    """

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class CoordinateQuality(StrEnum):
    """
    What a coordinate points at.

    Attributes
    ----------
    DOOR
        The door the van stops at.
    ADDRESS
        The street address.
    LOCALITY
        The middle of the town or village, up to a kilometre from the door.
    """

    DOOR = "door"
    ADDRESS = "address"
    LOCALITY = "locality"


class BranchKind(StrEnum):
    """
    What kind of service point a branch is.

    Attributes
    ----------
    MAIN
        Main library of a municipality.
    BRANCH
        Branch library.
    BOOKBUS
        Home base of a book bus.
    DEPOT
        A shelf of books in a village, without staff.
    TERMINAL
        A place where runs start and end that serves no reader of the cooperation.
    """

    MAIN = "main"
    BRANCH = "branch"
    BOOKBUS = "bookbus"
    DEPOT = "depot"
    TERMINAL = "terminal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Municipality:
    """
    A municipality, which owns branches and pays a share.

    Attributes
    ----------
    code
        Statistics Sweden's four-digit code, as ``1885``.
    name
        Name in Swedish.
    population
        Inhabitants on ``population_date``.
    population_date
        Day the population was counted.
    area_square_kilometres
        Area, for density only.
    source
        Where the row comes from.
    confidence
        How sure it is.

    Raises
    ------
    InputError
        The code is not four digits, the name is blank, or a number is not positive.
    """

    code: str
    name: str
    population: int
    population_date: date
    area_square_kilometres: float
    source: str
    confidence: Confidence

    def __post_init__(self) -> None:
        problems = [f"municipality {self.code!r}: {fault}" for fault in self._faults()]
        if problems:
            raise InputError(problems)

    def _faults(self) -> Iterator[str]:
        if not (self.code.isascii() and self.code.isdigit() and len(self.code) == 4):  # noqa: PLR2004
            yield f"code is {self.code!r}, expected four digits such as 1885"
        if not self.name.strip():
            yield "name is blank, expected the municipality's name"
        if self.population <= 0:
            yield f"population is {self.population}, expected 1 or more"
        if not 0 < self.area_square_kilometres < math.inf:
            yield f"area_square_kilometres is {self.area_square_kilometres}, expected more than 0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """
    A library service point, or the terminal where runs start and end.

    Attributes
    ----------
    id
        Short name in lower case, as ``nora``; used everywhere.
    name
        Name as readers know it.
    municipality
        Code of the municipality that owns it; blank for a terminal outside the cooperation.
    kind
        What kind of service point it is.
    street_address
        Street and number, blank where unknown.
    postal_code
        As ``713 80``, blank where unknown.
    locality
        Town or village.
    latitude
        WGS 84 decimal degrees.
    longitude
        WGS 84 decimal degrees.
    coordinate_quality
        What the coordinate points at.
    road_node
        Node of the road graph where it stands.
    inhabitants
        Inhabitants it serves; an estimate, for making demand only.
    stop_seconds
        Time of a stop before any item is handled; None for the rate's own.
    receiving_hours
        When it receives, in OpenStreetMap's opening_hours syntax; None for any time.
    self_service_hours
        When readers with a key card come in, same syntax; None where unknown.
    service_days
        ISO weekdays, 1 to 7, of all its service patterns; filled from the service calendar.
    is_hub
        Whether runs start and end here.
    hours_source
        Where the hours come from.
    hours_confidence
        How sure the hours are.
    source
        Where the row comes from.
    confidence
        How sure it is that the place exists as described.

    Raises
    ------
    InputError
        A text is blank, the position is not on Earth, or a number is negative.
    """

    id: str
    name: str
    municipality: str
    kind: BranchKind
    locality: str
    latitude: float
    longitude: float
    road_node: str
    source: str
    confidence: Confidence
    street_address: str = ""
    postal_code: str = ""
    coordinate_quality: CoordinateQuality = CoordinateQuality.LOCALITY
    inhabitants: int = 0
    stop_seconds: int | None = None
    receiving_hours: str | None = None
    self_service_hours: str | None = None
    service_days: tuple[int, ...] = ()
    is_hub: bool = False
    hours_source: str = ""
    hours_confidence: Confidence = Confidence.LOW

    def __post_init__(self) -> None:
        problems = [f"branch {self.id!r}: {fault}" for fault in self._faults()]
        if problems:
            raise InputError(problems)

    @property
    def position(self) -> tuple[float, float]:
        """Latitude and longitude, WGS 84 decimal degrees."""
        return self.latitude, self.longitude

    @property
    def address(self) -> str:
        """Street, postal code and locality in one line, as far as they are known."""
        place = " ".join(part for part in (self.postal_code, self.locality) if part)
        return ", ".join(part for part in (self.street_address, place) if part)

    def _faults(self) -> Iterator[str]:
        if not _ID.fullmatch(self.id):
            yield f"id is {self.id!r}, expected up to 60 letters, digits, hyphens, dots"
        for name in ("name", "locality", "road_node"):
            if not getattr(self, name).strip():
                yield f"{name} is blank, expected a text"
        if not self.municipality and self.kind is not BranchKind.TERMINAL:
            yield "municipality is blank, expected the code of its owner"
        yield from position_faults(self.latitude, self.longitude)
        for name in ("inhabitants", "stop_seconds"):
            value = getattr(self, name)
            if value is not None and value < 0:
                yield f"{name} is {value}, expected 0 or more"
        if any(not 1 <= day <= 7 for day in self.service_days):  # noqa: PLR2004
            yield f"service_days are {self.service_days}, expected ISO weekdays 1 to 7"


def position_faults(latitude: float, longitude: float) -> Iterator[str]:
    """
    Say what is wrong with a position.

    Parameters
    ----------
    latitude
        WGS 84 decimal degrees.
    longitude
        WGS 84 decimal degrees.

    Yields
    ------
    str
        One sentence; nothing when the position is on Earth.
    """
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):  # noqa: PLR2004
        yield (
            f"position ({latitude}, {longitude}) is not on Earth, expected latitude -90 to 90 "
            "and longitude -180 to 180; are they swapped?"
        )

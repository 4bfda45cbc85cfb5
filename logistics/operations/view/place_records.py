"""Places and the map under them as people see them, as plain records."""

from __future__ import annotations

from dataclasses import dataclass

Point = tuple[float, float]
"""Latitude and longitude, WGS 84 degrees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceView:
    """
    A branch or the hub as it is shown.

    Attributes
    ----------
    id
        Branch id.
    name
        Name for people: "Nora bibliotek".
    short_name
        What stands on a label or beside a dot: "Nora".
    municipality
        Name of the municipality; empty where it is not known.
    point
        Latitude and longitude.
    address
        Street, postal code and locality in one line; empty where it is not known.
    certain
        Whether address and position are confirmed.
    """

    id: str
    name: str
    short_name: str
    point: Point
    municipality: str = ""
    address: str = ""
    certain: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadView:
    """
    A road of the base map.

    Attributes
    ----------
    line
        Its points.
    road
        Its number or name: "Rv 50".
    rank
        1 motorway and trunk, 2 county road, 3 local.
    certain
        Whether length and way are confirmed.
    closed
        Whether it is closed on the day.
    """

    line: tuple[Point, ...]
    road: str = ""
    rank: int = 3
    certain: bool = True
    closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TownView:
    """
    A town name of the base map.

    Attributes
    ----------
    name
        The name.
    point
        Where it stands.
    rank
        1 town, 2 village, 3 smaller.
    """

    name: str
    point: Point
    rank: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class BorderView:
    """
    The border of a municipality.

    Attributes
    ----------
    name
        The municipality.
    rings
        Closed rings of points.
    member
        Whether it belongs to the cooperation.
    """

    name: str
    rings: tuple[tuple[Point, ...], ...]
    member: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseMapView:
    """
    What lies under the runs: our own roads, names and borders.

    Attributes
    ----------
    roads, towns, borders
        The layers, drawn borders first.
    sources
        Whom to thank, one sentence each, as data.
    """

    roads: tuple[RoadView, ...] = ()
    towns: tuple[TownView, ...] = ()
    borders: tuple[BorderView, ...] = ()
    sources: tuple[str, ...] = ()

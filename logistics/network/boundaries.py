"""Municipal borders, read from GeoJSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from logistics.errors import InputError
from logistics.network.branches import position_faults
from logistics.network.road_records import Position

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True, kw_only=True)
class Boundary:
    """
    The border of a municipality, for maps.

    Attributes
    ----------
    code
        Statistics Sweden's four-digit code.
    name
        Name in Swedish.
    member
        Whether it belongs to the cooperation.
    rings
        Closed lines of latitudes and longitudes, outlines and holes alike.
    """

    code: str
    name: str
    member: bool
    rings: tuple[tuple[Position, ...], ...]


def read_boundaries(data: bytes, name: str = "municipal_borders.geojson") -> list[Boundary]:
    """
    Read municipal borders.

    Parameters
    ----------
    data
        A GeoJSON FeatureCollection of polygons, each with the properties code, name and member.
    name
        What to call it in faults.

    Returns
    -------
    list of Boundary
        One a feature.

    Raises
    ------
    InputError
        With every fault, by feature.
    """
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise InputError(f"{name}: {error}, expected GeoJSON in UTF-8") from error
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list):
        raise InputError(f"{name}: no list of features, expected a GeoJSON FeatureCollection")
    problems: list[str] = []
    boundaries = []
    for number, feature in enumerate(features, start=1):
        try:
            boundaries.append(_boundary(feature))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            problems.append(
                f"{name} feature {number}: {_told(error)}, expected a Polygon or MultiPolygon of "
                "longitude, latitude with the properties code, name and member"
            )
    if problems:
        raise InputError(problems)
    return boundaries


def _boundary(feature: dict[str, Any]) -> Boundary:
    properties, shape = feature["properties"], feature["geometry"]
    polygons = {"Polygon": [shape["coordinates"]], "MultiPolygon": shape["coordinates"]}
    rings = tuple(
        tuple(_positions(ring)) for polygon in polygons[shape["type"]] for ring in polygon
    )
    return Boundary(
        code=str(properties["code"]),
        name=str(properties["name"]),
        member=bool(properties["member"]),
        rings=rings,
    )


def _positions(ring: list[list[float]]) -> Iterator[Position]:
    for longitude, latitude, *_ in ring:
        faults = list(position_faults(latitude, longitude))
        if faults:
            raise ValueError(faults[0])
        yield float(latitude), float(longitude)


def _told(error: Exception) -> str:
    return f"{error.args[0]!r} is missing" if isinstance(error, KeyError) else str(error)

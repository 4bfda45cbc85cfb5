"""Nodes and stretches of road, and the estimates at both ends of a road."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from geopy.distance import geodesic

from logistics.errors import InputError
from logistics.network.branches import Confidence, position_faults
from logistics.units import METRES_PER_KILOMETRE, SECONDS_PER_HOUR

if TYPE_CHECKING:
    from collections.abc import Iterator

Position = tuple[float, float]

#: A road from a node to a door is longer than the straight line by this factor, and slow.
CONNECTOR_CIRCUITY: Final = 1.3
CONNECTOR_KILOMETRES_PER_HOUR: Final = 30.0
FASTEST_KILOMETRES_PER_HOUR: Final = 130.0

# Coordinates rounded to arc minutes make short roads look up to this much too short.
_STRAIGHT_LINE_TOLERANCE: Final = 0.98


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadNode:
    """
    A town or junction of the road graph.

    Attributes
    ----------
    id
        Short name, as ``jn_hovsta``.
    name
        Name for people.
    latitude
        WGS 84 decimal degrees.
    longitude
        WGS 84 decimal degrees.
    kind
        ``town`` or ``junction``; towns are named on maps.
    municipality
        Code of the municipality it lies in, blank on a border.
    source
        Where it comes from.
    confidence
        How sure it is.

    Raises
    ------
    InputError
        The position is not on Earth.
    """

    id: str
    name: str
    latitude: float
    longitude: float
    kind: str = "town"
    municipality: str = ""
    source: str = ""
    confidence: Confidence = Confidence.LOW

    def __post_init__(self) -> None:
        problems = list(position_faults(self.latitude, self.longitude))
        if problems:
            raise InputError(f"road node {self.id!r}: {fault}" for fault in problems)

    @property
    def position(self) -> Position:
        """Latitude and longitude, WGS 84 decimal degrees."""
        return self.latitude, self.longitude


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadEdge:
    """
    A stretch of road between two nodes, driven both ways.

    Attributes
    ----------
    from_node
        One end.
    to_node
        The other end.
    road
        Road number, or ``local``.
    length_metres
        Length along the road.
    speed_kilometres_per_hour
        Typical speed of a van, not the limit.
    geometry
        Positions between the ends to draw it along, from ``from_node`` on.
    source
        Where it comes from.
    confidence
        How sure it is.

    Raises
    ------
    InputError
        The ends are one node, the length is not positive, or the speed is not that of a van.
    """

    from_node: str
    to_node: str
    road: str
    length_metres: int
    speed_kilometres_per_hour: float
    geometry: tuple[Position, ...] = ()
    source: str = ""
    confidence: Confidence = Confidence.LOW

    def __post_init__(self) -> None:
        problems = [f"road {self.name}: {fault}" for fault in self._faults()]
        if problems:
            raise InputError(problems)

    @property
    def name(self) -> str:
        """Both ends and the road number, as messages name it."""
        return f"{self.from_node!r} to {self.to_node!r} ({self.road})"

    @property
    def travel_seconds(self) -> float:
        """Driving time in seconds, not rounded."""
        metres_per_hour = self.speed_kilometres_per_hour * METRES_PER_KILOMETRE
        return self.length_metres * SECONDS_PER_HOUR / metres_per_hour

    def shortness(self, start: RoadNode, end: RoadNode) -> list[str]:
        """
        Say when the road is shorter than the straight line between its ends.

        Parameters
        ----------
        start
            The node at one end.
        end
            The node at the other end.

        Returns
        -------
        list of str
            One sentence, or none.
        """
        straight = straight_metres(start.position, end.position)
        if self.length_metres >= _STRAIGHT_LINE_TOLERANCE * straight:
            return []
        return [
            (
                f"road {self.name}: length_metres is {self.length_metres}, but its ends lie "
                f"{straight:.0f} m apart; check the length and both positions"
            )
        ]

    def _faults(self) -> Iterator[str]:
        if self.from_node == self.to_node:
            yield "it leads from a node to itself, expected two nodes"
        if not 0 < self.length_metres < math.inf:
            yield f"length_metres is {self.length_metres}, expected 1 or more"
        if not 0 < self.speed_kilometres_per_hour <= FASTEST_KILOMETRES_PER_HOUR:
            yield (
                f"speed_kilometres_per_hour is {self.speed_kilometres_per_hour:g}, expected more "
                f"than 0 and at most {FASTEST_KILOMETRES_PER_HOUR:g}"
            )
        for position in self.geometry:
            yield from position_faults(*position)


def connector(door: Position, node: Position) -> tuple[float, float]:
    """
    Estimate the way from a door to its road node.

    Parameters
    ----------
    door
        Latitude and longitude of the branch.
    node
        Latitude and longitude of the node.

    Returns
    -------
    tuple of float
        Metres and seconds.
    """
    metres = straight_metres(door, node) * CONNECTOR_CIRCUITY
    metres_per_hour = CONNECTOR_KILOMETRES_PER_HOUR * METRES_PER_KILOMETRE
    return metres, metres * SECONDS_PER_HOUR / metres_per_hour


def straight_metres(here: Position, there: Position) -> float:
    """
    Measure the straight line on the WGS 84 ellipsoid.

    Parameters
    ----------
    here
        Latitude and longitude.
    there
        Latitude and longitude.

    Returns
    -------
    float
        Metres.
    """
    return float(geodesic(here, there).meters)

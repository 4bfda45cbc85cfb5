"""What people see of the network: branches, hours, closures and roads, each with how sure it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from logistics.operations.view.place_records import BaseMapView, PlaceView


class Sureness(StrEnum):
    """How sure a fact is."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosureView:
    """
    Days on which a branch is closed.

    Attributes
    ----------
    first_day, last_day
        Both included.
    reason
        Why, as data; may be empty.
    """

    first_day: date
    last_day: date
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchView:
    """
    A branch of the network.

    Attributes
    ----------
    place
        Name, position, address.
    kind
        "main", "branch", "bookbus", "depot" or "terminal".
    weekdays
        ISO weekdays on which it is served, 1 is Monday.
    hours
        When it receives, as stored; empty for any time.
    served
        Whether it is served on the day of the view.
    next_service
        The next day it is served after that, when there is one.
    closures
        Closures that are not over, earliest first.
    sureness
        How sure it is that the place exists as described.
    source
        Who says so, as data.
    hours_sureness
        How sure the hours are.
    hours_source
        Who says so, as data.
    """

    place: PlaceView
    kind: str
    weekdays: tuple[int, ...]
    served: bool
    hours: str = ""
    next_service: date | None = None
    closures: tuple[ClosureView, ...] = ()
    sureness: Sureness = Sureness.LOW
    source: str = ""
    hours_sureness: Sureness = Sureness.LOW
    hours_source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadRowView:
    """
    A road of the network, as a row.

    Attributes
    ----------
    start, end
        Names of its ends, as data.
    road
        Its number or name, as data.
    length_metres
        Its length.
    speed_kilometres_per_hour
        Typical speed of a van.
    sureness
        How sure length and speed are.
    source
        Who says so, as data.
    """

    start: str
    end: str
    road: str
    length_metres: int
    speed_kilometres_per_hour: float
    sureness: Sureness = Sureness.LOW
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkView:
    """
    The network as it is on one day.

    Attributes
    ----------
    day
        The day.
    hub
        Where runs start and end.
    branches
        All branches but the hub, the unsure ones first.
    roads
        All roads, the unsure ones first.
    base_map
        What lies under the markers.
    """

    day: date
    hub: PlaceView
    branches: tuple[BranchView, ...]
    roads: tuple[RoadRowView, ...] = ()
    base_map: BaseMapView

"""What is uncertain about the network, and what a geocoder and an OSRM server say instead."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from logistics.errors import InputError, UnavailableError
from logistics.network.branches import BranchKind, Confidence, CoordinateQuality
from logistics.network.osrm import osrm_table
from logistics.network.road_records import straight_metres
from logistics.network.travel import road_graph_times

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from logistics.network.branches import Branch
    from logistics.network.geocode import Geocoder
    from logistics.network.network import Network
    from logistics.network.osrm import OsrmSettings
    from logistics.network.travel import TravelTimes

#: A way whose time differs by more than this part from the server's is worth a look.
TRAVEL_TOLERANCE: Final = 0.2


class Topic(StrEnum):
    """
    What a finding is about.

    Attributes
    ----------
    SERVICE
        A geocoder or server that could not be asked.
    BRANCH
        Whether a branch exists as described.
    POSITION
        Where its door is.
    HOURS
        When it receives.
    SERVICE_DAYS
        When it is served.
    ROAD
        Length and speed of a road.
    ROAD_NODE
        Where a node of the road graph is.
    TRAVEL
        Driving time between two branches.
    VEHICLE
        What a vehicle holds and costs.
    """

    SERVICE = "service"
    BRANCH = "branch"
    POSITION = "position"
    HOURS = "hours"
    SERVICE_DAYS = "service-days"
    ROAD = "road"
    ROAD_NODE = "road-node"
    TRAVEL = "travel"
    VEHICLE = "vehicle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """
    One thing that somebody should check.

    Attributes
    ----------
    topic
        What it is about.
    subject
        Identifier of the branch, vehicle or node, or both ends of a road or way.
    doubt
        What is uncertain, with the source of what is known.
    confidence
        How sure the data are.
    instead
        What the geocoder or server says; blank when it was not asked or agrees.
    difference_metres
        How far that is from the data; None when it was not asked.
    difference_seconds
        How much longer it takes than the data say; None when it was not asked.
    """

    topic: Topic
    subject: str
    doubt: str
    confidence: Confidence
    instead: str = ""
    difference_metres: int | None = None
    difference_seconds: int | None = None


def verify(
    network: Network,
    *,
    geocoder: Geocoder | None = None,
    osrm: OsrmSettings | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> list[Finding]:
    """
    List everything in the network that is uncertain.

    Parameters
    ----------
    network
        The network.
    geocoder
        Asked where each unsurveyed branch is; None asks nobody.
    osrm
        Server asked for every road and way between branches; None asks nobody.
    on_progress
        Called with the number of places asked for and their total.

    Returns
    -------
    list of Finding
        By topic, the least certain and farthest off first. A service that does not answer is a
        finding too.
    """
    findings = [
        *_positions(network, geocoder, on_progress),
        *_hours(network),
        *_roads(network, osrm),
        *_records(network),
    ]
    return sorted(findings, key=_rank)


def _rank(finding: Finding) -> tuple[int, int, int]:
    difference = finding.difference_seconds or finding.difference_metres or 0
    least_certain = -list(Confidence).index(finding.confidence)
    return list(Topic).index(finding.topic), least_certain, -abs(difference)


def _doubts(topic: Topic, rows: Iterable[tuple[str, str, Confidence]]) -> Iterator[Finding]:
    """Make findings of the rows, each a subject, a doubt and a confidence, that are not sure."""
    for subject, doubt, confidence in rows:
        if confidence is not Confidence.HIGH:
            yield Finding(topic=topic, subject=subject, doubt=doubt, confidence=confidence)


def _records(network: Network) -> Iterator[Finding]:
    yield from _doubts(
        Topic.BRANCH,
        (
            (one.id, f"does {one.name} exist as described? {one.source}", one.confidence)
            for one in network.branches
        ),
    )
    yield from _doubts(
        Topic.SERVICE_DAYS,
        (
            (one.branch, f"served on {one}? {one.source}", one.confidence)
            for one in network.calendar.patterns
        ),
    )
    yield from _doubts(
        Topic.ROAD_NODE,
        (
            (
                one.id,
                f"{one.name} at ({one.latitude:.5f}, {one.longitude:.5f})? {one.source}",
                one.confidence,
            )
            for one in network.roads.nodes
        ),
    )
    yield from _doubts(
        Topic.VEHICLE,
        (
            (one.id, f"capacity, hours and costs of {one.name}? {one.source}", one.confidence)
            for one in network.vehicles
        ),
    )


def _positions(
    network: Network,
    geocoder: Geocoder | None,
    on_progress: Callable[[int, int], None] | None,
) -> Iterator[Finding]:
    vague = [
        one for one in network.branches if one.coordinate_quality is not CoordinateQuality.DOOR
    ]
    for number, place in enumerate(vague, start=1):
        instead, metres = "", None
        if geocoder is not None:
            try:
                instead, metres = _asked(geocoder, place)
            except UnavailableError as error:
                geocoder = None
                yield _silent(error)
        if on_progress is not None:
            on_progress(number, len(vague))
        yield Finding(
            topic=Topic.POSITION,
            subject=place.id,
            doubt=f"position is that of the {place.coordinate_quality}: "
            f"{place.address or place.locality} ({place.latitude:.5f}, {place.longitude:.5f})",
            confidence=Confidence.LOW
            if place.coordinate_quality is CoordinateQuality.LOCALITY
            else Confidence.MEDIUM,
            instead=instead,
            difference_metres=metres,
        )


def _asked(geocoder: Geocoder, place: Branch) -> tuple[str, int | None]:
    # A library is found by its name where no street is known.
    query = place.address if place.street_address else f"{place.name}, {place.locality}"
    found = next(iter(geocoder.find(query)), None)
    if found is None:
        return f"finds nothing for {query!r}", None
    metres = round(straight_metres(place.position, found.position))
    where = f"{found.address} ({found.latitude:.5f}, {found.longitude:.5f})"
    return f"{where}, the {found.quality}", metres


def _hours(network: Network) -> Iterator[Finding]:
    receiving = [one for one in network.branches if one.kind is not BranchKind.TERMINAL]
    yield from _doubts(
        Topic.HOURS,
        (
            (one.id, f"receives {one.receiving_hours}? {one.hours_source}", one.hours_confidence)
            for one in receiving
            if one.receiving_hours is not None
        ),
    )
    unknown = "receiving hours are unknown; it is taken to receive at any time"
    yield from _doubts(
        Topic.HOURS,
        ((one.id, unknown, Confidence.LOW) for one in receiving if one.receiving_hours is None),
    )


def _roads(network: Network, osrm: OsrmSettings | None) -> Iterator[Finding]:
    nodes = {node.id: node.position for node in network.roads.nodes}
    measured: TravelTimes | None = None
    if osrm is not None:
        try:
            measured = osrm_table(nodes, osrm)
            yield from _ways(network, osrm)
        except (UnavailableError, InputError) as error:
            yield _silent(error)
    for edge in network.roads.edges:
        if edge.confidence is Confidence.HIGH and measured is None:
            continue
        instead, metres, seconds = "", None, None
        if measured is not None:
            their_metres, their_seconds = measured.between(edge.from_node, edge.to_node)
            metres = their_metres - edge.length_metres
            seconds = their_seconds - round(edge.travel_seconds)
            instead = f"{their_metres} m, {their_seconds} s"
        yield Finding(
            topic=Topic.ROAD,
            subject=f"{edge.from_node} - {edge.to_node}",
            doubt=f"{edge.road}: {edge.length_metres} m, {edge.travel_seconds:.0f} s at "
            f"{edge.speed_kilometres_per_hour:g} km/h? {edge.source}",
            confidence=edge.confidence,
            instead=instead,
            difference_metres=metres,
            difference_seconds=seconds,
        )


def _ways(network: Network, osrm: OsrmSettings) -> Iterator[Finding]:
    ours = road_graph_times(network, network.branch_ids)
    theirs = osrm_table({one.id: one.position for one in network.branches}, osrm)
    for row, start in enumerate(ours.ids):
        for column, end in enumerate(ours.ids):
            mine, other = ours.seconds[row][column], theirs.seconds[row][column]
            if abs(other - mine) > TRAVEL_TOLERANCE * max(mine, other):
                yield Finding(
                    topic=Topic.TRAVEL,
                    subject=f"{start} - {end}",
                    doubt=f"{ours.metres[row][column]} m, {mine} s along the road graph",
                    confidence=Confidence.LOW,
                    instead=f"{theirs.metres[row][column]} m, {other} s",
                    difference_metres=theirs.metres[row][column] - ours.metres[row][column],
                    difference_seconds=other - mine,
                )


def _silent(error: UnavailableError | InputError) -> Finding:
    return Finding(
        topic=Topic.SERVICE,
        subject="not checked",
        doubt="; ".join(error.problems),
        confidence=Confidence.LOW,
    )

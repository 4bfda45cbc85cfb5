"""Put a new branch on the road graph, and see what it does to travel."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from logistics.errors import InputError
from logistics.network.branches import Confidence, position_faults
from logistics.network.road_records import Position, RoadEdge, RoadNode, connector, straight_metres
from logistics.network.roads import RoadGraph

if TYPE_CHECKING:
    from logistics.network.branches import Branch
    from logistics.network.network import Network
    from logistics.network.travel import TravelTimes

#: A spot on a road this near to one of its ends is that end.
AT_THE_END_METRES: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadSpot:
    """
    The place on the road graph that is nearest to a position.

    Attributes
    ----------
    node
        The node it is; None when it lies on a road between two.
    edge
        The road it lies on; None when it is a node.
    share
        Part of the road from ``from_node`` up to it, between 0 and 1.
    position
        Latitude and longitude of the spot.
    metres
        Estimated way from the position to the spot.
    seconds
        Estimated time for it.
    """

    node: RoadNode | None
    edge: RoadEdge | None
    share: float
    position: Position
    metres: int
    seconds: int

    @property
    def name(self) -> str:
        """The node's name, or the road with its ends."""
        return self.node.name if self.node else f"road {self.edge.name if self.edge else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Detour:
    """
    What calling at a branch adds on the way between two others.

    Attributes
    ----------
    after
        Branch before it.
    before
        Branch behind it.
    metres
        Additional metres.
    seconds
        Additional seconds of driving.
    """

    after: str
    before: str
    metres: int
    seconds: int


def nearest_road(roads: RoadGraph, position: Position) -> RoadSpot:
    """
    Find the place on the road graph nearest to a position, such as a click on the map.

    Parameters
    ----------
    roads
        The road graph.
    position
        Latitude and longitude.

    Returns
    -------
    RoadSpot
        A node, or a spot on a road between two.

    Raises
    ------
    InputError
        The position is not on Earth, or the graph has no roads.
    """
    problems = list(position_faults(*position))
    if not roads.edges:
        problems.append("the road graph has no roads, expected one or more")
    if problems:
        raise InputError(problems)
    spots = ((_nearest_on(roads.line(edge), position), edge) for edge in roads.edges)
    (_, share, spot), edge = min(spots, key=lambda found: found[0][0])
    for node_id, end in ((edge.from_node, 0.0), (edge.to_node, 1.0)):
        if abs(share - end) * edge.length_metres <= AT_THE_END_METRES:
            node = roads.node(node_id)
            return _spot(position, node.position, node=node)
    return _spot(position, spot, edge=edge, share=share)


def connect(network: Network, branch: Branch) -> tuple[Branch, RoadGraph]:
    """
    Put a branch on the road graph where its position is nearest.

    Parameters
    ----------
    network
        The network.
    branch
        The branch; its ``road_node`` is chosen here.

    Returns
    -------
    tuple
        The branch with its node, and a new graph. Where it lies along a road, that road is cut in
        two by a node named after the branch, in proportion to its length.

    Raises
    ------
    InputError
        The branch is in the network already, or its position is not on Earth.
    """
    roads = network.roads
    spot = nearest_road(roads, branch.position)
    nodes, edges = list(roads.nodes), list(roads.edges)
    if spot.node is not None:
        placed = replace(branch, road_node=spot.node.id)
    else:
        node = _junction(branch, spot)
        nodes.append(node)
        edges = [part for edge in edges for part in _cut(roads, edge, spot, node)]
        placed = replace(branch, road_node=node.id)
    return placed, RoadGraph(nodes, edges, [*roads.branches, placed])


def best_detours(times: TravelTimes, branch_id: str, *, limit: int = 5) -> list[Detour]:
    """
    Find where on a run a branch fits in best.

    Parameters
    ----------
    times
        Travel times with the branch among the places.
    branch_id
        The branch.
    limit
        How many to give.

    Returns
    -------
    list of Detour
        Between which two other places it adds least driving time, the least first.

    Raises
    ------
    NotFoundError
        The branch has no travel times.
    """
    detours = []
    for after in times.ids:
        for before in times.ids:
            if len({after, before, branch_id}) == 3:  # noqa: PLR2004
                there, on = times.between(after, branch_id), times.between(branch_id, before)
                straight = times.between(after, before)
                detours.append(
                    Detour(
                        after=after,
                        before=before,
                        metres=there[0] + on[0] - straight[0],
                        seconds=there[1] + on[1] - straight[1],
                    )
                )
    return sorted(detours, key=lambda one: (one.seconds, one.metres))[:limit]


def changed_ways(before: TravelTimes, after: TravelTimes) -> list[tuple[str, str, int, int]]:
    """
    Compare travel before and after a change of the network.

    Parameters
    ----------
    before
        Travel times before.
    after
        Travel times after.

    Returns
    -------
    list of tuple
        Start, end, additional metres and additional seconds of every way between places of both
        that became different, the largest change of time first.
    """
    ways = []
    common = [place for place in before.ids if place in after.ids]
    for start in common:
        for end in common:
            old, new = before.between(start, end), after.between(start, end)
            if old != new:
                ways.append((start, end, new[0] - old[0], new[1] - old[1]))
    return sorted(ways, key=lambda way: (-abs(way[3]), -abs(way[2]), way[0], way[1]))


def _spot(
    door: Position,
    position: Position,
    *,
    node: RoadNode | None = None,
    edge: RoadEdge | None = None,
    share: float = 0.0,
) -> RoadSpot:
    metres, seconds = connector(door, position)
    return RoadSpot(
        node=node,
        edge=edge,
        share=share,
        position=position,
        metres=round(metres),
        seconds=round(seconds),
    )


def _nearest_on(line: list[Position], position: Position) -> tuple[float, float, Position]:
    """Measure how far a line is, at which part of its length, and where."""
    lengths = [straight_metres(*ends) for ends in pairwise(line)]
    best = (math.inf, 0.0, line[0])
    passed = 0.0
    for (start, end), length in zip(pairwise(line), lengths, strict=True):
        part, spot = _foot(start, end, position)
        away = straight_metres(spot, position)
        if away < best[0]:
            best = away, (passed + part * length) / (sum(lengths) or 1.0), spot
        passed += length
    return best


def _foot(start: Position, end: Position, position: Position) -> tuple[float, Position]:
    # Over a few tens of kilometres the Earth is flat enough once longitudes are shortened.
    shrink = math.cos(math.radians(position[0]))
    along = end[0] - start[0], (end[1] - start[1]) * shrink
    towards = position[0] - start[0], (position[1] - start[1]) * shrink
    length = along[0] ** 2 + along[1] ** 2
    product = along[0] * towards[0] + along[1] * towards[1]
    part = min(max(product / length, 0.0), 1.0) if length else 0.0
    return part, (
        start[0] + part * (end[0] - start[0]),
        start[1] + part * (end[1] - start[1]),
    )


def _junction(branch: Branch, spot: RoadSpot) -> RoadNode:
    return RoadNode(
        id=f"jn_{branch.id}",
        name=f"{spot.name} vid {branch.locality}",
        latitude=round(spot.position[0], 6),
        longitude=round(spot.position[1], 6),
        kind="junction",
        source=f"nearest to {branch.name} on the drawn road",
        confidence=Confidence.LOW,
    )


def _cut(roads: RoadGraph, edge: RoadEdge, spot: RoadSpot, node: RoadNode) -> list[RoadEdge]:
    if edge is not spot.edge:
        return [edge]
    line = roads.line(edge)
    total = sum(straight_metres(*ends) for ends in pairwise(line))
    before, passed = [], 0.0
    for here, there in pairwise(line[:-1]):
        passed += straight_metres(here, there)
        if passed <= spot.share * total:
            before.append(there)
    first = round(edge.length_metres * spot.share)
    behind = edge.geometry[len(before) :]
    return [
        replace(edge, to_node=node.id, length_metres=first, geometry=tuple(before)),
        replace(
            edge,
            from_node=node.id,
            length_metres=edge.length_metres - first,
            geometry=behind,
        ),
    ]

"""The road graph: fastest ways between branches, and the lines to draw them along."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import networkx as nx

from logistics.errors import InputError, NotFoundError
from logistics.network.road_records import Position, RoadEdge, connector
from logistics.network.ways import FastestWays

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from logistics.network.branches import Branch
    from logistics.network.road_records import RoadNode


@dataclass(frozen=True, slots=True, kw_only=True)
class _Door:
    """Where a branch hangs on the graph, and the way from its door to the node."""

    node: str
    position: Position
    metres: float
    seconds: float


class RoadGraph:
    """
    Roads and the branches that stand beside them.

    Each branch hangs on its node by an explicit connector: the straight line times
    ``CONNECTOR_CIRCUITY`` at ``CONNECTOR_KILOMETRES_PER_HOUR``.

    Parameters
    ----------
    nodes
        Road nodes.
    edges
        Roads between them.
    branches
        Branches with the node they stand at.

    Raises
    ------
    InputError
        With every fault: a road or branch names an unknown node, a node or road stands twice, a
        road is shorter than the straight line, or parts of the graph do not hang together.
    """

    def __init__(
        self,
        nodes: Iterable[RoadNode],
        edges: Iterable[RoadEdge],
        branches: Iterable[Branch] = (),
    ) -> None:
        self.nodes = tuple(nodes)
        self.edges = tuple(edges)
        self.branches = tuple(branches)
        self._node_of = {node.id: node for node in self.nodes}
        self._graph: nx.Graph[str] = nx.Graph()
        self._doors: dict[str, _Door] = {}
        self._ways = FastestWays(self._graph)
        problems = [*self._add_nodes(), *self._add_edges(), *self._gaps()]
        for branch in self.branches:
            problems += self._add_branch(branch)
        if problems:
            raise InputError(problems)

    def node(self, node_id: str) -> RoadNode:
        """
        Find a node.

        Parameters
        ----------
        node_id
            Its identifier.

        Returns
        -------
        RoadNode
            The node.

        Raises
        ------
        NotFoundError
            There is no such node.
        """
        if node_id not in self._node_of:
            raise NotFoundError(f"road node {node_id!r} is not in the road graph")
        return self._node_of[node_id]

    def line(self, edge: RoadEdge) -> list[Position]:
        """
        Draw a road.

        Parameters
        ----------
        edge
            A road of this graph.

        Returns
        -------
        list of tuple
            Latitudes and longitudes from one end to the other.
        """
        ends = self.node(edge.from_node).position, self.node(edge.to_node).position
        return [ends[0], *edge.geometry, ends[1]]

    def polyline(self, from_branch: str, to_branch: str) -> list[Position]:
        """
        Draw the fastest way between two branches.

        Parameters
        ----------
        from_branch
            Branch where it starts.
        to_branch
            Branch where it ends.

        Returns
        -------
        list of tuple
            Latitudes and longitudes along the roads, no position twice running; one position where
            both branches stand at the same place.

        Raises
        ------
        NotFoundError
            A branch is not on the graph.
        """
        start, end = self._door(from_branch), self._door(to_branch)
        points, here = [start.position, self.node(start.node).position], start.node
        for edge in self.roads_between(from_branch, to_branch):
            forward = edge.from_node == here
            points += edge.geometry if forward else reversed(edge.geometry)
            here = edge.to_node if forward else edge.from_node
            points.append(self.node(here).position)
        points.append(end.position)
        if from_branch == to_branch:
            return [start.position]
        return [point for n, point in enumerate(points) if n == 0 or point != points[n - 1]]

    def roads_between(self, from_branch: str, to_branch: str) -> list[RoadEdge]:
        """
        List the roads of the fastest way between two branches.

        Parameters
        ----------
        from_branch
            Branch where it starts.
        to_branch
            Branch where it ends.

        Returns
        -------
        list of RoadEdge
            In the order driven, without the connectors.

        Raises
        ------
        NotFoundError
            A branch is not on the graph.
        """
        tree = self._ways.tree(self._door(from_branch).node)
        here, roads = self._door(to_branch).node, []
        while here in tree.arrival:
            here, edge = tree.arrival[here]
            roads.append(edge)
        return roads[::-1]

    def travel_from(self, branch_id: str, to: Sequence[str]) -> list[tuple[int, int]]:
        """
        Measure the fastest ways from one branch.

        Parameters
        ----------
        branch_id
            Branch where they start.
        to
            Branches where they end.

        Returns
        -------
        list of tuple
            Metres and seconds to each branch, rounded once, at the end.

        Raises
        ------
        NotFoundError
            A branch is not on the graph.
        """
        start = self._door(branch_id)
        tree = self._ways.tree(start.node)
        ways = []
        for other in to:
            end = self._door(other)
            metres = start.metres + tree.metres[end.node] + end.metres
            seconds = start.seconds + tree.seconds[end.node] + end.seconds
            ways.append((0, 0) if other == branch_id else (round(metres), round(seconds)))
        return ways

    def roads_from(self, branch_id: str, to: Iterable[str]) -> set[RoadEdge]:
        """
        Collect the roads of the fastest ways from one branch.

        Parameters
        ----------
        branch_id
            Branch where they start.
        to
            Branches where they end.

        Returns
        -------
        set of RoadEdge
            Each road that any of the ways takes, without the connectors.

        Raises
        ------
        NotFoundError
            A branch is not on the graph.
        """
        tree = self._ways.tree(self._door(branch_id).node)
        taken: set[RoadEdge] = set()
        seen: set[str] = set()
        for branch in to:
            here = self._door(branch).node
            while here in tree.arrival and here not in seen:
                seen.add(here)
                here, edge = tree.arrival[here]
                taken.add(edge)
        return taken

    def with_branch(self, branch: Branch) -> RoadGraph:
        """
        Make a graph with one more branch.

        Parameters
        ----------
        branch
            The branch, naming the node it stands at.

        Returns
        -------
        RoadGraph
            A new graph; this one stays as it is.

        Raises
        ------
        InputError
            The branch is there already or names an unknown node.
        """
        return RoadGraph(self.nodes, self.edges, [*self.branches, branch])

    def _door(self, branch_id: str) -> _Door:
        if branch_id not in self._doors:
            raise NotFoundError(f"branch {branch_id!r} is not on the road graph")
        return self._doors[branch_id]

    def _add_nodes(self) -> Iterator[str]:
        for node in self.nodes:
            if node.id in self._graph:
                yield f"road node {node.id!r}: it stands twice"
            self._graph.add_node(node.id)

    def _add_edges(self) -> Iterator[str]:
        for edge in self.edges:
            ends = edge.from_node, edge.to_node
            unknown = [end for end in ends if end not in self._node_of]
            for end in unknown:
                yield f"road {edge.name}: {end!r} is no road node"
            if unknown:
                continue
            if self._graph.has_edge(*ends):
                yield f"road {edge.name}: it stands twice; a second road needs a node of its own"
            yield from edge.shortness(*map(self.node, ends))
            self._graph.add_edge(*ends, seconds=edge.travel_seconds, edge=edge)

    def _gaps(self) -> Iterator[str]:
        parts = sorted(nx.connected_components(self._graph), key=len, reverse=True)
        for part in parts[1:]:
            names = ", ".join(map(repr, sorted(part)))
            yield f"road nodes {names}: no road leads there from the rest of the graph"

    def _add_branch(self, branch: Branch) -> Iterator[str]:
        node = self._node_of.get(branch.road_node)
        if branch.id in self._doors:
            yield f"branch {branch.id!r}: it stands twice"
        elif node is None:
            yield f"branch {branch.id!r}: road_node is {branch.road_node!r}, expected a road node"
        else:
            metres, seconds = connector(branch.position, node.position)
            self._doors[branch.id] = _Door(
                node=node.id, position=branch.position, metres=metres, seconds=seconds
            )

"""The road graph: fastest ways between branches, and the lines to draw them along."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import networkx as nx

from logistics.errors import InputError, NotFoundError
from logistics.network.road_records import connector

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from logistics.network.branches import Branch
    from logistics.network.road_records import Position, RoadEdge, RoadNode


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
        self._positions = {_key(node.id): node.position for node in self.nodes}
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
        path = self._path(self._branch_key(from_branch), self._branch_key(to_branch))
        points = [self._positions[path[0]]]
        for here, there in pairwise(path):
            edge: RoadEdge | None = self._graph.edges[here, there].get("edge")
            between = edge.geometry if edge else ()
            forward = edge is None or _key(edge.from_node) == here
            points += between if forward else reversed(between)
            points.append(self._positions[there])
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
        path = self._path(self._branch_key(from_branch), self._branch_key(to_branch))
        data = [self._graph.edges[ends] for ends in pairwise(path)]
        return [step["edge"] for step in data if "edge" in step]

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
        start = self._branch_key(branch_id)
        paths = nx.single_source_dijkstra_path(self._graph, start, weight="seconds")
        ways = [list(pairwise(paths[self._branch_key(branch)])) for branch in to]
        return [(self._total("metres", way), self._total("seconds", way)) for way in ways]

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

    def _branch_key(self, branch_id: str) -> str:
        key = _branch_key(branch_id)
        if key not in self._graph:
            raise NotFoundError(f"branch {branch_id!r} is not on the road graph")
        return key

    def _path(self, start: str, end: str) -> list[str]:
        path: list[str] = nx.dijkstra_path(self._graph, start, end, weight="seconds")
        return path

    def _total(self, name: str, way: Iterable[tuple[str, str]]) -> int:
        total: float = sum(self._graph.edges[ends][name] for ends in way)
        return round(total)

    def _add_nodes(self) -> Iterator[str]:
        for node in self.nodes:
            if _key(node.id) in self._graph:
                yield f"road node {node.id!r}: it stands twice"
            self._graph.add_node(_key(node.id))

    def _add_edges(self) -> Iterator[str]:
        for edge in self.edges:
            unknown = [end for end in (edge.from_node, edge.to_node) if end not in self._node_of]
            for end in unknown:
                yield f"road {edge.name}: {end!r} is no road node"
            if unknown:
                continue
            start, end = _key(edge.from_node), _key(edge.to_node)
            if self._graph.has_edge(start, end):
                yield f"road {edge.name}: it stands twice; a second road needs a node of its own"
            yield from edge.shortness(self.node(edge.from_node), self.node(edge.to_node))
            self._graph.add_edge(
                start, end, seconds=edge.travel_seconds, metres=edge.length_metres, edge=edge
            )

    def _gaps(self) -> Iterator[str]:
        parts = sorted(nx.connected_components(self._graph), key=len, reverse=True)
        for part in parts[1:]:
            names = ", ".join(repr(key.removeprefix("node:")) for key in sorted(part))
            yield f"road nodes {names}: no road leads there from the rest of the graph"

    def _add_branch(self, branch: Branch) -> Iterator[str]:
        key, node = _branch_key(branch.id), _key(branch.road_node)
        if key in self._graph:
            yield f"branch {branch.id!r}: it stands twice"
        elif branch.road_node not in self._node_of:
            yield f"branch {branch.id!r}: road_node is {branch.road_node!r}, expected a road node"
        else:
            self._positions[key] = branch.position
            metres, seconds = connector(branch.position, self._positions[node])
            self._graph.add_edge(key, node, seconds=seconds, metres=metres)


def _key(node_id: str) -> str:
    return f"node:{node_id}"


def _branch_key(branch_id: str) -> str:
    return f"branch:{branch_id}"

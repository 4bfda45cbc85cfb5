"""Trees of fastest ways through the road graph, grown once for each place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import networkx as nx

from logistics.network.road_records import RoadEdge

# A tree of a national graph takes megabytes; a cooperation's branches fit in so many.
TREES_KEPT: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """
    Fastest ways from one node to all others.

    Attributes
    ----------
    arrival
        For each node but the start, the node before it and the road that leads there.
    metres
        Distance to each node.
    seconds
        Driving time to each node, not rounded.
    """

    arrival: dict[str, tuple[str, RoadEdge]]
    metres: dict[str, float]
    seconds: dict[str, float]


class FastestWays:
    """
    The trees of a graph, the last ones kept.

    Parameters
    ----------
    graph
        Road nodes with edges that carry ``seconds`` and the road itself as ``edge``; it must not
        change once a tree is grown.
    """

    def __init__(self, graph: nx.Graph[str]) -> None:
        self._graph = graph
        self._trees: dict[str, Tree] = {}

    def tree(self, start: str) -> Tree:
        """
        Give the fastest ways from a node.

        Parameters
        ----------
        start
            The node.

        Returns
        -------
        Tree
            Ways to all nodes of the graph.
        """
        if start not in self._trees:
            if len(self._trees) >= TREES_KEPT:
                self._trees.pop(next(iter(self._trees)))
            self._trees[start] = self._grow(start)
        return self._trees[start]

    def _grow(self, start: str) -> Tree:
        before, seconds = nx.dijkstra_predecessor_and_distance(self._graph, start, weight="seconds")
        arrival: dict[str, tuple[str, RoadEdge]] = {}
        metres = {start: 0.0}
        # Nodes come in the order in which they were reached, so each after the one before it.
        for node in seconds:
            if node != start:
                last = before[node][0]
                edge: RoadEdge = self._graph.edges[last, node]["edge"]
                arrival[node] = last, edge
                metres[node] = metres[last] + edge.length_metres
        return Tree(arrival=arrival, metres=metres, seconds=seconds)

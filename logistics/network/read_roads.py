"""Read the files of the road graph: nodes and roads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from logistics.csvfile import read_records
from logistics.network.columns import COLUMNS
from logistics.network.road_records import RoadEdge, RoadNode
from logistics.network.rows import Once, checked, unknown

if TYPE_CHECKING:
    from collections.abc import Mapping


def read_road_nodes(data: bytes, name: str = "road_nodes.csv") -> list[RoadNode]:
    """
    Read towns and junctions.

    Parameters
    ----------
    data
        The CSV file.
    name
        What to call it in faults.

    Returns
    -------
    list of RoadNode
        One a row.

    Raises
    ------
    InputError
        With every fault, by line.
    """
    once = Once("road node")

    def build(**fields: Any) -> RoadNode:  # noqa: ANN401 (a row is read by heading)
        return checked(once.faults(fields["id"]), lambda: RoadNode(**fields))

    return read_records(data, name, COLUMNS["road_nodes.csv"], build)


def read_road_edges(
    data: bytes,
    name: str = "road_edges.csv",
    *,
    road_nodes: Mapping[str, RoadNode] | None = None,
) -> list[RoadEdge]:
    """
    Read roads.

    Parameters
    ----------
    data
        The CSV file.
    name
        What to call it in faults.
    road_nodes
        Road nodes by identifier; None accepts any.

    Returns
    -------
    list of RoadEdge
        One a row.

    Raises
    ------
    InputError
        With every fault, by line; a road shorter than the straight line between its ends too.
    """
    once = Once("road")

    def build(**fields: Any) -> RoadEdge:  # noqa: ANN401 (a row is read by heading)
        problems = [
            *once.faults(*sorted((fields["from"], fields["to"]))),
            *unknown("from", fields, road_nodes, "road_nodes.csv"),
            *unknown("to", fields, road_nodes, "road_nodes.csv"),
        ]
        ends = {"from_node": fields.pop("from"), "to_node": fields.pop("to")}
        edge = checked(problems, lambda: RoadEdge(**ends, **fields))
        if road_nodes is None:
            return edge
        shortness = edge.shortness(road_nodes[edge.from_node], road_nodes[edge.to_node])
        return checked(shortness, lambda: edge)

    return read_records(data, name, COLUMNS["road_edges.csv"], build)

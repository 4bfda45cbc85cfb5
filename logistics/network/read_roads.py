"""Read the files of the road graph: nodes and roads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from logistics.csvfile import read_records
from logistics.network.road_records import RoadEdge, RoadNode
from logistics.network.rows import Once, Reference, checked, columns_of

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
    return read_records(data, name, columns_of("road_nodes.csv", key="id"), RoadNode)


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
    columns = columns_of(
        "road_edges.csv",
        Reference(column="from", names=road_nodes, file="road_nodes.csv"),
        Reference(column="to", names=road_nodes, file="road_nodes.csv"),
    )
    once = Once("road")

    def build(**fields: Any) -> RoadEdge:  # noqa: ANN401 (a row is read by heading)
        start, end = fields.pop("from"), fields.pop("to")
        problems = once.faults(*sorted((start, end)))
        edge = checked(problems, lambda: RoadEdge(from_node=start, to_node=end, **fields))
        if road_nodes is None:
            return edge
        return checked(edge.shortness(road_nodes[start], road_nodes[end]), lambda: edge)

    return read_records(data, name, columns, build)

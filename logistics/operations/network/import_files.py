"""Bring one file of the network into the database, checked against what is there already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from logistics.network.branches import Branch
from logistics.network.read_places import read_branches
from logistics.network.read_roads import read_road_edges, read_road_nodes
from logistics.network.read_service import read_vehicles
from logistics.network.road_records import RoadNode
from logistics.network.roads import RoadGraph
from logistics.operations.network.import_network import (
    import_branches,
    import_roads,
    import_vehicles,
)
from logistics.storage.records import to_record
from logistics.storage.tables import BranchRow, DepotRow, MunicipalityRow, RoadNodeRow

if TYPE_CHECKING:
    from sqlmodel import Session


def import_branch_file(session: Session, data: bytes, name: str = "branches.csv") -> int:
    """
    Bring a file of branches in; those of the same identifier are replaced.

    Parameters
    ----------
    session
        The transaction.
    data
        The CSV file.
    name
        What to call it in faults.

    Returns
    -------
    int
        How many branches.

    Raises
    ------
    InputError
        With every fault, by line; municipalities and road nodes must be known.
    """
    nodes = [to_record(RoadNode, row) for row in session.scalars(select(RoadNodeRow))]
    branches = read_branches(
        data,
        name,
        municipalities=set(session.scalars(select(col(MunicipalityRow.code)))),
        road_nodes={node.id: node for node in nodes},
    )
    return import_branches(session, branches)


def import_vehicle_file(session: Session, data: bytes, name: str = "vehicles.csv") -> int:
    """
    Bring a file of vehicles in; those of the same identifier are replaced.

    Parameters
    ----------
    session
        The transaction.
    data
        The CSV file.
    name
        What to call it in faults.

    Returns
    -------
    int
        How many vehicles.

    Raises
    ------
    InputError
        With every fault, by line; depots must be known.
    """
    depots = set(session.scalars(select(col(DepotRow.id))))
    return import_vehicles(session, read_vehicles(data, name, depots=depots))


def import_road_files(
    session: Session,
    nodes: bytes,
    edges: bytes,
    *,
    nodes_name: str = "road_nodes.csv",
    edges_name: str = "road_edges.csv",
) -> int:
    """
    Replace the road graph by that of two files.

    Parameters
    ----------
    session
        The transaction.
    nodes
        The CSV file of nodes.
    edges
        The CSV file of roads.
    nodes_name
        What to call the first in faults.
    edges_name
        What to call the second in faults.

    Returns
    -------
    int
        How many roads.

    Raises
    ------
    InputError
        With every fault, by line; then every branch that the new roads do not reach.
    """
    new_nodes = read_road_nodes(nodes, nodes_name)
    by_id = {node.id: node for node in new_nodes}
    new_edges = read_road_edges(edges, edges_name, road_nodes=by_id)
    branches = [
        to_record(Branch, row, service_days=(), is_hub=False)
        for row in session.scalars(select(BranchRow).where(col(BranchRow.active).is_(True)))
    ]
    RoadGraph(new_nodes, new_edges, branches)
    return import_roads(session, new_nodes, new_edges)

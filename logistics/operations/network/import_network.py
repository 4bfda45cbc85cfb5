"""Bring the network into the database, whole or file by file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete

from logistics.costing.emissions import read_factors
from logistics.costing.rates import read_rates
from logistics.errors import InputError
from logistics.network.load import DATA_FOLDER, DataFiles
from logistics.network.load import load_network as load_files
from logistics.operations.network.move_hub import choose_hub, hub_of
from logistics.storage.records import columns_of, to_row
from logistics.storage.tables import (
    BoundaryRow,
    BranchCodeRow,
    BranchRow,
    ClosureRow,
    DepotRow,
    EmissionFactorRow,
    MunicipalityRow,
    RatesRow,
    RoadEdgeRow,
    RoadNodeRow,
    ServicePatternRow,
    VehicleRow,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from sqlmodel import Session, SQLModel

    from logistics.costing.rates import Rates
    from logistics.network.branches import Branch
    from logistics.network.network import Network
    from logistics.network.road_records import RoadEdge, RoadNode
    from logistics.network.vehicles import VehicleRecord


def import_folder(session: Session, folder: Path | None = None) -> dict[str, int]:
    """
    Bring a whole network with its rates and emission factors into the database.

    Records of the same identifier are replaced, others stay; roads, service patterns and closures
    are replaced as a whole. The hub is the file's the first time and then stays: ``move_hub``.

    Parameters
    ----------
    session
        The transaction.
    folder
        Folder with the files that ``data/README.md`` describes; None for the shipped network.

    Returns
    -------
    dict[str, int]
        Number of records by kind, such as ``{"branches": 20}``.

    Raises
    ------
    InputError
        With every fault of every file.
    """
    files = DataFiles(DATA_FOLDER if folder is None else folder)
    rates = files.read("rates.csv", read_rates)
    factors = files.read("emission_factors.csv", read_factors)
    try:
        network = load_files(folder)
    except InputError as error:
        raise InputError([*error.problems, *files.problems]) from error
    files.refuse()
    import_network(session, network)
    _keep_rates(session, rates or ())
    _replace_all(session, EmissionFactorRow, factors or ())
    return {
        "municipalities": len(network.municipalities),
        "branches": len(network.branches),
        "vehicles": len(network.vehicles),
        "roads": len(network.roads.edges),
        "service patterns": len(network.calendar.patterns),
        "closures": len(network.calendar.closures),
        "rates": len(rates or ()),
        "emission factors": len(factors or ()),
    }


def import_network(session: Session, network: Network) -> None:
    """
    Bring a network into the database.

    Parameters
    ----------
    session
        The transaction.
    network
        The network.
    """
    for municipality in network.municipalities:
        session.merge(to_row(MunicipalityRow, municipality))
    for boundary in network.boundaries:
        session.merge(to_row(BoundaryRow, boundary))
    session.flush()
    import_branches(session, [*network.branches, *_terminals(network)])
    if hub_of(session) is None:
        choose_hub(session, network.hub)
    for depot in network.depots:
        place = depot.branch or (depot.terminal.id if depot.terminal else depot.id)
        row = to_row(DepotRow, depot)
        row.branch = place
        session.merge(row)
    session.flush()
    import_vehicles(session, network.vehicles)
    import_roads(session, network.roads.nodes, network.roads.edges)
    _replace_all(session, ServicePatternRow, network.calendar.patterns)
    _replace_all(session, ClosureRow, network.calendar.closures)
    for code in network.branch_codes:
        session.merge(to_row(BranchCodeRow, code))
    session.flush()


def import_branches(session: Session, branches: Iterable[Branch]) -> int:
    """
    Bring branches into the database; those of the same identifier are replaced.

    Parameters
    ----------
    session
        The transaction.
    branches
        The branches; which one is the hub does not change.

    Returns
    -------
    int
        How many.
    """
    count = 0
    for branch in branches:
        known = session.get(BranchRow, branch.id)
        columns = columns_of(BranchRow, branch) | {"is_hub": bool(known and known.is_hub)}
        _put(session, BranchRow, known, columns)
        count += 1
    session.flush()
    return count


def import_vehicles(session: Session, vehicles: Iterable[VehicleRecord]) -> int:
    """
    Bring vehicles into the database; those of the same identifier are replaced.

    Parameters
    ----------
    session
        The transaction.
    vehicles
        The vehicles.

    Returns
    -------
    int
        How many.
    """
    count = 0
    for vehicle in vehicles:
        known = session.get(VehicleRow, vehicle.id)
        _put(session, VehicleRow, known, columns_of(VehicleRow, vehicle))
        count += 1
    session.flush()
    return count


def import_roads(session: Session, nodes: Sequence[RoadNode], edges: Sequence[RoadEdge]) -> int:
    """
    Replace the road graph.

    Parameters
    ----------
    session
        The transaction.
    nodes
        Towns and junctions.
    edges
        Roads between them.

    Returns
    -------
    int
        How many roads.
    """
    session.execute(delete(RoadEdgeRow))
    session.execute(delete(RoadNodeRow))
    session.add_all([to_row(RoadNodeRow, node) for node in nodes])
    session.flush()
    session.add_all([to_row(RoadEdgeRow, edge) for edge in edges])
    session.flush()
    return len(edges)


def import_rates(session: Session, data: bytes, name: str = "rates.csv") -> int:
    """
    Bring dated rates into the database.

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
        How many sets of rates.

    Raises
    ------
    InputError
        With every fault, by line.
    """
    rates = read_rates(data, name)
    _keep_rates(session, rates)
    return len(rates)


def import_factors(session: Session, data: bytes, name: str = "emission_factors.csv") -> int:
    """
    Bring dated emission factors into the database; they replace those there are.

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
        How many.

    Raises
    ------
    InputError
        With every fault, by line.
    """
    factors = read_factors(data, name)
    _replace_all(session, EmissionFactorRow, factors)
    return len(factors)


def _keep_rates(session: Session, rates: Iterable[Rates]) -> None:
    for one in rates:
        session.merge(to_row(RatesRow, one))
    session.flush()


def _terminals(network: Network) -> list[Branch]:
    inside = set(network.branch_ids)
    found = (depot.terminal for depot in network.depots)
    return [terminal for terminal in found if terminal and terminal.id not in inside]


def _put(
    session: Session, kind: type[SQLModel], known: SQLModel | None, columns: dict[str, Any]
) -> None:
    if known is None:
        session.add(kind(**columns))
        return
    for name, value in columns.items():
        setattr(known, name, value)


def _replace_all(session: Session, kind: type[SQLModel], records: Iterable[object]) -> None:
    session.execute(delete(kind))
    session.add_all([to_row(kind, record) for record in records])
    session.flush()

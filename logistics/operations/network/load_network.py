"""Read the network, rates and factors out of the database as records."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import select
from sqlmodel import SQLModel, col

from logistics.costing.emissions import EmissionFactor
from logistics.costing.rates import Rates
from logistics.errors import InputError
from logistics.network.boundaries import Boundary
from logistics.network.branches import Branch, BranchKind, Municipality
from logistics.network.network import (
    BranchCode,
    Depot,
    Network,
    NetworkRecords,
    build_network,
)
from logistics.network.patterns import Closure, ServicePattern
from logistics.network.road_records import RoadEdge, RoadNode
from logistics.network.vehicles import VehicleRecord
from logistics.storage.records import to_record
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
    table_of,
)

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlmodel import Session

Row = TypeVar("Row", bound=SQLModel)
Record = TypeVar("Record")


def read_network(session: Session) -> Network:
    """
    Read the network out of the database.

    Parameters
    ----------
    session
        A session.

    Returns
    -------
    Network
        The network as it stands now; branches and vehicles out of use are left out.

    Raises
    ------
    InputError
        No network was imported, or what is stored contradicts itself.
    """
    places = _all(session, BranchRow, col(BranchRow.active).is_(True))
    hub = next((place.id for place in places if place.is_hub), None)
    if hub is None:
        raise InputError("no network is in the database; run: logistics init")
    records = {
        place.id: to_record(Branch, place, service_days=(), is_hub=False) for place in places
    }
    terminals = {name for name, one in records.items() if one.kind is BranchKind.TERMINAL}
    stored = NetworkRecords(
        municipalities=_records(session, Municipality, MunicipalityRow),
        branches=tuple(one for name, one in records.items() if name not in terminals - {hub}),
        vehicles=_records(session, VehicleRecord, VehicleRow, col(VehicleRow.active).is_(True)),
        road_nodes=_records(session, RoadNode, RoadNodeRow),
        road_edges=_records(session, RoadEdge, RoadEdgeRow),
        patterns=_records(session, ServicePattern, ServicePatternRow),
        closures=_records(session, Closure, ClosureRow),
        boundaries=_records(session, Boundary, BoundaryRow),
        depots=tuple(_depot(row, records) for row in _all(session, DepotRow)),
        branch_codes=_records(
            session, BranchCode, BranchCodeRow, col(BranchCodeRow.branch).is_not(None)
        ),
    )
    return build_network(stored, hub)


def read_all_rates(session: Session) -> list[Rates]:
    """
    Read all dated rates.

    Parameters
    ----------
    session
        A session.

    Returns
    -------
    list[Rates]
        By date, oldest first.
    """
    return list(_records(session, Rates, RatesRow))


def read_all_factors(session: Session) -> list[EmissionFactor]:
    """
    Read all dated emission factors.

    Parameters
    ----------
    session
        A session.

    Returns
    -------
    list[EmissionFactor]
        In the order they were given.
    """
    return list(_records(session, EmissionFactor, EmissionFactorRow))


def _depot(row: DepotRow, records: dict[str, Branch]) -> Depot:
    place = records.get(row.branch)
    terminal = place if place and place.kind is BranchKind.TERMINAL else None
    return to_record(Depot, row, branch=None if terminal else row.branch, terminal=terminal)


def _records(
    session: Session, kind: type[Record], rows: type[SQLModel], *conditions: ColumnElement[bool]
) -> tuple[Record, ...]:
    return tuple(to_record(kind, row) for row in _all(session, rows, *conditions))


def _all(session: Session, kind: type[Row], *conditions: ColumnElement[bool]) -> list[Row]:
    keys = list(table_of(kind).primary_key.columns)
    return list(session.scalars(select(kind).where(*conditions).order_by(*keys)))

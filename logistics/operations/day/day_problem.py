"""From a date to its day problem: who is served, what waits where, how far, and what it costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from logistics.costing.rates import Rates, rates_on
from logistics.demand.shipments import DayShipment
from logistics.demand.transfers import WAITING_STATES, Transfer
from logistics.dispatch.assemble import DayInputs, assemble, promised
from logistics.errors import InputError
from logistics.network.calendar import ServiceCalendar
from logistics.network.matrix_store import travel_times
from logistics.network.network import Network
from logistics.network.patterns import Closure
from logistics.network.travel import ROAD_GRAPH
from logistics.operations.change.day_changes import Changes, changes_of
from logistics.operations.day.local_time import moment
from logistics.operations.network.load_network import read_all_rates, read_network
from logistics.planning.problem import Problem
from logistics.storage.matrices import DatabaseMatrixStore
from logistics.storage.session import reading
from logistics.storage.tables import TransferRow, VehicleOutageRow
from logistics.storage.transfers import to_transfer
from logistics.units import SECONDS_PER_DAY

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlmodel import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class DayProblem:
    """
    A day problem with everything its plan must be read against.

    Attributes
    ----------
    date
        The service day.
    problem
        What the planner solves.
    shipments
        What stands behind each shipment's name: destination, urgency and transfers.
    stranded
        Shipments that no plan of the day can move.
    unserved
        Why each branch that has goods waiting or coming is not served.
    transfers
        The transfers that wait, by identifier.
    network
        The network of that day, closures and outages of the day included.
    rates
        Rates that hold on the day.
    changes
        What the coordinator decided about the day.
    travel_source
        Where travel times come from: ``road-graph``, ``straight-line`` or ``osrm``.
    caveats
        What is uncertain, one sentence each.
    in_stopped_van
        Shipments that wait in a van that goes no further.
    """

    date: date
    problem: Problem
    shipments: Mapping[str, DayShipment]
    stranded: tuple[DayShipment, ...]
    unserved: Mapping[str, str]
    transfers: Mapping[str, Transfer]
    network: Network
    rates: Rates
    changes: Changes
    travel_source: str
    caveats: tuple[str, ...]
    in_stopped_van: frozenset[str] = frozenset()


def build_day_problem(
    engine: Engine,
    day: date,
    *,
    travel: str = ROAD_GRAPH,
    cut_off: datetime | None = None,
    changes: Changes | None = None,
) -> DayProblem:
    """
    Write the day problem of a date from one state of the database.

    Parameters
    ----------
    engine
        The database.
    day
        The service day.
    travel
        ``road-graph``, ``straight-line`` or the address of an OSRM server.
    cut_off
        Transfers asked for later wait for another day; the end of the day when absent.
    changes
        What is decided about the day; what is stored when absent.

    Returns
    -------
    DayProblem
        The problem and what stands behind its names.

    Raises
    ------
    InputError
        No network is stored, no rates hold, or the data contradict themselves.
    UnavailableError
        The OSRM server does not answer.
    """
    with reading(engine) as session:
        decided = changes_of(session, day) if changes is None else changes
        network = _network_of(session, day, decided)
        rates = rates_on(read_all_rates(session), day)
        until = cut_off or moment(day, SECONDS_PER_DAY)
        transfers = _waiting(session, until)
    times = travel_times(
        network, network.branch_ids, source=travel, store=DatabaseMatrixStore(engine)
    )
    assembled = assemble(
        DayInputs(
            date=day,
            hub=network.hub,
            branches={branch.id: branch for branch in network.branches},
            vehicles=network.vehicles,
            calendar=network.calendar,
            rates=rates,
            travel=times,
            transfers=transfers.values(),
            must_visit=decided.must_visit
            | promised(network.branches, network.calendar, day, network.hub, transfers.values()),
        )
    )
    return DayProblem(
        date=day,
        problem=assembled.problem,
        shipments=assembled.shipments,
        stranded=assembled.stranded,
        unserved=assembled.unserved,
        transfers=transfers,
        network=network,
        rates=rates,
        changes=decided,
        travel_source="osrm" if "://" in travel else travel,
        caveats=assembled.caveats,
    )


def _network_of(session: Session, day: date, changes: Changes) -> Network:
    network = read_network(session)
    out = set(changes.vehicles_out) | _outages(session, day)
    unknown = [name for name in changes.closed if name not in network.branch_ids]
    if unknown:
        raise InputError(f"branch {name!r}: closed on {day}, but is no branch" for name in unknown)
    closures = [
        Closure(branch=name, first_day=day, last_day=day, reason=reason)
        for name, reason in changes.closed.items()
    ]
    calendar = network.calendar
    if closures:
        calendar = ServiceCalendar(
            patterns=calendar.patterns,
            closures=[*calendar.closures, *closures],
            receiving_hours=calendar.receiving_hours,
            hub=network.hub,
        )
    home = {depot.id for depot in network.depots if network.hub in {depot.id, depot.branch}}
    vehicles = tuple(
        vehicle
        for vehicle in network.vehicles
        if vehicle.id not in out and (vehicle.depot is None or vehicle.depot in home)
    )
    return replace(network, vehicles=(*vehicles, *changes.extra_vehicles), calendar=calendar)


def _outages(session: Session, day: date) -> set[str]:
    query = select(col(VehicleOutageRow.vehicle_id)).where(
        col(VehicleOutageRow.first_day) <= day, col(VehicleOutageRow.last_day) >= day
    )
    return set(session.scalars(query))


def _waiting(session: Session, until: datetime) -> dict[str, Transfer]:
    query = (
        select(TransferRow)
        .where(col(TransferRow.state).in_([state.value for state in WAITING_STATES]))
        .where(col(TransferRow.requested_at) < until)
        .order_by(col(TransferRow.requested_at), col(TransferRow.id))
    )
    return {row.id: to_transfer(row) for row in session.scalars(query)}

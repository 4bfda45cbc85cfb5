"""Where the vans of a day are, what they have done, and what is aboard."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, cast

from sqlalchemy import select
from sqlmodel import col

from logistics.costing.rates import Rates, rates_on
from logistics.demand.shipments import DayShipment
from logistics.demand.transfers import Transfer, TransferState
from logistics.network.network import Network
from logistics.operations.day.day_problem import DayProblem
from logistics.operations.day.local_time import clock_seconds
from logistics.operations.day.parted import rest_of
from logistics.operations.day.stored_plans import StoredPlan
from logistics.operations.network.load_network import read_all_rates, read_network
from logistics.operations.view.view_bundles import read_name
from logistics.storage.tables import LegRow
from logistics.storage.transfers import to_transfer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlmodel import Session

    from logistics.operations.change.day_changes import Changes
    from logistics.planning.problem import Problem
    from logistics.storage.tables import RunRow

_WAITING: Final = {TransferState.REQUESTED, TransferState.PACKED, TransferState.AT_HUB}


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeStop:
    """
    A stop that was made.

    Attributes
    ----------
    site
        Where.
    done
        When it was ticked, seconds since midnight.
    load
        Shipments that were taken.
    """

    site: str
    done: int
    load: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VanState:
    """
    How far one van has come.

    Attributes
    ----------
    vehicle
        Which.
    begun, done
        Whether it has left the hub, and whether it is back.
    start
        When it left, seconds since midnight; its planned start before.
    aboard
        Shipments from the hub that it left with.
    stops
        Stops made, in order.
    late_seconds
        How much later than planned the last of them was done.
    """

    vehicle: str
    begun: bool
    done: bool
    start: int
    aboard: tuple[str, ...]
    stops: tuple[MadeStop, ...]
    late_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadState:
    """
    A day on the road.

    Attributes
    ----------
    stored
        The plan under way.
    network, rates
        As they stand.
    vans
        One a run.
    broken
        The van that goes no further; None for none.
    delivered
        Transfers by shipment that the broken van has delivered, which no plan need move.
    moved
        Where the shipments aboard the broken van wait now.
    transfers
        Transfers that a plan speaks of, by shipment; what the broken van did not take of one stands
        under a name of its own.
    """

    stored: StoredPlan
    network: Network
    rates: Rates
    vans: tuple[VanState, ...]
    broken: str | None = None
    delivered: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    moved: Mapping[str, str] = field(default_factory=dict)
    transfers: Mapping[str, tuple[Transfer, ...]] = field(default_factory=dict)

    def day(self, problem: Problem, changes: Changes) -> DayProblem:
        """
        Give the rest of the day with what stands behind its names.

        Parameters
        ----------
        problem
            The rest of the day.
        changes
            What was decided about it.

        Returns
        -------
        DayProblem
            As the other operations know days.
        """
        shipments = {}
        for one in problem.shipments:
            name = read_name(one.id)
            moving = tuple(transfer.id for transfer in self.transfers.get(one.id, ()))
            shipments[one.id] = DayShipment(
                id=one.id,
                origin=one.origin,
                destination=one.destination,
                urgency=name.urgency,
                transfers=moving,
                cost_if_at_hub=one.cost_if_at_hub,
                cost_if_left=one.cost_if_left,
            )
        row = self.stored.row
        stranded = tuple(
            DayShipment(
                id=name,
                origin=read_name(name).origin,
                destination=read_name(name).destination,
                urgency=read_name(name).urgency,
                transfers=tuple(one.id for one in waiting),
                cost_if_at_hub=0.0,
                cost_if_left=0.0,
            )
            for name, waiting in self.transfers.items()
            if name not in self.stored.problem.shipment_index and name not in self.delivered
        )
        return DayProblem(
            date=row.service_date,
            problem=problem,
            shipments=shipments,
            stranded=stranded,
            unserved={},
            transfers={one.id: one for some in self.transfers.values() for one in some},
            network=self.network,
            rates=self.rates,
            changes=changes,
            travel_source=row.travel_source,
            caveats=tuple(row.caveats),
            in_stopped_van=self._in_stopped_vans(problem),
        )

    def _in_stopped_vans(self, problem: Problem) -> frozenset[str]:
        earlier = {
            name
            for change in self.stored.row.changes
            for name in change["details"].get("aboard", ())
        }
        held = earlier | {*self.moved}
        return frozenset(
            one.id for one in problem.shipments if one.id in held and one.origin != problem.hub
        )


def road_state(session: Session, stored: StoredPlan, *, broken: str | None = None) -> RoadState:
    """
    Read where the vans are.

    Parameters
    ----------
    session
        A session.
    stored
        The plan under way.
    broken
        The van that goes no further.

    Returns
    -------
    RoadState
        All of it.
    """
    names = {
        transfer.id: name
        for name, promise in stored.promises.items()
        for transfer in promise.transfers
    }
    legs = {run.id: _legs(session, run) for run in stored.runs}
    vans = tuple(_van(stored, run, legs[run.id], names) for run in stored.runs)
    run = next((one for one in stored.runs if one.vehicle_id == broken), None)
    ended = _Ended()
    if run is not None:
        made = next(van.stops for van in vans if van.vehicle == broken)
        place = made[-1].site if made else stored.problem.hub
        ended = _ended(stored, legs[run.id], names, place)
    return RoadState(
        stored=stored,
        network=read_network(session),
        rates=rates_on(read_all_rates(session), stored.row.service_date),
        vans=vans,
        broken=broken,
        delivered=ended.delivered,
        moved=ended.moved,
        transfers=_transfers(stored, ended),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ended:
    """What a van that goes no further has delivered, what it holds, what waits without it."""

    delivered: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    moved: Mapping[str, str] = field(default_factory=dict)
    held: Collection[str] = ()
    behind: Collection[str] = ()


def _transfers(stored: StoredPlan, ended: _Ended) -> dict[str, tuple[Transfer, ...]]:
    found: dict[str, tuple[Transfer, ...]] = {}
    for name, promise in stored.promises.items():
        rows = promise.transfers
        if name in ended.moved:
            found[name] = tuple(to_transfer(one) for one in rows if one.id in ended.held)
        else:
            found[name] = tuple(to_transfer(one) for one in rows if one.id not in ended.behind)
        rest = tuple(to_transfer(one) for one in rows if one.id in ended.behind)
        if rest:
            found[rest_of(name)] = rest
    return found


def _ended(
    stored: StoredPlan, legs: Sequence[LegRow], names: Mapping[str, str], place: str
) -> _Ended:
    states = {
        transfer.id: transfer.state
        for promise in stored.promises.values()
        for transfer in promise.transfers
    }
    delivered: dict[str, tuple[str, ...]] = {}
    aboard: dict[str, set[str]] = {}
    for leg in legs:
        name = names.get(leg.transfer_id, "")
        if leg.left_at is not None:
            delivered[name] = (*delivered.get(name, ()), leg.transfer_id)
        elif leg.boarded_at is not None:
            aboard.setdefault(name, set())
            if states.get(leg.transfer_id) == TransferState.ABOARD:
                aboard[name].add(leg.transfer_id)
    for name, some in aboard.items():
        if not some:  # all of it went missing on the way: there is nothing left to move
            delivered.setdefault(name, ())
    moved = {name: some for name, some in aboard.items() if name not in delivered}
    begun = {*moved, *delivered}
    return _Ended(
        delivered=delivered,
        moved=dict.fromkeys(moved, place),
        held={one for some in moved.values() for one in some},
        behind={
            leg.transfer_id
            for leg in legs
            if leg.boarded_at is None
            and names.get(leg.transfer_id) in begun
            and states[leg.transfer_id] in _WAITING
        },
    )


def _legs(session: Session, run: RunRow) -> list[LegRow]:
    query = select(LegRow).where(col(LegRow.run_id) == run.id)
    return list(session.scalars(query.order_by(col(LegRow.transfer_id))))


def _van(stored: StoredPlan, run: RunRow, legs: list[LegRow], names: Mapping[str, str]) -> VanState:
    day = stored.row.service_date
    taken: dict[int, dict[str, None]] = {}
    for leg in legs:
        if leg.boarded_at is not None and leg.transfer_id in names:
            taken.setdefault(leg.board_stop, {})[names[leg.transfer_id]] = None
    made, late = [], 0
    for stop in stored.stops[cast("int", run.id)]:
        if stop.done_at is not None:
            done = clock_seconds(day, stop.done_at)
            made.append(
                MadeStop(site=stop.branch_id, done=done, load=tuple(taken.get(stop.number, ())))
            )
            late = done - stop.depart_seconds
    return VanState(
        vehicle=run.vehicle_id,
        begun=run.departed_at is not None,
        done=run.state == "done",
        start=clock_seconds(day, run.departed_at) if run.departed_at else run.start_seconds,
        aboard=tuple(taken.get(0, ())),
        stops=tuple(made),
        late_seconds=late,
    )

"""What a plan does not do, as it is shown: branches nobody calls at, goods that do not arrive."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from logistics.network.branches import BranchKind
from logistics.network.public_holidays import holiday_name
from logistics.network.reasons import WhyNot
from logistics.operations.change.day_changes import ChangeKind
from logistics.operations.day.local_time import local_day
from logistics.operations.day.outcomes import Outcome
from logistics.operations.view.day_view import UndeliveredView, UnservedView
from logistics.operations.view.kinds import LateReason, UnservedReason
from logistics.operations.view.stopped_vans import stopped_vans
from logistics.operations.view.view_bundles import read_name

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from logistics.network.branches import Branch
    from logistics.network.network import Network
    from logistics.operations.day.stored_plans import Promise, StoredPlan
    from logistics.operations.view.place_records import PlaceView
    from logistics.operations.view.stopped_vans import StoppedVan

_WHY_NOT: Final = {
    WhyNot.HOLIDAY: UnservedReason.HOLIDAY,
    WhyNot.SERVICE_CLOSED: UnservedReason.CLOSED,
    WhyNot.BRANCH_CLOSED: UnservedReason.CLOSED,
}


def unserved_views(
    plan: StoredPlan, network: Network, places: Mapping[str, PlaceView]
) -> tuple[UnservedView, ...]:
    """
    Describe the branches at which no run calls.

    Parameters
    ----------
    plan
        The plan.
    network
        The network as it stands.
    places
        All places.

    Returns
    -------
    tuple[UnservedView, ...]
        Those with most items waiting first.
    """
    called_at = {stop.site for run in plan.plan.runs for stop in run.stops}
    # A van that goes no further has no run any more, but has been where it has been.
    called_at |= {
        stop.branch_id
        for stops in plan.stops.values()
        for stop in stops
        if stop.done_at is not None
    }
    waiting = _items_by_place(plan)
    closed = {
        change["subject"]: str(change["details"].get("reason", ""))
        for change in plan.row.changes
        if change["kind"] == ChangeKind.CLOSE_BRANCH
    }
    left_out = {
        site for change in plan.row.changes for site in change["details"].get("left_out", ())
    }
    views = [
        _unserved(plan, network, places[branch.id], waiting[branch.id], closed, left_out)
        for branch in network.branches
        if branch.id not in called_at and _may_be_served(branch)
    ]
    return tuple(sorted(views, key=lambda view: (-view.items_waiting, view.place.name)))


def undelivered_views(
    plan: StoredPlan, network: Network, places: Mapping[str, PlaceView]
) -> tuple[UndeliveredView, ...]:
    """
    Describe the shipments that do not arrive today.

    Parameters
    ----------
    plan
        The plan.
    network
        The network as it stands.
    places
        All places.

    Returns
    -------
    tuple[UndeliveredView, ...]
        Dearest first.
    """
    late = {
        name: promise
        for name, promise in plan.promises.items()
        if promise.row.outcome != Outcome.DELIVERED
    }
    cost = {
        shipment.id: shipment.cost_if_at_hub
        if late[shipment.id].row.outcome == Outcome.AT_HUB
        else shipment.cost_if_left
        for shipment in plan.problem.shipments
        if shipment.id in late
    }
    order = sorted(late, key=lambda name: (-cost.get(name, 0.0), -len(late[name].transfers), name))
    vehicles = {vehicle.id: vehicle.name for vehicle in network.vehicles}
    callers = {stop.site: run.vehicle for run in plan.plan.runs for stop in run.stops}
    subjects = {site: vehicles.get(vehicle, vehicle) for site, vehicle in callers.items()}
    stopped = stopped_vans(plan, vehicles)
    return tuple(
        _undelivered(name, late[name], places, subjects, stopped.get(name)) for name in order
    )


def _may_be_served(branch: Branch) -> bool:
    return not branch.is_hub and branch.kind is not BranchKind.TERMINAL


def _items_by_place(plan: StoredPlan) -> Counter[str]:
    waiting: Counter[str] = Counter()
    for name, promise in plan.promises.items():
        parts = read_name(name)
        waiting[parts.origin] += len(promise.transfers)
        waiting[parts.destination] += len(promise.transfers)
    return waiting


def _unserved(
    plan: StoredPlan,
    network: Network,
    place: PlaceView,
    items: int,
    closed: Mapping[str, str],
    left_out: Collection[str],
) -> UnservedView:
    day = plan.row.service_date
    why = network.calendar.reason(place.id, day)
    detail = ""
    if place.id in closed:
        reason, detail = UnservedReason.CLOSED, closed[place.id]
    elif why is None and place.id in left_out:
        reason = UnservedReason.OUT_OF_REACH
    elif why is None:
        reason = UnservedReason.NOT_WORTH_IT if items else UnservedReason.NOTHING_TO_DO
    else:
        reason = _WHY_NOT.get(why.code, UnservedReason.NOT_ITS_DAY)
        detail = (holiday_name(day, "sv") or "") if why.code is WhyNot.HOLIDAY else why.words
    return UnservedView(
        place=place,
        reason=reason,
        detail=detail,
        next_service=network.calendar.next_service(place.id, day),
        items_waiting=items,
    )


def _undelivered(
    name: str,
    promise: Promise,
    places: Mapping[str, PlaceView],
    subjects: Mapping[str, str],
    stopped: StoppedVan | None,
) -> UndeliveredView:
    parts, row = read_name(name), promise.row
    reason = LateReason(row.reason)
    in_van = stopped if reason is LateReason.VAN_STOPPED else None
    subject = {
        LateReason.VAN_STOPPED: in_van.name if in_van else "",
        LateReason.VAN_HAD_PASSED: subjects.get(parts.destination, ""),
        LateReason.OTHER_RUN: subjects.get(parts.destination, ""),
        LateReason.NO_ROOM: subjects.get(parts.origin, ""),
    }.get(reason, "")
    return UndeliveredView(
        origin=places[parts.origin],
        destination=places[parts.destination],
        kind=parts.kind,
        items=len(promise.transfers),
        at_hub=row.outcome == Outcome.AT_HUB,
        reason=reason,
        subject=subject,
        expected=local_day(row.expected_at) if row.expected_at else None,
        shipment=name,
        waits_at=places[in_van.place] if in_van else None,
        overdue=parts.overdue,
    )

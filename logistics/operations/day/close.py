"""Close a day: book what was driven, so that reports never read a plan."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, cast

from sqlalchemy import select
from sqlmodel import col

from logistics.costing.emissions import EmissionFactor, emission
from logistics.costing.rates import rates_on
from logistics.demand.transfers import TransferKind, TransferState
from logistics.errors import ConflictError
from logistics.operations.day.local_time import clock_seconds, local_day, moment
from logistics.operations.day.publish import change_state
from logistics.operations.day.stored_plans import find_plan, read_stored_plan
from logistics.operations.network.load_network import read_all_factors, read_all_rates
from logistics.operations.road.drive import drive
from logistics.operations.road.ticks import Tick, TickKind
from logistics.operations.view.build_view import run_cost_sek
from logistics.storage.feed import tell
from logistics.storage.locks import lock_day
from logistics.storage.tables import (
    BookedFlowRow,
    BookedStopRow,
    BookingRow,
    BranchRow,
    LegRow,
    RunRow,
    StopRow,
    TransferRow,
    VehicleRow,
    now,
)
from logistics.units import METRES_PER_KILOMETRE, SECONDS_PER_HOUR

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlmodel import Session

    from logistics.operations.day.stored_plans import StoredPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class _Driven:
    run: RunRow
    stops: tuple[StopRow, ...]
    legs: tuple[tuple[LegRow, TransferRow], ...]
    metres: tuple[int, ...]


def close_day(
    session: Session, day: date, *, as_planned: bool = False, actor: str = ""
) -> list[BookingRow]:
    """
    Book what was driven on a day and close its plan.

    Parameters
    ----------
    session
        The transaction.
    day
        The service day.
    as_planned
        Take every run and stop that nobody reported as done when it was planned, for a
        cooperation whose drivers report nothing.
    actor
        Who closes the day.

    Returns
    -------
    list[BookingRow]
        One a run that was driven.

    Raises
    ------
    ConflictError
        The plan is not in force, or a run is still on the road.
    NotFoundError
        The day has no plan.
    """
    lock_day(session, day)
    if as_planned:
        report_as_planned(session, day, actor=actor)
    stored = read_stored_plan(session, day)
    plan = stored.row
    on_the_road = [str(run.number) for run in stored.runs if run.state == "under_way"]
    if on_the_road:
        raise ConflictError(
            f"plan of {day}: runs {', '.join(on_the_road)} are still on the road; "
            "report their return first"
        )
    if plan.state == "published" and not stored.runs:
        change_state(session, plan, "published", "under_way", {"under_way_at": now()})
    change_state(session, plan, "under_way", "closed", {"closed_at": now()})
    factors = read_all_factors(session)
    driven = [_driven(session, stored, run) for run in stored.runs if run.state == "done"]
    bookings = [_book(session, stored, one, factors) for one in driven]
    _book_flows(session, day, driven)
    subject = f"{day.isoformat()}/{plan.version}"
    tell(session, [{"kind": "plan.closed", "subject": subject, "at": now(), "actor": actor}])
    return bookings


def report_as_planned(session: Session, day: date, *, actor: str = "") -> None:
    """
    Report every run and stop that nobody has reported, at the times of the plan.

    Parameters
    ----------
    session
        The transaction.
    day
        The service day.
    actor
        Who says so.

    Raises
    ------
    ConflictError
        The plan is not in force.
    NotFoundError
        The day has no plan.
    """
    plan = find_plan(session, day)
    query = select(RunRow).where(col(RunRow.plan_id) == plan.id, col(RunRow.state) != "done")
    for run in session.scalars(query.order_by(col(RunRow.number))).all():
        reports: list[tuple[TickKind, int | None, int]] = []
        if run.state == "planned":
            reports.append((TickKind.DEPART, None, run.start_seconds))
        of_run = select(StopRow).where(
            col(StopRow.run_id) == run.id, col(StopRow.done_at).is_(None)
        )
        for stop in session.scalars(of_run.order_by(col(StopRow.number))).all():
            reports += [
                (TickKind.ARRIVE, stop.number, stop.arrive_seconds),
                (TickKind.DONE, stop.number, stop.depart_seconds),
            ]
        reports.append((TickKind.RETURN, None, run.end_seconds))
        for kind, number, seconds in reports:
            name = f"as-planned-{run.code}-{kind}-{number or 0}"
            at = moment(day, seconds)
            drive(session, Tick(id=name, run=run.code, kind=kind, at=at, stop=number), actor=actor)


def _driven(session: Session, plan: StoredPlan, run: RunRow) -> _Driven:
    query = (
        select(LegRow, TransferRow)
        .join(TransferRow, col(TransferRow.id) == col(LegRow.transfer_id))
        .where(col(LegRow.run_id) == run.id, col(LegRow.boarded_at).is_not(None))
    )
    stops = tuple(stop for stop in plan.stops[cast("int", run.id)] if stop.done_at)
    index, hub = plan.problem.site_index, plan.problem.hub
    path = [hub, *(stop.branch_id for stop in stops), hub] if stops else [hub]
    return _Driven(
        run=run,
        stops=stops,
        legs=tuple((leg, transfer) for leg, transfer in session.execute(query).all()),
        metres=tuple(
            plan.problem.travel_metres[index[start]][index[end]] for start, end in pairwise(path)
        ),
    )


def _book(
    session: Session, plan: StoredPlan, driven: _Driven, factors: Sequence[EmissionFactor]
) -> BookingRow:
    run = driven.run
    vehicle = next(one for one in plan.problem.vehicles if one.id == run.vehicle_id)
    fleet = session.get(VehicleRow, run.vehicle_id)
    metres, paid = sum(driven.metres), _paid_seconds(plan, run)
    energy = fleet.energy if fleet else ""
    used = emission(
        metres, energy, fleet.consumption_per_km if fleet else 0.0, plan.row.service_date, factors
    )
    handled = [_handled(driven, stop) for stop in driven.stops]
    planned = plan.stops[cast("int", run.id)]
    row = BookingRow(
        service_date=plan.row.service_date,
        run_number=run.number,
        vehicle_id=run.vehicle_id,
        vehicle_name=fleet.name if fleet else run.vehicle_id,
        energy=energy,
        distance_metres=metres,
        paid_seconds=paid,
        stops=len(driven.stops),
        idle_stops=sum(off + on == 0 for off, on in handled),
        items=sum(_arrived(leg, transfer) for leg, transfer in driven.legs),
        capacity_items=vehicle.capacity,
        items_per_crate=fleet.items_per_crate if fleet else max(1, vehicle.capacity),
        item_metres=_item_metres(driven),
        # Booked to the öre, so that shares and sums of any span agree.
        fixed_sek=round(vehicle.fixed_cost, 2),
        stops_sek=round(vehicle.cost_per_stop * len(driven.stops), 2),
        distance_sek=round(vehicle.cost_per_km * metres / METRES_PER_KILOMETRE, 2),
        time_sek=round(vehicle.cost_per_hour * paid / SECONDS_PER_HOUR, 2),
        energy_units=used.energy_units if fleet else None,
        co2e_grams=used.co2e_grams,
        planned_distance_metres=run.distance_metres,
        planned_paid_seconds=run.paid_seconds,
        planned_cost_sek=run_cost_sek(vehicle, len(planned), run.distance_metres, run.paid_seconds),
        planned_stops=len(planned),
        planned_items=sum(stop.items_off for stop in planned),
    )
    session.add(row)
    session.flush()
    _book_stops(session, plan, driven, cast("int", row.id), handled)
    return row


def _book_stops(
    session: Session,
    plan: StoredPlan,
    driven: _Driven,
    booking: int,
    handled: list[tuple[int, int]],
) -> None:
    day, index = plan.row.service_date, plan.problem.site_index
    for stop, (off, on) in zip(driven.stops, handled, strict=True):
        branch = session.get_one(BranchRow, stop.branch_id)
        metres = plan.problem.travel_metres[index[plan.problem.hub]][index[stop.branch_id]]
        late = (
            clock_seconds(day, stop.arrived_at) - stop.arrive_seconds if stop.arrived_at else None
        )
        session.add(
            BookedStopRow(
                booking_id=booking,
                number=stop.number,
                branch_id=stop.branch_id,
                municipality=branch.municipality,
                items_off=off,
                items_on=on,
                hub_metres=metres,
                late_seconds=late,
            )
        )
    session.flush()


def _book_flows(session: Session, day: date, driven: Sequence[_Driven]) -> None:
    promise = rates_on(read_all_rates(session), day).promise_days
    items: Counter[tuple[str, str, str, int]] = Counter()
    direct: Counter[tuple[str, str, str, int]] = Counter()
    on_time: Counter[tuple[str, str, str, int]] = Counter()
    for one in driven:
        for leg, transfer in one.legs:
            if not _arrived(leg, transfer):
                continue
            days = max(0, (day - local_day(transfer.requested_at)).days)
            key = (transfer.origin, transfer.destination, transfer.kind, days)
            items[key] += 1
            direct[key] += leg.origin == transfer.origin
            on_time[key] += _kept(transfer, day, days <= promise)
    for (origin, destination, kind, days), number in sorted(items.items()):
        session.add(
            BookedFlowRow(
                service_date=day,
                origin=origin,
                destination=destination,
                kind=kind,
                days=days,
                items=number,
                direct_items=direct[origin, destination, kind, days],
                on_time_items=on_time[origin, destination, kind, days],
            )
        )
    session.flush()


def _kept(transfer: TransferRow, day: date, within: bool) -> bool:
    # What was taken in before promises were kept is measured by the days that the rates promise.
    kept = within if transfer.promised_on is None else day <= transfer.promised_on
    return transfer.kind == TransferKind.HOLD and kept


def _arrived(leg: LegRow, transfer: TransferRow) -> bool:
    # What the branch did not find when it unpacked is missing, though the driver ticked it off.
    is_there = transfer.state == TransferState.DELIVERED
    reached = leg.destination == transfer.destination == transfer.at
    return leg.left_at is not None and is_there and reached


def _handled(driven: _Driven, stop: StopRow) -> tuple[int, int]:
    off = sum(leg.leave_stop == stop.number and leg.left_at is not None for leg, _ in driven.legs)
    on = sum(leg.board_stop == stop.number for leg, _ in driven.legs)
    return off, on


def _item_metres(driven: _Driven) -> int:
    places = [0, *(stop.number for stop in driven.stops)]
    return sum(
        metres * sum(leg.board_stop <= place < leg.leave_stop for leg, _ in driven.legs)
        for metres, place in zip(driven.metres, places, strict=False)
    )


def _paid_seconds(plan: StoredPlan, run: RunRow) -> int:
    if run.departed_at is None or run.returned_at is None:
        return run.paid_seconds
    length = round((run.returned_at - run.departed_at).total_seconds())
    rest = plan.problem.break_
    took_break = rest is not None and run.break_after is not None and length > rest.after_seconds
    return length - rest.seconds if rest and took_break else length

"""Put the plan for the rest of a day in force while its vans are on the road."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, cast

from sqlalchemy import delete, select
from sqlmodel import col

from logistics.demand.transfers import TransferState
from logistics.operations.change.change import decided
from logistics.operations.change.day_changes import ChangeKind
from logistics.operations.change.keep_change import check_stamp
from logistics.operations.day.local_time import moment
from logistics.operations.day.publish import change_state, tell_arrivals
from logistics.operations.day.store_plan import store_plan
from logistics.operations.road.late_ticks import lock_runs
from logistics.operations.road.on_the_road import Event, day_of, left_by, read_road
from logistics.storage.tables import LegRow, PlanRow, PlanTransferRow, RunRow, StopRow, TickRow, now
from logistics.storage.transfers import Step, find, move

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlmodel import Session

    from logistics.operations.day.day_problem import DayProblem
    from logistics.operations.road.road_state import RoadState
    from logistics.planning.plan import Plan


def keep_on_the_road(  # noqa: PLR0913 (one choice each, all by name)
    session: Session,
    date: date,
    plan: Plan,
    *,
    event: Event,
    subject: str,
    clock: int,
    seen: str,
    reason: str = "",
    actor: str = "",
) -> PlanRow:
    """
    Replace the plan under way; what is driven, ticked and aboard goes over into the new one.

    Drivers and paper keep their codes, and a tick sent twice is still one. Where the vans are is
    read behind the lock that each report of a driver takes: a report before it counts, one after
    it finds the new plan.

    Parameters
    ----------
    session
        The transaction.
    date
        The service day.
    plan
        The plan that was shown.
    event, subject
        What happened, and to which van or branch.
    clock
        When, seconds since midnight.
    seen
        State of the day when it was shown.
    reason
        Why.
    actor
        Who decides.

    Returns
    -------
    PlanRow
        The new version, under way.

    Raises
    ------
    ConflictError
        Somebody changed the day meanwhile, or a van has gone on.
    NotFoundError
        The plan in force has no such van or branch.
    """
    check_stamp(session, date, seen)
    lock_runs(session, date)
    state, here, pins = read_road(session, date, event, subject, clock=clock)
    day = day_of(here, pins, plan)
    kind = ChangeKind.VEHICLE_OUT if event is Event.VAN_STOPS else ChangeKind.CLOSE_BRANCH
    left = left_by(here, pins, plan)
    details = {"from": clock, **({"reason": reason} if reason else {})}
    if left:
        details["left_out"] = left
    if state.moved:
        details["aboard"] = sorted(state.moved)
    session.add(decided(session, date, kind, subject, details=details, actor=actor))
    old = session.get_one(PlanRow, state.stored.row.id)
    change_state(session, old, "under_way", "superseded", {})
    _put_down(session, state, day, clock, actor)
    row = store_plan(session, day, plan, made_by=actor)
    values = {"published_at": now(), "under_way_at": old.under_way_at}
    change_state(session, row, "draft", "under_way", values)
    _hand_over(session, old, row)
    if state.broken is not None:
        _keep_broken(session, state, row, clock)
    _keep_promises(session, state, row)
    tell_arrivals(session, row, now(), actor)
    return row


def _put_down(session: Session, state: RoadState, day: DayProblem, clock: int, actor: str) -> None:
    """What is aboard a van that goes no further waits where it stands."""
    hub = day.problem.hub
    wanted = [
        (transfer.id, place)
        for name, place in state.moved.items()
        for transfer in state.transfers[name]
    ]
    rows = find(session, [name for name, _ in wanted])
    steps = [
        Step(
            transfer=name,
            to=TransferState.AT_HUB if place == hub else TransferState.REQUESTED,
            at=place,
        )
        for name, place in wanted
        if rows[name].state == TransferState.ABOARD
    ]
    move(session, steps, cause="van stopped", actor=actor, moment=moment(day.date, clock))


def _runs(session: Session, plan: PlanRow) -> Sequence[RunRow]:
    query = select(RunRow).where(col(RunRow.plan_id) == plan.id)
    return session.scalars(query.order_by(col(RunRow.number))).all()


def _stops(session: Session, run: RunRow) -> Sequence[StopRow]:
    query = select(StopRow).where(col(StopRow.run_id) == run.id)
    return session.scalars(query.order_by(col(StopRow.number))).all()


def _legs(session: Session, run: RunRow) -> Sequence[LegRow]:
    return session.scalars(select(LegRow).where(col(LegRow.run_id) == run.id)).all()


def _hand_over(session: Session, old: PlanRow, new: PlanRow) -> None:
    before = {run.vehicle_id: run for run in _runs(session, old)}
    for run in _runs(session, new):
        was = before.get(run.vehicle_id)
        if was is not None:
            _take_over(session, was, run)
            _match_legs(session, was, run)


def _take_over(session: Session, was: RunRow, run: RunRow) -> None:
    """
    Codes, ticks and what has been done pass from one run to the other.

    The code of a stop that is gone stays where it was, so that a late report still tells of what.
    """
    was.code, code = secrets.token_hex(8), was.code
    places = {stop.branch_id: stop for stop in _stops(session, was)}
    numbers = {stop.number: stop.branch_id for stop in places.values()}
    stays = {stop.branch_id: stop for stop in _stops(session, run)}
    codes = {branch: places[branch].code for branch in places.keys() & stays.keys()}
    for branch in codes:
        places[branch].code = secrets.token_hex(8)
    session.flush()
    run.code = code
    run.state, run.departed_at, run.returned_at = was.state, was.departed_at, was.returned_at
    for branch, stop_code in codes.items():
        stop, known = stays[branch], places[branch]
        stop.code, stop.arrived_at, stop.done_at = stop_code, known.arrived_at, known.done_at
    for tick in session.scalars(select(TickRow).where(col(TickRow.run_id) == was.id)).all():
        tick.run_id = cast("int", run.id)
        if tick.stop_number is not None:
            branch = numbers[tick.stop_number]
            tick.details = {**tick.details, "branch": branch}
            tick.stop_number = stays[branch].number if branch in stays else None
    session.flush()


def _match_legs(session: Session, was: RunRow, run: RunRow) -> None:
    """What has boarded is aboard the new run too; what stayed behind at a stop made has no ride."""
    old = {leg.transfer_id: leg for leg in _legs(session, was)}
    done = {stop.number for stop in _stops(session, run) if stop.done_at is not None}
    if run.departed_at is not None:
        done.add(0)
    for leg in _legs(session, run):
        known = old.get(leg.transfer_id)
        if known is not None and known.boarded_at is not None:
            leg.boarded_at, leg.left_at = known.boarded_at, known.left_at
        elif leg.board_stop in done:
            session.delete(leg)
    session.flush()


def _keep_broken(session: Session, state: RoadState, new: PlanRow, clock: int) -> None:
    """The run that ended on the road stands behind the others, as far as it was driven."""
    was = next((run for run in state.stored.runs if run.vehicle_id == state.broken), None)
    if was is None or was.departed_at is None:
        return
    was = session.get_one(RunRow, was.id)
    made = [stop for stop in _stops(session, was) if stop.done_at is not None]
    columns = was.model_dump(exclude={"id", "plan_id", "number", "code"})
    run = RunRow(
        **columns
        | {
            "plan_id": cast("int", new.id),
            "number": len(_runs(session, new)) + 1,
            "code": secrets.token_hex(8),
            "break_after": None,
            "end_seconds": max(clock, was.start_seconds),
            "distance_metres": sum(stop.distance_metres for stop in made),
            "paid_seconds": max(0, clock - was.start_seconds),
        }
    )
    session.add(run)
    session.flush()
    for stop in made:
        fresh = {"run_id": cast("int", run.id), "code": secrets.token_hex(8)}
        session.add(StopRow(**stop.model_dump() | fresh))
    session.flush()
    _take_over(session, was, run)
    run.state, run.returned_at = "done", moment(new.service_date, clock)
    for leg in _legs(session, was):
        if leg.boarded_at is not None:
            session.add(LegRow(**leg.model_dump() | {"run_id": cast("int", run.id)}))
    session.flush()


def _keep_promises(session: Session, state: RoadState, new: PlanRow) -> None:
    """What the van that stopped had delivered stays delivered."""
    gone = [one for some in state.delivered.values() for one in some]
    if not gone:
        return
    old = select(PlanTransferRow).where(
        col(PlanTransferRow.plan_id) == state.stored.row.id,
        col(PlanTransferRow.transfer_id).in_(gone),
    )
    copies = [row.model_dump() | {"plan_id": new.id} for row in session.scalars(old)]
    there = delete(PlanTransferRow).where(
        col(PlanTransferRow.plan_id) == new.id, col(PlanTransferRow.transfer_id).in_(gone)
    )
    session.execute(there)
    session.add_all(PlanTransferRow(**columns) for columns in copies)
    session.flush()

"""Drive a run: what the driver reports moves the transfers, each report once however often sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import select, update
from sqlmodel import col

from logistics.demand.transfers import TransferState
from logistics.errors import ConflictError
from logistics.operations.day.publish import change_state
from logistics.operations.road.late_ticks import Sheet, loads_by, read_sheet, take_along
from logistics.operations.road.ticks import Driven, Tick, TickKind
from logistics.storage.feed import tell
from logistics.storage.tables import LegRow, PlanRow, RunRow, StopRow, TickRow, TransferRow
from logistics.storage.transfers import Step, move

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlmodel import Session


def drive(session: Session, tick: Tick, *, actor: str = "") -> Driven:
    """
    Take a driver's report in.

    Parameters
    ----------
    session
        The transaction.
    tick
        The report.
    actor
        Who drives.

    Returns
    -------
    Driven
        What it did.

    Raises
    ------
    ConflictError
        The plan is not in force or has no such stop any more, the run is over, or the id came
        with another report.
    InputError
        The report names no stop, or one that the run does not have.
    NotFoundError
        There is no such run.
    """
    sheet = read_sheet(session, tick)
    run, stop = sheet.run, sheet.stop
    if _is_known(session, sheet, tick) or _is_done(stop, tick):
        return Driven(known=True)
    _begin(session, sheet, tick, actor)
    last = len(_stops(session, run)) + 1
    match tick.kind:
        case TickKind.DEPART:
            return _exchange(session, sheet, tick, 0, actor)
        case TickKind.ARRIVE:
            _note_arrival(cast("StopRow", stop), tick)
            return Driven()
        case TickKind.DONE:
            return _serve(session, sheet, cast("StopRow", stop), tick, actor)
        case TickKind.RETURN:
            _check_served(session, run)
            run.state, run.returned_at = "done", tick.at
            return _exchange(session, sheet, tick, last, actor)
        case TickKind.EXCEPTION:
            _tell_exception(session, run, stop, tick, actor)
            return Driven()


def _stops(session: Session, run: RunRow) -> Sequence[StopRow]:
    query = select(StopRow).where(col(StopRow.run_id) == run.id)
    return session.scalars(query.order_by(col(StopRow.number))).all()


def _is_known(session: Session, sheet: Sheet, tick: Tick) -> bool:
    run, number = sheet.run, sheet.stop.number if sheet.stop else None
    known = session.get(TickRow, tick.id)
    if known is None:
        details: dict[str, Any] = {
            "not_taken": sorted(tick.not_taken),
            "missing": sorted(tick.missing),
            "note": tick.note,
        }
        session.add(
            TickRow(
                id=tick.id,
                run_id=cast("int", run.id),
                stop_number=number,
                kind=tick.kind.value,
                at=tick.at,
                details={name: value for name, value in details.items() if value},
            )
        )
        session.flush()
        return False
    if (known.run_id, known.kind, known.stop_number) != (run.id, tick.kind.value, number):
        raise ConflictError(
            f"report {tick.id!r}: the id came before with another report "
            f"({known.kind} at stop {known.stop_number}); make a new id for each report"
        )
    return True


def _is_done(stop: StopRow | None, tick: Tick) -> bool:
    """Whether another phone, or the same one by an older sheet, has said so of this very stop."""
    return bool(tick.kind is TickKind.DONE and tick.stop_code and stop is not None and stop.done_at)


def _begin(session: Session, sheet: Sheet, tick: Tick, actor: str) -> None:
    run = sheet.run
    if run.state in {"done", "cancelled"}:
        raise ConflictError(
            f"run {run.number}: it is {run.state}, so nothing more can happen on it"
        )
    plan = session.get_one(PlanRow, run.plan_id)
    if plan.state == "published":
        change_state(session, plan, "published", "under_way", {"under_way_at": tick.at})
    if plan.state != "under_way":
        raise ConflictError(
            f"run {run.number}: version {plan.version} of its plan is {plan.state}, "
            "expected published or under way"
        )
    if run.state == "planned" and tick.kind is not TickKind.EXCEPTION:
        run.state, run.departed_at = "under_way", tick.at
        if tick.kind is not TickKind.DEPART:
            _exchange(session, sheet, tick, 0, actor)


def _note_arrival(stop: StopRow, tick: Tick) -> None:
    stop.arrived_at = stop.arrived_at or tick.at


def _serve(session: Session, sheet: Sheet, stop: StopRow, tick: Tick, actor: str) -> Driven:
    run = sheet.run
    changed = session.execute(
        update(StopRow)
        .where(
            col(StopRow.run_id) == run.id,
            col(StopRow.number) == stop.number,
            col(StopRow.done_at).is_(None),
        )
        .values(done_at=tick.at, arrived_at=stop.arrived_at or tick.at)
        .execution_options(synchronize_session=False)
    )
    session.refresh(stop)
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise ConflictError(f"run {run.number}: stop {stop.number} is done already")
    return _exchange(session, sheet, tick, stop.number, actor)


def _check_served(session: Session, run: RunRow) -> None:
    waiting = [str(stop.number) for stop in _stops(session, run) if stop.done_at is None]
    if waiting:
        skipped = select(col(TickRow.stop_number)).where(
            col(TickRow.run_id) == run.id, col(TickRow.kind) == TickKind.EXCEPTION.value
        )
        told = {str(number) for number in session.scalars(skipped)}
        untold = [number for number in waiting if number not in told]
        if untold:
            raise ConflictError(
                f"run {run.number}: stops {', '.join(untold)} are not done; "
                "report each as done, or as an exception"
            )


def _exchange(session: Session, sheet: Sheet, tick: Tick, place: int, actor: str) -> Driven:
    run = sheet.run
    off = _legs(session, run, col(LegRow.leave_stop) == place, boarded=True)
    on = _taken_on(session, sheet, place, tick)
    goals = _goals(session, [leg.transfer_id for leg in off])
    if place > len(_stops(session, run)):
        # What was to be put off at a stop that was not served comes back to the hub.
        stuck = _legs(session, run, col(LegRow.leave_stop) < place, boarded=True)
        off, goals = [*off, *stuck], goals | {leg.transfer_id: "" for leg in stuck}
    missing = [leg for leg in [*off, *on] if leg.transfer_id in tick.missing]
    off = [leg for leg in off if leg.transfer_id not in tick.missing]
    absent = tick.not_taken | tick.missing
    on = [leg for leg in on if leg.transfer_id not in absent]
    hub = _hub(session, run)
    steps = [
        *(Step(transfer=leg.transfer_id, to=TransferState.MISSING) for leg in missing),
        *(_put_off(leg, goals[leg.transfer_id], hub) for leg in off),
        *(Step(transfer=leg.transfer_id, to=TransferState.ABOARD) for leg in on),
    ]
    cause = f"run {run.number}, {'hub' if place == 0 else f'stop {place}'}"
    moved = set(
        move(session, steps, cause=cause, actor=actor, moment=tick.at, skip_impossible=True)
    )
    for leg in off:
        leg.left_at = tick.at if leg.transfer_id in moved else None
    for leg in on:
        leg.boarded_at = tick.at if leg.transfer_id in moved else None
    session.flush()
    return Driven(
        moved={step.transfer: step.to.value for step in steps if step.transfer in moved},
        skipped=tuple(step.transfer for step in steps if step.transfer not in moved),
    )


def _taken_on(session: Session, sheet: Sheet, place: int, tick: Tick) -> list[LegRow]:
    """What goes on: as the driver's sheet had it, also where the plan has changed since."""
    on = _legs(session, sheet.run, col(LegRow.board_stop) == place, boarded=False)
    if sheet.older is None or place > len(_stops(session, sheet.run)):
        return on
    told = loads_by(session, sheet, place) or frozenset()
    more = told - {leg.transfer_id for leg in on} - tick.not_taken
    return [
        *(leg for leg in on if leg.transfer_id in told),
        *take_along(session, sheet.run, place, more),
    ]


def _legs(session: Session, run: RunRow, where: Any, *, boarded: bool) -> list[LegRow]:  # noqa: ANN401
    state = col(LegRow.boarded_at).is_not(None) if boarded else col(LegRow.boarded_at).is_(None)
    query = select(LegRow).where(
        col(LegRow.run_id) == run.id, where, state, col(LegRow.left_at).is_(None)
    )
    return list(session.scalars(query.order_by(col(LegRow.transfer_id))))


def _goals(session: Session, ids: Collection[str]) -> dict[str, str]:
    query = select(col(TransferRow.id), col(TransferRow.destination)).where(
        col(TransferRow.id).in_(ids)
    )
    return {row.id: row.destination for row in session.execute(query)}


def _hub(session: Session, run: RunRow) -> str:
    return str(session.get_one(PlanRow, run.plan_id).problem["hub"])


def _put_off(leg: LegRow, goal: str, hub: str) -> Step:
    at = leg.destination if goal else hub
    to = TransferState.DELIVERED if at == goal else TransferState.AT_HUB
    return Step(transfer=leg.transfer_id, to=to, at=at)


def _tell_exception(
    session: Session, run: RunRow, stop: StopRow | None, tick: Tick, actor: str
) -> None:
    place = None if stop is None else stop.branch_id
    tell(
        session,
        [
            {
                "kind": "run.exception",
                "subject": run.code,
                "at": tick.at,
                "place": place,
                "cause": tick.note[:200],
                "actor": actor,
            }
        ],
    )

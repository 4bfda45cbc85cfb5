"""Reports that were made by an older sheet: laid by branch onto the plan in force."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from sqlalchemy import select
from sqlmodel import col

from logistics.demand.transfers import WAITING_STATES
from logistics.errors import ConflictError, InputError, NotFoundError
from logistics.operations.day.stored_plans import IN_FORCE
from logistics.operations.road.ticks import Tick, TickKind
from logistics.storage.tables import BranchRow, LegRow, PlanRow, RunRow, StopRow, TickRow
from logistics.storage.transfers import find

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from sqlmodel import Session

_OF_STOP = frozenset({TickKind.ARRIVE, TickKind.DONE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """
    What a report is about, in the plan in force.

    Attributes
    ----------
    run
        The run.
    stop
        The stop; None for a report on the whole run.
    older
        The same van's run on the older sheet that the driver had in hand; None for this plan's.
    """

    run: RunRow
    stop: StopRow | None = None
    older: RunRow | None = None


def read_sheet(session: Session, tick: Tick) -> Sheet:
    """
    Find the run and the stop that a report is about, whatever plan the driver had in hand.

    A stop is known by its code, which stands for one branch; its number is of one plan alone, and
    a report by the number of another version is taken only where it came before.

    Parameters
    ----------
    session
        The transaction; the run is locked until it ends.
    tick
        The report.

    Returns
    -------
    Sheet
        The run and the stop as they are now.

    Raises
    ------
    ConflictError
        The plan has changed since, and has no such run or stop any more.
    InputError
        The report names no stop, or one that the run does not have.
    NotFoundError
        There is no such run.
    """
    if tick.at.tzinfo is None:
        raise InputError(f"report {tick.id!r}: its time has no zone, expected one such as +01:00")
    branch = branch_of(session, tick)
    run = _run_in_force(session, tick, branch)
    stop = _by_branch(session, run, branch) if branch else _by_number(session, run, tick)
    return Sheet(run=run, stop=stop, older=old_run(session, run, tick.version))


def branch_of(session: Session, tick: Tick) -> str | None:
    """
    Tell at which branch something was reported, by the code of the stop.

    Parameters
    ----------
    session
        A session.
    tick
        The report.

    Returns
    -------
    str | None
        None where it names no code.

    Raises
    ------
    NotFoundError
        There is no stop of that code.
    """
    if not tick.stop_code:
        return None
    query = select(StopRow).where(col(StopRow.code) == tick.stop_code)
    stop = session.scalars(query).one_or_none()
    if stop is None:
        raise NotFoundError(f"stop {tick.stop_code!r}: there is none of this code")
    return stop.branch_id


def old_run(session: Session, run: RunRow, version: int | None) -> RunRow | None:
    """
    Find a van's run in the version of the plan that a driver had in hand.

    Parameters
    ----------
    session
        A session.
    run
        The van's run in the plan in force.
    version
        The version; None where the sheet does not say.

    Returns
    -------
    RunRow | None
        None where it is the plan in force, or the van had no run.
    """
    plan = session.get_one(PlanRow, run.plan_id)
    if version is None or version == plan.version:
        return None
    query = (
        select(RunRow)
        .join(PlanRow, col(PlanRow.id) == col(RunRow.plan_id))
        .where(
            col(PlanRow.service_date) == plan.service_date,
            col(PlanRow.version) == version,
            col(RunRow.vehicle_id) == run.vehicle_id,
        )
    )
    return session.scalars(query.order_by(col(RunRow.number))).first()


def loads_by(session: Session, sheet: Sheet, place: int) -> frozenset[str]:
    """
    Tell what the driver's older sheet told to take at a place.

    Parameters
    ----------
    session
        A session.
    sheet
        What is reported.
    place
        Number of the stop on the run as it is now; 0 at the hub.

    Returns
    -------
    frozenset[str]
        Transfers; none where the driver had no older sheet.
    """
    if sheet.older is None:
        return frozenset()
    number = 0
    if place:
        branch = _stops(session, sheet.run)[place - 1].branch_id
        before = _stops(session, sheet.older)
        number = next((one.number for one in before if one.branch_id == branch), -1)
    query = select(col(LegRow.transfer_id)).where(
        col(LegRow.run_id) == sheet.older.id, col(LegRow.board_stop) == number
    )
    return frozenset(session.scalars(query))


def take_along(session: Session, run: RunRow, place: int, names: Collection[str]) -> list[LegRow]:
    """
    Give what was taken by an older sheet a ride on the run as it is now.

    Parameters
    ----------
    session
        The transaction.
    run
        The run.
    place
        Number of the stop; 0 at the hub.
    names
        Transfers that the older sheet told to take, and this plan does not.

    Returns
    -------
    list[LegRow]
        Rides of those that waited there: to the destination if the van still calls there, else
        to the hub.
    """
    hub = str(session.get_one(PlanRow, run.plan_id).problem["hub"])
    stops = _stops(session, run)
    here = stops[place - 1].branch_id if place else hub
    ahead = {stop.branch_id: stop.number for stop in stops if stop.number > place}
    waiting = {
        row.id: row.destination if row.destination in ahead else hub
        for row in find(session, names).values()
        if row.at == here and row.state in WAITING_STATES
    }
    _forget_rides(session, run, waiting)
    legs = [
        LegRow(
            run_id=cast("int", run.id),
            transfer_id=name,
            origin=here,
            destination=goal,
            board_stop=place,
            leave_stop=ahead.get(goal, len(stops) + 1),
        )
        for name, goal in sorted(waiting.items())
        if session.get(LegRow, (run.id, name)) is None
    ]
    session.add_all(legs)
    session.flush()
    return legs


def _forget_rides(session: Session, run: RunRow, names: Collection[str]) -> None:
    """Nobody else fetches what is aboard here."""
    of_plan = select(col(RunRow.id)).where(col(RunRow.plan_id) == run.plan_id)
    planned = select(LegRow).where(
        col(LegRow.run_id).in_(of_plan),
        col(LegRow.transfer_id).in_(list(names)),
        col(LegRow.boarded_at).is_(None),
    )
    for leg in session.scalars(planned).all():
        session.delete(leg)
    session.flush()


def lock_runs(session: Session, day: date) -> None:
    """
    Let no driver's report of a day in until this transaction ends.

    Parameters
    ----------
    session
        The transaction.
    day
        The service day.
    """
    query = (
        select(RunRow)
        .join(PlanRow, col(PlanRow.id) == col(RunRow.plan_id))
        .where(col(PlanRow.service_date) == day, col(PlanRow.state).in_(IN_FORCE))
        .order_by(col(RunRow.id))
        .with_for_update(of=RunRow)
    )
    session.scalars(query.execution_options(populate_existing=True)).all()


def _locked_run(session: Session, code: str) -> RunRow:
    query = select(RunRow).where(col(RunRow.code) == code).with_for_update()
    query = query.execution_options(populate_existing=True)
    # While this waits for a new plan to be kept, the code goes over to that plan's run, which only
    # a second look finds.
    run = session.scalars(query).one_or_none() or session.scalars(query).one_or_none()
    if run is None:
        raise NotFoundError(f"run {code!r}: there is none of this code")
    return run


def _run_in_force(session: Session, tick: Tick, branch: str | None) -> RunRow:
    run = _locked_run(session, tick.run)
    plan = session.get_one(PlanRow, run.plan_id, populate_existing=True)
    if plan.state != "superseded" or (branch is None and tick.stop is not None):
        return run
    following = (
        select(RunRow)
        .join(PlanRow, col(PlanRow.id) == col(RunRow.plan_id))
        .where(
            col(PlanRow.service_date) == plan.service_date,
            col(PlanRow.state).in_(IN_FORCE),
            col(RunRow.vehicle_id) == run.vehicle_id,
        )
        .order_by(col(RunRow.number))
        .with_for_update(of=RunRow)
    )
    found = session.scalars(following).all()
    calls = [one for one in found if any(s.branch_id == branch for s in _stops(session, one))]
    if not found:
        raise ConflictError(
            f"run {run.number}: the plan has changed, and vehicle {run.vehicle_id!r} has no run "
            "any more; tell the coordinator what was done"
        )
    return (calls or found)[0]


def _by_number(session: Session, run: RunRow, tick: Tick) -> StopRow | None:
    if tick.stop is None:
        if tick.kind in _OF_STOP:
            raise InputError(f"report {tick.id!r}: {tick.kind} names no stop, expected its number")
        return None
    number = tick.stop
    plan = session.get_one(PlanRow, run.plan_id)
    if tick.version not in {None, plan.version}:
        known = session.get(TickRow, tick.id)
        if known is None or (known.run_id, known.kind) != (run.id, tick.kind.value):
            raise ConflictError(
                f"run {run.number}: the plan has changed, and stop {tick.stop} of version "
                f"{tick.version} may be another in version {plan.version}; name it by its code, "
                "or by its number in the plan in force"
            )
        if known.stop_number is None:  # the report was taken in, and the stop is gone since
            return None
        number = known.stop_number
    found = session.get(StopRow, (run.id, number))
    if found is None:
        raise InputError(
            f"report {tick.id!r}: run {run.number} has no stop {tick.stop}, "
            f"expected 1 to {len(_stops(session, run))}"
        )
    return found


def _by_branch(session: Session, run: RunRow, branch: str) -> StopRow:
    found = next((one for one in _stops(session, run) if one.branch_id == branch), None)
    if found is None:
        name = session.get(BranchRow, branch)
        raise ConflictError(
            f"run {run.number}: the plan has changed, and the run does not call at "
            f"{name.name if name else branch!r} any more; tell the coordinator what was done"
        )
    return found


def _stops(session: Session, run: RunRow) -> Sequence[StopRow]:
    query = select(StopRow).where(col(StopRow.run_id) == run.id)
    return session.scalars(query.order_by(col(StopRow.number))).all()

"""Keep a plan as a version of its day: with its runs, stops, legs and promises, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from sqlalchemy import func, insert, select
from sqlmodel import col

from logistics.errors import RuleBrokenError
from logistics.operations.change.day_changes import describe, rows_of
from logistics.operations.day.outcomes import fates
from logistics.operations.day.plan_rows import plan_row, run_rows, stop_rows
from logistics.planning.check import check
from logistics.storage.chunks import chunks
from logistics.storage.feed import tell
from logistics.storage.locks import lock_day
from logistics.storage.tables import LegRow, PlanRow, PlanTransferRow, now, table_of
from logistics.storage.transfers import find

if TYPE_CHECKING:
    from datetime import date

    from sqlmodel import Session

    from logistics.operations.day.day_problem import DayProblem
    from logistics.operations.day.outcomes import Fate
    from logistics.planning.plan import Plan


def store_plan(session: Session, day: DayProblem, plan: Plan, *, made_by: str = "") -> PlanRow:
    """
    Keep a plan with its runs, stops, legs and promises.

    Parameters
    ----------
    session
        The transaction.
    day
        The problem it answers.
    plan
        The plan.
    made_by
        Who made it.

    Returns
    -------
    PlanRow
        The stored version, a draft.

    Raises
    ------
    RuleBrokenError
        The plan breaks a rule of its problem.
    """
    broken = check(day.problem, plan)
    if broken:
        raise RuleBrokenError(f"{fault.kind}: {fault.message}" for fault in broken)
    lock_day(session, day.date)
    row = plan_row(
        day,
        plan,
        version=last_version(session, day.date) + 1,
        caveats=_moved_meanwhile(session, day),
        changes=describe(rows_of(session, day.date)),
        made_by=made_by,
    )
    session.add(row)
    session.flush()
    plan_id = cast("int", row.id)
    run_ids = _store_runs(session, plan_id, day, plan)
    _store_transfers(session, plan_id, run_ids, fates(day, plan))
    subject = f"{day.date.isoformat()}/{row.version}"
    tell(session, [{"kind": "plan.drafted", "subject": subject, "at": now(), "actor": made_by}])
    return row


def last_version(session: Session, day: date) -> int:
    """
    Tell how many versions a day has.

    Parameters
    ----------
    session
        A session.
    day
        The service day.

    Returns
    -------
    int
        Number of the last version; 0 where there is none.
    """
    newest = select(func.max(col(PlanRow.version))).where(col(PlanRow.service_date) == day)
    return session.scalar(newest) or 0


def _moved_meanwhile(session: Session, day: DayProblem) -> list[str]:
    stored = find(session, day.transfers)
    moved = sum(
        name not in stored
        or (stored[name].state, stored[name].at) != (transfer.state.value, transfer.at)
        for name, transfer in day.transfers.items()
    )
    if not moved:
        return []
    return [f"{moved} transfers changed while this plan was made; plan again to take them in"]


def _store_runs(session: Session, plan_id: int, day: DayProblem, plan: Plan) -> list[int]:
    ids = []
    for number, row in enumerate(run_rows(day, plan)):
        row.plan_id = plan_id
        session.add(row)
        session.flush()
        ids.append(cast("int", row.id))
        session.add_all(stop_rows(day, plan, number, ids[-1]))
    session.flush()
    return ids


def _store_transfers(session: Session, plan_id: int, run_ids: list[int], ends: list[Fate]) -> None:
    promises = [
        {
            "plan_id": plan_id,
            "transfer_id": transfer,
            "shipment": fate.shipment.id,
            "outcome": fate.outcome.value,
            "reason": fate.reason.value if fate.reason else "",
            "expected_at": fate.expected_at,
        }
        for fate in ends
        for transfer in fate.shipment.transfers
    ]
    legs = [
        {
            "run_id": run_ids[ride.run],
            "transfer_id": transfer,
            "origin": ride.origin,
            "destination": ride.destination,
            "board_stop": ride.board,
            "leave_stop": ride.leave,
        }
        for fate in ends
        for ride in fate.rides
        for transfer in fate.shipment.transfers
    ]
    for part in chunks(promises):
        session.execute(insert(table_of(PlanTransferRow)), list(part))
    for some in chunks(legs):
        session.execute(insert(table_of(LegRow)), list(some))

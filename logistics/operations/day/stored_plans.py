"""Plans as they are stored: found by date and version, with everything that hangs on them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from sqlalchemy import select
from sqlmodel import col

from logistics.errors import NotFoundError
from logistics.planning.plan import Plan, parse_plan
from logistics.planning.problem import Problem, parse_problem
from logistics.storage.tables import PlanRow, PlanTransferRow, RunRow, StopRow, TransferRow

if TYPE_CHECKING:
    from datetime import date

    from sqlmodel import Session

IN_FORCE = ("published", "under_way", "closed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """
    What a plan says of one shipment.

    Attributes
    ----------
    row
        The promise, the same for each of its transfers.
    transfers
        The transfers, oldest first.
    """

    row: PlanTransferRow
    transfers: tuple[TransferRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPlan:
    """
    A stored plan with everything that hangs on it.

    Attributes
    ----------
    row
        The version.
    problem
        The problem it answers.
    plan
        The answer.
    runs
        Its runs, in order.
    stops
        Their stops, in order, by run.
    promises
        What it says of each shipment; nothing of those whose rows were thinned out.
    """

    row: PlanRow
    problem: Problem
    plan: Plan
    runs: tuple[RunRow, ...]
    stops: dict[int, tuple[StopRow, ...]]
    promises: dict[str, Promise]


def find_plan(session: Session, day: date, version: int | None = None) -> PlanRow:
    """
    Find the plan of a day.

    Parameters
    ----------
    session
        A session.
    day
        The service day.
    version
        Which version; when absent the one in force, else the latest draft.

    Returns
    -------
    PlanRow
        The plan.

    Raises
    ------
    NotFoundError
        There is none.
    """
    of_day = select(PlanRow).where(col(PlanRow.service_date) == day)
    if version is not None:
        found = session.scalars(of_day.where(col(PlanRow.version) == version)).one_or_none()
        if found is None:
            raise NotFoundError(f"plan of {day}: there is no version {version}")
        return found
    in_force = col(PlanRow.state).in_(IN_FORCE)
    newest = of_day.order_by(in_force.desc(), col(PlanRow.version).desc()).limit(1)
    found = session.scalars(newest).one_or_none()
    if found is None:
        raise NotFoundError(f"plan of {day}: there is none; plan the day first")
    return found


def read_stored_plan(session: Session, day: date, version: int | None = None) -> StoredPlan:
    """
    Read a plan with everything that hangs on it.

    Parameters
    ----------
    session
        A session.
    day
        The service day.
    version
        Which version; when absent the one in force, else the latest draft.

    Returns
    -------
    StoredPlan
        The plan.

    Raises
    ------
    NotFoundError
        There is none.
    """
    row = find_plan(session, day, version)
    of_plan = select(RunRow).where(col(RunRow.plan_id) == row.id)
    runs = tuple(session.scalars(of_plan.order_by(col(RunRow.number))))
    return StoredPlan(
        row=row,
        problem=parse_problem(json.dumps(row.problem)),
        plan=parse_plan(json.dumps(row.answer)),
        runs=runs,
        stops={cast("int", run.id): _stops(session, run) for run in runs},
        promises=_promises(session, row),
    )


def _stops(session: Session, run: RunRow) -> tuple[StopRow, ...]:
    query = select(StopRow).where(col(StopRow.run_id) == run.id)
    return tuple(session.scalars(query.order_by(col(StopRow.number))))


def _promises(session: Session, plan: PlanRow) -> dict[str, Promise]:
    query = (
        select(PlanTransferRow, TransferRow)
        .join(TransferRow, col(TransferRow.id) == col(PlanTransferRow.transfer_id))
        .where(col(PlanTransferRow.plan_id) == plan.id)
        .order_by(col(TransferRow.requested_at), col(TransferRow.id))
    )
    rows: dict[str, PlanTransferRow] = {}
    transfers: dict[str, list[TransferRow]] = {}
    for promise, transfer in session.execute(query).all():
        rows.setdefault(promise.shipment, promise)
        transfers.setdefault(promise.shipment, []).append(transfer)
    return {name: Promise(row=row, transfers=tuple(transfers[name])) for name, row in rows.items()}

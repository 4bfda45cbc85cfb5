"""What is due by the clock: each day's plan at its cut-off, shares of booked days, tidying."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select
from sqlmodel import col

from logistics.errors import InputError
from logistics.network.travel import ROAD_GRAPH
from logistics.operations.day.local_time import local_day, moment
from logistics.operations.day.plan_day import plan_day
from logistics.operations.network.load_network import read_network
from logistics.operations.reports.price_shares import (
    BY_THE_CLOCK,
    PRICE_SHARES,
    price_shares,
    request_shares,
    unpriced_days,
)
from logistics.operations.upkeep.retention import Retention, thin_out
from logistics.storage.jobs import enqueue
from logistics.storage.session import reading, writing
from logistics.storage.tables import JobRow, PlanRow, now
from logistics.units import SECONDS_PER_HOUR

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Engine
    from sqlmodel import Session

    from logistics.operations.upkeep.work import Handler, Task
    from logistics.planning.planner import Progress

PLAN_DAY: Final = "plan-day"
THIN_OUT: Final = "thin-out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """
    When and how days are planned by themselves.

    Attributes
    ----------
    cut_off_seconds
        Clock time at which a day is planned, seconds since its midnight; negative on the eve.
    plan_seconds
        Time for the search.
    workers
        Processor cores for it.
    travel
        Where travel times come from.
    retention
        How long item-level rows are kept.
    moved_stop_sek
        What planning a day again must save, SEK, to move one stop of its plan.
    """

    cut_off_seconds: int = -6 * SECONDS_PER_HOUR
    plan_seconds: float = 30.0
    workers: int = 2
    travel: str = ROAD_GRAPH
    retention: Retention = field(default_factory=Retention)
    moved_stop_sek: float = 0.0


def enqueue_due(engine: Engine, schedule: Schedule, *, at: datetime | None = None) -> list[str]:
    """
    Put everything that is due by the clock into the queue, once.

    Parameters
    ----------
    engine
        The database.
    schedule
        When and how.
    at
        The time; now when absent.

    Returns
    -------
    list[str]
        Kind and key of what was put there.
    """
    clock = at or now()
    today = local_day(clock)
    candidates = [
        day
        for day in (today, today + timedelta(days=1))
        if moment(day, schedule.cut_off_seconds) <= clock < moment(day, 12 * SECONDS_PER_HOUR)
    ]
    added = []
    with writing(engine) as session:
        for day in _service_days(session, candidates):
            if not _planned(session, day):
                until = moment(day, schedule.cut_off_seconds).isoformat()
                payload = {"made_by": "schedule", "cut_off": until}
                enqueue(session, PLAN_DAY, day.isoformat(), payload)
                added.append(f"{PLAN_DAY} {day}")
        if not _known(session, THIN_OUT, today.isoformat()):
            enqueue(session, THIN_OUT, today.isoformat())
            added.append(f"{THIN_OUT} {today}")
        unpriced = unpriced_days(session, today - BY_THE_CLOCK, today)
        if unpriced and not _known(session, PRICE_SHARES, f"{unpriced[0]}/{unpriced[-1]}"):
            request_shares(session, unpriced[0], unpriced[-1])
            added.append(f"{PRICE_SHARES} {unpriced[0]}/{unpriced[-1]}")
    return added


def request_plan(
    session: Session,
    day: date,
    *,
    made_by: str = "",
    seconds: float | None = None,
    workers: int | None = None,
) -> JobRow:
    """
    Ask for a day to be planned in the background; one at a time for each day.

    Parameters
    ----------
    session
        The transaction.
    day
        The service day.
    made_by
        Who asks.
    seconds
        Time for the search; the schedule's when absent.
    workers
        Processor cores; the schedule's when absent.

    Returns
    -------
    JobRow
        The job that plans it, perhaps one that was asked for before.
    """
    payload: dict[str, Any] = {"made_by": made_by}
    if seconds is not None:
        payload["seconds"] = seconds
    if workers is not None:
        payload["workers"] = workers
    return enqueue(session, PLAN_DAY, day.isoformat(), payload)


def handlers(schedule: Schedule) -> Mapping[str, Handler]:
    """
    Name what to call for each kind of job of the schedule.

    Parameters
    ----------
    schedule
        When and how.

    Returns
    -------
    Mapping[str, Handler]
        Handlers by kind; the service adds those that need the net.
    """
    return {
        PLAN_DAY: partial(_plan, schedule),
        THIN_OUT: partial(_thin_out, schedule),
        PRICE_SHARES: price_shares,
    }


def _plan(schedule: Schedule, task: Task) -> dict[str, Any]:
    def show(progress: Progress) -> None:
        numbers = {
            "seconds": round(progress.seconds, 2),
            "cost_sek": progress.cost,
            "bound_sek": progress.bound,
            "gap": progress.gap,
        }
        task.progress(progress.phase, numbers)
        task.check()  # a search that somebody cancelled ends with its next news

    def result(row: PlanRow) -> dict[str, Any]:
        known = {"version": row.version, "cost_sek": row.cost_sek, "gap": row.gap}
        return {"date": task.key, **known}

    # People plan all that waits; by the clock a late worker plans what one in time would have.
    until = task.payload.get("cut_off")
    row = plan_day(
        task.engine,
        date.fromisoformat(task.key),
        cut_off=None if until is None else datetime.fromisoformat(until),
        seconds=float(task.payload.get("seconds", schedule.plan_seconds)),
        workers=int(task.payload.get("workers", schedule.workers)),
        travel=schedule.travel,
        moved_stop_sek=schedule.moved_stop_sek,
        made_by=str(task.payload.get("made_by", "")),
        on_progress=show,
        while_storing=lambda session, row: task.finish(session, result(row)),
    )
    return result(row)


def _thin_out(schedule: Schedule, task: Task) -> dict[str, Any]:
    return dict(thin_out(task.engine, schedule.retention))


def _service_days(session: Session, days: list[date]) -> list[date]:
    if not days:
        return []
    try:
        calendar = read_network(session).calendar
    except InputError:
        return []  # nothing to plan before a network is stored
    return [day for day in days if calendar.is_service_day(day)]


def _planned(session: Session, day: date) -> bool:
    plan = select(col(PlanRow.id)).where(col(PlanRow.service_date) == day).limit(1)
    return session.scalar(plan) is not None or _known(session, PLAN_DAY, day.isoformat())


def _known(session: Session, kind: str, key: str) -> bool:
    job = select(col(JobRow.id)).where(col(JobRow.kind) == kind, col(JobRow.key) == key).limit(1)
    return session.scalar(job) is not None


def last_failure(engine: Engine, kind: str) -> JobRow | None:
    """
    Find the newest job of a kind that failed for good.

    Parameters
    ----------
    engine
        The database.
    kind
        Kind of job.

    Returns
    -------
    JobRow | None
        The job; None when none failed.
    """
    query = select(JobRow).where(col(JobRow.kind) == kind, col(JobRow.state) == "failed")
    with reading(engine) as session:
        return session.scalars(query.order_by(col(JobRow.id).desc()).limit(1)).first()

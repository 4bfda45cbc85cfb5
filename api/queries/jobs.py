"""Background jobs as pages show them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select
from sqlmodel import Session, col

from logistics.operations.upkeep.schedule import PLAN_DAY
from logistics.storage.tables import JobRow

if TYPE_CHECKING:
    from datetime import date, datetime

#: States in which a job still has something to tell.
ACTIVE: Final = ("queued", "running")


def job_of_day(session: Session, day: date, since: datetime | None) -> JobRow | None:
    """
    Find the job that plans a day now, or that failed to after its newest plan was made.

    Parameters
    ----------
    session
        A session.
    day
        The service day.
    since
        When its newest plan was made.

    Returns
    -------
    JobRow | None
        None where there is nothing to tell.
    """
    query = select(JobRow).where(col(JobRow.kind) == PLAN_DAY, col(JobRow.key) == day.isoformat())
    job = session.scalars(query.order_by(col(JobRow.id).desc()).limit(1)).first()
    if job is None or job.state in ACTIVE:
        return job
    is_news = since is None or (job.finished_at is not None and job.finished_at > since)
    return job if job.state == "failed" and is_news else None

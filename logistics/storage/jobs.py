"""A queue of work in the database: leased, tried again, done once, whoever dies meanwhile.

A worker takes a job for the length of a lease and renews it while it works. A worker that dies
stops renewing, and another takes the job when the lease has run out. The lease names its worker,
so one that comes back from the dead can neither finish nor fail what is no longer its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import col

from logistics.errors import ConflictError, NotFoundError
from logistics.storage.session import is_sqlite, writing
from logistics.storage.tables import JobProgressRow, JobRow, now, table_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Engine
    from sqlmodel import Session

LEASE = timedelta(seconds=60)
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=1)

_ACTIVE = ("queued", "running")


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """
    What a worker learns when it renews a lease.

    Attributes
    ----------
    ours
        Whether the job is still its own.
    cancel
        Whether somebody asked to cancel it.
    """

    ours: bool
    cancel: bool


def enqueue(
    session: Session,
    kind: str,
    key: str,
    payload: dict[str, Any] | None = None,
    *,
    run_after: datetime | None = None,
    max_attempts: int = 5,
) -> JobRow:
    """
    Ask for work; of one kind and key there is never more than one waiting or running.

    Parameters
    ----------
    session
        The transaction.
    kind
        What to do, such as ``plan-day``.
    key
        What to do it on, such as a date.
    payload
        Further instructions.
    run_after
        Not before; at once when absent.
    max_attempts
        How often to try.

    Returns
    -------
    JobRow
        The new job, or the one that waits or runs already.
    """
    insert = sqlite_insert if is_sqlite(session) else postgres_insert
    job = JobRow(
        kind=kind,
        key=key,
        payload=payload or {},
        run_after=run_after or now(),
        max_attempts=max_attempts,
    )
    values = job.model_dump(exclude={"id"})
    fresh = insert(table_of(JobRow)).values(**values).on_conflict_do_nothing()
    session.execute(fresh)
    active = select(JobRow).where(
        col(JobRow.kind) == kind, col(JobRow.key) == key, col(JobRow.state).in_(_ACTIVE)
    )
    return session.scalars(active).one()


def claim(
    engine: Engine, worker: str, kinds: Collection[str], *, lease: timedelta = LEASE
) -> JobRow | None:
    """
    Take the next job that is due, or one whose worker has died.

    Parameters
    ----------
    engine
        The database.
    worker
        Name of the worker, unlike any other's.
    kinds
        What it can do.
    lease
        How long the job is its own without renewing.

    Returns
    -------
    JobRow | None
        The job, running; None when there is nothing to do.
    """
    moment = now()
    with writing(engine) as session:
        _give_up(session, moment)
        due = (
            select(col(JobRow.id))
            .where(col(JobRow.kind).in_(kinds), _due(moment))
            .order_by(col(JobRow.run_after), col(JobRow.id))
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        number = session.scalar(due)
        if number is None:
            return None
        taken = (
            update(JobRow)
            .where(col(JobRow.id) == number, _due(moment))
            .values(
                state="running",
                leased_by=worker,
                leased_until=moment + lease,
                attempts=JobRow.attempts + 1,
                started_at=moment,
            )
            .returning(JobRow)
        )
        return session.scalars(taken).one_or_none()


def renew(engine: Engine, job: int, worker: str, *, lease: timedelta = LEASE) -> Beat:
    """
    Renew the lease of a job.

    Parameters
    ----------
    engine
        The database.
    job
        Number of the job.
    worker
        Who works on it.
    lease
        How long it is its own from now on.

    Returns
    -------
    Beat
        Whether to go on.
    """
    with writing(engine) as session:
        renewed = (
            update(JobRow)
            .where(_held(job, worker))
            .values(leased_until=now() + lease)
            .returning(col(JobRow.cancel_requested))
        )
        cancel = session.scalar(renewed)
    return Beat(ours=cancel is not None, cancel=bool(cancel))


def report_progress(engine: Engine, job: int, phase: str, details: dict[str, Any]) -> None:
    """
    Say how far a job has come.

    Parameters
    ----------
    engine
        The database.
    job
        Number of the job.
    phase
        What is being done.
    details
        Numbers for whoever watches.
    """
    with writing(engine) as session:
        session.add(JobProgressRow(job_id=job, phase=phase[:100], details=details))


def progress_after(session: Session, job: int, after: int = 0) -> Sequence[JobProgressRow]:
    """
    Read how far a job has come.

    Parameters
    ----------
    session
        A session.
    job
        Number of the job.
    after
        Number of the last report already seen.

    Returns
    -------
    Sequence[JobProgressRow]
        Newer reports, oldest first.
    """
    query = select(JobProgressRow).where(
        col(JobProgressRow.job_id) == job, col(JobProgressRow.id) > after
    )
    return session.scalars(query.order_by(col(JobProgressRow.id))).all()


def finish(engine: Engine, job: int, worker: str, result: dict[str, Any]) -> bool:
    """
    Say that a job is done.

    Parameters
    ----------
    engine
        The database.
    job
        Number of the job.
    worker
        Who did it.
    result
        What came of it.

    Returns
    -------
    bool
        False when the lease was lost meanwhile; then nothing is changed.
    """
    with writing(engine) as session:
        return _end(session, job, worker, {"state": "done", "result": result})


def finish_in(session: Session, job: int, worker: str, result: dict[str, Any]) -> bool:
    """
    Say that a job is done, in the transaction that keeps what came of it.

    So a worker that dies leaves either both or neither, and whoever takes the job after it does
    not keep a second result.

    Parameters
    ----------
    session
        The transaction.
    job
        Number of the job.
    worker
        Who did it.
    result
        What came of it.

    Returns
    -------
    bool
        False when the lease was lost or the job cancelled meanwhile; then nothing is changed.
    """
    wanted = col(JobRow.cancel_requested).is_(False)
    return _end(session, job, worker, {"state": "done", "result": result}, wanted)


def abandon(engine: Engine, job: int, worker: str) -> bool:
    """
    Say that a job was cancelled while it ran.

    Parameters
    ----------
    engine
        The database.
    job
        Number of the job.
    worker
        Who worked on it.

    Returns
    -------
    bool
        False when the lease was lost meanwhile.
    """
    with writing(engine) as session:
        return _end(session, job, worker, {"state": "cancelled"})


def fail(engine: Engine, job: JobRow, worker: str, problems: Sequence[str], *, again: bool) -> bool:
    """
    Say that a job failed; it is tried again later where that can help.

    Parameters
    ----------
    engine
        The database.
    job
        The job.
    worker
        Who worked on it.
    problems
        What went wrong.
    again
        Whether another try can help; the pause doubles from try to try.

    Returns
    -------
    bool
        False when the lease was lost meanwhile.
    """
    values: dict[str, Any] = {"problems": list(problems)}
    if again and job.attempts < job.max_attempts:
        pause = min(FIRST_PAUSE * 2 ** (job.attempts - 1), LONGEST_PAUSE)
        values |= {"state": "queued", "run_after": now() + pause, "finished_at": None}
    else:
        values |= {"state": "failed"}
    with writing(engine) as session:
        return _end(session, job.id or 0, worker, values)


def cancel_job(session: Session, job: int) -> JobRow:
    """
    Cancel a job: at once while it waits, as soon as its worker notices while it runs.

    Parameters
    ----------
    session
        The transaction.
    job
        Number of the job.

    Returns
    -------
    JobRow
        The job.

    Raises
    ------
    ConflictError
        It is over already.
    NotFoundError
        There is no such job.
    """
    row = session.get(JobRow, job, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFoundError(f"job {job}: there is none of this number")
    if row.state not in _ACTIVE:
        raise ConflictError(f"job {job}: it is {row.state} already")
    if row.state == "queued":
        row.state, row.finished_at = "cancelled", now()
    row.cancel_requested = True
    session.flush()
    return row


def _due(moment: datetime) -> ColumnElement[bool]:
    return or_(
        and_(col(JobRow.state) == "queued", col(JobRow.run_after) <= moment),
        and_(col(JobRow.state) == "running", col(JobRow.leased_until) < moment),
    )


def _held(job: int, worker: str) -> ColumnElement[bool]:
    return and_(
        col(JobRow.id) == job, col(JobRow.state) == "running", col(JobRow.leased_by) == worker
    )


def _give_up(session: Session, moment: datetime) -> None:
    lost = and_(
        col(JobRow.state) == "running",
        col(JobRow.leased_until) < moment,
        col(JobRow.attempts) >= col(JobRow.max_attempts),
    )
    problem = ["its worker died at each attempt; look at the log for the reason"]
    session.execute(
        update(JobRow).where(lost).values(state="failed", problems=problem, finished_at=moment)
    )


def _end(
    session: Session, job: int, worker: str, values: dict[str, Any], *only: ColumnElement[bool]
) -> bool:
    columns = {"leased_by": None, "leased_until": None, "finished_at": now()} | values
    ended = session.execute(update(JobRow).where(_held(job, worker), *only).values(**columns))
    return bool(ended.rowcount)  # type: ignore[attr-defined]

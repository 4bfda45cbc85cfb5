"""Background jobs: what waits, what runs, how far it is, and how to stop it."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from sqlmodel import Session, col

from api.door import may
from api.every_fault import EveryFault
from api.problems import responses
from api.queries.lists import Order, list_page
from api.schemas.base import Page, RowId
from api.schemas.webhooks import Job, JobQuery
from api.security.roles import Principal
from api.streaming import EventStream, Progress, stream
from api.unit import Answer, Reader, ReaderDep, UnitDep
from logistics.errors import NotFoundError
from logistics.storage.jobs import cancel_job, progress_after
from logistics.storage.tables import JobRow

router = APIRouter(prefix="/v1", tags=["jobs"], route_class=EveryFault)
Reads = Annotated[Principal, may("jobs:read")]
_OVER = frozenset({"done", "failed", "cancelled"})


@router.get("/jobs")
def list_jobs(
    reader: ReaderDep, principal: Reads, wanted: Annotated[JobQuery, Query()]
) -> Page[Job]:
    """List background jobs, newest first."""
    del principal
    narrowed = {"state": wanted.state, "kind": wanted.kind}
    which = [
        col(getattr(JobRow, name)) == value for name, value in narrowed.items() if value is not None
    ]
    newest_first = Order(newest_first=True)
    return reader.run(
        lambda session: list_page(session, JobRow, wanted, wire, *which, order=newest_first)
    )


@router.get("/jobs/{job}")
def get_job(job: RowId, reader: ReaderDep, principal: Reads) -> Job:
    """Look one job up."""
    del principal
    return reader.run(lambda session: wire(_find(session, job)))


@router.get(
    "/jobs/{job}/progress",
    response_class=EventStream,
    responses={
        200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}},
        **responses("busy"),
    },
)
async def watch_job(
    job: RowId,
    request: Request,
    reader: ReaderDep,
    principal: Reads,
    last_event_id: Annotated[str | None, Header(max_length=20, pattern=r"^\d{1,15}$")] = None,
) -> Response:
    """Watch a job, as server-sent events: each better plan and bound, then the end."""
    del principal
    await run_in_threadpool(reader.run, lambda session: _find(session, job).id)

    async def look(after: int) -> Progress:
        return await run_in_threadpool(_progress, reader, job, after)

    return stream(request.app, look, int(last_event_id or 0))


@router.post("/jobs/{job}/cancel", response_model=Job, responses=responses("conflict"))
def stop_job(
    job: RowId, unit: UnitDep, principal: Annotated[Principal, may("jobs:write")]
) -> Response:
    """Cancel a job: at once while it waits, soon while it runs."""
    del principal
    return unit.run(
        lambda session: Answer(body=wire(cancel_job(session, job))),
        action="cancel job",
        subject=str(job),
    )


def wire(row: JobRow) -> Job:
    """
    Show a job.

    Parameters
    ----------
    row
        The job.

    Returns
    -------
    Job
        As it goes over the wire.
    """
    return Job.model_validate({name: getattr(row, name) for name in Job.model_fields})


def _find(session: Session, job: int) -> JobRow:
    row = session.get(JobRow, job)
    if row is None:
        raise NotFoundError(f"job {job}: there is none of this number")
    return row


def _progress(reader: Reader, job: int, after: int) -> Progress:
    def work(session: Session) -> Progress:
        row = _find(session, job)
        events = [
            (one.id or 0, "progress", {"phase": one.phase, **one.details})
            for one in progress_after(session, job, after)
        ]
        if row.state in _OVER:
            last = events[-1][0] if events else after
            events.append((last, "end", {"state": row.state, "result": row.result}))
        return Progress(events=events, done=row.state in _OVER)

    return reader.run(work)

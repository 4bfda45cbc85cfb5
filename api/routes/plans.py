"""Plan days, read plans in their versions, and print what people need of them."""

import threading
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import HTMLResponse
from sqlmodel import Session, col

from api.door import may
from api.every_fault import EveryFault
from api.problems import ProblemError, responses
from api.queries.lists import Order, list_page
from api.queries.packing import packing_lists
from api.queries.plans import etag, refuse_bound, summary, whole
from api.routes.jobs import wire
from api.schemas.base import Day, Page
from api.schemas.packing import PackingQuery
from api.schemas.plans import (
    BranchPaperQuery,
    PaperQuery,
    Plan,
    PlanQuery,
    PlanRequest,
    PlanSummary,
    SheetQuery,
    Span,
)
from api.schemas.webhooks import Job
from api.security.roles import Principal
from api.settings import Settings  # noqa: TC001  # names what the state holds
from api.unit import Answer, Reader, ReaderDep, Unit, UnitDep
from logistics.network.travel import ROAD_GRAPH
from logistics.operations.day.plan_day import plan_day
from logistics.operations.day.stored_plans import find_plan
from logistics.operations.upkeep.schedule import request_plan
from logistics.operations.view.build_view import build_day_view
from logistics.operations.view.day_view import DayView
from logistics.storage.tables import PlanRow

router = APIRouter(prefix="/v1", tags=["plans"], route_class=EveryFault)
Reads = Annotated[Principal, may("plans:read")]
Writes = Annotated[Principal, may("plans:write")]
PAPER: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            "text/html": {"schema": {"type": "string"}},
            "application/pdf": {"schema": {"type": "string", "format": "binary"}},
        }
    }
}
_LISTS: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            **PAPER[200]["content"],
            "application/json": {"schema": {"$ref": "#/components/schemas/PackingLists"}},
        }
    }
}
#: Planning takes every core it gets, so one day is planned at a time.
_planning = threading.Lock()


@router.post(
    "/plans/{date}",
    response_model=Plan,
    status_code=201,
    responses={
        202: {"model": Job, "description": "It is planned in the background."},
        **responses("no-plan", "rule-broken", "busy", "unavailable"),
    },
)
def make_plan(
    date: Day,
    body: PlanRequest,
    request: Request,
    unit: UnitDep,
    principal: Writes,
    prefer: Annotated[
        str | None, Header(max_length=100, description="`respond-async`: do not wait for it.")
    ] = None,
) -> Response:
    """
    Plan a day with everything that waits; the plan is kept as a new draft.

    With `Prefer: respond-async` the answer is a job, whose progress can be watched.
    """
    if prefer is not None and "respond-async" in prefer:
        return _plan_later(date, body, unit)
    settings: Settings = request.app.state.settings
    action, subject = "plan day", date.isoformat()

    def keep(session: Session, row: PlanRow) -> None:
        where = f"/v1/plans/{date.isoformat()}?version={row.version}"
        headers = {"ETag": etag(row), "Location": where}
        answer = Answer(status=201, body=whole(session, row), headers=headers)
        unit.keep_with(session, answer, action=action, subject=subject)

    def work() -> None:
        if not _planning.acquire(blocking=False):
            raise ProblemError("busy", "another plan is being made; one is made at a time")
        try:
            plan_day(
                unit.engine,
                date,
                seconds=body.seconds or settings.plan_seconds,
                workers=body.workers or settings.plan_workers,
                seed=body.seed,
                made_by=principal.label,
                travel=settings.travel or ROAD_GRAPH,
                while_storing=keep,
            )
        finally:
            _planning.release()

    return unit.run_apart(work, action=action, subject=subject)


def _plan_later(date: Day, body: PlanRequest, unit: Unit) -> Response:
    def work(session: Session) -> Answer:
        row = request_plan(
            session,
            date,
            made_by=unit.principal.label,
            seconds=body.seconds,
            workers=body.workers,
        )
        return Answer(status=202, body=wire(row), headers={"Location": f"/v1/jobs/{row.id}"})

    return unit.run(work, action="plan day", subject=date.isoformat())


@router.get("/plans")
def list_plans(
    reader: ReaderDep, principal: Reads, span: Annotated[Span, Query()]
) -> Page[PlanSummary]:
    """List the versions of some days, newest first; of all days when none are named."""
    del principal
    which = []
    if span.first_day is not None:
        which.append(col(PlanRow.service_date) >= span.first_day)
    if span.last_day is not None:
        which.append(col(PlanRow.service_date) <= span.last_day)
    order = Order(("service_date", "version"), newest_first=True)
    return reader.run(
        lambda session: list_page(session, PlanRow, span, summary, *which, order=order)
    )


@router.get(
    "/plans/{date}",
    response_model=Plan,
    responses={304: {"description": "The plan is still the one named by If-None-Match."}},
)
def get_plan(
    date: Day,
    request: Request,
    reader: ReaderDep,
    principal: Reads,
    which: Annotated[PlanQuery, Query()],
) -> Response:
    """Read a plan; its ETag is what a change must name in If-Match."""
    refuse_bound(principal)

    def work(session: Session) -> Response:
        row = find_plan(session, date, which.version)
        headers = {"ETag": etag(row)}
        if request.headers.get("if-none-match") == etag(row):
            return Response(status_code=304, headers=headers)
        return Answer(body=whole(session, row), headers=headers).response()

    return reader.run(work)


@router.get("/plans/{date}/problem")
def get_problem(
    date: Day, reader: ReaderDep, principal: Reads, which: Annotated[PlanQuery, Query()]
) -> dict[str, Any]:
    """Read the day problem that the plan answers: it can be solved and checked again, years on."""
    refuse_bound(principal)
    return reader.run(lambda session: find_plan(session, date, which.version).problem)


@router.get("/plans/{date}/map", response_class=HTMLResponse)
def get_map(
    date: Day,
    request: Request,
    reader: ReaderDep,
    principal: Reads,
    how: Annotated[PaperQuery, Query()],
) -> Response:
    """See the day on a map: runs along the roads, stops in order, what comes off and on."""
    from maps.day_map import day_map_html  # noqa: PLC0415  # folium takes a second to import

    refuse_bound(principal)
    view = _view(reader, date, how)
    page = day_map_html(view, language=how.language, nonce=request.state.nonce)
    return HTMLResponse(page)


@router.get("/plans/{date}/sheets", response_class=HTMLResponse, responses=PAPER)
def get_sheets(
    date: Day,
    request: Request,
    reader: ReaderDep,
    principal: Reads,
    how: Annotated[SheetQuery, Query()],
) -> Response:
    """Print the run sheets: stops in order, what comes off and on at each."""
    from maps.run_sheet import run_sheet_html, run_sheet_pdf  # noqa: PLC0415  # slow to import

    refuse_bound(principal)
    view = _view(reader, date, how)
    numbers = None if how.run is None else [how.run]
    if numbers and how.run not in {run.number for run in view.runs}:
        raise ProblemError("not-found", f"plan of {date}: there is no run {how.run}")
    link = f"{request.app.state.settings.public_url.rstrip('/')}/tur/"
    return _paper(
        how,
        lambda: run_sheet_html(view, numbers, language=how.language, link=link),
        lambda: run_sheet_pdf(view, numbers, language=how.language, link=link),
    )


@router.get("/plans/{date}/packing-lists", response_class=HTMLResponse, responses=_LISTS)
def get_packing_lists(
    date: Day, reader: ReaderDep, principal: Reads, how: Annotated[PackingQuery, Query()]
) -> Response:
    """Print what each branch packs and receives, by run; or read it, as JSON."""
    from maps.packing_list import (  # noqa: PLC0415  # slow to import
        packing_list_html,
        packing_list_pdf,
    )

    branch = _own(principal, how.branch)
    view = _view(reader, date, how)
    if how.format == "json":
        return Answer(body=packing_lists(view, branch)).response()
    return _paper(
        how,
        lambda: packing_list_html(view, branch, language=how.language),
        lambda: packing_list_pdf(view, branch, language=how.language),
    )


@router.get("/plans/{date}/labels", response_class=HTMLResponse, responses=PAPER)
def get_labels(
    date: Day, reader: ReaderDep, principal: Reads, how: Annotated[BranchPaperQuery, Query()]
) -> Response:
    """Print the labels of bundles and crates."""
    from maps.labels import labels_html, labels_pdf  # noqa: PLC0415  # slow to import

    branch = _own(principal, how.branch)
    view = _view(reader, date, how)
    return _paper(
        how,
        lambda: labels_html(view, branch, language=how.language),
        lambda: labels_pdf(view, branch, language=how.language),
    )


def _view(reader: Reader, date: Day, how: PlanQuery) -> DayView:
    return reader.run(lambda session: build_day_view(session, date, how.version))


def _own(principal: Principal, branch: str | None) -> str | None:
    if principal.branch is None:
        return branch
    if branch not in {None, principal.branch}:
        raise ProblemError("not-allowed", f"this list belongs to {branch!r}")
    return principal.branch


def _paper(
    how: PaperQuery | PackingQuery, page: Callable[[], str], paper: Callable[[], bytes]
) -> Response:
    if how.format == "html":
        return HTMLResponse(page())
    return Response(paper(), media_type="application/pdf")

"""The day for other programs: calendars of arrivals, runs on their roads."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.door import may
from api.problems import ProblemError
from api.queries.branch_calendar import calendar_of
from api.queries.plans import refuse_bound
from api.routes.network import BranchPath
from api.routes.runs import today
from api.schemas.base import Day, RowId
from api.schemas.plans import PaperQuery, PlanQuery
from api.security.roles import Principal
from api.unit import ReaderDep
from logistics.errors import NotFoundError
from logistics.operations.view.build_view import build_day_view

router = APIRouter(prefix="/v1", tags=["exports"])
Reads = Annotated[Principal, may("plans:read")]


@router.get(
    "/branches/{branch}/calendar.ics",
    response_class=Response,
    responses={200: {"content": {"text/calendar": {"schema": {"type": "string"}}}}},
)
def get_branch_calendar(
    branch: BranchPath,
    request: Request,
    reader: ReaderDep,
    principal: Reads,
    how: Annotated[PaperQuery, Query()],
) -> Response:
    """Subscribe to when vans call at a branch: published plans of the last week and on."""
    if not principal.may_see(branch):
        raise ProblemError("not-allowed", f"this calendar belongs to {branch!r}")
    day = today(request)
    calendar = reader.run(lambda session: calendar_of(session, branch, day, how.language))
    return Response(calendar, media_type="text/calendar")


@router.get(
    "/plans/{date}/runs.geojson",
    response_class=Response,
    responses={200: {"content": {"application/geo+json": {"schema": {"type": "object"}}}}},
)
def get_geojson(
    date: Day, reader: ReaderDep, principal: Reads, which: Annotated[PlanQuery, Query()]
) -> Response:
    """Read the runs as GeoJSON: a line a run along its roads, a point a stop."""
    from maps.exports import runs_geojson  # noqa: PLC0415  # slow to import

    refuse_bound(principal)
    view = reader.run(lambda session: build_day_view(session, date, which.version))
    return Response(runs_geojson(view), media_type="application/geo+json")


@router.get(
    "/plans/{date}/runs/{number}.gpx",
    response_class=Response,
    responses={200: {"content": {"application/gpx+xml": {"schema": {"type": "string"}}}}},
)
def get_gpx(
    date: Day,
    number: RowId,
    reader: ReaderDep,
    principal: Reads,
    which: Annotated[PlanQuery, Query()],
) -> Response:
    """Read a run as GPX, for a navigator."""
    from maps.exports import run_gpx  # noqa: PLC0415  # slow to import

    refuse_bound(principal)
    view = reader.run(lambda session: build_day_view(session, date, which.version))
    if number not in {run.number for run in view.runs}:
        raise NotFoundError(f"plan of {date}: there is no run {number}")
    return Response(run_gpx(view, number), media_type="application/gpx+xml")

"""Compare versions of a day, and put one in force."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from sqlmodel import Session

from api.door import may
from api.every_fault import EveryFault, IfMatch
from api.problems import responses
from api.queries.plans import check_match, etag, refuse_bound, summary
from api.schemas.base import Day
from api.schemas.plans import (
    ComparedStop,
    CompareQuery,
    ComparisonWire,
    CostWire,
    PlanSummary,
    Publication,
)
from api.security.roles import Principal
from api.unit import Answer, ReaderDep, UnitDep
from logistics.operations.day.publish import publish
from logistics.operations.day.stored_plans import find_plan, read_stored_plan
from logistics.planning.compare import compare
from logistics.planning.plan import Cost
from logistics.storage.locks import lock_day

router = APIRouter(prefix="/v1", tags=["plans"], route_class=EveryFault)


@router.post(
    "/plans/{date}/publish",
    response_model=PlanSummary,
    responses=responses("conflict", "changed-meanwhile", "precondition-required"),
)
def publish_plan(
    date: Day,
    body: Publication,
    unit: UnitDep,
    principal: Annotated[Principal, may("plans:write")],
    if_match: IfMatch,
) -> Response:
    """Put a draft in force: the version is frozen, and every transfer is told when it arrives."""

    def work(session: Session) -> Answer:
        lock_day(session, date)
        check_match(find_plan(session, date, body.version), if_match)
        row = publish(session, date, body.version, actor=principal.label)
        return Answer(body=summary(row), headers={"ETag": etag(row)})

    return unit.run(work, action="publish plan", subject=f"{date.isoformat()}/{body.version}")


@router.get("/plans/{date}/compare")
def compare_plans(
    date: Day,
    reader: ReaderDep,
    principal: Annotated[Principal, may("plans:read")],
    which: Annotated[CompareQuery, Query()],
) -> ComparisonWire:
    """Tell how one version differs from another: money, stops, and what arrives."""
    refuse_bound(principal)

    def work(session: Session) -> ComparisonWire:
        after = read_stored_plan(session, date, which.version)
        before = read_stored_plan(session, date, which.other)
        found = compare(after.problem, before.plan, after.plan)
        return ComparisonWire(
            before=_cost(found.before),
            after=_cost(found.after),
            stops=[
                ComparedStop(site=stop.site, before=stop.before, after=stop.after)
                for stop in found.stops
            ],
            newly_delivered=list(found.newly_delivered),
            no_longer_delivered=list(found.no_longer_delivered),
            sentences=found.words("en"),
        )

    return reader.run(work)


def _cost(cost: Cost) -> CostWire:
    return CostWire(
        fixed=cost.fixed,
        stops=cost.stops,
        distance=cost.distance,
        time=cost.time,
        delay=cost.delay,
        total=cost.total,
    )

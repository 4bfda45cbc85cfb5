"""On which weekdays branches are served."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from sqlmodel import Session, col

from api.door import may
from api.every_fault import EveryFault, IfMatch
from api.problems import responses
from api.queries.lists import list_page
from api.queries.network import find_branch, patterns_of
from api.queries.plans import check_tag
from api.schemas.base import Page
from api.schemas.places import NewServicePattern, PatternQuery, ServicePattern
from api.security.roles import Principal
from api.unit import Answer, ReaderDep, UnitDep
from logistics.network.patterns import Weeks
from logistics.operations.network.network_changes import NewServiceDays, keep
from logistics.storage.locks import lock_network
from logistics.storage.tables import ServicePatternRow

router = APIRouter(prefix="/v1", tags=["network"], route_class=EveryFault)


@router.get("/service-patterns")
def list_service_patterns(
    reader: ReaderDep,
    principal: Annotated[Principal, may("network:read")],
    wanted: Annotated[PatternQuery, Query()],
) -> Page[ServicePattern]:
    """List on which weekdays branches are served, from when until when."""
    del principal
    of_branch = [col(ServicePatternRow.branch) == wanted.branch] if wanted.branch else []

    def work(session: Session) -> Page[ServicePattern]:
        if wanted.branch:
            find_branch(session, wanted.branch)
        return list_page(session, ServicePatternRow, wanted, _pattern, *of_branch)

    return reader.run(work)


@router.post(
    "/service-patterns",
    response_model=Page[ServicePattern],
    status_code=201,
    responses=responses("changed-meanwhile", "precondition-required"),
)
def create_service_pattern(
    body: NewServicePattern,
    unit: UnitDep,
    principal: Annotated[Principal, may("network:write")],
    if_match: IfMatch,
) -> Response:
    """Serve a branch on other weekdays from a day on; If-Match is the branch's ETag."""
    change = NewServiceDays(
        branch=body.branch,
        weekdays=tuple(body.weekdays),
        weeks=Weeks(body.weeks),
        valid_from=body.valid_from,
    )

    def work(session: Session) -> Answer:
        lock_network(session)
        row = find_branch(session, body.branch)
        check_tag(if_match, f'"{row.revision}"', f"{row.id!r}")
        before = _all(session, body.branch)
        keep(session, change, actor=principal.label)
        after = _all(session, body.branch)
        unit.audit(
            session,
            "change service days",
            body.branch,
            before=before.model_dump(mode="json"),
            after=after.model_dump(mode="json"),
        )
        return Answer(status=201, body=after, headers={"ETag": f'"{row.revision}"'})

    return unit.run(work)


def _all(session: Session, branch: str) -> Page[ServicePattern]:
    return Page[ServicePattern](data=[_pattern(row) for row in patterns_of(session, branch)])


def _pattern(row: ServicePatternRow) -> ServicePattern:
    return ServicePattern.model_validate(
        {name: getattr(row, name) for name in ServicePattern.model_fields}
    )

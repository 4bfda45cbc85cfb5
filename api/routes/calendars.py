"""Addresses that calendar programs, which can send no key, subscribe to: one branch each."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from sqlmodel import Session, col

from api.door import Door, may
from api.every_fault import EveryFault
from api.problems import ProblemError, responses
from api.queries.branch_calendar import MEDIA_TYPE, calendar_of
from api.queries.lists import list_page
from api.queries.network import find_branch
from api.routes.network import BranchPath
from api.routes.runs import today
from api.schemas.base import Page, RowId
from api.schemas.calendars import (
    CalendarAddress,
    CalendarLanguage,
    NewCalendarAddress,
    ShownCalendarAddress,
)
from api.schemas.paging import Paging
from api.security import calendar_addresses
from api.security.roles import Principal
from api.settings import Settings  # noqa: TC001  # names what the state holds
from api.unit import Answer, ReaderDep, UnitDep
from logistics.storage.session import writing
from logistics.storage.tables import CalendarAddressRow, now

router = APIRouter(prefix="/v1", tags=["exports"], route_class=EveryFault)
Reads = Annotated[Principal, may("plans:read")]
Writes = Annotated[Principal, may("calendars:write")]
_CALENDAR: dict[int | str, dict[str, Any]] = {
    200: {"content": {MEDIA_TYPE: {"schema": {"type": "string"}}}}
}
Token = Annotated[
    str, Path(pattern=r"^[A-Za-z0-9_-]{43}$", description="The secret part of the address.")
]


@router.get(
    "/calendars/{token}.ics",
    response_class=Response,
    responses={**_CALENDAR, **responses("too-many-requests")},
)
def subscribe_to_calendar(
    token: Token, request: Request, reader: ReaderDep, how: Annotated[CalendarLanguage, Query()]
) -> Response:
    """Read when vans call at the one branch that the address stands for; it needs no key."""
    door: Door = request.app.state.door
    door.count_calendar(request, token)
    day = today(request)

    def work(session: Session) -> tuple[bytes, int | None]:
        row = calendar_addresses.find_address(session, token)
        noted = row.id if calendar_addresses.is_use_worth_noting(row) else None
        return calendar_of(session, row.branch_id, day, how.language), noted

    calendar, noted = reader.run(work)
    if noted is not None:
        with writing(reader.engine) as session:
            session.get_one(CalendarAddressRow, noted).last_used_at = now()
    return Response(calendar, media_type=MEDIA_TYPE)


@router.get("/branches/{branch}/calendar-addresses")
def list_calendar_addresses(
    branch: BranchPath, reader: ReaderDep, principal: Reads, wanted: Annotated[Paging, Query()]
) -> Page[CalendarAddress]:
    """List the addresses that calendar programs subscribe to a branch by, without their secrets."""
    _refuse_foreign(principal, branch)
    own = (
        col(CalendarAddressRow.branch_id) == branch,
        col(CalendarAddressRow.revoked_at).is_(None),
    )

    def work(session: Session) -> Page[CalendarAddress]:
        find_branch(session, branch)
        return list_page(session, CalendarAddressRow, wanted, show, *own)

    return reader.run(work)


@router.post(
    "/branches/{branch}/calendar-addresses",
    response_model=ShownCalendarAddress,
    status_code=201,
    responses=responses("conflict"),
)
def create_calendar_address(
    branch: BranchPath,
    body: NewCalendarAddress,
    request: Request,
    unit: UnitDep,
    principal: Writes,
) -> Response:
    """Make an address to subscribe by; its secret is in this answer and nowhere else."""
    _refuse_foreign(principal, branch)
    settings: Settings = request.app.state.settings

    def work(session: Session) -> Answer:
        row, token = calendar_addresses.create_address(
            session, branch, body.name, actor=principal.label
        )
        unit.audit(session, "make calendar address", f"{branch} {row.id}")
        return Answer(
            status=201,
            body=ShownCalendarAddress(
                address=show(row), url=calendar_addresses.url_of(settings, token)
            ),
        )

    return unit.run(work, secret=True)


@router.delete("/branches/{branch}/calendar-addresses/{address}", status_code=204)
def revoke_calendar_address(
    branch: BranchPath, address: RowId, unit: UnitDep, principal: Writes
) -> Response:
    """End an address now: whoever subscribes by it sees nothing any more."""
    _refuse_foreign(principal, branch)

    def work(session: Session) -> Answer:
        calendar_addresses.revoke_address(session, branch, address)
        return Answer(status=204)

    return unit.run(work, action="revoke calendar address", subject=f"{branch} {address}")


def show(row: CalendarAddressRow) -> CalendarAddress:
    """
    Show an address as it goes over the wire.

    Parameters
    ----------
    row
        The address.

    Returns
    -------
    CalendarAddress
        Without its secret, which nobody knows.
    """
    return CalendarAddress(
        id=row.id or 0,
        branch=row.branch_id,
        name=row.name,
        created_at=row.created_at,
        last_used_at=row.last_used_at,
    )


def _refuse_foreign(principal: Principal, branch: str) -> None:
    if not principal.may_see(branch):
        raise ProblemError("not-allowed", f"this calendar belongs to {branch!r}")

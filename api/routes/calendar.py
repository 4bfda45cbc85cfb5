"""The service calendar and the rates: when branches are served, and what waiting costs."""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import func, select
from sqlmodel import Session, col

from api.door import may
from api.every_fault import EveryFault, IfMatch
from api.problems import ProblemError, responses
from api.queries.lists import Order, list_page, part_of
from api.queries.plans import check_tag
from api.routes.runs import today
from api.schemas.base import Day, Page, RowId
from api.schemas.network import (
    CalendarQuery,
    Closure,
    ClosureChange,
    NewClosure,
    RatesWire,
    ServedDay,
)
from api.schemas.paging import Paging
from api.security.roles import Principal
from api.unit import Answer, ReaderDep, UnitDep
from logistics.costing.rates import Rates
from logistics.errors import ConflictError, NotFoundError
from logistics.network.calendar import ServiceCalendar
from logistics.operations.network.load_network import read_network
from logistics.storage.records import to_row
from logistics.storage.tables import BranchRow, ClosureRow, RatesRow

router = APIRouter(prefix="/v1", tags=["network"], route_class=EveryFault)
Reads = Annotated[Principal, may("network:read")]
Writes = Annotated[Principal, may("network:write")]


@router.get("/closures")
def list_closures(
    reader: ReaderDep, principal: Reads, wanted: Annotated[Paging, Query()]
) -> Page[Closure]:
    """List the days on which branches, or the whole service, are closed."""
    del principal
    order = Order(("first_day", "id"))
    return reader.run(lambda session: list_page(session, ClosureRow, wanted, _closure, order=order))


@router.post("/closures", response_model=Closure, status_code=201)
def create_closure(body: NewClosure, unit: UnitDep, principal: Writes) -> Response:
    """Close a branch, or the whole service, for some days."""
    del principal

    def work(session: Session) -> Answer:
        if body.branch is not None and session.get(BranchRow, body.branch) is None:
            raise NotFoundError(f"branch {body.branch!r}: there is none of this name")
        row = ClosureRow(
            branch=body.branch,
            first_day=body.first_day,
            last_day=body.last_day,
            reason=body.reason,
            source=unit.principal.label,
        )
        session.add(row)
        session.flush()
        headers = {"ETag": _tag(row), "Location": f"/v1/closures/{row.id}"}
        return Answer(status=201, body=_closure(row), headers=headers)

    return unit.run(work, action="close", subject=body.branch or "the service")


@router.get("/closures/{closure}", response_model=Closure)
def get_closure(closure: RowId, reader: ReaderDep, principal: Reads) -> Response:
    """Look one closure up."""
    del principal

    def work(session: Session) -> Response:
        row = _find(session, closure)
        return Answer(body=_closure(row), headers={"ETag": _tag(row)}).response()

    return reader.run(work)


@router.patch(
    "/closures/{closure}",
    response_model=Closure,
    responses=responses("changed-meanwhile", "precondition-required"),
)
def change_closure(
    closure: RowId, body: ClosureChange, unit: UnitDep, principal: Writes, if_match: IfMatch
) -> Response:
    """Close for longer or shorter, without a moment in which it is open."""

    def work(session: Session) -> Answer:
        row = _find(session, closure)
        session.refresh(row, with_for_update=True)
        check_tag(if_match, _tag(row), f"closure {closure}")
        before = _closure(row).model_dump(mode="json")
        changes: dict[str, Any] = body.model_dump(exclude_unset=True, exclude_none=True)
        for name, value in changes.items():
            setattr(row, name, value)
        if row.last_day < row.first_day:
            raise ProblemError(
                "bad-input",
                f"closure {closure}: last_day would be {row.last_day}, expected "
                f"{row.first_day}, its first_day, or later",
                pointer="#/last_day" if "last_day" in changes else "#/first_day",
            )
        row.source = principal.label
        row.revision += 1
        session.flush()
        shown = _closure(row)
        after = shown.model_dump(mode="json")
        unit.audit(
            session,
            "change closure",
            str(closure),
            before={name: before[name] for name in changes},
            after={name: after[name] for name in changes},
        )
        return Answer(body=shown, headers={"ETag": _tag(row)})

    return unit.run(work)


@router.delete("/closures/{closure}", status_code=204)
def delete_closure(closure: RowId, unit: UnitDep, principal: Writes) -> Response:
    """Open again."""
    del principal

    def work(session: Session) -> Answer:
        session.delete(_find(session, closure))
        return Answer(status=204)

    return unit.run(work, action="open again", subject=str(closure))


@router.get("/calendar")
def get_calendar(
    reader: ReaderDep, principal: Reads, which: Annotated[CalendarQuery, Query()]
) -> Page[ServedDay]:
    """Tell who is served on which day, and of everybody else why not."""
    del principal
    calendar = reader.run(read_network).calendar
    days = (which.last_day - which.first_day).days + 1
    whole = [which.first_day + timedelta(days=number) for number in range(days)]
    shown = part_of(whole, which, Day.isoformat)
    return Page(data=[_served(calendar, day, which) for day in shown.data], next=shown.next)


@router.get("/rates")
def list_rates(
    reader: ReaderDep, principal: Reads, wanted: Annotated[Paging, Query()]
) -> Page[RatesWire]:
    """List the rates, oldest first; each set holds until the next begins."""
    del principal
    order = Order(("valid_from",))
    return reader.run(lambda session: list_page(session, RatesRow, wanted, _rates, order=order))


@router.post("/rates", response_model=RatesWire, status_code=201, responses=responses("conflict"))
def create_rates(body: RatesWire, unit: UnitDep, principal: Writes) -> Response:
    """Set the rates from a day on; what was driven before keeps the rates of its day."""
    record = Rates(**body.model_dump(), source=principal.label)

    def work(session: Session) -> Answer:
        if session.get(RatesRow, body.valid_from) is not None:
            raise ConflictError(f"rates from {body.valid_from}: there are some already")
        session.add(to_row(RatesRow, record))
        return Answer(status=201, body=body)

    return unit.run(work, action="set rates", subject=body.valid_from.isoformat())


@router.delete("/rates/{valid_from}", status_code=204, responses=responses("conflict"))
def delete_rates(valid_from: Day, request: Request, unit: UnitDep, principal: Writes) -> Response:
    """Take rates back before they hold; those that hold or have held stay as they are."""
    del principal
    day = today(request)

    def work(session: Session) -> Answer:
        row = session.get(RatesRow, valid_from)
        if row is None:
            raise NotFoundError(f"rates from {valid_from}: there are none")
        if valid_from <= day:
            raise ConflictError(
                f"rates from {valid_from}: they hold since then, expected a day after {day}; set "
                "new ones with POST /v1/rates"
            )
        if session.scalar(select(func.count(col(RatesRow.valid_from)))) == 1:
            raise ConflictError(f"rates from {valid_from}: there are no others; set others first")
        session.delete(row)
        return Answer(status=204)

    return unit.run(work, action="take rates back", subject=valid_from.isoformat())


def _served(calendar: ServiceCalendar, day: Day, which: CalendarQuery) -> ServedDay:
    reasons = {
        branch: calendar.why_not(branch, day, which.language) for branch in calendar.branches
    }
    return ServedDay(
        date=day,
        service_day=calendar.is_service_day(day),
        served=[branch for branch, reason in reasons.items() if reason is None],
        not_served={branch: reason for branch, reason in reasons.items() if reason is not None},
    )


def _find(session: Session, closure: int) -> ClosureRow:
    row = session.get(ClosureRow, closure)
    if row is None:
        raise NotFoundError(f"closure {closure}: there is none of this number")
    return row


def _tag(row: ClosureRow) -> str:
    return f'"{row.revision}"'


def _closure(row: ClosureRow) -> Closure:
    return Closure(
        id=row.id or 0,
        branch=row.branch,
        first_day=row.first_day,
        last_day=row.last_day,
        reason=row.reason,
    )


def _rates(row: RatesRow) -> RatesWire:
    return RatesWire.model_validate({name: getattr(row, name) for name in RatesWire.model_fields})

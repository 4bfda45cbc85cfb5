"""The service calendar and the rates: when branches are served, and what waiting costs."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Response
from sqlmodel import Session

from api.door import may
from api.every_fault import EveryFault
from api.problems import responses
from api.queries.lists import Order, list_page, part_of
from api.schemas.base import Day, Page, RowId
from api.schemas.network import CalendarQuery, Closure, NewClosure, RatesWire, ServedDay
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
        return Answer(status=201, body=_closure(row))

    return unit.run(work, action="close", subject=body.branch or "the service")


@router.delete("/closures/{closure}", status_code=204)
def delete_closure(closure: RowId, unit: UnitDep, principal: Writes) -> Response:
    """Open again."""
    del principal

    def work(session: Session) -> Answer:
        row = session.get(ClosureRow, closure)
        if row is None:
            raise NotFoundError(f"closure {closure}: there is none of this number")
        session.delete(row)
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

"""Decide about one day: closures, vans out or in, calls that must be, pins; close its books."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from sqlmodel import Session

from api.door import may
from api.every_fault import EveryFault, IfMatch
from api.problems import responses
from api.queries.lists import part_of
from api.queries.plans import check_match, day_tag, etag, lock_as_seen
from api.schemas.base import Day, Page, RowId
from api.schemas.paging import Paging
from api.schemas.plans import Booking, CloseRequest, DayChange, StoredChange
from api.security.roles import Principal
from api.unit import Answer, ReaderDep, UnitDep
from logistics.errors import NotFoundError
from logistics.operations.change.change import add_change, pin_stop, undo_change
from logistics.operations.change.day_changes import ChangeKind, rows_of
from logistics.operations.day.close import close_day
from logistics.operations.day.stored_plans import find_plan
from logistics.operations.view.kinds import Pin
from logistics.storage.locks import lock_day
from logistics.storage.tables import DayChangeRow

router = APIRouter(prefix="/v1", tags=["plans"], route_class=EveryFault)
Writes = Annotated[Principal, may("plans:write")]
_CHANGED = responses("changed-meanwhile", "precondition-required")


@router.get("/plans/{date}/changes")
def list_changes(
    date: Day,
    response: Response,
    reader: ReaderDep,
    principal: Annotated[Principal, may("plans:read")],
    wanted: Annotated[Paging, Query()],
) -> Page[StoredChange]:
    """List what was decided about a day; the ETag is what a further decision names in If-Match."""
    del principal
    rows, tag = reader.run(lambda session: (rows_of(session, date), day_tag(session, date)))
    response.headers["ETag"] = tag
    return part_of([_show(row) for row in rows], wanted, lambda one: str(one.id))


@router.post(
    "/plans/{date}/changes", response_model=StoredChange, status_code=201, responses=_CHANGED
)
def create_change(
    date: Day, body: DayChange, unit: UnitDep, principal: Writes, if_match: IfMatch
) -> Response:
    """Decide something about a day; the next plan of the day obeys it."""

    def work(session: Session) -> Answer:
        lock_as_seen(session, date, if_match)
        if body.kind == "pin" and body.strength is not None:
            pin = Pin(body.strength)
            row = pin_stop(session, date, body.subject, pin, actor=principal.label)
        else:
            given = {"reason": body.reason, "like": body.like, "name": body.name}
            details: dict[str, Any] = {name: value for name, value in given.items() if value}
            kind = ChangeKind(body.kind)
            row = add_change(
                session, date, kind, body.subject, details=details, actor=principal.label
            )
        return Answer(status=201, body=_show(row), headers={"ETag": day_tag(session, date)})

    return unit.run(work, action="change day", subject=f"{date.isoformat()} {body.subject}")


@router.delete("/plans/{date}/changes/{change}", status_code=204, responses=_CHANGED)
def delete_change(
    date: Day, change: RowId, unit: UnitDep, principal: Writes, if_match: IfMatch
) -> Response:
    """Take a decision back."""
    del principal

    def work(session: Session) -> Answer:
        row = session.get(DayChangeRow, change)
        if row is None or row.service_date != date:
            raise NotFoundError(f"change {change} of {date}: there is none of this number")
        lock_as_seen(session, date, if_match)
        undo_change(session, change)
        return Answer(status=204, headers={"ETag": day_tag(session, date)})

    return unit.run(work, action="take change back", subject=f"{date.isoformat()} {change}")


@router.post(
    "/plans/{date}/close",
    response_model=Page[Booking],
    responses=_CHANGED | responses("conflict"),
)
def close_books(
    date: Day, body: CloseRequest, unit: UnitDep, principal: Writes, if_match: IfMatch
) -> Response:
    """Book what was driven and close the day; reports read what is booked here."""

    def work(session: Session) -> Answer:
        lock_day(session, date)
        check_match(find_plan(session, date), if_match)
        rows = close_day(session, date, as_planned=body.as_planned, actor=principal.label)
        booked = [
            Booking.model_validate({name: getattr(row, name) for name in Booking.model_fields})
            for row in rows
        ]
        tag = etag(find_plan(session, date))
        return Answer(body=Page[Booking](data=booked), headers={"ETag": tag})

    return unit.run(work, action="close day", subject=date.isoformat())


def _show(row: DayChangeRow) -> StoredChange:
    return StoredChange(
        id=row.id or 0,
        kind=row.kind,
        subject=row.subject,
        details=row.details,
        made_by=row.made_by,
        made_at=row.made_at,
    )

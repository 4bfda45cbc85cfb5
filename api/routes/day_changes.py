"""Decide about one day: closures, vans out or in, calls that must be, pins; close its books."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from sqlmodel import Session

from api.door import may
from api.every_fault import EveryFault
from api.problems import responses
from api.queries.lists import part_of
from api.schemas.base import Day, Page, RowId
from api.schemas.paging import Paging
from api.schemas.plans import Booking, CloseRequest, DayChange, StoredChange
from api.security.roles import Principal
from api.unit import Answer, ReaderDep, UnitDep
from logistics.errors import NotFoundError
from logistics.operations.change.change import add_change, pin_stop, undo_change
from logistics.operations.change.day_changes import ChangeKind, rows_of
from logistics.operations.day.close import close_day
from logistics.operations.view.kinds import Pin
from logistics.storage.tables import DayChangeRow

router = APIRouter(prefix="/v1", tags=["plans"], route_class=EveryFault)
Writes = Annotated[Principal, may("plans:write")]


@router.get("/plans/{date}/changes")
def list_changes(
    date: Day,
    reader: ReaderDep,
    principal: Annotated[Principal, may("plans:read")],
    wanted: Annotated[Paging, Query()],
) -> Page[StoredChange]:
    """List what was decided about a day and not taken back."""
    del principal
    shown = [_show(row) for row in reader.run(lambda session: rows_of(session, date))]
    return part_of(shown, wanted, lambda one: str(one.id))


@router.post("/plans/{date}/changes", response_model=StoredChange, status_code=201)
def create_change(date: Day, body: DayChange, unit: UnitDep, principal: Writes) -> Response:
    """Decide something about a day; the next plan of the day obeys it."""

    def work(session: Session) -> Answer:
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
        return Answer(status=201, body=_show(row))

    return unit.run(work, action="change day", subject=f"{date.isoformat()} {body.subject}")


@router.delete("/plans/{date}/changes/{change}", status_code=204)
def delete_change(date: Day, change: RowId, unit: UnitDep, principal: Writes) -> Response:
    """Take a decision back."""
    del principal

    def work(session: Session) -> Answer:
        row = session.get(DayChangeRow, change)
        if row is None or row.service_date != date:
            raise NotFoundError(f"change {change} of {date}: there is none of this number")
        undo_change(session, change)
        return Answer(status=204)

    return unit.run(work, action="take change back", subject=f"{date.isoformat()} {change}")


@router.post("/plans/{date}/close", response_model=Page[Booking], responses=responses("conflict"))
def close_books(date: Day, body: CloseRequest, unit: UnitDep, principal: Writes) -> Response:
    """Book what was driven and close the day; reports read what is booked here."""

    def work(session: Session) -> Answer:
        rows = close_day(session, date, as_planned=body.as_planned, actor=principal.label)
        booked = [
            Booking.model_validate({name: getattr(row, name) for name in Booking.model_fields})
            for row in rows
        ]
        return Answer(body=Page[Booking](data=booked))

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

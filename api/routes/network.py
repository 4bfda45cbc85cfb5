"""Branches and vehicles: what the plans are made of."""

from datetime import timedelta
from functools import partial
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel
from sqlmodel import Session, SQLModel, col

from api.door import may
from api.every_fault import EveryFault, IfMatch
from api.problems import Fault, ProblemError, responses
from api.queries.lists import list_page
from api.queries.plans import check_tag
from api.schemas.base import BranchId, Code, Page, RowId
from api.schemas.network import (
    Branch,
    BranchChange,
    NewOutage,
    Outage,
    Vehicle,
    VehicleChange,
)
from api.schemas.paging import Paging
from api.security.roles import Principal
from api.unit import Answer, ReaderDep, Unit, UnitDep
from logistics.errors import NotFoundError
from logistics.storage.tables import (
    BranchRow,
    DepotRow,
    VehicleOutageRow,
    VehicleRow,
)

router = APIRouter(prefix="/v1", tags=["network"], route_class=EveryFault)
Reads = Annotated[Principal, may("network:read")]
Writes = Annotated[Principal, may("network:write")]
BranchPath = Annotated[BranchId, Path(examples=["nora"])]
VehiclePath = Annotated[Code, Path(max_length=60, examples=["van-1"])]
_CHANGED = responses("changed-meanwhile", "precondition-required")
_LONGEST = timedelta(days=62)
Row = TypeVar("Row", BranchRow, VehicleRow)


@router.get("/branches")
def list_branches(
    reader: ReaderDep, principal: Reads, wanted: Annotated[Paging, Query()]
) -> Page[Branch]:
    """List the branches and the hub."""
    del principal
    return reader.run(lambda session: list_page(session, BranchRow, wanted, partial(_show, Branch)))


@router.get("/branches/{branch}", response_model=Branch)
def get_branch(branch: BranchPath, reader: ReaderDep, principal: Reads) -> Response:
    """Look one branch up."""
    del principal
    return reader.run(
        lambda session: answer_of(Branch, _find(session, BranchRow, branch)).response()
    )


@router.patch("/branches/{branch}", response_model=Branch, responses=_CHANGED)
def change_branch(
    branch: BranchPath,
    body: BranchChange,
    unit: UnitDep,
    principal: Writes,
    if_match: IfMatch,
) -> Response:
    """Change what is known of a branch; the change is in the audit log with what was before."""
    del principal
    return unit.run(
        lambda session: _change(
            session, unit, Branch, _find(session, BranchRow, branch), body, if_match
        )
    )


@router.get("/vehicles")
def list_vehicles(
    reader: ReaderDep, principal: Reads, wanted: Annotated[Paging, Query()]
) -> Page[Vehicle]:
    """List the fleet."""
    del principal
    return reader.run(
        lambda session: list_page(session, VehicleRow, wanted, partial(_show, Vehicle))
    )


@router.get("/vehicles/{vehicle}", response_model=Vehicle)
def get_vehicle(vehicle: VehiclePath, reader: ReaderDep, principal: Reads) -> Response:
    """Look one vehicle up."""
    del principal
    return reader.run(
        lambda session: answer_of(Vehicle, _find(session, VehicleRow, vehicle)).response()
    )


@router.patch("/vehicles/{vehicle}", response_model=Vehicle, responses=_CHANGED)
def change_vehicle(
    vehicle: VehiclePath,
    body: VehicleChange,
    unit: UnitDep,
    principal: Writes,
    if_match: IfMatch,
) -> Response:
    """Change what a vehicle costs, holds and where it stands, or take it out of the fleet."""
    del principal

    def work(session: Session) -> Answer:
        row = _find(session, VehicleRow, vehicle)
        answer = _change(session, unit, Vehicle, row, body, if_match)
        faults = _vehicle_faults(session, row)
        if faults:
            refusal = ProblemError("bad-input", faults[0].detail)
            refusal.faults = faults
            raise refusal
        return answer

    return unit.run(work)


@router.get("/vehicles/{vehicle}/outages")
def list_outages(
    vehicle: VehiclePath,
    reader: ReaderDep,
    principal: Reads,
    wanted: Annotated[Paging, Query()],
) -> Page[Outage]:
    """List the days on which a vehicle is out of traffic."""
    del principal
    of_vehicle = col(VehicleOutageRow.vehicle_id) == vehicle

    def work(session: Session) -> Page[Outage]:
        _find(session, VehicleRow, vehicle)
        return list_page(session, VehicleOutageRow, wanted, _outage, of_vehicle)

    return reader.run(work)


@router.post("/vehicles/{vehicle}/outages", response_model=Outage, status_code=201)
def create_outage(
    vehicle: VehiclePath, body: NewOutage, unit: UnitDep, principal: Writes
) -> Response:
    """Take a vehicle out of traffic for some days."""
    del principal

    def work(session: Session) -> Answer:
        _find(session, VehicleRow, vehicle)
        row = VehicleOutageRow(vehicle_id=vehicle, **body.model_dump())
        session.add(row)
        session.flush()
        return Answer(status=201, body=_outage(row))

    return unit.run(work, action="vehicle out", subject=vehicle)


@router.delete("/vehicles/{vehicle}/outages/{outage}", status_code=204)
def delete_outage(
    vehicle: VehiclePath, outage: RowId, unit: UnitDep, principal: Writes
) -> Response:
    """Take a vehicle back into traffic."""
    del principal

    def work(session: Session) -> Answer:
        row = session.get(VehicleOutageRow, outage)
        if row is None or row.vehicle_id != vehicle:
            raise NotFoundError(f"outage {outage} of {vehicle!r}: there is none of this number")
        session.delete(row)
        return Answer(status=204)

    return unit.run(work, action="vehicle back", subject=vehicle)


Shown = TypeVar("Shown", bound=BaseModel)


def _show(kind: type[Shown], row: SQLModel) -> Shown:
    return kind.model_validate({name: getattr(row, name) for name in kind.model_fields})


def answer_of(kind: type[BaseModel], row: BranchRow | VehicleRow, *, made: str = "") -> Answer:
    """
    Show a branch or a vehicle, with the ETag that a change must name.

    Parameters
    ----------
    kind
        The wire model.
    row
        The branch or vehicle.
    made
        Where it is found, if it was made just now.

    Returns
    -------
    Answer
        As it goes over the wire.
    """
    headers = {"ETag": f'"{row.revision}"'} | ({"Location": made} if made else {})
    return Answer(body=_show(kind, row), status=201 if made else 200, headers=headers)


def _find(session: Session, kind: type[Row], name: str) -> Row:
    row = session.get(kind, name)
    if row is None:
        raise NotFoundError(f"{kind.__tablename__}: there is none of the name {name!r}")
    return row


def _change(
    session: Session,
    unit: Unit,
    kind: type[BaseModel],
    row: BranchRow | VehicleRow,
    body: BaseModel,
    if_match: str,
) -> Answer:
    session.refresh(row, with_for_update=True)  # two that saw the same change it one by one
    check_tag(if_match, f'"{row.revision}"', f"{row.id!r}")
    changes: dict[str, Any] = body.model_dump(exclude_unset=True, exclude_none=True)
    before = {name: getattr(row, name) for name in changes}
    for name, value in changes.items():
        setattr(row, name, value)
    row.revision += 1
    session.add(row)
    unit.audit(session, f"change {kind.__name__.lower()}", row.id, before=before, after=changes)
    return answer_of(kind, row)


def _vehicle_faults(session: Session, row: VehicleRow) -> list[Fault]:
    faults = []
    if row.shift_end <= row.shift_start:
        detail = (
            f"vehicle {row.id!r}: its shift would last from {row.shift_start} to {row.shift_end}, "
            "expected an end after the start"
        )
        faults.append(Fault(detail=detail, pointer="#/shift_end"))
    with session.no_autoflush:
        if row.depot is not None and session.get(DepotRow, row.depot) is None:
            detail = (
                f"vehicle {row.id!r}: depot is {row.depot!r}, which is unknown; expected one of "
                "GET /v1/depots"
            )
            faults.append(Fault(detail=detail, pointer="#/depot"))
    return faults


def _outage(row: VehicleOutageRow) -> Outage:
    return Outage(
        id=row.id or 0,
        vehicle=row.vehicle_id,
        first_day=row.first_day,
        last_day=row.last_day,
        reason=row.reason,
    )

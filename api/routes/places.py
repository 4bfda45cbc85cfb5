"""Municipalities, which own branches and pay a share; depots, where runs start and end."""

import hashlib
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from sqlalchemy import select
from sqlmodel import Session, col

from api.door import may
from api.every_fault import EveryFault, IfMatch
from api.problems import responses
from api.queries.lists import Order, list_page
from api.queries.plans import check_tag
from api.schemas.base import Page
from api.schemas.joining import NewId
from api.schemas.paging import Paging
from api.schemas.places import (
    Code,
    Depot,
    MovedHub,
    Municipality,
    MunicipalityChange,
    NewDepot,
    NewMunicipality,
    UseOfDepot,
)
from api.security.roles import Principal
from api.unit import Answer, ReaderDep, UnitDep
from logistics.errors import ConflictError, InputError, NotFoundError
from logistics.network.branches import Confidence
from logistics.operations.network.move_hub import hub_of, move_hub
from logistics.storage.locks import lock_network
from logistics.storage.tables import BranchRow, DepotRow, MunicipalityRow, VehicleRow

router = APIRouter(prefix="/v1", tags=["network"], route_class=EveryFault)
Reads = Annotated[Principal, may("network:read")]
Writes = Annotated[Principal, may("network:write")]
CodePath = Annotated[Code, Path(examples=["1885"])]
DepotPath = Annotated[NewId, Path(examples=["orebro"])]
_CHANGED = responses("changed-meanwhile", "precondition-required", "conflict")


@router.get("/municipalities")
def list_municipalities(
    reader: ReaderDep, principal: Reads, wanted: Annotated[Paging, Query()]
) -> Page[Municipality]:
    """List the members of the cooperation, by code."""
    del principal
    by_code = Order(("code",))
    return reader.run(
        lambda session: list_page(session, MunicipalityRow, wanted, _municipality, order=by_code)
    )


@router.get("/municipalities/{code}", response_model=Municipality)
def get_municipality(code: CodePath, reader: ReaderDep, principal: Reads) -> Response:
    """Look one municipality up."""
    del principal
    return reader.run(lambda session: _answer(_find(session, code)).response())


@router.post(
    "/municipalities",
    response_model=Municipality,
    status_code=201,
    responses=responses("conflict"),
)
def create_municipality(body: NewMunicipality, unit: UnitDep, principal: Writes) -> Response:
    """Let a municipality join; branches that name it as their owner can join after it."""

    def work(session: Session) -> Answer:
        lock_network(session)
        if session.get(MunicipalityRow, body.code) is not None:
            raise ConflictError(
                f"municipality {body.code!r}: there is one of this code; change that one with "
                f"PATCH /v1/municipalities/{body.code}"
            )
        _refuse_taken(session, body.code, body.name)
        row = MunicipalityRow(
            **body.model_dump(), source=principal.label, confidence=Confidence.HIGH.value
        )
        session.add(row)
        session.flush()
        unit.audit(session, "make municipality", body.code, after=body.model_dump(mode="json"))
        return _answer(row, made=f"/v1/municipalities/{body.code}")

    return unit.run(work)


@router.patch("/municipalities/{code}", response_model=Municipality, responses=_CHANGED)
def change_municipality(
    code: CodePath, body: MunicipalityChange, unit: UnitDep, principal: Writes, if_match: IfMatch
) -> Response:
    """Change what is known of a municipality; shares by inhabitants follow from then on."""

    def work(session: Session) -> Answer:
        lock_network(session)
        row = _find(session, code)
        check_tag(if_match, _tag(row), f"municipality {code!r}")
        changes: dict[str, Any] = body.model_dump(exclude_unset=True, exclude_none=True)
        if "name" in changes:
            _refuse_taken(session, code, changes["name"])
        known = _municipality(row).model_dump(mode="json")
        for name, value in changes.items():
            setattr(row, name, value)
        row.source, row.confidence = principal.label, Confidence.HIGH.value
        session.flush()
        unit.audit(
            session,
            "change municipality",
            code,
            before={name: known[name] for name in changes},
            after=body.model_dump(mode="json", exclude_unset=True, exclude_none=True),
        )
        return _answer(row)

    return unit.run(work)


@router.get("/depots")
def list_depots(
    reader: ReaderDep, principal: Reads, wanted: Annotated[Paging, Query()]
) -> Page[Depot]:
    """List the places where runs may start and end, and which one is the hub."""
    del principal

    def work(session: Session) -> Page[Depot]:
        hub = hub_of(session)
        return list_page(session, DepotRow, wanted, lambda row: _depot(row, hub))

    return reader.run(work)


@router.post("/depots", response_model=Depot, status_code=201, responses=responses("conflict"))
def create_depot(body: NewDepot, unit: UnitDep, principal: Writes) -> Response:
    """Let a branch be a place where vehicles may be stationed; which one is the hub stays."""

    def work(session: Session) -> Answer:
        lock_network(session)
        if session.get(BranchRow, body.branch) is None:
            raise InputError(
                f"depot {body.id!r}: branch is {body.branch!r}, expected the id of a branch; let "
                "the branch join first"
            )
        if session.get(DepotRow, body.id) is not None:
            raise ConflictError(
                f"depot {body.id!r}: there is one of this name; choose another id, or delete that "
                "one first"
            )
        row = DepotRow(
            id=body.id,
            branch=body.branch,
            source=principal.label,
            confidence=Confidence.HIGH.value,
        )
        session.add(row)
        session.flush()
        return Answer(status=201, body=_depot(row, hub_of(session)))

    return unit.run(work, action="make depot", subject=body.id)


@router.patch("/depots/{depot}", response_model=MovedHub, responses=responses("conflict"))
def use_depot(depot: DepotPath, body: UseOfDepot, unit: UnitDep, principal: Writes) -> Response:
    """Let runs start and end at this depot from now on; refused where something would be lost."""

    def work(session: Session) -> Answer:
        row = _find_depot(session, depot)
        before = hub_of(session)
        carried = move_hub(session, row.branch, carry=body.carry_items, actor=principal.label)
        hub = hub_of(session)
        unit.audit(session, "move hub", depot, before={"hub": before}, after={"hub": hub})
        shown = _depot(row, hub)
        return Answer(body=MovedHub(**shown.model_dump(), items_carried=carried))

    return unit.run(work)


@router.delete("/depots/{depot}", status_code=204, responses=responses("conflict"))
def delete_depot(depot: DepotPath, unit: UnitDep, principal: Writes) -> Response:
    """Take a depot back; not the hub, and none where a vehicle is stationed."""
    del principal

    def work(session: Session) -> Answer:
        lock_network(session)
        row = _find_depot(session, depot)
        if hub_of(session) in {row.id, row.branch}:
            raise ConflictError(f"depot {depot!r}: it is the hub, from which runs start; it stays")
        stationed = select(col(VehicleRow.id)).where(col(VehicleRow.depot) == depot)
        vehicles = list(session.scalars(stationed.order_by(col(VehicleRow.id))))
        if vehicles:
            raise ConflictError(
                f"depot {depot!r}: {', '.join(map(repr, vehicles))} stationed there, expected no "
                "vehicle; station them elsewhere with PATCH /v1/vehicles first"
            )
        session.delete(row)
        return Answer(status=204)

    return unit.run(work, action="take depot back", subject=depot)


def _find(session: Session, code: str) -> MunicipalityRow:
    row = session.get(MunicipalityRow, code)
    if row is None:
        raise NotFoundError(f"municipality {code!r}: there is none of this code")
    return row


def _find_depot(session: Session, depot: str) -> DepotRow:
    row = session.get(DepotRow, depot)
    if row is None:
        raise NotFoundError(f"depot {depot!r}: there is none of this name")
    return row


def _refuse_taken(session: Session, code: str, name: str) -> None:
    query = select(MunicipalityRow).where(
        col(MunicipalityRow.name) == name, col(MunicipalityRow.code) != code
    )
    other = session.scalars(query).first()
    if other is not None:
        raise ConflictError(
            f"municipality {code!r}: its name is {name!r}, which {other.code!r} has; expected "
            "another name"
        )


def _tag(row: MunicipalityRow) -> str:
    return f'"{hashlib.sha256(_municipality(row).model_dump_json().encode()).hexdigest()[:20]}"'


def _answer(row: MunicipalityRow, *, made: str = "") -> Answer:
    headers = {"ETag": _tag(row)} | ({"Location": made} if made else {})
    return Answer(body=_municipality(row), status=201 if made else 200, headers=headers)


def _municipality(row: MunicipalityRow) -> Municipality:
    return Municipality.model_validate(
        {name: getattr(row, name) for name in Municipality.model_fields}
    )


def _depot(row: DepotRow, hub: str | None) -> Depot:
    return Depot(
        id=row.id,
        branch=row.branch,
        in_use=hub in {row.id, row.branch},
        source=row.source,
        confidence=row.confidence,
    )

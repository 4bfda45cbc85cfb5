"""Let branches and vehicles join the network."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Response
from sqlmodel import Session

from api.door import may
from api.every_fault import EveryFault
from api.problems import responses
from api.routes.network import answer_of
from api.schemas.joining import NewBranch, NewVehicle
from api.schemas.network import Branch, Vehicle
from api.security.roles import Principal
from api.unit import Answer, UnitDep
from logistics.errors import ConflictError, InputError
from logistics.network.branches import Branch as BranchRecord
from logistics.network.branches import BranchKind, Confidence, CoordinateQuality
from logistics.network.patterns import Weeks
from logistics.network.vehicles import Energy, VehicleKind, VehicleRecord
from logistics.operations.network.import_network import import_vehicles
from logistics.operations.network.network_changes import NewBranch as Joining
from logistics.operations.network.network_changes import keep
from logistics.storage.locks import lock_network
from logistics.storage.tables import BranchRow, DepotRow, MunicipalityRow, VehicleRow

router = APIRouter(prefix="/v1", tags=["network"], route_class=EveryFault)
Writes = Annotated[Principal, may("network:write")]
_CONFLICT = responses("conflict")
_ANYWHERE = "?"  # its place on the roads is found when it is kept


@router.post("/branches", response_model=Branch, status_code=201, responses=_CONFLICT)
def create_branch(body: NewBranch, unit: UnitDep, principal: Writes) -> Response:
    """Let a library join: it is put on the nearest road, and served on its weekdays from now on."""
    change = Joining(
        branch=_record(body, principal.label),
        weekdays=tuple(body.weekdays),
        weeks=Weeks(body.weeks),
    )

    def work(session: Session) -> Answer:
        lock_network(session)
        if session.get(MunicipalityRow, body.municipality) is None:
            raise InputError(
                f"branch {body.id!r}: municipality is {body.municipality!r}, expected the code of "
                "a member; let it join first, with POST /v1/municipalities"
            )
        if session.get(BranchRow, body.id) is not None:
            raise ConflictError(
                f"branch {body.id!r}: there is one of this name; choose another id, or change "
                f"that one with PATCH /v1/branches/{body.id}"
            )
        keep(session, change, actor=principal.label)
        row = session.get_one(BranchRow, body.id)
        row.driver_note = body.driver_note
        session.flush()
        unit.audit(session, "make branch", body.id, after=body.model_dump(mode="json"))
        return answer_of(Branch, row, made=f"/v1/branches/{body.id}")

    return unit.run(work)


@router.post("/vehicles", response_model=Vehicle, status_code=201, responses=_CONFLICT)
def create_vehicle(body: NewVehicle, unit: UnitDep, principal: Writes) -> Response:
    """Let a vehicle join the fleet: plans made from now on may use it."""
    given = body.model_dump() | {"kind": VehicleKind(body.kind), "energy": Energy(body.energy)}
    record = VehicleRecord(**given, source=principal.label, confidence=Confidence.HIGH)

    def work(session: Session) -> Answer:
        lock_network(session)
        if body.depot is not None and session.get(DepotRow, body.depot) is None:
            raise InputError(
                f"vehicle {body.id!r}: depot is {body.depot!r}, which is unknown; leave it out "
                "for the hub in use, or make the depot first, with POST /v1/depots"
            )
        if session.get(VehicleRow, body.id) is not None:
            raise ConflictError(
                f"vehicle {body.id!r}: there is one of this name; choose another id, or change "
                f"that one with PATCH /v1/vehicles/{body.id}"
            )
        import_vehicles(session, [record])
        unit.audit(session, "make vehicle", body.id, after=asdict(record))
        row = session.get_one(VehicleRow, body.id)
        return answer_of(Vehicle, row, made=f"/v1/vehicles/{body.id}")

    return unit.run(work)


def _record(body: NewBranch, source: str) -> BranchRecord:
    return BranchRecord(
        id=body.id,
        name=body.name,
        municipality=body.municipality,
        kind=BranchKind(body.kind),
        locality=body.locality,
        latitude=body.latitude,
        longitude=body.longitude,
        road_node=_ANYWHERE,
        source=source,
        confidence=Confidence.HIGH,
        street_address=body.street_address,
        postal_code=body.postal_code,
        coordinate_quality=CoordinateQuality.ADDRESS,
        inhabitants=body.inhabitants,
        stop_seconds=body.stop_seconds,
        receiving_hours=body.receiving_hours or None,
        hours_source=source,
        hours_confidence=Confidence.HIGH,
    )

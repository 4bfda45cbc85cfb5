"""Ask for transfers, look them up, cancel them, read what happened to them."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from fastapi.exceptions import RequestValidationError
from sqlmodel import Session

from api.all_faults import all_faults, has_json
from api.body import RawJson, documented, is_list, parse_transfers
from api.door import may
from api.every_fault import EveryFault, TransfersByHand
from api.intake import from_wire, receipts_of, refuse_values
from api.problems import ProblemError, responses
from api.queries.arrivals import arrival, arrivals_at
from api.queries.network import find_branch
from api.queries.transfers import Wanted, find_transfers, one_transfer, wire
from api.routes.network import BranchPath
from api.schemas.base import Page
from api.schemas.paging import Paging
from api.schemas.transfers import (
    EXAMPLE,
    Arrival,
    Cancellation,
    ComingTransfer,
    Found,
    History,
    HistoryEntry,
    Intake,
    Missing,
    Named,
    Receipts,
    Transfer,
    TransferId,
)
from api.security.roles import Principal
from api.unit import Answer, ReaderDep, Unit, UnitDep
from logistics.errors import InputError
from logistics.operations.intake.handle import cancel, pack, report_found, report_missing, unpack
from logistics.operations.intake.receive import Outcome, Receipt, accept, receive_transfers
from logistics.storage.feed import history
from logistics.storage.tables import TransferRow

router = APIRouter(prefix="/v1", tags=["transfers"], route_class=EveryFault)
by_hand = APIRouter(prefix="/v1", tags=["transfers"], route_class=TransfersByHand)
Reads = Annotated[Principal, may("transfers:read")]
Writes = Annotated[Principal, may("transfers:write")]
TransferPath = Annotated[TransferId, Path(examples=["t-0123456789abcdef0123"])]


@by_hand.post(
    "/transfers",
    response_model=Transfer | Receipts,
    status_code=201,
    openapi_extra=documented(
        {
            "anyOf": [
                {"$ref": "#/components/schemas/NewTransfer"},
                {
                    "type": "array",
                    "items": {"$ref": "#/components/schemas/NewTransfer"},
                    "minItems": 1,
                    "maxItems": 10_000,
                },
            ]
        },
        {"one": EXAMPLE, "many": [EXAMPLE, EXAMPLE | {"request_id": "koha-2"}]},
    ),
    responses={
        200: {"model": Transfer | Receipts, "description": "Known already: nothing was added."},
        202: {"model": Receipts, "description": "Kept until somebody explains the branch code."},
        **responses("conflict", "bad-input", "unsupported-media-type"),
    },
)
def create_transfers(
    raw: RawJson,
    unit: UnitDep,
    reader: ReaderDep,
    principal: Writes,
    how: Annotated[Intake, Query()],
) -> Response:
    """Ask for one transfer or many: all are stored, or none; the same request twice is one."""
    is_many = is_list(raw)
    # Whoever writes to SQLite keeps all others waiting, so what needs no database comes before.
    try:
        many = parse_transfers(raw)
        timed = all(one.requested_at is not None for one in many)
        early = from_wire(None, many, principal) if timed else None
        if early is None:
            refuse_values(many, principal)
    except RequestValidationError as error:
        if not has_json(error.errors()):
            raise
        shape = error
        raise reader.run(lambda session: all_faults(session, raw, how, shape)) from None
    except InputError:
        raise reader.run(lambda session: all_faults(session, raw, how)) from None

    def work(session: Session) -> Answer:
        asked, holds = early or from_wire(session, many, principal)
        receipts = accept(
            receive_transfers(
                session, asked, source=how.source, actor=principal.label, holds=holds, park=how.park
            )
        )
        outcomes = {receipt.outcome for receipt in receipts}
        status = 201 if Outcome.CREATED in outcomes else 202 if Outcome.PARKED in outcomes else 200
        if not is_many and receipts[0].transfer_id is not None:
            where = {"Location": f"/v1/transfers/{receipts[0].transfer_id}"}
            return Answer(status=status, body=_shown(session, receipts[0]), headers=where)
        return Answer(status=status, body=receipts_of(receipts))

    return unit.run(work)


@router.get("/transfers")
def list_transfers(
    reader: ReaderDep, principal: Reads, wanted: Annotated[Wanted, Query()]
) -> Page[Transfer]:
    """List transfers in the order in which they came in."""
    return reader.run(lambda session: find_transfers(session, wanted, principal))


@router.get("/transfers/{transfer}")
def get_transfer(transfer: TransferPath, reader: ReaderDep, principal: Reads) -> Transfer:
    """Look one transfer up."""
    return reader.run(lambda session: wire(one_transfer(session, transfer, principal)))


@router.get("/transfers/{transfer}/history")
def get_history(transfer: TransferPath, reader: ReaderDep, principal: Reads) -> History:
    """Read what happened to one transfer, oldest first."""

    def work(session: Session) -> History:
        row = one_transfer(session, transfer, principal)
        steps = [
            HistoryEntry(
                kind=event.kind,
                at=event.at,
                place=event.place,
                cause=event.cause,
                actor=event.actor,
            )
            for event in history(session, transfer)
        ]
        return History(transfer=wire(row), data=steps)

    return reader.run(work)


@router.post(
    "/transfers/{transfer}/cancel", response_model=Transfer, responses=responses("conflict")
)
def cancel_transfer(
    transfer: TransferPath, body: Cancellation, unit: UnitDep, principal: Writes
) -> Response:
    """Cancel a transfer that is not aboard; the reason stays in its history."""

    def work(session: Session) -> Answer:
        one_transfer(session, transfer, principal)
        cancel(session, [transfer], reason=body.reason, actor=principal.label)
        return Answer(body=wire(_fresh(session, transfer)))

    return unit.run(work)


@router.get("/transfers/{transfer}/arrival")
def get_arrival(transfer: TransferPath, reader: ReaderDep, principal: Reads) -> Arrival:
    """Tell when a transfer is expected at its destination."""
    return reader.run(lambda session: arrival(session, one_transfer(session, transfer, principal)))


@router.get("/branches/{branch}/arrivals")
def list_arrivals(
    branch: BranchPath, reader: ReaderDep, principal: Reads, wanted: Annotated[Paging, Query()]
) -> Page[ComingTransfer]:
    """List what is on its way to a branch, and when each is expected."""
    if not principal.may_see(branch):
        raise ProblemError("not-allowed", f"these arrivals belong to {branch!r}")

    def work(session: Session) -> Page[ComingTransfer]:
        find_branch(session, branch)
        return arrivals_at(session, branch, wanted)

    return reader.run(work)


@router.post("/transfers/pack", response_model=Page[Transfer], responses=responses("conflict"))
def pack_transfers(body: Named, unit: UnitDep, principal: Writes) -> Response:
    """Say that transfers lie in their bundles, ready for the van."""
    return _handle(body, unit, principal, lambda s: pack(s, body.transfers, actor=principal.label))


@router.post("/transfers/unpack", response_model=Page[Transfer], responses=responses("conflict"))
def unpack_transfers(body: Named, unit: UnitDep, principal: Writes) -> Response:
    """Say that packed transfers wait unpacked again."""
    return _handle(
        body, unit, principal, lambda s: unpack(s, body.transfers, actor=principal.label)
    )


@router.post("/transfers/missing", response_model=Page[Transfer], responses=responses("conflict"))
def miss_transfers(body: Missing, unit: UnitDep, principal: Writes) -> Response:
    """Say that items are not where they should be."""
    return _handle(
        body,
        unit,
        principal,
        lambda s: report_missing(s, body.transfers, reason=body.reason, actor=principal.label),
    )


@router.post("/transfers/found", response_model=Page[Transfer], responses=responses("conflict"))
def find_missing(body: Found, unit: UnitDep, principal: Writes) -> Response:
    """Say where missing items turned up; from there they go on, or are at their end."""
    if not principal.may_see(body.at):
        raise ProblemError("not-allowed", f"only {principal.branch!r} can be where it was found")
    return _handle(
        body,
        unit,
        principal,
        lambda s: report_found(s, body.transfers, at=body.at, actor=principal.label),
    )


def _shown(session: Session, receipt: Receipt) -> Transfer:
    if receipt.stored is not None:
        return Transfer.model_construct(
            **{name: receipt.stored[name] for name in Transfer.model_fields}
        )
    return wire(_fresh(session, receipt.transfer_id or ""))


def _handle(
    body: Named, unit: Unit, principal: Principal, what: Callable[[Session], None]
) -> Response:
    def work(session: Session) -> Answer:
        for transfer in body.transfers:
            one_transfer(session, transfer, principal)
        what(session)
        rows = [_fresh(session, transfer) for transfer in body.transfers]
        return Answer(body=Page[Transfer](data=[wire(row) for row in rows]))

    return unit.run(work)


def _fresh(session: Session, transfer: str) -> TransferRow:
    return session.get_one(TransferRow, transfer, populate_existing=True)

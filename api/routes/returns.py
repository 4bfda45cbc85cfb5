"""Returned items and holds, from which transfers follow; records with codes nobody knows yet."""

from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from sqlmodel import Session, col, select

from api.door import may
from api.every_fault import EveryFault
from api.intake import receipts_of
from api.problems import ProblemError, responses
from api.queries.lists import list_page, part_of
from api.schemas.base import Page
from api.schemas.paging import Paging
from api.schemas.returns import (
    BranchCode,
    CodeMeaning,
    CodeQuery,
    NewHolds,
    NewReturnedItems,
    Parked,
    TakenIn,
    Withdrawals,
    Withdrawn,
    WithdrawnHolds,
)
from api.schemas.transfers import Receipts, Source
from api.security.roles import Principal
from api.unit import Answer, ReaderDep, UnitDep
from logistics.demand.privacy import opaque
from logistics.demand.returns import Hold, ReturnedItem
from logistics.operations.intake.match_returns import MatchBy
from logistics.operations.intake.parked import explain_code
from logistics.operations.intake.receive import Receipt, accept
from logistics.operations.intake.receive_returns import receive_holds, receive_returns
from logistics.operations.intake.withdraw import withdraw_holds
from logistics.storage.secret import hash_key
from logistics.storage.tables import BranchCodeRow, ParkedRow

router = APIRouter(prefix="/v1", tags=["returns and holds"], route_class=EveryFault)
Writes = Annotated[Principal, may("transfers:write")]
_KEPT: dict[int | str, dict[str, Any]] = {
    202: {"model": Receipts, "description": "Kept until somebody explains a branch code."}
}


@router.post(
    "/returned-items",
    response_model=Receipts,
    status_code=201,
    responses={**_KEPT, **responses("conflict")},
)
def report_returned(
    body: NewReturnedItems,
    request: Request,
    unit: UnitDep,
    principal: Writes,
    how: Annotated[Source, Query()],
) -> Response:
    """Report items that were handed in: each goes to a reader who waits for it, else home."""
    for one in body.data:
        _refuse_foreign(principal, one.at)
    items = [ReturnedItem(**one.model_dump()) for one in body.data]
    by = _match_by(request)
    return unit.run(
        lambda session: _answer(
            receive_returns(session, items, source=how.source, actor=principal.label, by=by)
        )
    )


@router.post(
    "/holds",
    response_model=Receipts,
    status_code=201,
    responses={**_KEPT, **responses("conflict")},
)
def report_holds(
    body: NewHolds,
    request: Request,
    unit: UnitDep,
    principal: Writes,
    how: Annotated[Source, Query()],
) -> Response:
    """Report holds: a copy that has not left for home is turned round, else the next is theirs."""
    by = _match_by(request)
    for one in body.data:
        _refuse_foreign(principal, one.pickup)

    def work(session: Session) -> Answer:
        key = hash_key(session)
        holds = [
            Hold(**one.model_dump() | {"reference": opaque(one.reference, key)})
            for one in body.data
        ]
        return _answer(
            receive_holds(session, holds, source=how.source, actor=principal.label, by=by)
        )

    return unit.run(work)


@router.post("/holds/withdraw", response_model=WithdrawnHolds)
def withdraw(body: Withdrawals, unit: UnitDep, principal: Writes) -> Response:
    """Withdraw holds: no copy is sent to them from now on; reported again, they wait again."""
    if principal.branch is not None:
        raise ProblemError("not-allowed", "holds are withdrawn by who sees all branches")

    def work(session: Session) -> Answer:
        key = hash_key(session)
        found = withdraw_holds(session, [opaque(one, key) for one in body.references])
        told = [Withdrawn(outcome=one.outcome.value, transfer=one.transfer_id) for one in found]
        return Answer(body=WithdrawnHolds(data=told))

    return unit.run(work)


@router.get("/parked")
def list_parked(
    reader: ReaderDep,
    principal: Annotated[Principal, may("transfers:read", "network:read")],
    wanted: Annotated[Paging, Query()],
) -> Page[Parked]:
    """List the records that wait for somebody to explain a branch code."""
    _refuse_bound(principal)
    waits = col(ParkedRow.resolved_at).is_(None)
    return reader.run(lambda session: list_page(session, ParkedRow, wanted, _parked, waits))


@router.get("/branch-codes")
def list_branch_codes(
    reader: ReaderDep,
    principal: Annotated[Principal, may("network:read")],
    wanted: Annotated[CodeQuery, Query()],
) -> Page[BranchCode]:
    """List what other systems call the branches, and the codes that nobody has explained yet."""
    del principal
    query = select(BranchCodeRow).order_by(col(BranchCodeRow.system), col(BranchCodeRow.code))
    if wanted.source:
        query = query.where(col(BranchCodeRow.system) == wanted.source)
    codes = reader.run(lambda session: [_code(row) for row in session.exec(query)])
    return part_of(codes, wanted, lambda one: f"{one.source} {one.code}")


@router.post("/branch-codes", response_model=TakenIn, status_code=201)
def explain(
    body: CodeMeaning,
    request: Request,
    unit: UnitDep,
    principal: Annotated[Principal, may("network:write")],
) -> Response:
    """Say which branch a code stands for; what waited for that is taken in."""
    by = _match_by(request)

    def work(session: Session) -> Answer:
        found = explain_code(
            session, body.source, body.code, body.branch, actor=principal.label, by=by
        )
        return Answer(
            status=201, body=TakenIn(records=found.taken_in, set_aside=list(found.set_aside))
        )

    return unit.run(work, action="explain code", subject=f"{body.source} {body.code}")


def _match_by(request: Request) -> MatchBy:
    return MatchBy(request.app.state.settings.match_by)


def _answer(receipts: Iterable[Receipt]) -> Answer:
    accepted = accept(list(receipts))
    kept = any(receipt.outcome == "parked" for receipt in accepted)
    return Answer(status=202 if kept else 201, body=receipts_of(accepted))


def _refuse_foreign(principal: Principal, branch: str) -> None:
    if not principal.may_see(branch):
        raise ProblemError("not-allowed", f"this belongs to {branch!r}")


def _refuse_bound(principal: Principal) -> None:
    if principal.branch is not None:
        raise ProblemError("not-allowed", "this is about all branches")


def _code(row: BranchCodeRow) -> BranchCode:
    return BranchCode(
        source=row.system, code=row.code, branch=row.branch, first_seen_at=row.first_seen_at
    )


def _parked(row: ParkedRow) -> Parked:
    return Parked(
        id=row.id or 0,
        source=row.source,
        kind=row.kind,
        request_id=row.request_id,
        unknown_codes=row.unknown_codes,
        parked_at=row.parked_at,
    )

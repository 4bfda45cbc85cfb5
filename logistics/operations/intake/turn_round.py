"""Turn books round that are to go home and have not left, when somebody else asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update
from sqlmodel import col

from logistics.demand.returns import ReturnedItem
from logistics.demand.transfers import Transfer, TransferKind, TransferState, transfer_id
from logistics.operations.intake.match_returns import MatchBy, decide
from logistics.operations.intake.receive import accept, receive_transfers
from logistics.storage.chunks import chunks
from logistics.storage.open_transfers import PRINTED
from logistics.storage.tables import (
    HoldRow,
    PlanRow,
    PlanTransferRow,
    ReturnedItemRow,
    TransferRow,
    now,
)
from logistics.storage.transfers import Step, move

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlmodel import Session

    from logistics.demand.matching.records import Choice


def turn_round(
    session: Session, titles: Collection[str], *, source: str, actor: str
) -> dict[str, tuple[str | None, str]]:
    """
    Give books that wait to be sent home to holds that came since.

    A book that is packed, or that a published plan counts on, is let go: the reader gets the next.

    Parameters
    ----------
    session
        The transaction.
    titles
        Titles of the holds that came, as keyed hashes.
    source
        Name of the system that tells.
    actor
        Who tells, for the history.

    Returns
    -------
    dict[str, tuple[str | None, str]]
        New transfer, or None where the book is at its reader's branch already, and why; by hold.
    """
    rows = _not_yet_left(session, titles)
    items = {name: _item(row) for name, row in rows.items()}
    decided = decide(session, items, MatchBy.BEST, since=now())
    wanted = {name: one for name, one in decided.items() if one.hold is not None}
    turned = _cancel(session, {rows[name].transfer_id or "": name for name in wanted}, actor)
    chosen = {name: wanted[name] for name in turned}
    asked = {name: _hold_transfer(name, one) for name, one in chosen.items() if one.travels}
    reasons = {one.id: chosen[name].why for name, one in asked.items()}
    receipts = accept(
        receive_transfers(
            session, list(asked.values()), source=source, actor=actor, reasons=reasons
        )
    )
    sent = {name: one.transfer_id for name, one in zip(asked, receipts, strict=True)}
    for name, choice in chosen.items():
        _note(session, name, choice, sent.get(name))
    return {str(choice.hold): (sent.get(name), choice.why) for name, choice in chosen.items()}


def _not_yet_left(session: Session, titles: Collection[str]) -> dict[str, ReturnedItemRow]:
    printed = (
        select(col(PlanTransferRow.transfer_id))
        .join(PlanRow, col(PlanRow.id) == col(PlanTransferRow.plan_id))
        .where(col(PlanRow.state).in_(PRINTED))
    )
    found: dict[str, ReturnedItemRow] = {}
    for part in chunks(sorted(titles)):
        query = (
            select(ReturnedItemRow)
            .join(TransferRow, col(TransferRow.id) == col(ReturnedItemRow.transfer_id))
            .where(
                col(ReturnedItemRow.title).in_(part),
                col(TransferRow.kind) == TransferKind.RETURN.value,
                col(TransferRow.state) == TransferState.REQUESTED.value,
                col(TransferRow.id).not_in(printed),
            )
        )
        found |= {row.request_id: row for row in session.scalars(query)}
    return found


def _cancel(session: Session, names: Mapping[str, str], actor: str) -> list[str]:
    # Somebody may be packing it this very moment; then it goes home.
    steps = [
        Step(transfer=one, to=TransferState.CANCELLED, only_from=TransferState.REQUESTED)
        for one in names
    ]
    cause = "somebody waits for it, so it does not go home"
    return [
        names[one] for one in move(session, steps, cause=cause, actor=actor, skip_impossible=True)
    ]


def _hold_transfer(name: str, choice: Choice) -> Transfer:
    request = f"{name}:hold"
    return Transfer(
        id=transfer_id(request),
        request_id=request,
        item=choice.item,
        kind=TransferKind.HOLD,
        origin=choice.at,
        destination=choice.goes_to,
        requested_at=now(),
    )


def _note(session: Session, name: str, choice: Choice, transfer: str | None) -> None:
    state = "assigned" if transfer else "stays"
    session.execute(
        update(ReturnedItemRow)
        .where(col(ReturnedItemRow.request_id) == name)
        .values(state=state, transfer_id=transfer)
    )
    session.execute(
        update(HoldRow)
        .where(col(HoldRow.reference) == choice.hold)
        .values(state="assigned", transfer_id=transfer)
    )


def _item(row: ReturnedItemRow) -> ReturnedItem:
    return ReturnedItem(
        item=row.item,
        title=row.title,
        owner=row.owner,
        at=row.at,
        returned_at=row.returned_at,
        material=row.material,
    )

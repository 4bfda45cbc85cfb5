"""Records whose branch code nobody knew: explained by the coordinator, then taken in after all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from logistics.demand.returns import Hold, ReturnedItem
from logistics.demand.transfers import Transfer, TransferKind, transfer_id
from logistics.errors import ConflictError, InputError
from logistics.operations.intake.match_returns import MatchBy
from logistics.operations.intake.receive import HoldHash, accept, receive_transfers
from logistics.operations.intake.receive_returns import store_holds, store_returns
from logistics.storage.codes import code_map, explain
from logistics.storage.tables import ParkedRow, now

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlmodel import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """
    What became of the records that waited for a code.

    Attributes
    ----------
    taken_in
        Number of records that were taken in.
    set_aside
        Why others never can be, one sentence a record; they are kept, and wait no longer.
    """

    taken_in: int
    set_aside: tuple[str, ...] = ()


def open_records(session: Session, source: str | None = None) -> Sequence[ParkedRow]:
    """
    List what waits for an explanation.

    Parameters
    ----------
    session
        A session.
    source
        Name of a system; all of them when absent.

    Returns
    -------
    Sequence[ParkedRow]
        Oldest first.
    """
    query = select(ParkedRow).where(col(ParkedRow.resolved_at).is_(None))
    if source is not None:
        query = query.where(col(ParkedRow.source) == source)
    return session.scalars(query.order_by(col(ParkedRow.id))).all()


def explain_code(
    session: Session,
    source: str,
    code: str,
    branch: str,
    *,
    actor: str = "",
    by: MatchBy = MatchBy.BEST,
) -> Explained:
    """
    Say which branch a code stands for, and take in what waited for that.

    A record that contradicts itself or a later one, now that its codes are known, keeps nobody
    else waiting: it is set aside with the reason.

    Parameters
    ----------
    session
        The transaction.
    source
        Name of the system that uses the code.
    code
        Its code.
    branch
        Our identifier.
    actor
        Who explains.
    by
        How to decide who gets a returned item.

    Returns
    -------
    Explained
        What was taken in, and what cannot be.

    Raises
    ------
    NotFoundError
        There is no such branch.
    """
    explain(session, source, code, branch)
    codes = code_map(session, source)
    ready = [row for row in open_records(session, source) if set(row.unknown_codes) <= set(codes)]
    refused: list[str] = []
    for row in ready:
        try:
            with session.begin_nested():
                _take_in(session, row, codes, actor, by)
        except (InputError, ConflictError) as error:
            refused.append("; ".join(error.problems))
            row.record = row.record | {"set_aside": refused[-1]}
        row.resolved_at = now()
    session.flush()
    return Explained(taken_in=len(ready) - len(refused), set_aside=tuple(refused))


def _take_in(
    session: Session, row: ParkedRow, codes: Mapping[str, str], actor: str, by: MatchBy
) -> None:
    fields = dict(row.record)
    match row.kind:
        case "transfer":
            asked = Transfer(
                id=transfer_id(row.request_id),
                request_id=row.request_id,
                item=fields["item"],
                kind=TransferKind(fields["kind"]),
                origin=fields["origin"],
                destination=fields["destination"],
                requested_at=datetime.fromisoformat(fields["requested_at"]),
            )
            kept = fields.get("hold_hash")
            holds = {row.request_id: HoldHash(kept)} if kept else {}
            receipts = receive_transfers(
                session, [asked], source=row.source, actor=actor, codes=codes, holds=holds
            )
            accept(receipts)
        case "return":
            at = datetime.fromisoformat(fields.pop("returned_at"))
            item = ReturnedItem(**fields, returned_at=at)
            store_returns(session, [item], source=row.source, actor=actor, by=by)
        case _:
            hold = Hold(
                reference=row.request_id,
                title=fields["title"],
                pickup=fields["pickup"],
                placed_at=datetime.fromisoformat(fields["placed_at"]),
                queue_position=int(fields["queue_position"]),
            )
            hold = replace(hold, item=fields["item"] or None)
            store_holds(session, [hold], source=row.source, actor=actor, by=by)

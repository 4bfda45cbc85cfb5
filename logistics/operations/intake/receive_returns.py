"""Receive returned items and holds, and derive from them what travels where, and why."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import SQLModel, col

from logistics.demand.privacy import opaque
from logistics.demand.transfers import Transfer, TransferKind, transfer_id
from logistics.operations.intake.match_returns import MatchBy, decide
from logistics.operations.intake.receive import Outcome, Receipt, accept, receive_transfers
from logistics.operations.intake.turn_round import turn_round
from logistics.storage.chunks import chunks
from logistics.storage.codes import code_map, note_unknown
from logistics.storage.secret import hash_key
from logistics.storage.session import is_sqlite
from logistics.storage.tables import HoldRow, ParkedRow, ReturnedItemRow, now, table_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlmodel import Session

    from logistics.demand.matching.records import Choice
    from logistics.demand.returns import Hold, ReturnedItem


def receive_returns(
    session: Session,
    items: Sequence[ReturnedItem],
    *,
    source: str = "api",
    actor: str = "",
    by: MatchBy = MatchBy.BEST,
) -> list[Receipt]:
    """
    Store returned items and send each to a reader who waits for it, else home.

    Parameters
    ----------
    session
        The transaction.
    items
        Items that were handed in; branch codes may be the source's own.
    source
        Name of the system that tells.
    actor
        Who tells, for the history.
    by
        How to decide who gets which.

    Returns
    -------
    list[Receipt]
        One an item, in the order given; with a transfer where the item travels.
    """
    key = hash_key(session)
    hidden = [replace(item, title=opaque(item.title, key)) for item in items]
    return store_returns(session, hidden, source=source, actor=actor, by=by)


def store_returns(
    session: Session,
    items: Sequence[ReturnedItem],
    *,
    source: str,
    actor: str,
    by: MatchBy = MatchBy.BEST,
) -> list[Receipt]:
    """
    Store returned items whose titles are hashed already.

    Parameters
    ----------
    session
        The transaction.
    items
        Items that were handed in.
    source
        Name of the system that tells.
    actor
        Who tells, for the history.
    by
        How to decide who gets which.

    Returns
    -------
    list[Receipt]
        One an item, in the order given.
    """
    codes = code_map(session, source)
    receipts: dict[str, Receipt] = {}
    known: dict[str, ReturnedItem] = {}
    for item in items:
        name = return_id(item)
        missing = sorted({item.at, item.owner} - set(codes))
        if missing:
            receipts[name] = _park(session, source, "return", name, _plain(item), missing)
        else:
            known[name] = replace(item, at=codes[item.at], owner=codes[item.owner])
    fresh = _insert(session, ReturnedItemRow, [_returned(n, i, source) for n, i in known.items()])
    receipts |= _repeat(session, set(known) - fresh)
    decided = decide(session, {name: known[name] for name in known if name in fresh}, by)
    receipts |= _send(session, decided, source, actor)
    return [receipts[return_id(item)] for item in items]


def receive_holds(
    session: Session,
    holds: Sequence[Hold],
    *,
    source: str = "api",
    actor: str = "",
    by: MatchBy = MatchBy.BEST,
) -> list[Receipt]:
    """
    Store holds; a copy that has not left for home yet is turned round, else the next is theirs.

    Parameters
    ----------
    session
        The transaction.
    holds
        Places in queues, their references hashed at the door; branch codes may be the source's
        own. A hold that came before gets its new place; one that was withdrawn waits again.
    source
        Name of the system that tells.
    actor
        Who tells, for the history.
    by
        How to decide who gets which; by the plain rule nothing is turned round.

    Returns
    -------
    list[Receipt]
        One a hold, in the order given; with a transfer where a copy was turned round.
    """
    key = hash_key(session)
    hidden = [replace(hold, title=opaque(hold.title, key)) for hold in holds]
    return store_holds(session, hidden, source=source, actor=actor, by=by)


def store_holds(
    session: Session,
    holds: Sequence[Hold],
    *,
    source: str,
    actor: str = "",
    by: MatchBy = MatchBy.BEST,
) -> list[Receipt]:
    """
    Store holds whose titles are hashed already.

    Parameters
    ----------
    session
        The transaction.
    holds
        Places in queues.
    source
        Name of the system that tells.
    actor
        Who tells, for the history.
    by
        How to decide who gets which.

    Returns
    -------
    list[Receipt]
        One a hold, in the order given.
    """
    codes = code_map(session, source)
    receipts = []
    for hold in holds:
        name = hold.reference
        if hold.pickup not in codes:
            receipts.append(_park(session, source, "hold", name, _plain(hold), [hold.pickup]))
            continue
        row = _hold(hold, codes[hold.pickup], source)
        created = bool(_insert(session, HoldRow, [row]))
        if not created:
            created = _place_anew(session, row)
        outcome = Outcome.CREATED if created else Outcome.KNOWN
        receipts.append(Receipt(request_id=name, transfer_id=None, outcome=outcome))
    if by is MatchBy.PLAIN:
        return receipts
    stored = {hold.title for hold in holds if hold.pickup in codes}
    given = turn_round(session, stored, source=source, actor=actor)
    return [_given(receipt, given) for receipt in receipts]


def return_id(item: ReturnedItem) -> str:
    """
    Name a return, so that the same one told twice is one.

    Parameters
    ----------
    item
        The returned item.

    Returns
    -------
    str
        Made of the barcode and the moment.
    """
    return f"return:{item.item}:{item.returned_at:%Y%m%dT%H%M%SZ}"


def _send(
    session: Session, decided: Mapping[str, Choice], source: str, actor: str
) -> dict[str, Receipt]:
    moment = now()
    transfers = {
        name: Transfer(
            id=transfer_id(name),
            request_id=name,
            item=choice.item,
            kind=TransferKind.HOLD if choice.hold else TransferKind.RETURN,
            origin=choice.at,
            destination=choice.goes_to,
            requested_at=moment,
        )
        for name, choice in decided.items()
        if choice.travels
    }
    reasons = {transfers[name].id: decided[name].why for name in transfers}
    sent = receive_transfers(
        session, list(transfers.values()), source=source, actor=actor, reasons=reasons
    )
    receipts = {receipt.request_id: receipt for receipt in accept(sent)}
    for name, choice in decided.items():
        transfer = receipts[name].transfer_id if name in receipts else None
        receipt = receipts.get(name) or Receipt(
            request_id=name, transfer_id=None, outcome=Outcome.CREATED
        )
        receipts[name] = replace(receipt, why=choice.why)
        session.execute(
            update(ReturnedItemRow)
            .where(col(ReturnedItemRow.request_id) == name)
            .values(state="assigned" if transfer else "stays", transfer_id=transfer)
        )
        if choice.hold:
            session.execute(
                update(HoldRow)
                .where(col(HoldRow.reference) == choice.hold)
                .values(state="assigned", transfer_id=transfer)
            )
    return receipts


def _place_anew(session: Session, row: Mapping[str, Any]) -> bool:
    """Move a hold that waits to its new place; whether it was withdrawn and waits again."""
    same = col(HoldRow.reference) == row["reference"]
    place = {field: row[field] for field in ("queue_position", "pickup", "item")}
    for state in ("waiting", "cancelled"):
        moved = update(HoldRow).where(same, col(HoldRow.state) == state).values(**place)
        again = {"state": "waiting", "transfer_id": None} if state == "cancelled" else {}
        if session.execute(moved.values(**again)).rowcount:  # type: ignore[attr-defined]
            return state == "cancelled"
    return False


def _given(receipt: Receipt, given: Mapping[str, tuple[str | None, str]]) -> Receipt:
    if receipt.request_id not in given:
        return receipt
    transfer, why = given[receipt.request_id]
    return replace(receipt, transfer_id=transfer, why=why)


def _insert(session: Session, kind: type[SQLModel], rows: Sequence[dict[str, Any]]) -> set[str]:
    insert = sqlite_insert if is_sqlite(session) else postgres_insert
    table = table_of(kind)
    key = next(iter(table.primary_key.columns))
    fresh: set[str] = set()
    for part in chunks(rows):
        statement = insert(table).on_conflict_do_nothing().returning(key)
        fresh |= set(session.scalars(statement, list(part)))
    return fresh


def _repeat(session: Session, names: Iterable[str]) -> dict[str, Receipt]:
    found: dict[str, Receipt] = {}
    for part in chunks(sorted(names)):
        query = select(ReturnedItemRow).where(col(ReturnedItemRow.request_id).in_(part))
        for row in session.scalars(query):
            found[row.request_id] = Receipt(
                request_id=row.request_id, transfer_id=row.transfer_id, outcome=Outcome.KNOWN
            )
    return found


def _park(
    session: Session, source: str, kind: str, name: str, record: dict[str, str], codes: list[str]
) -> Receipt:
    note_unknown(session, source, codes)
    insert = sqlite_insert if is_sqlite(session) else postgres_insert
    row = {
        "source": source,
        "kind": kind,
        "request_id": name,
        "record": record,
        "unknown_codes": codes,
        "parked_at": now(),
        "resolved_at": None,
    }
    session.execute(insert(table_of(ParkedRow)).on_conflict_do_nothing(), [row])
    problem = f"{kind} {name!r}: {', '.join(map(repr, codes))} is no known branch code; it is kept"
    return Receipt(request_id=name, transfer_id=None, outcome=Outcome.PARKED, problem=problem)


def _plain(record: ReturnedItem | Hold) -> dict[str, str]:
    fields = asdict(record)
    return {
        name: value.isoformat() if isinstance(value, datetime) else str(value or "")
        for name, value in fields.items()
    }


def _returned(name: str, item: ReturnedItem, source: str) -> dict[str, Any]:
    return {"request_id": name, "source": source, "state": "free", **asdict(item)}


def _hold(hold: Hold, pickup: str, source: str) -> dict[str, Any]:
    return {**asdict(hold), "pickup": pickup, "source": source, "state": "waiting"}

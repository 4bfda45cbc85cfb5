"""Receive transfers: each request once, however often it is sent, and none lost once answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import col

from logistics.demand.privacy import opaque
from logistics.errors import ConflictError, InputError
from logistics.operations.intake.one_open import Clashes, clashes, settle
from logistics.operations.intake.promises import Timetable, quick_timetable
from logistics.storage.chunks import chunks
from logistics.storage.codes import note_unknown, quick_code_map
from logistics.storage.insert_transfers import insert_new
from logistics.storage.secret import hash_key
from logistics.storage.session import is_sqlite
from logistics.storage.tables import ParkedRow, TransferRow, now, table_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlmodel import Session

    from logistics.demand.transfers import Transfer

_LONGEST_CAUSE = 200
#: What a request says of a transfer; the same request id must always say the same.
_CONTENT = ("item", "kind", "origin", "destination", "requested_at", "hold_hash")


class HoldHash(str):
    """The keyed hash of a hold reference, made when the request first came."""

    __slots__ = ()


class Outcome(StrEnum):
    """
    What became of one request.

    Attributes
    ----------
    CREATED
        It is a new transfer.
    KNOWN
        The same request came before, or another one for the same item on the same way; it is
        that transfer.
    CONFLICT
        The request id came before with other content; nothing was changed.
    REFUSED
        It names a branch that does not exist.
    PARKED
        It names a branch code that nobody knows yet; the coordinator will explain it.
    """

    CREATED = "created"
    KNOWN = "known"
    CONFLICT = "conflict"
    REFUSED = "refused"
    PARKED = "parked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """
    The answer to one request.

    Attributes
    ----------
    request_id
        The request.
    transfer_id
        Identifier of the transfer; None where there is none.
    outcome
        What became of it.
    problem
        One sentence where it was not accepted, else empty.
    why
        One sentence why the item goes where it goes, where this was decided here; else empty.
    stored
        The columns of a transfer that is new and still as it was asked for.
    """

    request_id: str
    transfer_id: str | None
    outcome: Outcome
    problem: str = ""
    why: str = ""
    stored: Mapping[str, Any] | None = None


def receive_transfers(
    session: Session,
    transfers: Sequence[Transfer],
    *,
    source: str = "api",
    actor: str = "",
    holds: Mapping[str, str] | None = None,
    park: bool = False,
    codes: Mapping[str, str] | None = None,
    reasons: Mapping[str, str] | None = None,
) -> list[Receipt]:
    """
    Store transfers, each with the day it is promised for; the caller commits before it answers.

    An item has one open transfer: a request for the way it is on already is answered with that
    transfer, and one for another way takes its place.

    Parameters
    ----------
    session
        The transaction.
    transfers
        What was asked for; branch codes may be the source's own.
    source
        Name of the system that asks; its branch codes are translated.
    actor
        Who asks, for the history.
    holds
        The circulation system's hold reference by request id; only a keyed hash is kept, which
        may have been made before.
    park
        Keep requests with unknown branch codes for the coordinator instead of refusing them.
    codes
        Our branch by the source's code; looked up where absent.
    reasons
        Why the item goes there, by identifier of the transfer; kept with its first event.

    Returns
    -------
    list[Receipt]
        One a request, in the order given.
    """
    moment = now()
    if codes is None:
        places = {place for one in transfers for place in (one.origin, one.destination)}
        codes = quick_code_map(session, source, places)
    hashes, timetable = _hashes(session, holds), quick_timetable(session)
    receipts: dict[int, Receipt] = {}
    first: dict[str, tuple[int, dict[str, Any]]] = {}
    for number, transfer in enumerate(transfers):
        row = _row(transfer, codes, hashes, source, moment, timetable)
        if isinstance(row, str):
            receipts[number] = Receipt(
                request_id=transfer.request_id,
                transfer_id=None,
                outcome=Outcome.REFUSED,
                problem=row,
            )
        elif transfer.request_id in first:
            receipts[number] = _compare(first[transfer.request_id][1], row)
        else:
            first[transfer.request_id] = number, row
    for part in chunks(list(first.values())):
        clash = clashes(session, [row for _, row in part])
        receipts |= _answered(part, clash)
        new = [(number, row) for number, row in part if row["id"] not in clash.answered]
        stored = _store(session, new, actor, reasons or {})
        receipts |= _settled(session, stored, clash, actor)
    if park:
        _park(session, source, codes, transfers, receipts, hashes)
    return [receipts[number] for number in range(len(transfers))]


def accept(receipts: Sequence[Receipt]) -> list[Receipt]:
    """
    Insist that every request was accepted.

    Parameters
    ----------
    receipts
        What became of the requests.

    Returns
    -------
    list[Receipt]
        The same receipts.

    Raises
    ------
    InputError
        With every request that was refused.
    ConflictError
        With every request id that came before with other content.
    """
    refused = [receipt.problem for receipt in receipts if receipt.outcome is Outcome.REFUSED]
    if refused:
        raise InputError(refused)
    conflicts = [receipt.problem for receipt in receipts if receipt.outcome is Outcome.CONFLICT]
    if conflicts:
        raise ConflictError(conflicts)
    return list(receipts)


def _hashes(session: Session, holds: Mapping[str, str] | None) -> dict[str, str]:
    if not holds:
        return {}
    key = hash_key(session)
    return {
        request: reference if isinstance(reference, HoldHash) else opaque(reference, key)
        for request, reference in holds.items()
    }


def _row(
    transfer: Transfer,
    codes: Mapping[str, str],
    hashes: Mapping[str, str],
    source: str,
    moment: datetime,
    timetable: Timetable | None,
) -> dict[str, Any] | str:
    origin, destination = codes.get(transfer.origin), codes.get(transfer.destination)
    if origin is None or destination is None or origin == destination:
        return _refusal(transfer, codes)
    return {
        "id": transfer.id,
        "request_id": transfer.request_id,
        "source": source,
        "item": transfer.item,
        "kind": transfer.kind.value,
        "origin": origin,
        "destination": destination,
        "hold_hash": hashes.get(transfer.request_id),
        "requested_at": transfer.requested_at,
        "promised_on": timetable.promise(origin, destination, transfer.requested_at)
        if timetable
        else None,
        "received_at": moment,
        "state": transfer.state.value,
        "at": origin,
        "changed_at": moment,
        "revision": 1,
    }


def _refusal(transfer: Transfer, codes: Mapping[str, str]) -> str:
    named = f"transfer {transfer.request_id!r}"
    unknown = [
        f"{name} is {getattr(transfer, name)!r}, which is not a branch"
        for name in ("origin", "destination")
        if getattr(transfer, name) not in codes
    ]
    if unknown:
        return f"{named}: {' and '.join(unknown)}; import the branch or explain the code"
    return (
        f"{named}: origin {transfer.origin!r} and destination {transfer.destination!r} are both "
        f"{codes[transfer.origin]!r}, expected two places"
    )


def _store(
    session: Session,
    part: Sequence[tuple[int, dict[str, Any]]],
    actor: str,
    reasons: Mapping[str, str],
) -> dict[int, Receipt]:
    causes = {
        row["id"]: reasons[row["id"]][:_LONGEST_CAUSE] for _, row in part if row["id"] in reasons
    }
    fresh = insert_new(session, [row for _, row in part], actor=actor, causes=causes)
    known: dict[str, TransferRow] = {}
    if len(fresh) < len(part):
        ids = [row["id"] for _, row in part if row["id"] not in fresh]
        query = select(TransferRow).where(col(TransferRow.id).in_(ids))
        known = {stored.id: stored for stored in session.scalars(query)}
    return {
        number: Receipt(
            request_id=row["request_id"],
            transfer_id=row["id"],
            outcome=Outcome.CREATED,
            stored=row,
        )
        if row["id"] in fresh
        else _compare({name: getattr(known[row["id"]], name) for name in ("id", *_CONTENT)}, row)
        for number, row in part
    }


def _answered(part: Sequence[tuple[int, dict[str, Any]]], clash: Clashes) -> dict[int, Receipt]:
    found = {}
    for number, row in part:
        if row["id"] in clash.answered:
            transfer, problem = clash.answered[row["id"]]
            found[number] = Receipt(
                request_id=row["request_id"],
                transfer_id=transfer,
                outcome=Outcome.CONFLICT if problem else Outcome.KNOWN,
                problem=problem,
                why="" if problem else "the item is on this way already, by an earlier request",
            )
    return found


def _settled(
    session: Session, stored: Mapping[int, Receipt], clash: Clashes, actor: str
) -> dict[int, Receipt]:
    created = {one.transfer_id for one in stored.values() if one.outcome is Outcome.CREATED}
    over = settle(session, clash, {name for name in created if name}, actor=actor)
    return {
        number: replace(one, stored=None) if one.transfer_id in over else one
        for number, one in stored.items()
    }


def _compare(before: Mapping[str, Any], row: Mapping[str, Any]) -> Receipt:
    differing = [
        f"{name} was {_shown(before[name])} and is {_shown(row[name])}"
        for name in _CONTENT
        if before[name] != row[name]
    ]
    if not differing:
        outcome, problem = Outcome.KNOWN, ""
    else:
        outcome = Outcome.CONFLICT
        problem = (
            f"transfer {row['request_id']!r}: {'; '.join(differing)}; "
            "use a new request_id for a new request"
        )
    return Receipt(
        request_id=row["request_id"], transfer_id=before["id"], outcome=outcome, problem=problem
    )


def _shown(value: object) -> str:
    return repr(value.isoformat() if hasattr(value, "isoformat") else value)


def _park(
    session: Session,
    source: str,
    codes: Mapping[str, str],
    transfers: Sequence[Transfer],
    receipts: dict[int, Receipt],
    hashes: Mapping[str, str],
) -> None:
    moment, rows, unknown = now(), [], set()
    for number, transfer in enumerate(transfers):
        missing = sorted({transfer.origin, transfer.destination} - set(codes))
        if receipts[number].outcome is Outcome.REFUSED and missing:
            unknown.update(missing)
            row = _parked(transfer, source, missing, moment)
            if transfer.request_id in hashes:
                row["record"]["hold_hash"] = hashes[transfer.request_id]
            rows.append(row)
            receipts[number] = Receipt(
                request_id=transfer.request_id,
                transfer_id=None,
                outcome=Outcome.PARKED,
                problem=receipts[number].problem,
            )
    note_unknown(session, source, unknown)
    insert = sqlite_insert if is_sqlite(session) else postgres_insert
    for part in chunks(rows):
        session.execute(insert(table_of(ParkedRow)).on_conflict_do_nothing(), list(part))


def _parked(
    transfer: Transfer, source: str, missing: list[str], moment: datetime
) -> dict[str, Any]:
    fields = ("request_id", "item", "kind", "origin", "destination")
    record = {name: str(getattr(transfer, name)) for name in fields}
    return {
        "source": source,
        "kind": "transfer",
        "request_id": transfer.request_id,
        "record": record | {"requested_at": transfer.requested_at.isoformat()},
        "unknown_codes": missing,
        "parked_at": moment,
        "resolved_at": None,
    }

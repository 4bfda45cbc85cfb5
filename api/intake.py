"""From what a client sent to what the domain knows, and back."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import chain

from sqlalchemy import select
from sqlmodel import Session, col

from api.problems import ProblemError
from api.schemas.transfers import NewTransfer
from api.security.roles import Principal
from api.unit import dump
from logistics.demand.privacy import holds_personal_value, personal_values
from logistics.demand.transfers import Transfer, TransferKind, transfer_id
from logistics.errors import InputError
from logistics.operations.intake.receive import Receipt
from logistics.storage.chunks import chunks
from logistics.storage.tables import TransferRow, now


def from_wire(
    session: Session | None, many: Sequence[NewTransfer], principal: Principal
) -> tuple[list[Transfer], dict[str, str]]:
    """
    Turn requests into transfers.

    Parameters
    ----------
    session
        The transaction: a repeated request without a time keeps the time of the first. None
        before it, where every request says its time.
    many
        What was sent.
    principal
        Who sent it: a branch may ask only for what leaves it or comes to it.

    Returns
    -------
    tuple[list[Transfer], dict[str, str]]
        The transfers, and the references of holds by request id.

    Raises
    ------
    InputError
        A value speaks of a reader, or origin and destination are one; all faults at once.
    """
    refuse_values(many, principal)
    silent = [one.request_id for one in many if one.requested_at is None]
    times = known_times(session, silent) if session is not None else {}
    moment = now()
    asked = [domain(one, times.get(one.request_id, moment)) for one in many]
    holds = {one.request_id: one.hold_reference for one in many if one.hold_reference}
    return asked, holds


def refuse_values(many: Sequence[NewTransfer], principal: Principal) -> None:
    """
    Refuse what is wrong with requests whose shape is right.

    Parameters
    ----------
    many
        What was sent.
    principal
        Who sent it.

    Raises
    ------
    InputError
        A value speaks of a reader, or origin and destination are one; all faults at once.
    ProblemError
        It belongs to other branches.
    """
    for one in many:
        if not principal.may_see(one.origin, one.destination):
            raise ProblemError(
                "not-allowed", f"transfer {one.request_id!r} belongs to other branches"
            )
    # All texts are looked through in one go; only a find is traced to its request.
    texts = "\n".join(chain.from_iterable((one.item, one.request_id) for one in many))
    if holds_personal_value(texts) or any(one.origin == one.destination for one in many):
        raise InputError(chain.from_iterable(faults_of(one) for one in many))


def faults_of(one: NewTransfer) -> list[str]:
    """
    Find what a shape cannot refuse.

    Parameters
    ----------
    one
        A request.

    Returns
    -------
    list[str]
        One sentence a fault.
    """
    problems = [
        f"transfer: {fault}"
        for fault in personal_values({"item": one.item, "request_id": one.request_id})
    ]
    if one.origin == one.destination:
        problems.append(
            f"transfer {one.request_id!r}: origin and destination are both {one.origin!r}"
        )
    return problems


def domain(one: NewTransfer, moment: datetime) -> Transfer:
    """
    Turn one request into a transfer.

    Parameters
    ----------
    one
        The request.
    moment
        When it was asked for, if it does not say.

    Returns
    -------
    Transfer
        As demand knows it.
    """
    return Transfer(
        id=transfer_id(one.request_id),
        request_id=one.request_id,
        item=one.item,
        kind=TransferKind(one.kind),
        origin=one.origin,
        destination=one.destination,
        requested_at=one.requested_at or moment,
    )


def receipts_of(receipts: Iterable[Receipt]) -> bytes:
    """
    Show what became of requests.

    Parameters
    ----------
    receipts
        As the operations say it.

    Returns
    -------
    bytes
        ``Receipts`` as they go over the wire.
    """
    return dump(
        {
            "data": [
                {
                    "request_id": receipt.request_id,
                    "id": receipt.transfer_id,
                    "outcome": receipt.outcome.value,
                    "detail": receipt.problem or receipt.why,
                }
                for receipt in receipts
            ]
        }
    )


def known_times(session: Session, requests: Sequence[str]) -> dict[str, datetime]:
    """
    Look up when requests that came before were first asked for.

    Parameters
    ----------
    session
        A session.
    requests
        Request ids.

    Returns
    -------
    dict[str, datetime]
        For those that are known.
    """
    found: dict[str, datetime] = {}
    for part in chunks(list(requests)):
        query = select(col(TransferRow.request_id), col(TransferRow.requested_at)).where(
            col(TransferRow.request_id).in_(part)
        )
        found |= {row.request_id: row.requested_at for row in session.execute(query)}
    return found

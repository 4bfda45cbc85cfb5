"""Take readers' places out of the queues when the circulation system withdraws them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import delete, select
from sqlmodel import col

from logistics.storage.chunks import chunks
from logistics.storage.tables import HoldRow, ParkedRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlmodel import Session


class Withdrawal(StrEnum):
    """
    What became of the withdrawal of a hold.

    Attributes
    ----------
    WITHDRAWN
        It stands in no queue any more.
    UNKNOWN
        No such hold was ever reported, or it is forgotten already.
    """

    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawnHold:
    """
    A hold that was withdrawn.

    Attributes
    ----------
    outcome
        What became of it.
    transfer_id
        The transfer that a copy was given to it by; the copy goes on unless it is cancelled.
    """

    outcome: Withdrawal
    transfer_id: str | None = None


def withdraw_holds(session: Session, references: Sequence[str]) -> list[WithdrawnHold]:
    """
    Take holds out of their queues, those that wait for a branch code too.

    A copy that travels to a withdrawn hold goes on travelling: it may be aboard, and only the
    circulation system knows who is next. Its transfer is named in the answer.

    Parameters
    ----------
    session
        The transaction.
    references
        Keyed hashes of the circulation system's references.

    Returns
    -------
    list[WithdrawnHold]
        One a reference, in the order given; the same again when it is sent again.
    """
    found: dict[str, str | None] = {}
    for part in chunks(sorted(set(references))):
        query = select(HoldRow).where(col(HoldRow.reference).in_(part))
        for row in session.scalars(query.order_by(col(HoldRow.reference)).with_for_update()):
            row.state = "cancelled"
            found[row.reference] = row.transfer_id
        waits = (col(ParkedRow.kind) == "hold", col(ParkedRow.resolved_at).is_(None))
        named = col(ParkedRow.request_id).in_(part)
        parked = delete(ParkedRow).where(*waits, named).returning(col(ParkedRow.request_id))
        found |= {name: None for name in session.scalars(parked) if name not in found}
    session.flush()
    return [
        WithdrawnHold(outcome=Withdrawal.WITHDRAWN, transfer_id=found[name])
        if name in found
        else WithdrawnHold(outcome=Withdrawal.UNKNOWN)
        for name in references
    ]

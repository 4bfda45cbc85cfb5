"""Take in at a branch what a van brought: by scan or tick, also before the driver's ticks come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, text
from sqlmodel import col

from logistics.demand.transfers import TransferState
from logistics.errors import InputError
from logistics.storage.feed import tell
from logistics.storage.tables import LATER_EVENTS, EventRow, LegRow, PlanRow, RunRow, TransferRow
from logistics.storage.transfers import Step, find, move

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlmodel import Session

#: The event that says so; the driver's tick put the item off, this one found it there.
RECEIVED = "transfer.received"
_CAUSE = "taken in by the branch"
_NOT_YET_ABOARD = (TransferState.REQUESTED, TransferState.PACKED, TransferState.AT_HUB)


def take_in(
    session: Session, ids: Iterable[str], *, at: str, moment: datetime, actor: str = ""
) -> list[str]:
    """
    Say that items are at their destination, whether or not the driver has ticked so.

    A driver's tick that comes later moves only what is still on its way, so an item that was
    taken in is not moved twice.

    Parameters
    ----------
    session
        The transaction.
    ids
        The transfers.
    at
        The branch that has them in its hands.
    moment
        When.
    actor
        Who took them in.

    Returns
    -------
    list[str]
        Those that were not taken in before.

    Raises
    ------
    ConflictError
        One of them was cancelled.
    InputError
        One of them is bound for another branch.
    NotFoundError
        One of them does not exist.
    """
    named = sorted(set(ids))
    rows, known = find(session, named), received(session, named)
    wanted = [
        name
        for name in named
        if name not in known or _state(rows, name) is not TransferState.DELIVERED
    ]
    strangers = [row for row in rows.values() if row.destination != at]
    if strangers:
        raise InputError(
            f"transfer {row.id!r}: it is bound for {row.destination!r}, not for {at!r}"
            for row in strangers
        )
    on_the_way = [name for name in wanted if _state(rows, name) is not TransferState.DELIVERED]
    early = [name for name in on_the_way if _state(rows, name) in _NOT_YET_ABOARD]
    _move(session, early, TransferState.ABOARD, moment, actor)
    _move(session, on_the_way, TransferState.DELIVERED, moment, actor)
    _close_legs(session, on_the_way, at, moment)
    told = {"kind": RECEIVED, "at": moment, "place": at, "actor": actor}
    tell(session, [told | {"transfer_id": name} for name in wanted])
    return wanted


def received(session: Session, ids: Iterable[str]) -> set[str]:
    """
    Tell which items a branch has taken in.

    Parameters
    ----------
    session
        A session.
    ids
        The transfers.

    Returns
    -------
    set[str]
        Those of them that were.
    """
    query = select(col(EventRow.transfer_id)).where(
        col(EventRow.transfer_id).in_(list(ids)),
        col(EventRow.kind) == RECEIVED,
        text(LATER_EVENTS),
    )
    return {str(name) for name in session.scalars(query)}


def _state(rows: dict[str, TransferRow], name: str) -> TransferState | None:
    return TransferState(rows[name].state) if name in rows else None


def _move(
    session: Session, ids: Sequence[str], to: TransferState, moment: datetime, actor: str
) -> None:
    steps = [Step(transfer=name, to=to) for name in ids]
    move(session, steps, cause=_CAUSE, actor=actor, moment=moment)


def _close_legs(session: Session, ids: Sequence[str], at: str, moment: datetime) -> None:
    query = (
        select(LegRow)
        .join(RunRow, col(RunRow.id) == col(LegRow.run_id))
        .join(PlanRow, col(PlanRow.id) == col(RunRow.plan_id))
        .where(
            col(LegRow.transfer_id).in_(ids),
            col(LegRow.destination) == at,
            col(LegRow.left_at).is_(None),
            col(PlanRow.state).in_(("published", "under_way")),
        )
        .order_by(col(LegRow.run_id), col(LegRow.transfer_id))
        .with_for_update(of=LegRow)
    )
    for leg in session.scalars(query):
        leg.boarded_at = leg.boarded_at or moment
        leg.left_at = moment
    session.flush()

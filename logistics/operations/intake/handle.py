"""What branch staff do with a transfer: pack it, cancel it, miss it, find it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logistics.demand.transfers import TransferState
from logistics.errors import InputError
from logistics.storage.codes import branch_ids
from logistics.storage.tables import BranchRow
from logistics.storage.transfers import Step, find, move

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlmodel import Session


def pack(session: Session, ids: Iterable[str], *, actor: str = "") -> None:
    """
    Say that transfers lie in their bundles.

    Parameters
    ----------
    session
        The transaction.
    ids
        The transfers.
    actor
        Who packed them.

    Raises
    ------
    ConflictError
        One of them does not wait unpacked.
    NotFoundError
        One of them does not exist.
    """
    _move_all(session, ids, TransferState.PACKED, "packed", actor)


def unpack(session: Session, ids: Iterable[str], *, actor: str = "") -> None:
    """
    Say that packed transfers wait unpacked again.

    Parameters
    ----------
    session
        The transaction.
    ids
        The transfers.
    actor
        Who unpacked them.

    Raises
    ------
    ConflictError
        One of them is not packed.
    NotFoundError
        One of them does not exist.
    """
    steps = [
        Step(transfer=name, to=TransferState.REQUESTED, only_from=TransferState.PACKED)
        for name in ids
    ]
    move(session, steps, cause="unpacked", actor=actor)


def cancel(session: Session, ids: Iterable[str], *, reason: str, actor: str = "") -> None:
    """
    Cancel transfers that are not wanted any more.

    Parameters
    ----------
    session
        The transaction.
    ids
        The transfers.
    reason
        Why, for the history.
    actor
        Who cancels.

    Raises
    ------
    ConflictError
        One of them is aboard, or at its end.
    InputError
        The reason is blank.
    NotFoundError
        One of them does not exist.
    """
    if not reason.strip():
        raise InputError("cancel: reason is blank, expected why the item does not travel")
    _move_all(session, ids, TransferState.CANCELLED, reason, actor)


def report_missing(
    session: Session, ids: Iterable[str], *, reason: str = "missing", actor: str = ""
) -> None:
    """
    Say that items are not where they should be.

    Parameters
    ----------
    session
        The transaction.
    ids
        The transfers.
    reason
        Why, for the history.
    actor
        Who misses them.

    Raises
    ------
    ConflictError
        One of them is at its end or missing already.
    NotFoundError
        One of them does not exist.
    """
    _move_all(session, ids, TransferState.MISSING, reason, actor)


def report_found(session: Session, ids: Iterable[str], *, at: str, actor: str = "") -> None:
    """
    Say where missing items turned up; from there they go on, or are at their end.

    Parameters
    ----------
    session
        The transaction.
    ids
        The transfers.
    at
        Branch or hub where they are.
    actor
        Who found them.

    Raises
    ------
    ConflictError
        One of them is not missing.
    InputError
        The place is unknown.
    NotFoundError
        One of them does not exist.
    """
    if at not in branch_ids(session):
        raise InputError(f"found at {at!r}, expected the id of a branch or the hub")
    hub = session.get_one(BranchRow, at).is_hub
    wanted = list(ids)
    goals = {name: row.destination for name, row in find(session, wanted).items()}
    waits = TransferState.AT_HUB if hub else TransferState.REQUESTED
    steps = [
        Step(
            transfer=name,
            to=TransferState.DELIVERED if goals.get(name) == at else waits,
            at=at,
            only_from=TransferState.MISSING,
        )
        for name in wanted
    ]
    move(session, steps, cause="found", actor=actor)


def _move_all(
    session: Session, ids: Iterable[str], to: TransferState, cause: str, actor: str
) -> None:
    move(session, [Step(transfer=name, to=to) for name in ids], cause=cause, actor=actor)

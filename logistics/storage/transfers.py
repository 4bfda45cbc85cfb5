"""Transfers in the database: moved only along the allowed arrows, found again.

This is the one place that changes a transfer's state. Rows are locked in the order of their
identifiers, judged by ``Transfer.step``, and changed only where they are still as they were seen,
so of two writers one wins and the other is told.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, select, update
from sqlmodel import col

from logistics.demand.transfers import Transfer, TransferKind, TransferState
from logistics.errors import ConflictError, NotFoundError
from logistics.storage.chunks import chunks
from logistics.storage.feed import tell
from logistics.storage.tables import TransferRow, now

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlmodel import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """
    A move of one transfer along one arrow.

    Attributes
    ----------
    transfer
        Identifier of the transfer.
    to
        The new state.
    at
        Where the item is now; None where it was.
    only_from
        The state it must be in; None for any that an arrow leads from.
    """

    transfer: str
    to: TransferState
    at: str | None = None
    only_from: TransferState | None = None

    def apply(self, transfer: Transfer) -> Transfer:
        """
        Make the move.

        Parameters
        ----------
        transfer
            The transfer as it stands.

        Returns
        -------
        Transfer
            The transfer as it stands afterwards.

        Raises
        ------
        ConflictError
            No arrow leads there, or it is not in the state it must be in.
        """
        if self.only_from not in {None, transfer.state}:
            raise ConflictError(
                f"transfer {transfer.id!r}: it is {transfer.state}, expected {self.only_from}"
            )
        return transfer.step(self.to, at=self.at)


def to_transfer(row: TransferRow) -> Transfer:
    """
    Read a stored transfer as demand knows it.

    Parameters
    ----------
    row
        The row.

    Returns
    -------
    Transfer
        The transfer.
    """
    return Transfer(
        id=row.id,
        request_id=row.request_id,
        item=row.item,
        kind=TransferKind(row.kind),
        origin=row.origin,
        destination=row.destination,
        requested_at=row.requested_at,
        state=TransferState(row.state),
        at=row.at,
    )


def find(session: Session, ids: Iterable[str]) -> dict[str, TransferRow]:
    """
    Fetch transfers by identifier.

    Parameters
    ----------
    session
        A session.
    ids
        Identifiers.

    Returns
    -------
    dict[str, TransferRow]
        Those that exist.
    """
    found: dict[str, TransferRow] = {}
    for part in chunks(sorted(set(ids))):
        query = select(TransferRow).where(col(TransferRow.id).in_(part))
        found |= {row.id: row for row in session.scalars(query)}
    return found


def move(
    session: Session,
    steps: Iterable[Step],
    *,
    cause: str = "",
    actor: str = "",
    moment: datetime | None = None,
    skip_impossible: bool = False,
) -> list[str]:
    """
    Move transfers along the allowed arrows, all of them or none, and tell the feed.

    Parameters
    ----------
    session
        The transaction.
    steps
        At most one step a transfer.
    cause
        Why, for the history.
    actor
        Who.
    moment
        When it happened; now when absent.
    skip_impossible
        Pass over transfers from whose state no arrow leads there, instead of refusing all.

    Returns
    -------
    list[str]
        Identifiers of the transfers that were moved.

    Raises
    ------
    ConflictError
        With every transfer that stands where no arrow leads on.
    NotFoundError
        A transfer does not exist.
    """
    wanted = {step.transfer: step for step in steps}
    seen = _lock(session, wanted)
    moved: list[Transfer] = []
    problems: list[str] = []
    for name, step in wanted.items():
        try:
            moved.append(step.apply(seen[name]))
        except ConflictError as error:
            problems += error.problems
    if problems and not skip_impossible:
        raise ConflictError(problems)
    when = moment or now()
    _write_all(session, seen, moved, when)
    tell(
        session,
        [
            {
                "kind": f"transfer.{after.state}",
                "transfer_id": after.id,
                "at": when,
                "place": after.at,
                "cause": cause,
                "actor": actor,
            }
            for after in moved
        ],
    )
    return [after.id for after in moved]


def _write_all(
    session: Session, seen: Mapping[str, Transfer], moved: Sequence[Transfer], when: datetime
) -> None:
    groups: defaultdict[tuple[str, str], list[Transfer]] = defaultdict(list)
    for after in moved:
        groups[seen[after.id].state, after.state].append(after)
    for (before, to), transfers in groups.items():
        for part in chunks(transfers):
            _write(session, before, to, part, when)


def _lock(session: Session, ids: Iterable[str]) -> dict[str, Transfer]:
    wanted = sorted(set(ids))
    seen: dict[str, Transfer] = {}
    for part in chunks(wanted):
        query = select(TransferRow).where(col(TransferRow.id).in_(part))
        locked = query.order_by(col(TransferRow.id)).with_for_update()
        fresh = locked.execution_options(populate_existing=True)
        seen |= {row.id: to_transfer(row) for row in session.scalars(fresh)}
    missing = [name for name in wanted if name not in seen]
    if missing:
        raise NotFoundError(f"transfer {name!r}: there is none of this name" for name in missing)
    return seen


def _write(
    session: Session, before: str, to: str, transfers: Sequence[Transfer], when: datetime
) -> None:
    places = {transfer.id: transfer.at for transfer in transfers}
    one_place = len(set(places.values())) == 1
    at: Any = next(iter(places.values())) if one_place else case(places, value=col(TransferRow.id))
    changed = session.execute(
        update(TransferRow)
        .where(col(TransferRow.id).in_(places), col(TransferRow.state) == before)
        .values(state=to, at=at, changed_at=when, revision=TransferRow.revision + 1)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != len(places):  # type: ignore[attr-defined]
        raise ConflictError(
            f"{len(places)} transfers were {before} and another writer moved some of them just "
            "now; read them again"
        )

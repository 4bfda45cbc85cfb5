"""Reports that could not be taken in: kept, and told to the coordinator, so that none is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from sqlalchemy import select
from sqlmodel import col

from logistics.storage.feed import tell
from logistics.storage.tables import RunRow, StopRow, TickRow

if TYPE_CHECKING:
    from sqlmodel import Session

    from logistics.operations.road.ticks import Tick

#: Before the id of a report that was refused: the same one may still be taken in later.
_REFUSED = "not-"
_ID_LENGTH = 64


def keep_refused(session: Session, tick: Tick, note: str, *, actor: str = "") -> bool:
    """
    Keep a report that could not be taken in, and tell the coordinator; nothing is moved.

    Parameters
    ----------
    session
        The transaction.
    tick
        The report.
    note
        What was reported, and why it was not taken in.
    actor
        Who drives.

    Returns
    -------
    bool
        False where it was kept before, or there is no run to keep it with.
    """
    name = f"{_REFUSED}{tick.id}"[:_ID_LENGTH]
    run = session.scalars(select(RunRow).where(col(RunRow.code) == tick.run)).one_or_none()
    if run is None or session.get(TickRow, name) is not None:
        return False
    branch = _place(session, run, tick)
    session.add(
        TickRow(
            id=name,
            run_id=cast("int", run.id),
            kind=tick.kind.value,
            at=tick.at,
            details={"refused": True, "note": note[:200], "branch": branch},
        )
    )
    tell(
        session,
        [
            {
                "kind": "run.exception",
                "subject": run.code,
                "at": tick.at,
                "place": branch or None,
                "cause": note[:200],
                "actor": actor,
            }
        ],
    )
    return True


def _place(session: Session, run: RunRow, tick: Tick) -> str:
    by_code = select(col(StopRow.branch_id)).where(col(StopRow.code) == tick.stop_code)
    by_number = select(col(StopRow.branch_id)).where(
        col(StopRow.run_id) == run.id, col(StopRow.number) == tick.stop
    )
    return session.scalars(by_code if tick.stop_code else by_number).one_or_none() or ""

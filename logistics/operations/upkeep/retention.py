"""Thin out what is kept of single items; what was booked stays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, exists, select
from sqlmodel import SQLModel, col

from logistics.errors import InputError
from logistics.storage.session import writing
from logistics.storage.tables import (
    AuditRow,
    EventRow,
    HoldRow,
    IdempotencyRow,
    JobRow,
    ParkedRow,
    ReturnedItemRow,
    StaffSessionRow,
    TickRow,
    TransferRow,
    now,
    table_of,
)

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Engine

#: Rows deleted in one transaction, so that nobody waits long for the database.
BATCH: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """
    How many days what is kept.

    Attributes
    ----------
    item_days
        Transfers at their end with their history, returned items, holds, drivers' reports.
    answer_days
        Answers kept for requests that are sent again.
    job_days
        Jobs that are over.
    audit_days
        The audit log.

    Raises
    ------
    InputError
        A number is below 1.
    """

    item_days: int = 90
    answer_days: int = 7
    job_days: int = 30
    audit_days: int = 730

    def __post_init__(self) -> None:
        names = ("item_days", "answer_days", "job_days", "audit_days")
        problems = [
            f"retention: {name} is {getattr(self, name)}, expected 1 or more"
            for name in names
            if getattr(self, name) < 1
        ]
        if problems:
            raise InputError(problems)


def thin_out(engine: Engine, keep: Retention, *, at: datetime | None = None) -> dict[str, int]:
    """
    Delete what has been kept long enough.

    Parameters
    ----------
    engine
        The database.
    keep
        How long what is kept.
    at
        The time; now when absent.

    Returns
    -------
    dict[str, int]
        Number of deleted rows by table; what hangs on them goes too.
    """
    clock = at or now()
    items = clock - timedelta(days=keep.item_days)
    answers = clock - timedelta(days=keep.answer_days)
    jobs = clock - timedelta(days=keep.job_days)
    audit = clock - timedelta(days=keep.audit_days)
    ended = col(TransferRow.state).in_(("delivered", "cancelled"))
    told_of = exists().where(col(TransferRow.id) == col(EventRow.transfer_id))
    rules: tuple[tuple[type[SQLModel], tuple[ColumnElement[bool], ...]], ...] = (
        (TransferRow, (ended, col(TransferRow.changed_at) < items)),
        (EventRow, (col(EventRow.position).is_not(None), col(EventRow.at) < items, ~told_of)),
        (ReturnedItemRow, (col(ReturnedItemRow.returned_at) < items,)),
        (HoldRow, (col(HoldRow.state) != "waiting", col(HoldRow.placed_at) < items)),
        (ParkedRow, (col(ParkedRow.resolved_at) < items,)),
        (TickRow, (col(TickRow.at) < items,)),
        (IdempotencyRow, (col(IdempotencyRow.created_at) < answers,)),
        (StaffSessionRow, (col(StaffSessionRow.expires_at) < clock,)),
        (JobRow, (col(JobRow.finished_at) < jobs,)),
        (AuditRow, (col(AuditRow.at) < audit,)),
    )
    return {table_of(kind).name: _delete(engine, kind, conditions) for kind, conditions in rules}


def _delete(
    engine: Engine, kind: type[SQLModel], conditions: tuple[ColumnElement[bool], ...]
) -> int:
    keys = list(table_of(kind).primary_key.columns)
    total = 0
    while True:
        with writing(engine) as session:
            some = session.execute(select(*keys).where(*conditions).limit(BATCH)).all()
            for key in some:
                same = [column == value for column, value in zip(keys, key, strict=True)]
                session.execute(delete(table_of(kind)).where(*same))
        total += len(some)
        if len(some) < BATCH:
            return total

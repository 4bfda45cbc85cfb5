"""Tables of what happens in the background: jobs, webhooks and their deliveries, answered keys."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from logistics.storage.tables.base import UtcDateTime, now, one_of, partial_index, unique_where
from logistics.storage.tables.demand import RowNumber

JOB_STATES = ("queued", "running", "done", "failed", "cancelled")


class JobRow(SQLModel, table=True):
    """Work to be done once: leased by a worker, tried again when the lease runs out."""

    __tablename__ = "jobs"
    __table_args__ = (
        one_of("state", JOB_STATES),
        partial_index("ix_jobs_due", "run_after", where="state IN ('queued', 'running')"),
        unique_where("uq_jobs_active", "kind", "key", where="state IN ('queued', 'running')"),
        Index("ix_jobs_kind_key", "kind", "key"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=RowNumber)
    kind: str = Field(max_length=40)
    key: str = Field(max_length=100)
    payload: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    state: str = Field(default="queued", max_length=12)
    run_after: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    attempts: int = 0
    max_attempts: int = 5
    leased_by: str | None = Field(default=None, max_length=100)
    leased_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    cancel_requested: bool = False
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    started_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    result: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    problems: list[str] | None = Field(default=None, sa_type=JSON)


class JobProgressRow(SQLModel, table=True):
    """How far a job has come, one row a report."""

    __tablename__ = "job_progress"
    __table_args__ = (Index("ix_job_progress_job_id_id", "job_id", "id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=RowNumber)
    job_id: int = Field(foreign_key="jobs.id", ondelete="CASCADE", sa_type=RowNumber)
    at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    phase: str = Field(default="", max_length=100)
    details: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class WebhookRow(SQLModel, table=True):
    """An address that is told of events."""

    __tablename__ = "webhooks"

    id: int | None = Field(default=None, primary_key=True)
    url: str = Field(max_length=500)
    secret: str = Field(max_length=200)
    kinds: list[str] = Field(default_factory=list, sa_type=JSON)
    active: bool = True
    revision: int = 1
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    created_by: str = Field(default="", max_length=100)


class DeliveryRow(SQLModel, table=True):
    """One event owed to one webhook."""

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("webhook_id", "position"),
        one_of("state", ("waiting", "delivered", "dead")),
        partial_index("ix_deliveries_due", "next_at", "position", where="state = 'waiting'"),
        partial_index(
            "ix_deliveries_order",
            "webhook_id",
            "transfer_id",
            "position",
            where="state = 'waiting'",
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=RowNumber)
    webhook_id: int = Field(foreign_key="webhooks.id", ondelete="CASCADE")
    event_id: int = Field(foreign_key="events.id", ondelete="CASCADE", sa_type=RowNumber)
    position: int = Field(sa_type=BigInteger)
    transfer_id: str | None = Field(default=None, max_length=32)
    state: str = Field(default="waiting", max_length=12)
    attempts: int = 0
    next_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    leased_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_status: int | None = None
    last_error: str = Field(default="", max_length=500)
    delivered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class IdempotencyRow(SQLModel, table=True):
    """The answer that was given to a request with an ``Idempotency-Key``."""

    __tablename__ = "idempotency_keys"

    caller: str = Field(primary_key=True, max_length=100)
    key: str = Field(primary_key=True, max_length=255)
    request_digest: str = Field(max_length=64)
    status: int | None = None
    headers: dict[str, str] | None = Field(default=None, sa_type=JSON)
    body: str | None = Field(default=None, sa_type=Text)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime, index=True)

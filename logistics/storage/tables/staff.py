"""Tables of who may come in, what they changed, and what the installation remembers of itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index
from sqlmodel import Field, SQLModel

from logistics.storage.tables.base import UtcDateTime, now, one_of
from logistics.storage.tables.demand import RowNumber

ROLES = ("coordinator", "branch", "driver", "management", "admin")


class ApiKeyRow(SQLModel, table=True):
    """A program's key: shown once, kept as a hash."""

    __tablename__ = "api_keys"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=100)
    prefix: str = Field(unique=True, max_length=16)
    digest: str = Field(unique=True, max_length=64)
    scopes: list[str] = Field(default_factory=list, sa_type=JSON)
    branch_id: str | None = Field(default=None, foreign_key="branches.id", max_length=60)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    replaces_id: int | None = Field(default=None, foreign_key="api_keys.id")


class CalendarAddressRow(SQLModel, table=True):
    """An address that calendar programs subscribe to, for one branch; its secret is kept hashed."""

    __tablename__ = "calendar_addresses"

    id: int | None = Field(default=None, primary_key=True)
    branch_id: str = Field(foreign_key="branches.id", max_length=60, index=True)
    name: str = Field(max_length=100)
    digest: str = Field(unique=True, max_length=64)
    created_by: str = Field(default="", max_length=100)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    last_used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class UserRow(SQLModel, table=True):
    """A member of staff; readers of the library have no account here."""

    __tablename__ = "users"
    __table_args__ = (one_of("role", ROLES),)

    id: int | None = Field(default=None, primary_key=True)
    login: str = Field(unique=True, max_length=200)
    display_name: str = Field(default="", max_length=200)
    role: str = Field(max_length=16)
    branch_id: str | None = Field(default=None, foreign_key="branches.id", max_length=60)
    password_hash: str | None = Field(default=None, max_length=300)
    oidc_subject: str | None = Field(default=None, unique=True, max_length=300)
    active: bool = True
    failed_logins: int = 0
    locked_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    revision: int = 1


class StaffSessionRow(SQLModel, table=True):
    """A signed-in browser; the row's key is a hash of what the cookie holds."""

    __tablename__ = "staff_sessions"

    digest: str = Field(primary_key=True, max_length=64)
    user_id: int = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    csrf: str = Field(max_length=64)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    seen_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)


class AuditRow(SQLModel, table=True):
    """Who changed what, when, through which door."""

    __tablename__ = "audit_log"
    __table_args__ = (Index("ix_audit_log_subject", "subject"), Index("ix_audit_log_at", "at"))

    id: int | None = Field(default=None, primary_key=True, sa_type=RowNumber)
    at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    actor: str = Field(max_length=100)
    action: str = Field(max_length=60)
    subject: str = Field(default="", max_length=160)
    before: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    after: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    request_id: str = Field(default="", max_length=64)


class SettingRow(SQLModel, table=True):
    """What the installation remembers of itself, such as the key of its hashes."""

    __tablename__ = "settings"

    name: str = Field(primary_key=True, max_length=60)
    value: str = Field(max_length=2000)
    changed_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)

"""Wire models of log-ins, accounts, keys and the audit log."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from api.schemas.base import BranchId, Line, MaybeLine, Moment, Number, Wire
from api.schemas.network import A_BRANCH

RoleName = Literal["coordinator", "branch", "driver", "management", "admin"]
ScopeName = Literal[
    "transfers:read",
    "transfers:write",
    "plans:read",
    "plans:write",
    "runs:read",
    "runs:write",
    "network:read",
    "network:write",
    "calendars:write",
    "events:read",
    "webhooks:write",
    "reports:read",
    "jobs:read",
    "jobs:write",
    "metrics:read",
    "admin",
]
Password = Annotated[str, StringConstraints(max_length=256)]


class LogIn(Wire):
    """A member of staff who logs in with a local account."""

    login: Line = Field(examples=["anna.k"])
    password: Password = Field(examples=["a long sentence nobody guesses"])


class Who(Wire):
    """Who is asking, and what they may do."""

    id: str = Field(examples=["user:3"])
    role: str
    branch: str | None
    scopes: list[str]
    csrf_token: str = Field(description="Send it as X-CSRF-Token with every change.")


class NewKey(Wire):
    """A key to be made."""

    name: Line = Field(examples=["Koha of the nine"])
    scopes: Annotated[list[ScopeName], Field(min_length=1, max_length=20)] = Field(
        examples=[["transfers:write", "events:read"]]
    )
    branch: Annotated[BranchId, A_BRANCH] | None = None
    days: Annotated[int, Field(strict=True, ge=1, le=3650)] | None = None


class Key(Wire):
    """A key, without its secret."""

    id: int
    name: str
    prefix: str
    scopes: list[str]
    branch: str | None
    created_at: Moment
    expires_at: Moment | None
    revoked_at: Moment | None
    replaces: int | None


class ShownKey(Wire):
    """A key with its secret: this is the only time it is shown."""

    key: Key
    token: str


class Rotation(Wire):
    """How long the old key goes on working."""

    overlap_hours: Annotated[int, Field(strict=True, ge=0, le=24 * 30)] = 24


class NewAccount(Wire):
    """An account to be made."""

    login: Line = Field(examples=["anna.k"])
    role: RoleName
    password: Password | None = Field(default=None, examples=["a long sentence nobody guesses"])
    name: MaybeLine = ""
    branch: Annotated[BranchId, A_BRANCH] | None = None


class Account(Wire):
    """A member of staff."""

    id: int
    login: str
    name: str
    role: str
    branch: str | None
    active: bool
    created_at: Moment


class AccountChange(Wire):
    """What shall be different; what is left out stays."""

    active: bool | None = None
    password: Password | None = None


class AuditEntry(Wire):
    """Who changed what."""

    id: Number
    at: Moment
    actor: str
    action: str
    subject: str
    request_id: str

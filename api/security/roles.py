"""Scopes, the roles that bundle them, and who is asking."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from logistics.errors import InputError

#: What each scope lets its bearer do.
SCOPES: Final[Mapping[str, str]] = {
    "transfers:read": "see transfers, their history and when they arrive",
    "transfers:write": "ask for transfers, cancel them, report returns and holds",
    "plans:read": "see plans, maps, sheets and packing lists",
    "plans:write": "plan, change, compare and publish days",
    "runs:read": "see runs and stops",
    "runs:write": "depart, arrive, tick stops and report exceptions",
    "network:read": "see branches, vehicles, calendar and rates",
    "network:write": "change branches, vehicles, calendar and rates",
    "calendars:write": "make and revoke the addresses of a branch's calendar",
    "events:read": "follow the event feed",
    "webhooks:write": "subscribe addresses to events, see and replay dead letters",
    "reports:read": "see what was driven and what it cost",
    "jobs:read": "see background jobs and their progress",
    "jobs:write": "start and cancel background jobs",
    "metrics:read": "read the metrics",
    "admin": "manage keys and accounts, read the audit log",
}

Role = Literal["coordinator", "branch", "driver", "management", "admin"]

_COORDINATOR: Final = frozenset(SCOPES) - {"admin", "metrics:read"}

#: What each role may do; branch and driver are bound further by `Principal.branch` and the date.
ROLES: Final[Mapping[str, frozenset[str]]] = {
    "coordinator": _COORDINATOR,
    "branch": frozenset(
        {"transfers:read", "transfers:write", "plans:read", "network:read", "calendars:write"}
    ),
    "driver": frozenset({"runs:read", "runs:write"}),
    "management": frozenset({"reports:read", "plans:read", "runs:read", "network:read"}),
    "admin": frozenset(SCOPES),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """
    Who is asking.

    Attributes
    ----------
    kind
        A program's key, a member of staff, or anybody on this machine.
    id
        Stable identifier without a name: ``key:7``, ``user:3``, ``local``.
    scopes
        What it may do.
    role
        Role of a member of staff; empty for a key.
    branch
        The only branch it may see and act for; None for all.
    csrf
        Token that changes from a browser must carry; empty for a key.
    """

    kind: Literal["key", "user", "local"]
    id: str
    scopes: frozenset[str]
    role: str = ""
    branch: str | None = None
    csrf: str = ""

    @property
    def label(self) -> str:
        """The identifier for logs and histories: no name of a person."""
        return self.id

    def may_see(self, *branches: str | None) -> bool:
        """
        Tell whether something of these branches may be shown.

        Parameters
        ----------
        *branches
            The branches a record belongs to.

        Returns
        -------
        bool
            True for who is bound to none, or to one of these.
        """
        return self.branch is None or self.branch in branches


#: Anybody on this machine while authentication is switched off; never an administrator.
LOCAL: Final = Principal(kind="local", id="local", scopes=_COORDINATOR, role="coordinator")


def check_scopes(scopes: Iterable[str]) -> frozenset[str]:
    """
    Refuse scopes that do not exist.

    Parameters
    ----------
    scopes
        Names of scopes.

    Returns
    -------
    frozenset[str]
        The same scopes.

    Raises
    ------
    InputError
        A scope is unknown, or there is none.
    """
    given = frozenset(scopes)
    problems = [
        f"scope {scope!r} is unknown; expected some of {', '.join(SCOPES)}"
        for scope in sorted(given - SCOPES.keys())
    ]
    if not given:
        problems.append("a key without any scope can do nothing; give it at least one")
    if problems:
        raise InputError(problems)
    return given

"""What other systems call our branches; codes nobody has explained wait for the coordinator."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import col

from logistics.errors import NotFoundError
from logistics.storage.session import is_sqlite
from logistics.storage.tables import BranchCodeRow, BranchRow, now, table_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlmodel import Session


_REMEMBER_SECONDS: Final = 5.0
_MOST_SYSTEMS: Final = 50
_remembered: WeakKeyDictionary[Engine, dict[str, tuple[float, dict[str, str]]]] = (
    WeakKeyDictionary()
)


def branch_ids(session: Session) -> frozenset[str]:
    """
    List our own codes.

    Parameters
    ----------
    session
        A session.

    Returns
    -------
    frozenset[str]
        Identifiers of all branches and the hub.
    """
    return frozenset(session.scalars(select(col(BranchRow.id))))


def quick_code_map(session: Session, system: str, needed: Collection[str]) -> Mapping[str, str]:
    """
    Look up what another system calls our branches, as it was a moment ago.

    Almost every request names branches that have been there for years, so they are remembered
    for a few seconds. A code that is not among them is looked up at once.

    Parameters
    ----------
    session
        A session.
    system
        Name of the other system.
    needed
        The codes that are asked for.

    Returns
    -------
    Mapping[str, str]
        Our identifier by their code.
    """
    known = _remembered.setdefault(_database(session), {})
    until, found = known.get(system, (0.0, {}))
    if time.monotonic() >= until or not found.keys() >= set(needed):
        found = code_map(session, system)
        known[system] = time.monotonic() + _REMEMBER_SECONDS, found
        for old in list(known)[:-_MOST_SYSTEMS]:
            known.pop(old, None)
    return found


def forget_codes(session: Session) -> None:
    """
    Look every code up anew from now on, in this process.

    Parameters
    ----------
    session
        A session on the database whose codes have changed.
    """
    _remembered.pop(_database(session), None)


def _database(session: Session) -> Engine:
    bind = session.get_bind()
    return bind if isinstance(bind, Engine) else bind.engine


def code_map(session: Session, system: str) -> dict[str, str]:
    """
    Look up what another system calls our branches.

    Parameters
    ----------
    session
        A session.
    system
        Name of the other system.

    Returns
    -------
    dict[str, str]
        Our identifier by their code; our own identifiers stand for themselves.
    """
    query = select(col(BranchCodeRow.code), col(BranchCodeRow.branch)).where(
        col(BranchCodeRow.system) == system, col(BranchCodeRow.branch).is_not(None)
    )
    own = {branch: branch for branch in branch_ids(session)}
    return own | {code: branch for code, branch in session.execute(query).all() if branch}


def note_unknown(session: Session, system: str, codes: Collection[str]) -> None:
    """
    Remember codes that nobody has explained yet.

    Parameters
    ----------
    session
        The transaction.
    system
        Name of the other system.
    codes
        Its codes; those already noted stay as they are.
    """
    if not codes:
        return
    insert = sqlite_insert if is_sqlite(session) else postgres_insert
    rows = [
        {"system": system, "code": code, "source": "", "confidence": "low", "first_seen_at": now()}
        for code in sorted(codes)
    ]
    session.execute(insert(table_of(BranchCodeRow)).on_conflict_do_nothing(), rows)


def explain(session: Session, system: str, code: str, branch: str) -> None:
    """
    Say which branch a code stands for.

    Parameters
    ----------
    session
        The transaction.
    system
        Name of the other system.
    code
        Its code.
    branch
        Our identifier.

    Raises
    ------
    NotFoundError
        There is no such branch.
    """
    if branch not in branch_ids(session):
        raise NotFoundError(f"branch {branch!r}: there is none of this name; import it first")
    note_unknown(session, system, [code])
    chosen = (col(BranchCodeRow.system) == system, col(BranchCodeRow.code) == code)
    session.execute(update(BranchCodeRow).where(*chosen).values(branch=branch))
    forget_codes(session)

"""API keys: shown once, stored as a hash, rotated with an overlap, revoked at once."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlmodel import Session, col, or_, select

from api.security.roles import Principal, check_scopes
from logistics.errors import InputError, NotFoundError
from logistics.storage.codes import branch_ids
from logistics.storage.tables.base import now
from logistics.storage.tables.staff import ApiKeyRow

_PREFIX = "cp"
_PREFIX_BYTES = 5


def digest(token: str) -> str:
    """
    Hash a random token; it has 256 bits of chance, so a slow hash would add nothing.

    Parameters
    ----------
    token
        The token as its bearer sends it.

    Returns
    -------
    str
        SHA-256, hexadecimal.
    """
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def create_key(
    session: Session,
    *,
    name: str,
    scopes: Iterable[str],
    branch: str | None = None,
    days: float | None = None,
    replaces: int | None = None,
) -> tuple[ApiKeyRow, str]:
    """
    Make a key.

    Parameters
    ----------
    session
        Committed by the caller.
    name
        What it is for, for people.
    scopes
        What it may do.
    branch
        The only branch it may act for; None for all.
    days
        When it ends by itself; None for never.
    replaces
        The key it was rotated from.

    Returns
    -------
    tuple[ApiKeyRow, str]
        The row, and the key itself, which is stored nowhere.

    Raises
    ------
    InputError
        A scope is unknown, the name is blank, or there is no such branch.
    """
    if not name.strip():
        raise InputError("key: its name is blank; say what program will use it")
    if branch is not None and branch not in branch_ids(session):
        raise InputError(f"key {name!r}: branch {branch!r} is unknown; import it first")
    prefix = secrets.token_hex(_PREFIX_BYTES)
    token = f"{_PREFIX}_{prefix}_{secrets.token_urlsafe(32)}"
    row = ApiKeyRow(
        name=name.strip(),
        prefix=prefix,
        digest=digest(token),
        scopes=sorted(check_scopes(scopes)),
        branch_id=branch,
        expires_at=None if days is None else now() + timedelta(days=days),
        replaces_id=replaces,
    )
    session.add(row)
    session.flush()
    return row, token


def rotate_key(session: Session, key: int, *, overlap_hours: float = 24) -> tuple[ApiKeyRow, str]:
    """
    Replace a key by a new one of the same rights; the old one ends a little later.

    Parameters
    ----------
    session
        Committed by the caller.
    key
        Number of the old key.
    overlap_hours
        How long both work, so that the program can be changed in peace.

    Returns
    -------
    tuple[ApiKeyRow, str]
        The new row, and the new key itself.

    Raises
    ------
    NotFoundError
        There is no such key in use.
    """
    old = _in_use(session, key)
    end = now() + timedelta(hours=overlap_hours)
    days = None
    if old.expires_at is not None:
        days = (old.expires_at - old.created_at) / timedelta(days=1)
        end = min(end, old.expires_at)
    new, token = create_key(
        session,
        name=old.name,
        scopes=old.scopes,
        branch=old.branch_id,
        days=days,
        replaces=old.id,
    )
    old.expires_at = end
    session.add(old)
    return new, token


def revoke_key(session: Session, key: int) -> ApiKeyRow:
    """
    End a key now.

    Parameters
    ----------
    session
        Committed by the caller.
    key
        Its number.

    Returns
    -------
    ApiKeyRow
        The key, revoked.

    Raises
    ------
    NotFoundError
        There is no such key in use.
    """
    row = _in_use(session, key)
    row.revoked_at = now()
    session.add(row)
    return row


def list_keys(session: Session) -> list[ApiKeyRow]:
    """
    List every key there ever was.

    Parameters
    ----------
    session
        A session.

    Returns
    -------
    list[ApiKeyRow]
        Oldest first.
    """
    return list(session.exec(select(ApiKeyRow).order_by(col(ApiKeyRow.id))))


def find_key(session: Session, token: str, moment: datetime | None = None) -> Principal | None:
    """
    Find whose key this is.

    Parameters
    ----------
    session
        A session; the key's last use is noted in it at most once a minute.
    token
        What the request brought.
    moment
        Now, unless a test says otherwise.

    Returns
    -------
    Principal | None
        None when the key is unknown, revoked or past its end.
    """
    at = moment or now()
    row = session.exec(
        select(ApiKeyRow).where(
            col(ApiKeyRow.digest) == digest(token),
            col(ApiKeyRow.revoked_at).is_(None),
            or_(col(ApiKeyRow.expires_at).is_(None), col(ApiKeyRow.expires_at) > at),
        )
    ).one_or_none()
    if row is None:
        return None
    return Principal(
        kind="key", id=f"key:{row.id}", scopes=frozenset(row.scopes), branch=row.branch_id
    )


def _in_use(session: Session, key: int) -> ApiKeyRow:
    row = session.get(ApiKeyRow, key)
    if row is None or row.revoked_at is not None:
        raise NotFoundError(
            f"key {key}: there is no such key in use; `logistics key list` shows all"
        )
    return row

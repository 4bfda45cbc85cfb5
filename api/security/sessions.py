"""Log-ins of browsers: kept on the server, new at each log-in, ended when idle."""

import secrets
from datetime import datetime, timedelta

from sqlmodel import Session, col, delete

from api.security.keys import digest
from api.security.roles import ROLES, Principal
from api.settings import Settings
from logistics.storage.tables.base import now
from logistics.storage.tables.staff import StaffSessionRow, UserRow

_NOTE_USE_AFTER = timedelta(seconds=60)


def cookie_name(settings: Settings) -> str:
    """
    Name the cookie; the prefix makes a browser refuse it from any other host or over http.

    Parameters
    ----------
    settings
        Whether the service is reached over https.

    Returns
    -------
    str
        ``__Host-session``, or ``session`` on a machine of one's own.
    """
    return "__Host-session" if settings.secure_cookies else "session"


def begin_session(
    session: Session, user: UserRow, settings: Settings, *, ends: str | None = None
) -> tuple[str, StaffSessionRow]:
    """
    Log somebody in under a fresh secret; whatever the browser brought along is ended.

    Parameters
    ----------
    session
        Committed by the caller.
    user
        Who.
    settings
        How long a log-in lasts.
    ends
        Cookie of the log-in that this one replaces.

    Returns
    -------
    tuple[str, StaffSessionRow]
        The value of the cookie, which is stored nowhere, and the row.
    """
    if ends:
        end_session(session, ends)
    moment = now()
    session.exec(delete(StaffSessionRow).where(col(StaffSessionRow.expires_at) < moment))
    token = secrets.token_urlsafe(32)
    row = StaffSessionRow(
        digest=digest(token),
        user_id=user.id or 0,
        csrf=secrets.token_urlsafe(32),
        created_at=moment,
        seen_at=moment,
        expires_at=moment + timedelta(hours=settings.session_hours),
    )
    session.add(row)
    session.flush()
    return token, row


def end_session(session: Session, token: str) -> None:
    """
    Log a browser out.

    Parameters
    ----------
    session
        Committed by the caller.
    token
        Value of the cookie.
    """
    session.exec(delete(StaffSessionRow).where(col(StaffSessionRow.digest) == digest(token)))


def find_session(
    session: Session, token: str, settings: Settings, moment: datetime | None = None
) -> tuple[Principal, bool] | None:
    """
    Find who is logged in.

    Parameters
    ----------
    session
        A session.
    token
        Value of the cookie.
    settings
        How long an unused log-in lasts.
    moment
        Now, unless a test says otherwise.

    Returns
    -------
    tuple[Principal, bool] | None
        Who, and whether the use is due to be noted with `note_use`; None when nobody.
    """
    at = moment or now()
    row = session.get(StaffSessionRow, digest(token))
    if row is None or at >= row.expires_at:
        return None
    user = session.get(UserRow, row.user_id)
    if user is None or not user.active:
        return None
    is_driver = user.role == "driver"
    idle = settings.driver_idle_minutes if is_driver else settings.session_idle_minutes
    if at - row.seen_at >= timedelta(minutes=idle):
        return None
    principal = Principal(
        kind="user",
        id=f"user:{user.id}",
        scopes=ROLES[user.role],
        role=user.role,
        branch=user.branch_id,
        csrf=row.csrf,
    )
    return principal, at - row.seen_at >= _NOTE_USE_AFTER


def note_use(session: Session, token: str) -> None:
    """
    Note that a log-in was used.

    Parameters
    ----------
    session
        Committed by the caller.
    token
        Value of the cookie.
    """
    row = session.get(StaffSessionRow, digest(token))
    if row is not None:
        row.seen_at = now()
        session.add(row)

"""Addresses that calendar programs subscribe to: shown once, kept as a hash, revoked at once."""

import secrets
from datetime import timedelta

from sqlmodel import Session, col, select

from api.security.keys import digest
from api.settings import Settings
from logistics.errors import ConflictError, NotFoundError
from logistics.storage.codes import branch_ids
from logistics.storage.tables import CalendarAddressRow, now

#: Of one branch at a time, so that nobody fills the table.
MOST = 50
_BYTES = 32
_NOTED = timedelta(days=1)


def create_address(
    session: Session, branch: str, name: str, *, actor: str
) -> tuple[CalendarAddressRow, str]:
    """
    Make an address for the calendar of a branch.

    Parameters
    ----------
    session
        Committed by the caller.
    branch
        The branch, the only one that it shows.
    name
        Where it will be used, for people.
    actor
        Who makes it.

    Returns
    -------
    tuple[CalendarAddressRow, str]
        The row, and the secret in the address, which is stored nowhere.

    Raises
    ------
    ConflictError
        The branch has too many already.
    NotFoundError
        There is no such branch.
    """
    if branch not in branch_ids(session):
        raise NotFoundError(f"branch {branch!r}: there is none of this name")
    if len(addresses_of(session, branch)) >= MOST:
        raise ConflictError(
            f"branch {branch!r}: it has {MOST} calendar addresses, expected fewer; revoke those "
            "that nobody uses"
        )
    token = secrets.token_urlsafe(_BYTES)
    row = CalendarAddressRow(branch_id=branch, name=name, digest=digest(token), created_by=actor)
    session.add(row)
    session.flush()
    return row, token


def addresses_of(session: Session, branch: str) -> list[CalendarAddressRow]:
    """
    List the addresses of a branch that work.

    Parameters
    ----------
    session
        A session.
    branch
        The branch.

    Returns
    -------
    list[CalendarAddressRow]
        As they were made.
    """
    query = select(CalendarAddressRow).where(
        col(CalendarAddressRow.branch_id) == branch, col(CalendarAddressRow.revoked_at).is_(None)
    )
    return list(session.exec(query.order_by(col(CalendarAddressRow.id))))


def revoke_address(session: Session, branch: str, number: int) -> CalendarAddressRow:
    """
    End an address now.

    Parameters
    ----------
    session
        Committed by the caller.
    branch
        The branch that it belongs to.
    number
        Its number.

    Returns
    -------
    CalendarAddressRow
        The address.

    Raises
    ------
    NotFoundError
        The branch has none of this number.
    """
    row = session.get(CalendarAddressRow, number)
    if row is None or row.branch_id != branch:
        raise NotFoundError(
            f"calendar address {number} of {branch!r}: there is none of this number"
        )
    row.revoked_at = row.revoked_at or now()
    session.flush()
    return row


def find_address(session: Session, token: str) -> CalendarAddressRow:
    """
    Find out whose calendar an address shows.

    Parameters
    ----------
    session
        A session.
    token
        The secret in the address.

    Returns
    -------
    CalendarAddressRow
        The address.

    Raises
    ------
    NotFoundError
        It is unknown or revoked; which of the two is not told.
    """
    query = select(CalendarAddressRow).where(
        col(CalendarAddressRow.digest) == digest(token),
        col(CalendarAddressRow.revoked_at).is_(None),
    )
    row = session.exec(query).first()
    if row is None:
        raise NotFoundError(
            "this calendar address is unknown or revoked; the library can make a new one"
        )
    return row


def is_use_worth_noting(row: CalendarAddressRow) -> bool:
    """
    Tell whether to note that an address is used: once a day is enough to see which ones are.

    Parameters
    ----------
    row
        The address.

    Returns
    -------
    bool
        Whether a day has gone since.
    """
    return row.last_used_at is None or now() - row.last_used_at > _NOTED


def url_of(settings: Settings, token: str, language: str = "sv") -> str:
    """
    Write an address out.

    Parameters
    ----------
    settings
        Where the service is reached.
    token
        The secret.
    language
        Of the words in the calendar.

    Returns
    -------
    str
        For a calendar program.
    """
    words = "" if language == "sv" else f"?language={language}"
    return f"{settings.public_url.rstrip('/')}/v1/calendars/{token}.ics{words}"

"""Local accounts of staff: argon2id, locked after repeated failures, never a default password."""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlmodel import Session, col, select

from api.problems import ProblemError
from api.security.roles import ROLES
from logistics.errors import ConflictError, InputError, NotFoundError
from logistics.storage.codes import branch_ids
from logistics.storage.tables.base import now
from logistics.storage.tables.staff import StaffSessionRow, UserRow

PASSWORD_LENGTH = 12
PASSWORD_LONGEST = 256
_LOCK_AFTER = 5
_LONGEST_LOCK = timedelta(minutes=15)
_hasher = PasswordHash((Argon2Hasher(),))
#: A guess takes 64 MiB and every core it gets: a crowd at the door queues here.
_AT_ONCE, _PATIENCE_SECONDS = 4, 20.0
_guessing = threading.BoundedSemaphore(_AT_ONCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """
    A password held against the account it was typed for.

    Attributes
    ----------
    login
        What was typed.
    stored
        The hash it was held against; None where the account has none, or is none.
    matches
        Whether it is the right one.
    renewed
        The same password under today's parameters, where the stored hash has older ones.
    """

    login: str
    stored: str | None
    matches: bool
    renewed: str | None


@cache
def _nobodys_hash() -> str:
    return _hasher.hash("an account that does not exist")


def create_account(
    session: Session,
    *,
    login: str,
    role: str,
    password: str | None = None,
    name: str = "",
    branch: str | None = None,
    oidc_subject: str | None = None,
) -> UserRow:
    """
    Make an account.

    Parameters
    ----------
    session
        Committed by the caller.
    login
        What the person types; lower case is kept.
    role
        One of the roles.
    password
        At least 12 characters; None for who logs in through OpenID Connect.
    name
        Name to show.
    branch
        The branch of a member of a branch's staff.
    oidc_subject
        The issuer's identifier of the person.

    Returns
    -------
    UserRow
        The account.

    Raises
    ------
    InputError
        Everything about it that does not fit.
    ConflictError
        The login is taken.
    """
    problems = []
    if not login.strip():
        problems.append("account: the login is blank")
    if role not in ROLES:
        problems.append(f"account {login!r}: role {role!r}, expected one of {', '.join(ROLES)}")
    if role == "branch" and not branch:
        problems.append(f"account {login!r}: role branch needs the branch it belongs to")
    if role != "branch" and branch:
        problems.append(f"account {login!r}: only role branch is bound to a branch")
    elif branch and branch not in branch_ids(session):
        problems.append(f"account {login!r}: branch {branch!r} is unknown; import it first")
    if password is not None:
        problems += _weaknesses(login, password)
    if problems:
        raise InputError(problems)
    login = login.strip().lower()
    if session.exec(select(UserRow).where(col(UserRow.login) == login)).first():
        raise ConflictError(f"account {login!r}: there is one already")
    row = UserRow(
        login=login,
        display_name=name,
        role=role,
        branch_id=branch,
        password_hash=None if password is None else _hasher.hash(password),
        oidc_subject=oidc_subject,
    )
    session.add(row)
    session.flush()
    return row


def set_password(session: Session, login: str, password: str) -> UserRow:
    """
    Give an account a new password, and end every log-in under the old one.

    Parameters
    ----------
    session
        Committed by the caller.
    login
        Whose.
    password
        The new one.

    Returns
    -------
    UserRow
        The account.

    Raises
    ------
    InputError
        The password is too weak.
    """
    row = find_account(session, login)
    if weaknesses := _weaknesses(login, password):
        raise InputError(weaknesses)
    row.password_hash, row.failed_logins, row.locked_until = _hasher.hash(password), 0, None
    end_sessions(session, row)
    return row


def set_active(session: Session, login: str, *, active: bool) -> UserRow:
    """
    Let an account in again, or out at once.

    Parameters
    ----------
    session
        Committed by the caller.
    login
        Whose.
    active
        Whether it may log in.

    Returns
    -------
    UserRow
        The account.
    """
    row = find_account(session, login)
    row.active = active
    end_sessions(session, row)
    return row


def end_sessions(session: Session, user: UserRow) -> None:
    """
    End every log-in of an account.

    Parameters
    ----------
    session
        Committed by the caller.
    user
        The account.
    """
    rows = session.exec(select(StaffSessionRow).where(col(StaffSessionRow.user_id) == user.id))
    for row in rows:
        session.delete(row)


def find_account(session: Session, login: str) -> UserRow:
    """
    Find an account by what its person types.

    Parameters
    ----------
    session
        A session.
    login
        The login.

    Returns
    -------
    UserRow
        The account.

    Raises
    ------
    NotFoundError
        There is none.
    """
    row = _row_of(session, login)
    if row is None:
        raise NotFoundError(f"account {login!r}: there is none of this name")
    return row


def check_password(
    session: Session, login: str, password: str, moment: datetime | None = None
) -> UserRow | None:
    """
    Tell whether a login and a password belong together, in the same time whoever is asking.

    Parameters
    ----------
    session
        Committed by the caller, also when the answer is no: failures are counted.
    login
        What was typed.
    password
        What was typed.
    moment
        Now, unless a test says otherwise.

    Returns
    -------
    UserRow | None
        The account, or None; nothing tells an unknown name from a wrong password.
    """
    return settle(session, guess(session, login, password), moment)


def guess(session: Session, login: str, password: str) -> Guess:
    """
    Hold a password against an account, which takes long and changes nothing.

    Parameters
    ----------
    session
        A session; one that only reads, so that no writer waits for the arithmetic.
    login
        What was typed.
    password
        What was typed.

    Returns
    -------
    Guess
        For `settle`.

    Raises
    ------
    ProblemError
        Too many are logging in at once.
    """
    row = _row_of(session, login)
    stored = row.password_hash if row else None
    if not _guessing.acquire(timeout=_PATIENCE_SECONDS):
        raise ProblemError("busy", "many are logging in; one moment")
    try:
        matches, renewed = _hasher.verify_and_update(
            password[:PASSWORD_LONGEST], stored or _nobodys_hash()
        )
    finally:
        _guessing.release()
    return Guess(login=login, stored=stored, matches=matches, renewed=renewed)


def settle(session: Session, made: Guess, moment: datetime | None = None) -> UserRow | None:
    """
    Tell who has guessed right, and count who has not.

    Parameters
    ----------
    session
        Committed by the caller, also when the answer is no: failures are counted.
    made
        The guess.
    moment
        Now, unless a test says otherwise.

    Returns
    -------
    UserRow | None
        The account, or None; nothing tells an unknown name from a wrong password.
    """
    at = moment or now()
    row = _row_of(session, made.login)
    if row is None or row.password_hash is None or row.password_hash != made.stored:
        return None
    if row.locked_until is not None and at < row.locked_until:
        return None
    if not made.matches or not row.active:
        row.failed_logins += 1
        if row.failed_logins >= _LOCK_AFTER:
            doubled = timedelta(seconds=30) * 2 ** min(row.failed_logins - _LOCK_AFTER, 10)
            row.locked_until = at + min(doubled, _LONGEST_LOCK)
        return None
    row.failed_logins, row.locked_until = 0, None
    if made.renewed:
        row.password_hash = made.renewed
    return row


def _row_of(session: Session, login: str) -> UserRow | None:
    return session.exec(select(UserRow).where(col(UserRow.login) == login.strip().lower())).first()


def _weaknesses(login: str, password: str) -> list[str]:
    problems = []
    if not PASSWORD_LENGTH <= len(password) <= PASSWORD_LONGEST:
        problems.append(
            f"account {login!r}: the password has {len(password)} characters, "
            f"expected {PASSWORD_LENGTH} to {PASSWORD_LONGEST}"
        )
    if password.strip().lower() in {login.strip().lower(), "password1234", "123456789012"}:
        problems.append(f"account {login!r}: the password is the first that anybody would try")
    elif len(set(password)) < PASSWORD_LENGTH // 3:
        problems.append(f"account {login!r}: the password repeats too few characters")
    return problems

"""Keys that let a POST be sent twice: claimed once for each caller, and never for another body."""

from typing import NoReturn

from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlmodel import Session, col

from api.problems import ProblemError
from logistics.storage.session import is_sqlite
from logistics.storage.tables import IdempotencyRow


def claim_key(session: Session, caller: str, key: str, digest: str) -> bool:
    """
    Take an idempotency key for a request.

    Another transaction that takes the same key makes this one wait until it is known how that
    one ended.

    Parameters
    ----------
    session
        The transaction of the request.
    caller
        Who is asking.
    key
        The key.
    digest
        Hash of the request.

    Returns
    -------
    bool
        False when the same request was done before.

    Raises
    ------
    ProblemError
        The key came with another request.
    """
    insert = insert_sqlite if is_sqlite(session) else insert_postgresql
    values = {"caller": caller, "key": key, "request_digest": digest}
    statement = insert(IdempotencyRow).values(values).on_conflict_do_nothing()
    if session.scalar(statement.returning(col(IdempotencyRow.key))) is not None:
        return True
    if session.get_one(IdempotencyRow, (caller, key)).request_digest != digest:
        refuse_reuse(key)
    return False


def refuse_reuse(key: str) -> NoReturn:
    """
    Refuse a key that came with another request.

    Parameters
    ----------
    key
        The key.

    Raises
    ------
    ProblemError
        Always.
    """
    raise ProblemError(
        "key-reused",
        f"Idempotency-Key {key!r} came with another request before; "
        "make a new key for a new request",
        pointer="#/header/Idempotency-Key",
    )

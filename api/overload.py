"""Tell a database that has too much to do from one that is broken."""

import sqlite3
from typing import Final

from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionError

_PRIMARY_CODE: Final = 0xFF
_LOCKED: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
#: Classes of SQLSTATE: connection, rolled back for others, resources, locks, shutting down.
_PASSING: Final = frozenset({"08", "40", "53", "55", "57"})

#: What SQLAlchemy raises when it may be a matter of load.
ERRORS: Final = (OperationalError, NoConnectionError)


def is_overload(error: Exception) -> bool:
    """
    Tell whether it is worth coming back a moment later.

    Parameters
    ----------
    error
        One of `ERRORS`.

    Returns
    -------
    bool
        True where every connection is taken, another writer keeps the lock, or PostgreSQL gave
        way; False for a fault that stays, as a missing table does.
    """
    if isinstance(error, NoConnectionError):
        return True
    origin = error.orig if isinstance(error, OperationalError) else None
    if isinstance(origin, sqlite3.Error):
        return origin.sqlite_errorcode & _PRIMARY_CODE in _LOCKED
    state = getattr(origin, "sqlstate", "")
    return state is None or state[:2] in _PASSING  # None: there was no answer at all

"""Locks that last as long as a transaction, for what no row stands for yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import text

from logistics.storage.session import is_sqlite

if TYPE_CHECKING:
    from datetime import date

    from sqlmodel import Session

# Any fixed number will do: with the date it names the lock.
_PLANS: Final = 7_240_532
_NETWORK: Final = 7_240_533
#: Names locks of items, with a number made of the barcode; alone the lock of all items at once.
ITEMS: Final = 7_240_534


def lock_day(session: Session, day: date) -> None:
    """
    Let nobody else change which plans a day has until this transaction ends.

    Parameters
    ----------
    session
        The transaction; on SQLite it holds the only write lock there is already.
    day
        The service day.
    """
    if not is_sqlite(session):
        lock = text("SELECT pg_advisory_xact_lock(:space, :day)")
        session.execute(lock, {"space": _PLANS, "day": day.toordinal()})


def lock_network(session: Session) -> None:
    """
    Let nobody else change what the network consists of until this transaction ends.

    Parameters
    ----------
    session
        The transaction; on SQLite it holds the only write lock there is already.
    """
    if not is_sqlite(session):
        session.execute(text("SELECT pg_advisory_xact_lock(:space)"), {"space": _NETWORK})

"""Locks that last as long as a transaction, for what no row stands for yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import text

from logistics.storage.session import is_sqlite

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from sqlmodel import Session

# Any fixed number will do: with the date it names the lock.
_PLANS: Final = 7_240_532
_NETWORK: Final = 7_240_533
_ITEMS: Final = 7_240_534
#: Locks of items in one transaction; the database has room for some thousands in all.
_MOST_ITEMS: Final = 100
# Asked for each transfer that comes in: written out, since to build it takes longer than to run it.
_LOCK_ITEMS: Final = """
    SELECT pg_advisory_xact_lock(%s, key)
    FROM (SELECT hashtext(item) AS key FROM unnest(%s::text[]) AS item ORDER BY key) AS in_order
"""


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


def lock_items(session: Session, items: Collection[str]) -> None:
    """
    Let nobody else ask for transfers of some items until this transaction ends.

    Parameters
    ----------
    session
        The transaction; on SQLite it holds the only write lock there is already.
    items
        Barcodes; above a hundred nothing is locked, as the database has no room for it.
    """
    if is_sqlite(session) or len(items) > _MOST_ITEMS:
        return
    session.connection().exec_driver_sql(_LOCK_ITEMS, (_ITEMS, sorted(items)))


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

"""The installation's secret key, made when it is first needed, with which references are hashed."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import col

from logistics.storage.session import is_sqlite
from logistics.storage.tables import SettingRow, now, table_of

if TYPE_CHECKING:
    from sqlmodel import Session

_NAME = "hash_key"


def hash_key(session: Session) -> bytes:
    """
    Fetch the key of the keyed hashes.

    Parameters
    ----------
    session
        A transaction that may write.

    Returns
    -------
    bytes
        Thirty-two bytes, the same for ever.
    """
    insert = sqlite_insert if is_sqlite(session) else postgres_insert
    fresh = {"name": _NAME, "value": secrets.token_hex(32), "changed_at": now()}
    query = select(col(SettingRow.value)).where(col(SettingRow.name) == _NAME)
    found = session.scalar(query)
    if found is None:
        session.execute(insert(table_of(SettingRow)).on_conflict_do_nothing(), [fresh])
        found = session.scalars(query).one()
    return bytes.fromhex(found)

"""Store new transfers with their first events, in as few statements as each database allows.

These are the only statements written by hand for one database or the other: nine tenths of what
the service does is to store transfers, and building the same statement anew for each request cost
more than running it.
"""

from __future__ import annotations

import json
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from logistics.storage.session import is_sqlite
from logistics.storage.tables import TransferRow, table_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection
    from sqlmodel import Session

COLUMNS: Final = tuple(column.name for column in table_of(TransferRow).columns)
_TIMES: Final = ("requested_at", "received_at", "changed_at")
_ARRAYS: Final = {name: "timestamptz[]" if name in _TIMES else "text[]" for name in COLUMNS} | {
    "revision": "int[]",
    "promised_on": "date[]",
}

_IN_ORDER: Final = itemgetter(*COLUMNS)
_INSERT_SQLITE: Final = (
    f"INSERT INTO transfers ({', '.join(COLUMNS)}) "  # noqa: S608  # names of our own columns
    f"VALUES ({', '.join('?' * len(COLUMNS))}) ON CONFLICT DO NOTHING"
)
_TELL_SQLITE: Final = (
    "INSERT INTO events (kind, transfer_id, at, place, cause, actor) "
    "VALUES ('transfer.requested', ?, ?, ?, ?, ?)"
)
_KNOWN_SQLITE: Final = "SELECT id FROM transfers WHERE id IN (SELECT value FROM json_each(?))"
_INSERT_POSTGRES: Final = (
    f"WITH fresh AS (INSERT INTO transfers ({', '.join(COLUMNS)}) "  # noqa: S608  # the same
    f"SELECT * FROM unnest({', '.join(f'%s::{_ARRAYS[name]}' for name in COLUMNS)}) "
    "ON CONFLICT DO NOTHING RETURNING id, received_at, origin), "
    "told AS (INSERT INTO events (kind, transfer_id, at, place, cause, actor) "
    "SELECT 'transfer.requested', fresh.id, received_at, origin, coalesce(said.cause, ''), %s "
    "FROM fresh LEFT JOIN unnest(%s::text[], %s::text[]) AS said (id, cause) "
    "ON said.id = fresh.id) "
    "SELECT id FROM fresh"
)


def insert_new(
    session: Session,
    rows: Sequence[dict[str, Any]],
    *,
    actor: str,
    causes: Mapping[str, str] | None = None,
) -> frozenset[str]:
    """
    Store transfers that are not there yet, each with its first event.

    Parameters
    ----------
    session
        The transaction.
    rows
        Every column of the transfers; identifiers that exist already are passed over.
    actor
        Who asked for them.
    causes
        Why, by identifier, for their first event; nothing where absent.

    Returns
    -------
    frozenset[str]
        Identifiers of those that are new.
    """
    if not rows:
        return frozenset()
    connection = session.connection()
    insert = _into_sqlite if is_sqlite(session) else _into_postgres
    return frozenset(insert(connection, rows, actor, causes or {}))


def _into_sqlite(
    connection: Connection, rows: Sequence[dict[str, Any]], actor: str, causes: Mapping[str, str]
) -> Iterable[str]:
    # The transaction has held the lock for writing since it began, so nothing comes between.
    asked = json.dumps([row["id"] for row in rows])
    known = {found[0] for found in connection.exec_driver_sql(_KNOWN_SQLITE, (asked,))}
    fresh = [row for row in rows if row["id"] not in known]
    if not fresh:
        return ()
    times: dict[datetime, str] = {}
    values = [_IN_ORDER(_flat(row, times)) for row in fresh]
    connection.exec_driver_sql(_INSERT_SQLITE, values)
    told = [
        (
            row["id"],
            _plain(row["received_at"], times),
            row["origin"],
            causes.get(row["id"], ""),
            actor,
        )
        for row in fresh
    ]
    connection.exec_driver_sql(_TELL_SQLITE, told)
    return (row["id"] for row in fresh)


def _flat(row: dict[str, Any], times: dict[datetime, str]) -> dict[str, Any]:
    day = row["promised_on"]
    return row | {
        "requested_at": _plain(row["requested_at"], times),
        "received_at": _plain(row["received_at"], times),
        "changed_at": _plain(row["changed_at"], times),
        "promised_on": None if day is None else day.isoformat(),
    }


def _plain(moment: datetime, known: dict[datetime, str]) -> str:
    # As SQLAlchemy keeps times there, which the tables read back.
    if moment not in known:
        offset = moment.utcoffset()
        if offset is None or offset:
            raise AssertionError(f"{moment.isoformat()} is not in UTC")
        known[moment] = moment.replace(tzinfo=None).isoformat(" ", "microseconds")
    return known[moment]


def _into_postgres(
    connection: Connection, rows: Sequence[dict[str, Any]], actor: str, causes: Mapping[str, str]
) -> Iterable[str]:
    columns = [[row[name] for row in rows] for name in COLUMNS]
    said = (list(causes), list(causes.values()))
    found = connection.exec_driver_sql(_INSERT_POSTGRES, (*columns, actor, *said))
    return found.scalars().all()

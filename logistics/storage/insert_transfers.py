"""Store new transfers with their first events, in as few statements as each database allows.

These are the only statements written by hand for one database or the other: nine tenths of what
the service does is to store transfers, and building the same statement anew for each request cost
more than running it.
"""

from __future__ import annotations

import json
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from logistics.storage.session import is_sqlite
from logistics.storage.tables import TransferRow, table_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy import Connection
    from sqlmodel import Session

#: What a row of a new transfer says; which event is its first is decided here.
COLUMNS: Final = tuple(
    column.name for column in table_of(TransferRow).columns if column.name != "first_event"
)
_STORED: Final = ", ".join((*COLUMNS, "first_event"))
_TIMES: Final = ("requested_at", "received_at", "changed_at")
_KINDS: Final = {name: "timestamptz" if name in _TIMES else "text" for name in COLUMNS} | {
    "revision": "int",
    "promised_on": "date",
}

_IN_ORDER: Final = itemgetter(*COLUMNS)
_TIME_PLACES: Final = tuple(COLUMNS.index(name) for name in _TIMES)
_DAY_PLACE: Final = COLUMNS.index("promised_on")
_LAST_SQLITE: Final = """
    SELECT (SELECT coalesce(max(rowid), 0) FROM transfers),
           (SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'events')
"""
# Between two rows that the driver stores one by one it lets other threads go first, and each may
# keep it waiting. So rows go in by the hundred; these statements are prepared once.
_INSERT_SQLITE: Final = {
    rows: f"INSERT INTO transfers ({_STORED}) VALUES "  # noqa: S608  # names of our own columns
    + ", ".join([f"({', '.join('?' * (len(COLUMNS) + 1))})"] * rows)
    + " ON CONFLICT DO NOTHING"
    for rows in (256, 64, 16, 4, 1)
}
_TELL_SQLITE: Final = """
    WITH said AS MATERIALIZED (SELECT key, value FROM json_each(?))
    INSERT INTO events (id, kind, transfer_id, at, place, cause, actor, is_first)
    SELECT first_event, 'transfer.requested', id, received_at, origin, coalesce(value, ''), ?, true
    FROM transfers LEFT JOIN said ON key = id
    WHERE transfers.rowid > ?
"""
_FRESH_SQLITE: Final = "SELECT json_group_array(id) FROM transfers WHERE rowid > ?"
_INSERT_POSTGRES: Final = (
    f"WITH fresh AS (INSERT INTO transfers ({_STORED}) "  # noqa: S608  # the same
    "SELECT asked.*, nextval('events_id_seq') "
    f"FROM unnest({', '.join(f'%s::{_KINDS[name]}[]' for name in COLUMNS)}) AS asked "
    "ON CONFLICT DO NOTHING RETURNING id, received_at, origin, first_event), "
    "told AS (INSERT INTO events (id, kind, transfer_id, at, place, cause, actor, is_first) "
    "SELECT first_event, 'transfer.requested', fresh.id, received_at, origin, "
    "coalesce(said.cause, ''), %s, true "
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
    # The transaction has held the lock for writing since it began, so nothing comes between: rows
    # behind the last one are ours, and events may be numbered before they are written.
    last_row, last_event = connection.exec_driver_sql(_LAST_SQLITE).one()
    times: dict[datetime, str] = {}
    values = [_flat(row, number, times) for number, row in enumerate(rows, last_event + 1)]
    stored = begin = 0
    for size, insert in _INSERT_SQLITE.items():
        while begin + size <= len(values):
            flat = tuple(chain.from_iterable(values[begin : begin + size]))
            stored += connection.exec_driver_sql(insert, flat).rowcount
            begin += size
    if not stored:
        return ()
    connection.exec_driver_sql(_TELL_SQLITE, (json.dumps(dict(causes)), actor, last_row))
    if stored == len(rows):
        return (row["id"] for row in rows)
    fresh: list[str] = json.loads(
        connection.exec_driver_sql(_FRESH_SQLITE, (last_row,)).scalar_one()
    )
    return fresh


def _flat(row: dict[str, Any], first_event: int, times: dict[datetime, str]) -> list[Any]:
    values = [*_IN_ORDER(row), first_event]
    for place in _TIME_PLACES:
        values[place] = _plain(values[place], times)
    day = values[_DAY_PLACE]
    values[_DAY_PLACE] = None if day is None else day.isoformat()
    return values


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
    columns = [_array(values) for values in zip(*map(_IN_ORDER, rows), strict=True)]
    said = (list(causes), list(causes.values()))
    found = connection.exec_driver_sql(_INSERT_POSTGRES, (*columns, actor, *said))
    return found.scalars().all()


def _array(values: tuple[Any, ...]) -> str:
    # As PostgreSQL writes arrays; the driver takes longer over a thousand texts than the database
    # does over storing them.
    first = values[0]
    if isinstance(first, int):
        return f"{{{','.join(map(str, values))}}}"
    if len(set(values)) == 1:
        return f"{{{','.join([_quoted(first)] * len(values))}}}"
    return f"{{{','.join(map(_quoted, values))}}}"


def _quoted(value: str | date | None) -> str:
    if value is None:
        return "NULL"
    text = value if isinstance(value, str) else value.isoformat()
    if "\\" in text or '"' in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'

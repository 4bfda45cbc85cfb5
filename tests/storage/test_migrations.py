"""Migrations build exactly what the tables say, on both databases, up and down, with data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from logistics.errors import ConflictError
from logistics.storage.migrations import current_revision, head_revision, migrate
from logistics.storage.session import open_database
from logistics.storage.tables import metadata

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine


@pytest.fixture
def bare(bare_database_url: str) -> Iterator[Engine]:
    engine = open_database(bare_database_url)
    yield engine
    engine.dispose()


def test_migrations_build_what_the_tables_say(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_down_to_nothing_and_up_again(bare: Engine) -> None:
    migrate(bare)
    assert current_revision(bare) == head_revision()
    assert set(metadata.tables) <= set(inspect(bare).get_table_names())

    migrate(bare, "base")
    assert inspect(bare).get_table_names() == ["alembic_version"]
    assert current_revision(bare) is None

    migrate(bare)
    assert current_revision(bare) == head_revision()


def test_migrating_twice_changes_nothing(engine: Engine) -> None:
    migrate(engine)
    assert current_revision(engine) == head_revision()


def test_a_newer_database_is_left_alone(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ConflictError, match="revision '9999', which this version does not know"):
        migrate(engine)

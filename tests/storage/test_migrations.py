"""Migrations build exactly what the tables say, on both databases, up and down, with data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, func, inspect, select, text

from logistics.demand.transfers import TransferState
from logistics.errors import ConflictError
from logistics.storage.feed import history, place_events
from logistics.storage.migrations import current_revision, head_revision, migrate
from logistics.storage.session import open_database, reading, writing
from logistics.storage.tables import metadata
from logistics.storage.transfers import Step, move
from tests.storage.every_table import fill_empty
from tests.storage.test_kills import fill

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


def test_down_and_up_again_with_rows_in_every_table(engine: Engine) -> None:
    fill(engine, transfers=3)
    place_events(engine)
    fill_empty(engine)
    told = histories(engine)
    migrate(engine, "0006")  # where every event is indexed by its transfer
    migrate(engine)
    assert histories(engine) == told
    fill_empty(engine)  # tables that are younger than that have lost their rows

    before = counts(engine)
    assert set(before) == set(metadata.tables)
    assert all(before.values())

    revisions = [f"{number:04}" for number in range(int(head_revision()) - 1, 0, -1)]
    left = before
    for revision in revisions:
        migrate(engine, revision)
        left = counts(engine)
        assert left == {name: before[name] for name in left}
    migrate(engine)

    assert set(counts(engine)) == set(before)
    assert left == {name: counts(engine)[name] for name in left}


def histories(engine: Engine) -> dict[str, list[str]]:
    """Kinds of events by transfer, each of which has been packed too."""
    with writing(engine) as session:
        names = sorted(session.scalars(select(metadata.tables["transfers"].c.id)))
        steps = [Step(transfer=name, to=TransferState.PACKED) for name in names]
        move(session, steps, skip_impossible=True)
    with reading(engine) as session:
        return {name: [one.kind for one in history(session, name)] for name in names}


def counts(engine: Engine) -> dict[str, int]:
    """Rows by table, of those that there are."""
    found = MetaData()
    found.reflect(engine)
    with engine.connect() as connection:
        return {
            name: connection.scalar(select(func.count()).select_from(table)) or 0
            for name, table in found.tables.items()
            if name in metadata.tables
        }


def test_migrating_twice_changes_nothing(engine: Engine) -> None:
    migrate(engine)
    assert current_revision(engine) == head_revision()


def test_a_newer_database_is_left_alone(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ConflictError, match="revision '9999', which this version does not know"):
        migrate(engine)

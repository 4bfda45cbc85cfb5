"""Killed in the middle of a migration, a backup or a restore, nothing is half done."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import func, inspect, select

from logistics.operations.intake.receive import accept, receive_transfers
from logistics.operations.network.import_network import import_folder
from logistics.storage.backup import backup, restore
from logistics.storage.migrations import current_revision, head_revision, migrate
from logistics.storage.session import open_database, reading, writing
from logistics.storage.tables import metadata
from tests.kills import victims
from tests.storage.test_backup import asked, contents

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

#: Fewest tries that still are in the middle of something.
TRIES = 4


def begin_migrating(url: str, revision: str) -> Callable[[], object]:
    return lambda: migrate(open_database(url), revision)


def begin_backing_up(url: str, path: str) -> Callable[[], object]:
    return lambda: backup(open_database(url), Path(path))


def begin_restoring(url: str, path: str) -> Callable[[], object]:
    return lambda: restore(open_database(url), Path(path))


def fill(engine: Engine, transfers: int = 30) -> None:
    with writing(engine) as session:
        import_folder(session)
        accept(receive_transfers(session, asked(0, transfers)))


def shape(engine: Engine) -> tuple[str | None, dict[str, list[str]], int]:
    """Revision, columns by table, and number of transfers."""
    found = inspect(engine)
    names = found.get_table_names()
    columns = {name: sorted(one["name"] for one in found.get_columns(name)) for name in names}
    count = 0
    if "transfers" in names:
        with reading(engine) as session:
            count = (
                session.scalar(select(func.count()).select_from(metadata.tables["transfers"])) or 0
            )
    return current_revision(engine), columns, count


def restored(path: Path, copy: Path) -> int:
    """Number of transfers in a backup."""
    target = open_database(copy)
    count = restore(target, path)["transfers"]
    target.dispose()
    return count


def test_a_killed_first_migration_leaves_nothing(bare_database_url: str) -> None:
    engine = open_database(bare_database_url)
    killed = 0
    with victims(begin_migrating, bare_database_url, "head", growth=3) as tries:
        for finished in tries:
            if not finished:
                killed += 1
                assert shape(engine) == (None, {}, 0)
    assert killed >= TRIES
    assert current_revision(engine) == head_revision()
    assert set(metadata.tables) <= set(inspect(engine).get_table_names())
    engine.dispose()


def test_a_killed_migration_leaves_the_tables_and_the_rows_as_they_were(
    engine: Engine, database_url: str
) -> None:
    fill(engine)
    for revision in ("0002", "head"):
        before, killed = shape(engine), 0
        with victims(begin_migrating, database_url, revision, growth=3) as tries:
            for finished in tries:
                if not finished:
                    killed += 1
                    assert shape(engine) == before
        assert killed >= TRIES
        assert shape(engine)[0] == (head_revision() if revision == "head" else revision)
        assert shape(engine)[2] == before[2] == 30


def test_a_killed_backup_leaves_the_one_before_and_no_half_file(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    fill(engine)
    path = tmp_path / "night"
    backup(engine, path)
    before, killed = path.read_bytes(), 0
    with writing(engine) as session:
        accept(receive_transfers(session, asked(100, 10)))
    with victims(begin_backing_up, database_url, str(path), growth=1.5) as tries:
        for finished in tries:
            if not finished:
                killed += 1
                assert path.read_bytes() == before or restored(path, tmp_path / f"{killed}") == 40
    assert killed >= TRIES
    assert list(tmp_path.glob(".night*")) == []
    assert restored(path, tmp_path / "last") == 40


def test_a_killed_restore_can_be_done_again(
    engine: Engine, bare_database_url: str, tmp_path: Path
) -> None:
    fill(engine)
    path, target, killed = tmp_path / "night", open_database(bare_database_url), 0
    backup(engine, path)
    with victims(begin_restoring, bare_database_url, str(path), growth=4) as tries:
        for finished in tries:
            if not finished:
                killed += 1
                assert shape(target)[2] == 0
    assert killed >= TRIES
    assert contents(target) == contents(engine)
    target.dispose()

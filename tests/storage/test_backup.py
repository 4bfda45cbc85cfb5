"""A backup is made while others write, and restored into either kind of database, is all there."""

from __future__ import annotations

import gzip
import threading
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select, text

from logistics.demand.transfers import Transfer, TransferKind, transfer_id
from logistics.errors import ConflictError, InputError
from logistics.operations.day.plan_day import plan_day
from logistics.operations.day.publish import publish
from logistics.operations.day.stored_plans import read_stored_plan
from logistics.operations.intake.receive import accept, receive_transfers
from logistics.operations.network.import_network import import_folder
from logistics.operations.network.load_network import read_network
from logistics.storage.backup import backup, restore
from logistics.storage.feed import place_events
from logistics.storage.jobs import enqueue
from logistics.storage.migrations import migrate
from logistics.storage.session import open_database, reading, writing
from logistics.storage.tables import EventRow, FeedRow, metadata

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

TUESDAY = date(2026, 11, 24)


def asked(start: int, count: int) -> list[Transfer]:
    return [
        Transfer(
            id=transfer_id(f"r{number}"),
            request_id=f"r{number}",
            item=f"item {number} åäö",
            kind=TransferKind.HOLD,
            origin="nora",
            destination="kumla",
            requested_at=datetime(2026, 11, 23, 12, tzinfo=UTC),
        )
        for number in range(start, start + count)
    ]


@pytest.fixture
def full(engine: Engine) -> Engine:
    with writing(engine) as session:
        import_folder(session)
        accept(receive_transfers(session, asked(0, 200), holds={"r1": "secret"}))
        enqueue(session, "plan", "2026-11-25", {"why": None})
    place_events(engine)
    plan_day(engine, TUESDAY, seconds=0.5)
    with writing(engine) as session:
        publish(session, TUESDAY)
    return engine


def contents(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    with reading(engine) as session:
        return {
            table.name: [
                tuple(row)
                for row in session.execute(select(table).order_by(*table.primary_key.columns))
            ]
            for table in metadata.sorted_tables
        }


def test_what_is_restored_is_what_was_there(
    full: Engine, bare_database_url: str, tmp_path: Path
) -> None:
    # Both kinds as source and target: four ways, two of them from one kind to the other.
    path = tmp_path / "folder" / "backup"
    assert backup(full, path) == path.stat().st_size > 1_000
    target = open_database(bare_database_url)
    counts = restore(target, path)
    assert contents(target) == contents(full)
    assert counts["transfers"] == 200

    # It works on: numbers go on where they were, and the network can be read.
    with writing(target) as session:
        accept(receive_transfers(session, asked(200, 10)))
    last = place_events(target)
    with reading(target) as session:
        assert session.scalar(select(func.max(EventRow.position))) == last
        assert session.scalar(select(FeedRow.last)) == last
        assert read_network(session).hub == "orebro"
        assert read_stored_plan(session, TUESDAY).row.state == "published"
    assert plan_day(target, TUESDAY, seconds=0.2).version == 2
    target.dispose()


def test_a_backup_made_while_others_write_is_of_one_moment(full: Engine, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        start = 1_000
        while not stop.is_set():
            with writing(full) as session:
                accept(receive_transfers(session, asked(start, 50)))
            start += 50

    writer = threading.Thread(target=write)
    writer.start()
    backup(full, tmp_path / "backup")
    stop.set()
    writer.join()
    copy = open_database(tmp_path / "copy.sqlite")
    counts = restore(copy, tmp_path / "backup")
    assert counts["transfers"] % 50 == 0
    with reading(copy) as session:
        requested = session.scalar(
            select(func.count()).select_from(EventRow).where(EventRow.kind == "transfer.requested")
        )
    assert requested == counts["transfers"]
    copy.dispose()


def test_a_database_with_rows_is_not_overwritten(full: Engine, tmp_path: Path) -> None:
    backup(full, tmp_path / "backup")
    with pytest.raises(ConflictError, match="has rows; restore into an empty database"):
        restore(full, tmp_path / "backup")


def test_a_database_of_another_version_is_not_backed_up(full: Engine, tmp_path: Path) -> None:
    with full.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    with pytest.raises(ConflictError, match="at revision '0001'"):
        backup(full, tmp_path / "backup")
    assert list(tmp_path.glob("*backup*")) == []


def test_what_is_no_backup_is_refused(tmp_path: Path) -> None:
    target = open_database(tmp_path / "target.sqlite")
    migrate(target)
    files = {
        "text": b"hello",
        "other.gz": gzip.compress(b'{"format": "another"}\n'),
        "broken.gz": gzip.compress(b"not json\n"),
        "half.gz": gzip.compress(
            b'{"format": "courier-planner backup", "revision": "0004"}\n'
            b'{"table": "settings", "row": {"name": "a", "value": "b", "changed_at": '
            b'"2026-11-24T00:00:00+00:00"}}\n'
        ),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(InputError, match=r"is no backup|not whole"):
            restore(target, tmp_path / name)
    with pytest.raises(InputError, match="No such file"):
        restore(target, tmp_path / "absent")
    with reading(target) as session:
        assert session.scalar(text("SELECT count(*) FROM settings")) == 0
    target.dispose()

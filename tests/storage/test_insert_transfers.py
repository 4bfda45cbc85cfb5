"""New transfers are stored with their first events, and no history misses the first."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, func, select

from logistics.demand.transfers import TransferState, transfer_id
from logistics.storage.feed import history
from logistics.storage.insert_transfers import insert_new
from logistics.storage.session import reading, writing
from logistics.storage.tables import EventRow, TransferRow
from logistics.storage.transfers import Step, move
from tests.api.helpers import sqlite_only
from tests.api.places import add_places

if TYPE_CHECKING:
    from sqlalchemy import Engine

pytestmark = pytest.mark.usefixtures("_places")

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)


@pytest.fixture
def _places(engine: Engine) -> None:
    with writing(engine) as session:
        add_places(session)


def row(number: int) -> dict[str, Any]:
    return {
        "id": transfer_id(f"r{number}"),
        "request_id": f"r{number}",
        "source": "api",
        "item": f"3018{number:06d}",
        "kind": "hold",
        "origin": "nora",
        "destination": "kumla",
        "hold_hash": None,
        "requested_at": NOON,
        "promised_on": NOON.date() if number % 2 else None,
        "received_at": NOON,
        "state": "requested",
        "at": "nora",
        "changed_at": NOON,
        "revision": 1,
    }


def told(engine: Engine, number: int) -> list[tuple[str, str, str | None]]:
    with reading(engine) as session:
        events = history(session, transfer_id(f"r{number}"))
    return [(one.kind, one.cause, one.place) for one in events]


def test_what_is_known_is_passed_over_and_what_is_new_says_why(engine: Engine) -> None:
    old, new = [row(number) for number in range(7)], [row(number) for number in range(7, 500)]
    whole = [*new[:300], *old, *new[300:]]
    causes = {transfer_id(f"r{number}"): "the nearest copy" for number in (2, 8, 499)}
    with writing(engine) as session:
        assert insert_new(session, old, actor="ils") == {one["id"] for one in old}
    with writing(engine) as session:
        assert insert_new(session, whole, actor="ils", causes=causes) == {one["id"] for one in new}
    with writing(engine) as session:
        assert insert_new(session, whole, actor="ils") == frozenset()

    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(EventRow)) == 500
    assert told(engine, 2) == [("transfer.requested", "", "nora")]
    assert told(engine, 8) == told(engine, 499)
    assert told(engine, 8) == [("transfer.requested", "the nearest copy", "nora")]


def test_every_text_is_stored_as_it_was_written(engine: Engine) -> None:
    texts = ["NULL", "null", "{}", '"', "\\", '\\"', "a,b", "%s", "' OR 1=1 --", '{a,"b"}', "\\\\"]
    with writing(engine) as session:
        rows = [
            row(number) | {"item": text, "hold_hash": text if number % 2 else None}
            for number, text in enumerate(texts)
        ]
        assert len(insert_new(session, rows, actor="ils")) == len(texts)
    with reading(engine) as session:
        stored = session.scalars(select(TransferRow).order_by(TransferRow.first_event)).all()
    assert [one.item for one in stored] == texts
    assert [one.hold_hash for one in stored] == [one["hold_hash"] for one in rows]
    assert [one.promised_on for one in stored] == [one["promised_on"] for one in rows]
    assert {(one.requested_at, one.changed_at, one.revision) for one in stored} == {(NOON, NOON, 1)}


def test_a_transfer_that_is_requested_again_has_both_in_its_history(engine: Engine) -> None:
    # Unpacked it is requested once more, by an event of the same kind as its first.
    with writing(engine) as session:
        insert_new(session, [row(1), row(2)], actor="ils")
    for to in (TransferState.PACKED, TransferState.REQUESTED):
        with writing(engine) as session:
            move(session, [Step(transfer=transfer_id("r1"), to=to)])

    assert [kind for kind, _, _ in told(engine, 1)] == [
        "transfer.requested",
        "transfer.packed",
        "transfer.requested",
    ]


@sqlite_only
def test_no_history_is_searched_for_among_all_events(engine: Engine) -> None:
    asked: list[tuple[str, Any]] = []
    with reading(engine) as session:

        @event.listens_for(engine, "before_cursor_execute")
        def note(_: object, __: object, statement: str, values: Any, *___: object) -> None:
            asked.append((statement, values))

        history(session, transfer_id("r1"))
    with engine.connect() as connection:
        plans = [
            connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
            for statement, values in asked
            if statement.startswith("SELECT")
        ]
    steps = [str(step[-1]) for plan in plans for step in plan]
    assert len(plans) == 2
    assert "SEARCH events USING INDEX ix_events_later (transfer_id=?)" in steps
    assert not [step for step in steps if step.startswith("SCAN")]

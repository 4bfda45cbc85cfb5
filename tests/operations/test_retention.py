"""What is kept of single items goes after its days; what is open and what was booked stays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select, update
from sqlmodel import col

from logistics.demand.returns import Hold, ReturnedItem
from logistics.errors import InputError
from logistics.operations.intake.receive import accept, receive_transfers
from logistics.operations.intake.receive_returns import receive_holds, receive_returns
from logistics.operations.upkeep import retention
from logistics.operations.upkeep.retention import Retention, thin_out
from logistics.storage.feed import place_events, read_feed
from logistics.storage.jobs import enqueue
from logistics.storage.session import reading, writing
from logistics.storage.tables import (
    AuditRow,
    EventRow,
    HoldRow,
    IdempotencyRow,
    JobProgressRow,
    JobRow,
    ParkedRow,
    ReturnedItemRow,
    TransferRow,
    now,
    table_of,
)
from tests.operations.test_receive import ask

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlmodel import SQLModel

pytestmark = pytest.mark.usefixtures("places")

TODAY = datetime(2027, 6, 1, 3, 0, tzinfo=UTC)
OLD, RECENT = TODAY - timedelta(days=91), TODAY - timedelta(days=89)


def names(engine: Engine) -> set[str]:
    with reading(engine) as session:
        return set(session.scalars(select(col(TransferRow.request_id))))


def count(engine: Engine, table: type[SQLModel]) -> int:
    with reading(engine) as session:
        return session.scalar(select(func.count()).select_from(table_of(table))) or 0


def end(engine: Engine, number: int, state: str, at: datetime) -> None:
    with writing(engine) as session:
        chosen = col(TransferRow.request_id) == f"r{number}"
        session.execute(update(TransferRow).where(chosen).values(state=state, changed_at=at))


def test_items_go_after_their_end_with_their_history_and_open_ones_stay(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 3)
    with writing(engine) as session:
        accept(receive_transfers(session, [ask(number) for number in range(12)]))
        session.execute(update(EventRow).values(at=OLD))
    place_events(engine)
    for number in range(7):
        end(engine, number, "delivered" if number % 2 else "cancelled", OLD)
    end(engine, 7, "delivered", RECENT)
    for number, state in enumerate(("requested", "packed", "aboard", "missing"), start=8):
        end(engine, number, state, OLD)

    deleted = thin_out(engine, Retention(item_days=90), at=TODAY)

    assert (deleted["transfers"], deleted["events"]) == (7, 7)
    assert names(engine) == {f"r{number}" for number in range(7, 12)}
    with reading(engine) as session:
        assert [event.position for event in read_feed(session)] == [8, 9, 10, 11, 12]
    assert thin_out(engine, Retention(item_days=90), at=TODAY)["transfers"] == 0
    # The feed goes on where it was, so a reader who has seen position 12 misses nothing.
    with writing(engine) as session:
        accept(receive_transfers(session, [ask(20)]))
    assert place_events(engine) == 13


def test_returned_items_holds_and_parked_records_go_too(engine: Engine) -> None:
    def item(name: str, when: datetime, **more: str) -> ReturnedItem:
        fields = {"title": f"title {name}", "owner": "nora", "at": "nora"} | more
        return ReturnedItem(item=name, returned_at=when, **fields)

    with writing(engine) as session:
        receive_returns(session, [item("1", OLD), item("2", RECENT), item("3", OLD, at="NEW9")])
        holds = [
            Hold(
                reference=name,
                title=f"title {name}",
                pickup="nora",
                placed_at=OLD,
                queue_position=1,
            )
            for name in ("still waits", "over")
        ]
        receive_holds(session, holds)
        over = session.scalars(select(HoldRow)).all()[0]
        over.state = "cancelled"
    with writing(engine) as session:
        session.execute(update(ParkedRow).values(parked_at=OLD))

    deleted = thin_out(engine, Retention(item_days=90), at=TODAY)

    assert (deleted["returned_items"], deleted["holds"], deleted["parked_records"]) == (1, 1, 0)
    assert count(engine, ReturnedItemRow) == 1
    assert count(engine, HoldRow) == 1
    with writing(engine) as session:
        session.execute(update(ParkedRow).values(resolved_at=OLD))
    assert thin_out(engine, Retention(item_days=90), at=TODAY)["parked_records"] == 1


def test_answers_jobs_and_the_audit_log_have_days_of_their_own(engine: Engine) -> None:
    clock = now()
    with writing(engine) as session:
        for age in (6, 8, 29, 31, 729, 731):
            moment = clock - timedelta(days=age)
            session.add(
                IdempotencyRow(caller="a", key=str(age), request_digest="", created_at=moment)
            )
            session.add(AuditRow(actor="a", action="b", at=moment))
            job = enqueue(session, "plan-day", str(age))
            job.state, job.finished_at = "done", moment
            session.add(JobProgressRow(job_id=job.id or 0, phase="search", details={}))
        enqueue(session, "plan-day", "waits")

    deleted = thin_out(engine, Retention(), at=clock)

    assert (deleted["idempotency_keys"], deleted["jobs"], deleted["audit_log"]) == (5, 3, 1)
    assert count(engine, JobRow) == 4
    assert count(engine, JobProgressRow) == 3


def test_nothing_is_kept_for_less_than_a_day() -> None:
    with pytest.raises(InputError, match="item_days is 0, expected 1 or more"):
        Retention(item_days=0)

"""Days that are planned by the clock hold what was asked for before the hour, and no more."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from logistics.demand.transfers import Transfer, TransferKind, transfer_id
from logistics.operations.intake.receive import accept, receive_transfers
from logistics.operations.upkeep import work
from logistics.operations.upkeep.schedule import (
    PLAN_DAY,
    Schedule,
    enqueue_due,
    handlers,
    request_plan,
)
from logistics.operations.upkeep.work import work_once
from logistics.storage.jobs import cancel_job
from logistics.storage.session import reading, writing
from logistics.storage.tables import JobRow, PlanRow, PlanTransferRow
from tests.operations.helpers import TUESDAY

if TYPE_CHECKING:
    import pytest
    from sqlalchemy import Engine

SIX = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)  # 06:00 in Örebro
SCHEDULE = Schedule(cut_off_seconds=6 * 3_600, travel="straight-line", plan_seconds=0.2, workers=1)


def test_what_is_asked_after_the_hour_waits_unless_a_person_plans_again(network: Engine) -> None:
    minute = timedelta(minutes=1)
    with writing(network) as session:
        moments = {"early": SIX - minute, "late": SIX + minute}
        accept(receive_transfers(session, [asked(name, at) for name, at in moments.items()]))
    # The worker is ten minutes late, and nothing more comes of it.
    assert f"plan-day {TUESDAY}" in enqueue_due(network, SCHEDULE, at=SIX + 10 * minute)
    plans = {PLAN_DAY: handlers(SCHEDULE)[PLAN_DAY]}
    assert work_once(network, plans, worker="late")
    with writing(network) as session:
        request_plan(session, TUESDAY, made_by="coordinator")
    assert work_once(network, plans, worker="asked")
    with reading(network) as session:
        query = select(PlanRow.version, PlanTransferRow.transfer_id).join(
            PlanTransferRow, col(PlanTransferRow.plan_id) == col(PlanRow.id)
        )
        planned = {tuple(row) for row in session.execute(query)}
    early, late = transfer_id("early"), transfer_id("late")
    assert planned == {(1, early), (2, early), (2, late)}


def test_a_plan_that_is_cancelled_ends_with_its_next_news(
    network: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing(network) as session:
        accept(receive_transfers(session, [asked("early", SIX)]))
        job = request_plan(session, TUESDAY, made_by="coordinator").id or 0
    heard: list[str] = []

    def tell(engine: Engine, number: int, phase: str, details: object) -> None:
        del engine, details
        heard.append(phase)
        with writing(network) as session:
            cancel_job(session, number)

    monkeypatch.setattr(work, "report_progress", tell)
    patient = replace(SCHEDULE, plan_seconds=300.0)
    begin = time.monotonic()

    assert work_once(network, {PLAN_DAY: handlers(patient)[PLAN_DAY]}, worker="asked")

    assert time.monotonic() - begin < 150
    assert len(heard) >= 1
    with reading(network) as session:
        assert session.get_one(JobRow, job).state == "cancelled"
        assert session.scalars(select(PlanRow)).all() == []


def asked(name: str, at: datetime) -> Transfer:
    return Transfer(
        id=transfer_id(name),
        request_id=name,
        item=name,
        kind=TransferKind.HOLD,
        origin="nora",
        destination="kumla",
        requested_at=at,
    )

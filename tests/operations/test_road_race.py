"""A driver reports while the coordinator keeps a new plan: neither is lost, whoever is first."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, text

from logistics.errors import ConflictError
from logistics.operations.change.keep_change import stamp
from logistics.operations.day.local_time import moment
from logistics.operations.day.stored_plans import read_stored_plan
from logistics.operations.road.drive import drive
from logistics.operations.road.keep_road import keep_on_the_road
from logistics.operations.road.on_the_road import Event
from logistics.operations.road.ticks import Tick, TickKind
from logistics.storage.session import reading, writing
from logistics.storage.tables import PlanRow, RunRow, StopRow
from tests.databases import postgres_only
from tests.operations.helpers import TUESDAY
from tests.operations.test_on_the_road import tried, under_way

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlmodel import Session

    from logistics.operations.day.stored_plans import StoredPlan
    from logistics.operations.road.on_the_road import RoadTrial

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
STARTED = 30.0
"""Seconds after which a thread that should wait for a lock does not."""


def next_stop(plan: StoredPlan) -> tuple[RunRow, StopRow]:
    run = plan.runs[0]
    return run, next(one for one in plan.stops[run.id or 0] if one.number == 2)


def report(session: Session, plan: StoredPlan) -> None:
    """The driver's phone, with the morning's plan in hand, says that the second stop is done."""
    run, stop = next_stop(plan)
    at = moment(TUESDAY, stop.depart_seconds)
    drive(
        session,
        Tick(
            id=f"{run.code}-done", run=run.code, kind=TickKind.DONE, at=at,
            stop=stop.number, stop_code=stop.code, version=plan.row.version,
        ),
    )  # fmt: skip


def keep(session: Session, trial: RoadTrial, seen: str) -> None:
    keep_on_the_road(
        session, TUESDAY, trial.plan,
        event=trial.event, subject=trial.subject, clock=trial.clock, seen=seen,
    )  # fmt: skip


def closing(engine: Engine) -> tuple[StoredPlan, RoadTrial, str]:
    """A van after its first stop; the branch that was to be its second closes."""
    plan = under_way(engine, stops=1)
    last = plan.stops[plan.runs[0].id or 0][-1].branch_id
    trial = tried(engine, Event.BRANCH_CLOSES, last, at=8 * 3600)
    with reading(engine) as session:
        return plan, trial, stamp(session, TUESDAY)


def done(engine: Engine) -> tuple[int, list[str]]:
    with reading(engine) as session:
        plan = read_stored_plan(session, TUESDAY)
        stops = plan.stops[plan.runs[0].id or 0]
        return plan.row.version, [stop.branch_id for stop in stops if stop.done_at]


@ON_SQLITE
def test_where_the_vans_are_is_read_in_the_transaction_that_keeps_the_plan(
    sample: Engine,
) -> None:
    _, trial, seen = closing(sample)
    with writing(sample) as session:
        run = session.scalars(select(RunRow).order_by(RunRow.id)).first()
        assert run is not None
        # The van goes somewhere else than the plan that was shown has it next.
        other = session.scalars(
            select(StopRow)
            .where(StopRow.run_id == run.id, StopRow.done_at.is_(None))
            .order_by(StopRow.number.desc())
        ).all()[1]
        at = moment(TUESDAY, other.depart_seconds)
        drive(
            session,
            Tick(id="otherwise", run=run.code, kind=TickKind.DONE, at=at, stop=other.number),
        )
        # Not committed yet, so that only who reads in this transaction sees it.
        with pytest.raises(ConflictError, match="a van has gone on"):
            keep(session, trial, seen)


@postgres_only
def test_a_report_that_was_opened_before_the_new_plan_lands_on_the_new_plan(
    sample: Engine,
) -> None:
    plan, trial, seen = closing(sample)
    run, stop = next_stop(plan)
    with writing(sample) as phone:
        # As a route does that looks whether the driver may see this run.
        row = phone.scalars(select(RunRow).where(RunRow.code == run.code)).one()
        assert phone.get_one(PlanRow, row.plan_id).state == "under_way"
        with writing(sample) as coordinator:
            keep(coordinator, trial, seen)
        report(phone, plan)
    version, visited = done(sample)
    assert version == 2
    assert stop.branch_id in visited


@postgres_only
def test_a_report_that_waits_for_the_new_plan_finds_the_run_that_has_its_code_now(
    sample: Engine,
) -> None:
    plan, trial, seen = closing(sample)
    with ThreadPoolExecutor(1) as phone:
        with writing(sample) as coordinator:
            keep(coordinator, trial, seen)
            told = phone.submit(in_transaction, sample, report, plan)
            wait_for_a_lock(coordinator)
        told.result(STARTED)
    version, visited = done(sample)
    assert version == 2
    assert next_stop(plan)[1].branch_id in visited


@postgres_only
def test_a_plan_that_waits_for_a_report_counts_it(sample: Engine) -> None:
    plan, trial, seen = closing(sample)
    with ThreadPoolExecutor(1) as coordinator:
        with writing(sample) as phone:
            report(phone, plan)
            kept = coordinator.submit(in_transaction, sample, keep, trial, seen)
            wait_for_a_lock(phone)
        error = kept.exception(STARTED)
    version, visited = done(sample)
    assert next_stop(plan)[1].branch_id in visited
    # The plan that was shown either goes on with that stop, or is refused.
    assert version == 2 if error is None else "a van has gone on" in str(error)


def in_transaction(engine: Engine, work: Any, *given: Any) -> None:
    with writing(engine) as session:
        work(session, *given)


def wait_for_a_lock(session: Session) -> None:
    """Wait until somebody else waits for what this transaction holds."""
    asked = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    until = time.monotonic() + STARTED
    while not session.scalar(asked):
        assert time.monotonic() < until
        time.sleep(0.01)

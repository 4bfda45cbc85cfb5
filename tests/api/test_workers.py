"""Several worker processes on one queue: each job once, and a killed one's job by another."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlmodel import col

from logistics.demand.transfers import Transfer, TransferKind, transfer_id
from logistics.operations.intake.receive import accept, receive_transfers
from logistics.operations.network.import_network import import_folder
from logistics.operations.upkeep.schedule import PLAN_DAY, THIN_OUT, request_plan
from logistics.storage.jobs import enqueue
from logistics.storage.session import reading, writing
from logistics.storage.tables import JobRow, LegRow, PlanRow, RunRow
from tests.api.conftest import NOW
from tests.api.day import asked_on_monday
from tests.databases import postgres_only

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sqlalchemy import Engine

JOBS, WORKERS = 200, 3
DAY = NOW.date()
_COMMAND = "from logistics.cli.app import run; run()"


@postgres_only
def test_each_job_is_done_once_and_a_killed_workers_plan_is_made_by_another(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    with ExitStack() as stack:
        workers = [
            stack.enter_context(started(database_url, tmp_path / f"{number}.log"))
            for number in range(WORKERS)
        ]
        for worker in workers:
            stack.callback(worker.kill)
        # They read the clock before there is a network, so nothing is due but what is asked for.
        wait_for_all(workers, tmp_path)
        plan = ask(engine)
        seen = kill_the_planner(engine, plan)
        wait_until_done(engine, seen)
        for worker in workers:
            worker.terminate()
        codes = sorted(worker.wait(timeout=60) for worker in workers)

    assert codes == [-signal.SIGKILL, 0, 0]
    assert len(seen) == WORKERS
    with reading(engine) as session:
        jobs = session.scalars(select(JobRow).where(col(JobRow.kind) == PLAN_DAY)).all()
        assert [(job.id, job.key) for job in jobs] == [(plan, DAY.isoformat())]
        assert jobs[0].attempts >= 2
        tries = session.execute(
            select(col(JobRow.attempts), func.count())
            .where(col(JobRow.kind) == THIN_OUT, col(JobRow.key).startswith("some day"))
            .group_by(col(JobRow.attempts))
        ).all()
        assert [tuple(row) for row in tries] == [(1, JOBS)]
        row = session.scalars(select(PlanRow).where(col(PlanRow.service_date) == DAY)).one()
        legs = session.scalar(
            select(func.count(col(LegRow.transfer_id).distinct()))
            .join(RunRow, col(RunRow.id) == col(LegRow.run_id))
            .where(col(RunRow.plan_id) == row.id)
        )
    assert jobs[0].result is not None
    assert jobs[0].result["version"] == row.version == 1
    assert legs == len(asked_on_monday())


def started(url: str, log: Path) -> subprocess.Popen[bytes]:
    settings = {"LOGISTICS_LEASE_SECONDS": "5", "LOGISTICS_PLAN_WORKERS": "1"}
    with log.open("wb") as file:
        return subprocess.Popen(
            [sys.executable, "-c", _COMMAND, "worker", "--database", url],
            env=os.environ | settings,
            stdout=file,
            stderr=file,
        )


def wait_for_all(workers: Sequence[subprocess.Popen[bytes]], folder: Path) -> None:
    deadline = time.monotonic() + 120
    for number, worker in enumerate(workers):
        log = folder / f"{number}.log"
        while "Working" not in log.read_text("utf-8"):
            assert worker.poll() is None, log.read_text("utf-8")
            assert time.monotonic() < deadline
            time.sleep(0.05)


def ask(engine: Engine) -> int:
    """Ask for a plan, and for very many small things to do."""
    with writing(engine) as session:
        import_folder(session)
        transfers = [
            Transfer(
                id=transfer_id(one["request_id"]),
                request_id=one["request_id"],
                item=one["item"],
                kind=TransferKind(one["kind"]),
                origin=one["origin"],
                destination=one["destination"],
                requested_at=NOW,
            )
            for one in asked_on_monday()
        ]
        accept(receive_transfers(session, transfers))
    with writing(engine) as session:
        plan = request_plan(session, DAY, seconds=2).id or 0
        for number in range(JOBS):
            enqueue(session, THIN_OUT, f"some day {number}")
    with writing(engine) as session:
        assert request_plan(session, DAY, seconds=2).id == plan
    return plan


def kill_the_planner(engine: Engine, plan: int) -> set[str]:
    """Kill whoever plans, in the middle of it, and tell who is at work."""
    while True:
        with reading(engine) as session:
            planner = session.get_one(JobRow, plan).leased_by
        if planner:
            os.kill(int(planner.split(":")[1]), signal.SIGKILL)
            return {planner}
        time.sleep(0.01)


def wait_until_done(engine: Engine, seen: set[str]) -> None:
    deadline = time.monotonic() + 120
    ours = (col(JobRow.kind) == PLAN_DAY) | col(JobRow.key).startswith("some day")
    while True:
        with reading(engine) as session:
            jobs = session.execute(
                select(col(JobRow.state), col(JobRow.leased_by)).where(ours)
            ).all()
        seen.update(worker for _, worker in jobs if worker)
        if all(state == "done" for state, _ in jobs):
            return
        assert time.monotonic() < deadline, jobs
        time.sleep(0.02)

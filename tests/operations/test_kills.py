"""Killed while a plan is kept or published, a day never has half a plan."""

from __future__ import annotations

import os
import signal
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from sqlalchemy import func, select, update
from sqlmodel import col

from logistics.demand.importers.files import read_transfers
from logistics.operations.change.pinning import with_pins
from logistics.operations.day.day_problem import build_day_problem
from logistics.operations.day.plan_day import plan_day
from logistics.operations.day.publish import publish
from logistics.operations.intake.receive import accept, receive_transfers
from logistics.operations.network.import_network import import_folder
from logistics.operations.upkeep.schedule import PLAN_DAY, Schedule, handlers
from logistics.operations.upkeep.work import work_once
from logistics.planning.planner import solve
from logistics.storage.jobs import enqueue
from logistics.storage.session import open_database, reading, writing
from logistics.storage.tables import (
    EventRow,
    JobRow,
    LegRow,
    PlanRow,
    PlanTransferRow,
    RunRow,
    StopRow,
    now,
)
from tests.kills import victims
from tests.operations.helpers import SAMPLE_WEEK, TUESDAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine
    from sqlmodel import SQLModel

    from logistics.operations.upkeep.work import Task

PARTS: tuple[type[SQLModel], ...] = (PlanRow, RunRow, StopRow, LegRow, PlanTransferRow, EventRow)
TRANSFERS = 40


def begin_publishing(url: str) -> Callable[[], object]:
    """Put version 2 in the place of version 1."""

    def put_in_force() -> None:
        with writing(open_database(url)) as session:
            publish(session, TUESDAY, 2)

    return put_in_force


def begin_working(url: str, marker: str) -> Callable[[], object]:
    """Do the job that plans the day; whoever gets to its end first is killed there."""
    engine = open_database(url)
    day = with_pins(build_day_problem(engine, TUESDAY, travel="straight-line"))
    plan = solve(day.problem, seconds=0.2, workers=1)
    engine.dispose()
    by_the_clock = handlers(Schedule(travel="straight-line"))[PLAN_DAY]

    def plan_and_die(task: Task) -> dict[str, Any]:
        result = by_the_clock(task)
        if not Path(marker).exists():
            Path(marker).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    def work() -> None:
        with patch("logistics.operations.day.plan_day.solve", return_value=plan):
            work_once(open_database(url), {PLAN_DAY: plan_and_die}, worker=f"{os.getpid()}")

    return work


def fill(engine: Engine) -> None:
    early = [
        one for one in read_transfers(SAMPLE_WEEK.read_bytes()) if one.requested_at.date() < TUESDAY
    ]
    with writing(engine) as session:
        import_folder(session)
        accept(receive_transfers(session, early[:TRANSFERS], source="csv"))


def counted(engine: Engine) -> dict[str, int]:
    with reading(engine) as session:
        return {
            part.__name__: session.scalar(select(func.count()).select_from(part)) or 0
            for part in PARTS
        }


def end_the_lease(engine: Engine) -> str:
    """Let nobody wait for the dead, and tell how the job stands."""
    with writing(engine) as session:
        state = session.scalar(select(col(JobRow.state)))
        past = now() - timedelta(seconds=1)
        running = update(JobRow).where(col(JobRow.state) == "running")
        session.execute(running.values(leased_until=past))
    return state or ""


def states(engine: Engine) -> list[str]:
    with reading(engine) as session:
        return list(session.scalars(select(col(PlanRow.state)).order_by(col(PlanRow.version))))


def test_a_plan_is_put_in_force_whole_or_not_at_all(engine: Engine, database_url: str) -> None:
    fill(engine)
    for _ in range(2):
        plan_day(engine, TUESDAY, seconds=0.2, workers=1, travel="straight-line")
    with writing(engine) as session:
        publish(session, TUESDAY, 1)
    before, killed = counted(engine), 0
    with victims(begin_publishing, database_url, growth=1.2) as tries:
        for finished in tries:
            if not finished:
                killed += 1
                assert states(engine) == ["published", "draft"]
                assert counted(engine) == before
    assert killed >= 4
    assert states(engine) == ["superseded", "published"]
    assert counted(engine)["EventRow"] == before["EventRow"] + 1 + TRANSFERS


def test_a_worker_that_dies_leaves_its_whole_plan_and_the_end_of_its_job_or_neither(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    fill(engine)
    with writing(engine) as session:
        enqueue(session, PLAN_DAY, TUESDAY.isoformat(), max_attempts=100)
    before, states_seen, marker = counted(engine), [], tmp_path / "at its end"
    with victims(begin_working, database_url, str(marker)) as tries:
        for _ in tries:
            states_seen.append(end_the_lease(engine))
            if states_seen[-1] != "done":
                assert counted(engine) == before
    assert marker.exists()
    assert states_seen.count("running") >= 3
    assert states_seen[-2:] == ["done", "done"]  # killed at its end, and nothing left to do
    after = counted(engine)
    assert (after["PlanRow"], after["PlanTransferRow"]) == (1, TRANSFERS)
    assert after["RunRow"] > 0
    assert after["EventRow"] == before["EventRow"] + 1

"""Killed while a plan is kept or published, a day never has half a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlmodel import col

from logistics.demand.importers.files import read_transfers
from logistics.operations.change.pinning import with_pins
from logistics.operations.day.day_problem import build_day_problem
from logistics.operations.day.plan_day import plan_day
from logistics.operations.day.publish import publish
from logistics.operations.day.store_plan import store_plan
from logistics.operations.intake.receive import accept, receive_transfers
from logistics.operations.network.import_network import import_folder
from logistics.planning.planner import solve
from logistics.storage.session import open_database, reading, writing
from logistics.storage.tables import EventRow, LegRow, PlanRow, PlanTransferRow, RunRow, StopRow
from tests.kills import victims
from tests.operations.helpers import SAMPLE_WEEK, TUESDAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine
    from sqlmodel import SQLModel

PARTS: tuple[type[SQLModel], ...] = (PlanRow, RunRow, StopRow, LegRow, PlanTransferRow, EventRow)
TRANSFERS = 40


def begin_keeping(url: str) -> Callable[[], object]:
    """Plan the day once; the work is to keep the plan."""
    engine = open_database(url)
    day = with_pins(build_day_problem(engine, TUESDAY, travel="straight-line"))
    plan = solve(day.problem, seconds=0.2, workers=1)
    engine.dispose()

    def keep() -> None:
        with writing(open_database(url)) as session:
            store_plan(session, day, plan)

    return keep


def begin_publishing(url: str) -> Callable[[], object]:
    """Put version 2 in the place of version 1."""

    def put_in_force() -> None:
        with writing(open_database(url)) as session:
            publish(session, TUESDAY, 2)

    return put_in_force


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


def states(engine: Engine) -> list[str]:
    with reading(engine) as session:
        return list(session.scalars(select(col(PlanRow.state)).order_by(col(PlanRow.version))))


def test_a_plan_is_kept_whole_or_not_at_all(engine: Engine, database_url: str) -> None:
    fill(engine)
    before, killed = counted(engine), 0
    with victims(begin_keeping, database_url) as tries:
        for finished in tries:
            if not finished:
                killed += 1
                assert counted(engine) == before
    after = counted(engine)
    assert killed >= 4
    assert after["PlanRow"] == 1
    assert after["PlanTransferRow"] == TRANSFERS
    assert after["RunRow"] > 0
    assert after["EventRow"] == before["EventRow"] + 1


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

"""Plan a day: build its problem, solve it, judge the plan from scratch, keep it as a version."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from logistics.network.travel import ROAD_GRAPH
from logistics.operations.change.pinning import pins_for, with_pins
from logistics.operations.day.day_problem import build_day_problem
from logistics.operations.day.store_plan import store_plan
from logistics.planning.plan import parse_plan
from logistics.planning.planner import solve
from logistics.storage.session import reading, writing
from logistics.storage.tables import PlanRow

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from sqlalchemy import Engine
    from sqlmodel import Session

    from logistics.planning.plan import Plan
    from logistics.planning.planner import Progress


def plan_day(  # noqa: PLR0913 (one choice each, all by name)
    engine: Engine,
    day: date,
    *,
    seconds: float = 10.0,
    workers: int = 2,
    seed: int = 0,
    travel: str = ROAD_GRAPH,
    cut_off: datetime | None = None,
    moved_stop_sek: float = 0.0,
    made_by: str = "",
    on_progress: Callable[[Progress], None] | None = None,
    while_storing: Callable[[Session, PlanRow], None] | None = None,
) -> PlanRow:
    """
    Plan a day and keep the plan as a new draft.

    Nothing is locked while the planner works, so transfers go on coming in meanwhile.

    Parameters
    ----------
    engine
        The database.
    day
        The service day.
    seconds
        Wall time for the search at most; it ends earlier where the optimum is proved.
    workers
        Processor cores to use.
    seed
        Of the search.
    travel
        ``road-graph``, ``straight-line`` or the address of an OSRM server.
    cut_off
        Transfers asked for later wait for another day; the end of the day when absent.
    moved_stop_sek
        What it must save, SEK, to move one stop of the latest plan of the day.
    made_by
        Who asks for the plan.
    on_progress
        Told of every better plan and bound.
    while_storing
        Called in the transaction that keeps the plan, with the new version; what it writes is
        kept with the plan or not at all, and what it raises keeps the plan from being stored.

    Returns
    -------
    PlanRow
        The stored version.

    Raises
    ------
    InputError
        No network is stored, or the data contradict themselves.
    NoPlanError
        What must be served cannot be.
    RuleBrokenError
        The planner's answer breaks a rule; nothing is stored.
    """
    problem = with_pins(build_day_problem(engine, day, travel=travel, cut_off=cut_off))
    latest = _latest_plan(engine, day)
    plan = solve(
        problem.problem,
        seconds=seconds,
        workers=workers,
        seed=seed,
        on_progress=on_progress,
        start=latest,
        pins=pins_for(problem, reference=latest, moved_stop_sek=moved_stop_sek),
    )
    with writing(engine) as session:
        row = store_plan(session, problem, plan, made_by=made_by)
        if while_storing is not None:
            while_storing(session, row)
    return row


def _latest_plan(engine: Engine, day: date) -> Plan | None:
    latest = select(PlanRow).where(col(PlanRow.service_date) == day)
    with reading(engine) as session:
        row = session.scalars(latest.order_by(col(PlanRow.version).desc()).limit(1)).first()
    return None if row is None else parse_plan(json.dumps(row.answer))

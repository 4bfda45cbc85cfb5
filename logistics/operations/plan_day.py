"""Plan a day: build its problem, solve it, judge the plan from scratch, keep it as a version."""

from __future__ import annotations

import json
import secrets
from itertools import pairwise
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import func, insert, select
from sqlmodel import col

from logistics.errors import RuleBrokenError
from logistics.network.travel import ROAD_GRAPH
from logistics.operations.day_changes import describe, rows_of
from logistics.operations.day_problem import build_day_problem
from logistics.operations.outcomes import fates, loads
from logistics.operations.pinning import pins_for
from logistics.planning.check import check
from logistics.planning.plan import parse_plan, plan_to_json
from logistics.planning.planner import solve
from logistics.planning.problem import problem_to_json
from logistics.storage.chunks import chunks
from logistics.storage.feed import tell
from logistics.storage.locks import lock_day
from logistics.storage.session import reading, writing
from logistics.storage.tables import (
    LegRow,
    PlanRow,
    PlanTransferRow,
    RunRow,
    StopRow,
    now,
    table_of,
)
from logistics.storage.transfers import find

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from sqlalchemy import Engine
    from sqlmodel import Session

    from logistics.operations.day_problem import DayProblem
    from logistics.operations.outcomes import Fate
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
    made_by: str = "",
    on_progress: Callable[[Progress], None] | None = None,
    before_storing: Callable[[], None] | None = None,
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
    made_by
        Who asks for the plan.
    on_progress
        Told of every better plan and bound.
    before_storing
        Called when the plan is found; what it raises keeps the plan from being stored.

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
    problem = build_day_problem(engine, day, travel=travel, cut_off=cut_off)
    plan = solve(
        problem.problem,
        seconds=seconds,
        workers=workers,
        seed=seed,
        on_progress=on_progress,
        start=_latest_plan(engine, day),
        pins=pins_for(problem),
    )
    if before_storing is not None:
        before_storing()
    return store_plan(engine, problem, plan, made_by=made_by)


def store_plan(engine: Engine, day: DayProblem, plan: Plan, *, made_by: str = "") -> PlanRow:
    """
    Keep a plan with its runs, stops, legs and promises: all of it or nothing.

    Parameters
    ----------
    engine
        The database.
    day
        The problem it answers.
    plan
        The plan.
    made_by
        Who made it.

    Returns
    -------
    PlanRow
        The stored version, a draft.

    Raises
    ------
    RuleBrokenError
        The plan breaks a rule of its problem.
    """
    broken = check(day.problem, plan)
    if broken:
        raise RuleBrokenError(f"{fault.kind}: {fault.message}" for fault in broken)
    ends = fates(day, plan)
    with writing(engine) as session:
        row = _plan_row(session, day, plan, made_by)
        session.add(row)
        session.flush()
        plan_id = cast("int", row.id)
        run_ids = _store_runs(session, plan_id, day, plan)
        _store_transfers(session, plan_id, run_ids, ends)
        subject = f"{day.date.isoformat()}/{row.version}"
        tell(session, [{"kind": "plan.drafted", "subject": subject, "at": now(), "actor": made_by}])
    return row


def _latest_plan(engine: Engine, day: date) -> Plan | None:
    latest = select(PlanRow).where(col(PlanRow.service_date) == day)
    with reading(engine) as session:
        row = session.scalars(latest.order_by(col(PlanRow.version).desc()).limit(1)).first()
    return None if row is None else parse_plan(json.dumps(row.answer))


def _plan_row(session: Session, day: DayProblem, plan: Plan, made_by: str) -> PlanRow:
    lock_day(session, day.date)
    last = session.scalar(
        select(func.max(col(PlanRow.version))).where(col(PlanRow.service_date) == day.date)
    )
    return PlanRow(
        service_date=day.date,
        version=(last or 0) + 1,
        problem=cast("dict[str, Any]", problem_to_json(day.problem)),
        answer=cast("dict[str, Any]", plan_to_json(plan)),
        cost_sek=plan.cost.total,
        bound_sek=plan.bound,
        gap=plan.gap,
        status=plan.status,
        solve_seconds=plan.seconds,
        travel_source=day.travel_source,
        caveats=[*day.caveats, *_moved_meanwhile(session, day)],
        changes=describe(rows_of(session, day.date)),
        made_by=made_by,
    )


def _moved_meanwhile(session: Session, day: DayProblem) -> list[str]:
    stored = find(session, day.transfers)
    moved = sum(
        name not in stored
        or (stored[name].state, stored[name].at) != (transfer.state.value, transfer.at)
        for name, transfer in day.transfers.items()
    )
    if not moved:
        return []
    return [f"{moved} transfers changed while this plan was made; plan again to take them in"]


def _store_runs(session: Session, plan_id: int, day: DayProblem, plan: Plan) -> list[int]:
    problem = day.problem
    index = problem.site_index
    items = {shipment.id: shipment.items for shipment in problem.shipments}
    aboard = loads(plan, problem.hub, items)
    rows = []
    for number, run in enumerate(plan.runs):
        path = [problem.hub, *(stop.site for stop in run.stops), problem.hub]
        metres = [problem.travel_metres[index[a]][index[b]] for a, b in pairwise(path)]
        row = RunRow(
            plan_id=plan_id,
            number=number + 1,
            vehicle_id=run.vehicle,
            code=secrets.token_hex(8),
            start_seconds=run.start,
            end_seconds=run.end,
            break_after=run.break_after,
            distance_metres=sum(metres),
            paid_seconds=run.paid_seconds(problem),
        )
        session.add(row)
        session.flush()
        run_id = cast("int", row.id)
        rows.append(run_id)
        session.add_all(
            StopRow(
                run_id=run_id,
                number=place,
                branch_id=stop.site,
                arrive_seconds=stop.arrive,
                begin_seconds=stop.begin,
                depart_seconds=stop.depart,
                items_off=sum(items[name] for name in stop.unload),
                items_on=sum(items[name] for name in stop.load),
                items_aboard=aboard[number][place],
                distance_metres=metres[place - 1],
                code=secrets.token_hex(8),
            )
            for place, stop in enumerate(run.stops, start=1)
        )
    session.flush()
    return rows


def _store_transfers(session: Session, plan_id: int, run_ids: list[int], ends: list[Fate]) -> None:
    promises = [
        {
            "plan_id": plan_id,
            "transfer_id": transfer,
            "shipment": fate.shipment.id,
            "outcome": fate.outcome.value,
            "reason": fate.reason.value if fate.reason else "",
            "expected_at": fate.expected_at,
        }
        for fate in ends
        for transfer in fate.shipment.transfers
    ]
    legs = [
        {
            "run_id": run_ids[ride.run],
            "transfer_id": transfer,
            "origin": ride.origin,
            "destination": ride.destination,
            "board_stop": ride.board,
            "leave_stop": ride.leave,
        }
        for fate in ends
        for ride in fate.rides
        for transfer in fate.shipment.transfers
    ]
    for part in chunks(promises):
        session.execute(insert(table_of(PlanTransferRow)), list(part))
    for some in chunks(legs):
        session.execute(insert(table_of(LegRow)), list(some))

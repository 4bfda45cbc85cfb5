"""A plan as rows, to be stored or only to be looked at."""

from __future__ import annotations

import secrets
from itertools import pairwise
from typing import TYPE_CHECKING, Any, cast

from logistics.operations.day.outcomes import loads
from logistics.planning.plan import plan_to_json
from logistics.planning.problem import problem_to_json
from logistics.storage.tables import PlanRow, RunRow, StopRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logistics.operations.day.day_problem import DayProblem
    from logistics.planning.plan import Plan, Run


def plan_row(
    day: DayProblem,
    plan: Plan,
    *,
    version: int,
    caveats: Sequence[str] = (),
    changes: Sequence[dict[str, Any]] = (),
    made_by: str = "",
) -> PlanRow:
    """
    Write the row of a version.

    Parameters
    ----------
    day
        The problem it answers.
    plan
        The plan.
    version
        Its number.
    caveats
        What is uncertain about it beside what is uncertain about the day.
    changes
        The decisions it obeys.
    made_by
        Who made it.

    Returns
    -------
    PlanRow
        A draft.
    """
    return PlanRow(
        service_date=day.date,
        version=version,
        problem=cast("dict[str, Any]", problem_to_json(day.problem)),
        answer=cast("dict[str, Any]", plan_to_json(plan)),
        cost_sek=plan.cost.total,
        bound_sek=plan.bound,
        gap=plan.gap,
        status=plan.status,
        solve_seconds=plan.seconds,
        travel_source=day.travel_source,
        caveats=[*day.caveats, *caveats],
        changes=list(changes),
        made_by=made_by,
    )


def run_rows(day: DayProblem, plan: Plan) -> list[RunRow]:
    """
    Write the rows of the runs of a plan.

    Parameters
    ----------
    day
        The problem it answers.
    plan
        The plan.

    Returns
    -------
    list[RunRow]
        In order, each with a code of its own; the plan they belong to is still to be set.
    """
    return [
        RunRow(
            plan_id=0,
            number=number,
            vehicle_id=run.vehicle,
            code=secrets.token_hex(8),
            start_seconds=run.start,
            end_seconds=run.end,
            break_after=run.break_after,
            distance_metres=sum(_metres(day, run)),
            paid_seconds=run.paid_seconds(day.problem),
        )
        for number, run in enumerate(plan.runs, start=1)
    ]


def stop_rows(day: DayProblem, plan: Plan, number: int, run_id: int) -> list[StopRow]:
    """
    Write the rows of the stops of a run.

    Parameters
    ----------
    day
        The problem.
    plan
        The plan.
    number
        Index of the run.
    run_id
        What its row is called.

    Returns
    -------
    list[StopRow]
        In order.
    """
    items = {shipment.id: shipment.items for shipment in day.problem.shipments}
    aboard = loads(plan, day.problem.hub, items)[number]
    run = plan.runs[number]
    metres = _metres(day, run)
    return [
        StopRow(
            run_id=run_id,
            number=place,
            branch_id=stop.site,
            arrive_seconds=stop.arrive,
            begin_seconds=stop.begin,
            depart_seconds=stop.depart,
            items_off=sum(items[name] for name in stop.unload),
            items_on=sum(items[name] for name in stop.load),
            items_aboard=aboard[place],
            distance_metres=metres[place - 1],
            code=secrets.token_hex(8),
        )
        for place, stop in enumerate(run.stops, start=1)
    ]


def _metres(day: DayProblem, run: Run) -> list[int]:
    problem = day.problem
    index = problem.site_index
    path = [problem.hub, *(stop.site for stop in run.stops), problem.hub]
    return [problem.travel_metres[index[a]][index[b]] for a, b in pairwise(path)]

"""How vans drive on each weekday, by the newest plans in force."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from sqlalchemy import select
from sqlmodel import col

from logistics.dispatch.typical_calls import calls_of_plans, typical_week
from logistics.network.travel import road_graph_times
from logistics.operations.day.stored_plans import IN_FORCE
from logistics.planning.plan import parse_plan
from logistics.storage.tables import PlanRow

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from sqlmodel import Session

    from logistics.demand.matching.planned_calls import TypicalCalls
    from logistics.network.network import Network

#: Plans of each weekday that count; older ones say little of how vans drive now.
MOST_PLANS: Final = 4


def typical_calls(
    session: Session, network: Network, stop_seconds: int
) -> Mapping[int, TypicalCalls]:
    """
    Read how vans drive on each weekday from the newest plans in force.

    Parameters
    ----------
    session
        A session.
    network
        The network that is stored there.
    stop_seconds
        How long a stop takes where the branch says nothing else.

    Returns
    -------
    Mapping[int, TypicalCalls]
        By ISO weekday; weekdays without a plan in force are absent. A plan of a branch or vehicle
        that is no longer in use does not count.
    """
    days = _newest(session)
    plans = [parse_plan(json.dumps(session.get_one(PlanRow, key).answer)) for key in days.values()]
    places = set(network.branch_ids)
    vans = {vehicle.id for vehicle in network.vehicles}
    still = [
        (day, plan)
        for day, plan in zip(days, plans, strict=True)
        if all(
            run.vehicle in vans and places.issuperset(s.site for s in run.stops)
            for run in plan.runs
        )
    ]
    calls = calls_of_plans(
        (plan for _, plan in still),
        hub=network.hub,
        branches=network.branches,
        vehicles=network.vehicles,
        travel=road_graph_times(network, network.branch_ids),
        stop_seconds=stop_seconds,
    )
    return typical_week(zip((day for day, _ in still), calls, strict=True))


def _newest(session: Session) -> dict[date, int]:
    query = (
        select(col(PlanRow.service_date), col(PlanRow.id))
        .where(col(PlanRow.state).in_(IN_FORCE))
        .order_by(col(PlanRow.service_date).desc())
    )
    kept: defaultdict[int, dict[date, int]] = defaultdict(dict)
    for day, key in session.execute(query):
        if len(kept[day.isoweekday()]) < MOST_PLANS:
            kept[day.isoweekday()][day] = key
    return {day: key for days in kept.values() for day, key in days.items()}

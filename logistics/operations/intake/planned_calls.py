"""The plan that tells what a call adds: of the day itself, else of the same weekday before it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select
from sqlmodel import col

from logistics.dispatch.detours import calls_of
from logistics.network.travel import road_graph_times
from logistics.operations.day.stored_plans import IN_FORCE
from logistics.operations.network.load_network import read_network
from logistics.planning.plan import parse_plan
from logistics.planning.problem import parse_problem
from logistics.storage.tables import PlanRow

if TYPE_CHECKING:
    from datetime import date

    from sqlmodel import Session

    from logistics.demand.matching.planned_calls import PlannedCalls

#: An older plan says nothing of how vans drive now.
MOST_WEEKS: Final = 4

_MOST_REMEMBERED: Final = 8
_remembered: WeakKeyDictionary[Engine, dict[int, PlannedCalls]] = WeakKeyDictionary()


def planned_calls(session: Session, day: date, stop_seconds: int) -> PlannedCalls | None:
    """
    Read the calls of a day from its plan in force, else from that of the same weekday before.

    Parameters
    ----------
    session
        A session.
    day
        The service day.
    stop_seconds
        How long a stop takes where the branch says nothing else.

    Returns
    -------
    PlannedCalls or None
        None where no plan was in force on this weekday for four weeks. Detours are measured on
        the road graph; a plan in force does not change, so a few answers are remembered.
    """
    days = [day - timedelta(weeks=weeks) for weeks in range(MOST_WEEKS + 1)]
    newest = (
        select(col(PlanRow.id))
        .where(col(PlanRow.service_date).in_(days), col(PlanRow.state).in_(IN_FORCE))
        .order_by(col(PlanRow.service_date).desc())
        .limit(1)
    )
    plan = session.scalar(newest)
    if plan is None:
        return None
    bind = session.get_bind()
    engine = bind if isinstance(bind, Engine) else bind.engine
    known = _remembered.setdefault(engine, {})
    found = known.get(plan)
    if found is None:
        if len(known) >= _MOST_REMEMBERED:
            known.clear()
        found = known[plan] = _read(session, plan, stop_seconds)
    return found


def _read(session: Session, plan: int, stop_seconds: int) -> PlannedCalls:
    row = session.get_one(PlanRow, plan)
    network = read_network(session)
    own = {branch.id: branch.stop_seconds for branch in network.branches}
    return calls_of(
        parse_problem(json.dumps(row.problem)),
        parse_plan(json.dumps(row.answer)),
        road_graph_times(network, network.branch_ids),
        {name: stop_seconds if own_time is None else own_time for name, own_time in own.items()},
    )

"""Keep what was tried, unless somebody else has changed the day meanwhile."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlmodel import col

from logistics.errors import ConflictError, RuleBrokenError
from logistics.operations.change.change import undo_change
from logistics.operations.change.sequences import judge, sequences_of
from logistics.operations.day.store_plan import last_version, store_plan
from logistics.operations.day.stored_plans import find_plan
from logistics.planning.exact.prove import prove
from logistics.planning.plan import OPTIMAL_GAP
from logistics.storage.locks import lock_day
from logistics.storage.tables import DayChangeRow, PlanRow

if TYPE_CHECKING:
    from datetime import date

    from sqlmodel import Session

    from logistics.operations.day.day_problem import DayProblem
    from logistics.planning.plan import Plan


def stamp(session: Session, day: date) -> str:
    """
    Name the state of a day: its plans and everything decided about it.

    Parameters
    ----------
    session
        A session.
    day
        The service day.

    Returns
    -------
    str
        Changes with every version, publication, tick that begins the day, and decision.
    """
    plans = select(func.coalesce(func.sum(col(PlanRow.revision)), 0))
    decided = select(func.coalesce(func.max(col(DayChangeRow.id)), 0), func.count())
    undone = decided.where(
        col(DayChangeRow.service_date) == day, col(DayChangeRow.undone_at).is_not(None)
    )
    newest, _ = session.execute(decided.where(col(DayChangeRow.service_date) == day)).one()
    revisions = session.scalar(plans.where(col(PlanRow.service_date) == day))
    _, taken_back = session.execute(undone).one()
    return f"{last_version(session, day)}.{revisions}.{newest}.{taken_back}"


def check_stamp(session: Session, day: date, seen: str) -> None:
    """
    Refuse to change a day that is not as its reader saw it.

    Parameters
    ----------
    session
        The transaction, which nobody else can overtake from now on.
    day
        The service day.
    seen
        The state that was seen.

    Raises
    ------
    ConflictError
        Somebody changed the day meanwhile.
    """
    lock_day(session, day)
    here = stamp(session, day)
    if here != seen:
        raise ConflictError(
            f"day {day}: it has changed since you looked at it (state {here}, you saw {seen}); "
            "look at it as it is now and decide again"
        )


def as_seen(day: DayProblem, seen: Plan, *, seconds: float) -> Plan:
    """
    Make the plan that somebody saw and wants to keep, and prove how good it is.

    Parameters
    ----------
    day
        The day with what is decided.
    seen
        The plan as it was shown.
    seconds
        Time for the proof at most.

    Returns
    -------
    Plan
        These runs, with a bound where one was proved in time.

    Raises
    ------
    RuleBrokenError
        They break a rule; which.
    """
    problem, runs = day.problem, sequences_of(seen)
    known = {site for _, sites in runs for site in sites} <= problem.site_index.keys()
    if not known or any(van not in problem.vehicle_index for van, _ in runs):
        raise RuleBrokenError(f"day {day.date}: a stop or a van of these runs is out by now")
    judged = judge(problem, runs, like=seen)
    if judged.broken:
        raise RuleBrokenError(f"{one.kind}: {one.message}" for one in judged.broken)
    plan = judged.plan
    bound = prove(problem, incumbent=plan, seconds=seconds).bound if seconds else 0.0
    if bound <= 0:
        return plan
    proved = replace(plan, bound=min(bound, plan.cost.total))
    optimal = proved.gap is not None and proved.gap <= OPTIMAL_GAP
    return replace(proved, status="optimal" if optimal else "feasible")


def keep(
    session: Session,
    day: DayProblem,
    plan: Plan,
    *,
    seen: str,
    change: DayChangeRow | None = None,
    undo: int | None = None,
    actor: str = "",
) -> PlanRow:
    """
    Keep a decision and the plan that obeys it, both or neither.

    Parameters
    ----------
    session
        The transaction.
    day
        The day with what is decided.
    plan
        The plan.
    seen
        State of the day when it was tried.
    change
        The decision.
    undo
        Number of a decision to take back.
    actor
        Who decides.

    Returns
    -------
    PlanRow
        The new version, a draft.

    Raises
    ------
    ConflictError
        Somebody changed the day meanwhile, or its vans are on the road.
    RuleBrokenError
        The plan breaks a rule.
    """
    check_stamp(session, day.date, seen)
    before = find_plan(session, day.date)
    if before.state not in {"draft", "published"}:
        raise ConflictError(
            f"plan of {day.date}: version {before.version} is {before.state.replace('_', ' ')}; "
            "plan again from where the vans are instead"
        )
    if change is not None:
        session.add(change)
    if undo is not None:
        undo_change(session, undo)
    session.flush()
    return store_plan(session, day, plan, made_by=actor)

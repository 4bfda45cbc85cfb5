"""Plan the rest of a day from where the vans are, with what is aboard."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from logistics.errors import ConflictError, NotFoundError
from logistics.operations.change.day_changes import changes_of
from logistics.operations.change.pinning import pins_for
from logistics.operations.change.try_change import Sums, sums_of
from logistics.operations.day.day_problem import DayProblem
from logistics.operations.day.local_time import clock_seconds
from logistics.operations.day.stored_plans import read_stored_plan
from logistics.operations.road.rest_of_day import driven_by, rest_of_day
from logistics.operations.road.road_state import RoadState, road_state
from logistics.planning.check import check
from logistics.planning.compare import StopChange, stop_changes
from logistics.planning.pins import Pins, broken_pins, pinned
from logistics.planning.plan import Plan
from logistics.planning.planner import solve
from logistics.planning.reshaper import Reshaper
from logistics.planning.shortfall import LeftOutError, missed, spared
from logistics.storage.session import reading

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from sqlalchemy import Engine
    from sqlmodel import Session


class Event(StrEnum):
    """
    What happens while vans are on the road.

    Attributes
    ----------
    VAN_STOPS
        A van goes no further.
    BRANCH_CLOSES
        A branch takes nothing more today.
    """

    VAN_STOPS = "van-stops"
    BRANCH_CLOSES = "branch-closes"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadTrial:
    """
    The rest of a day as it would be driven.

    Attributes
    ----------
    version
        The version under way.
    event, subject
        What happened, and to which van or branch.
    clock
        When, seconds since midnight.
    state
        Where the vans were.
    day
        The day as it would be: what is driven stands in it as it happened.
    plan
        The plan as it would be.
    before, after
        In numbers; before is what was planned in the morning.
    stops
        Stops that differ.
    left_out
        Compulsory branches that no van can visit any more.
    """

    version: int
    event: Event
    subject: str
    clock: int
    state: RoadState
    day: DayProblem
    plan: Plan
    before: Sums
    after: Sums
    stops: tuple[StopChange, ...]
    left_out: tuple[str, ...] = ()


def try_on_the_road(
    engine: Engine,
    day: date,
    event: Event,
    subject: str,
    *,
    at: datetime,
    seconds: float = 2.0,
    iterations: int | None = None,
    moved_stop_sek: float = 0.0,
) -> RoadTrial:
    """
    Plan the rest of a day after something has happened, without keeping anything.

    The day goes on whatever has happened: compulsory branches that find no room any more are left
    out and named.

    Parameters
    ----------
    engine
        The database.
    day
        The service day.
    event
        What happened.
    subject
        The van or the branch.
    at
        When.
    seconds
        Wall time for each search at most; a second one follows where somebody is left out.
    iterations
        Search so many steps in place of the time: the same plan every time.
    moved_stop_sek
        What it must save, SEK, to move one stop.

    Returns
    -------
    RoadTrial
        What it would do.

    Raises
    ------
    ConflictError
        No van is on the road, the van has ended its run, or the branch has been visited.
    NoPlanError
        The pins contradict what has been driven.
    NotFoundError
        The day has no plan, or the plan has no such van or branch.
    """
    clock = clock_seconds(day, at)
    with reading(engine) as session:
        state, here, pins = read_road(session, day, event, subject, clock=clock)
    pins = replace(pins, reference=state.stored.plan, cost_per_moved_stop=moved_stop_sek)
    here, plan, left_out = _solved(here, pins, seconds, iterations)
    before = _as_planned(state)
    gone = replace(
        sums_of(here, plan),
        delivered=sums_of(here, plan).delivered + sum(len(one) for one in state.delivered.values()),
    )
    return RoadTrial(
        version=state.stored.row.version,
        event=event,
        subject=subject,
        clock=clock,
        state=state,
        day=here,
        plan=plan,
        before=before,
        after=gone,
        stops=stop_changes(state.stored.plan, plan),
        left_out=left_out,
    )


def read_road(
    session: Session, day: date, event: Event, subject: str, *, clock: int
) -> tuple[RoadState, DayProblem, Pins]:
    """
    Write the rest of a day as a problem, and what of it is driven already.

    Parameters
    ----------
    session
        A session; for a plan that is to be kept the transaction that keeps it, with the runs
        locked, so that no report of a driver comes between.
    day
        The service day.
    event
        What happened.
    subject
        The van or the branch.
    clock
        When, seconds since midnight.

    Returns
    -------
    tuple[RoadState, DayProblem, Pins]
        Where the vans are, the day, and what must stay.

    Raises
    ------
    ConflictError
        No van is on the road, the van has ended its run, or the branch has been visited.
    NotFoundError
        The day has no plan, or the plan has no such van or branch.
    """
    stored = read_stored_plan(session, day)
    if stored.row.state != "under_way":
        raise ConflictError(
            f"plan of {day}: version {stored.row.version} is "
            f"{stored.row.state.replace('_', ' ')}, expected under way"
        )
    broken = subject if event is Event.VAN_STOPS else None
    state = road_state(session, stored, broken=broken)
    decided = changes_of(session, day)
    _refuse(state, event, subject)
    closed = subject if event is Event.BRANCH_CLOSES else None
    problem = rest_of_day(state, clock, closed)
    driven = [van for van in state.vans if van.vehicle != broken and van.begun]
    done = {stop.site for van in driven for stop in van.stops}
    kept = {
        place: pin
        for place, pin in decided.pins.items()
        if place not in {*done, closed} and pin.vehicle != broken
    }
    here = state.day(problem, replace(decided, pins=kept, moves={}))
    wishes = pins_for(here) or Pins()
    return state, here, replace(wishes, driven=tuple(driven_by(problem, van) for van in driven))


def left_by(here: DayProblem, pins: Pins, plan: Plan) -> list[str]:
    """
    List the compulsory branches that a plan does not visit.

    Parameters
    ----------
    here
        The rest of the day as it is now.
    pins
        What must stay.
    plan
        A plan that was shown.

    Returns
    -------
    list[str]
        In the order of the day.
    """
    served = {stop.site for run in plan.runs for stop in run.stops}
    return missed(pinned(here.problem, pins), served)


def day_of(here: DayProblem, pins: Pins, plan: Plan) -> DayProblem:
    """
    Find the rest of a day that a plan answers.

    Parameters
    ----------
    here
        The rest of the day as it is now.
    pins
        What must stay.
    plan
        A plan that was shown.

    Returns
    -------
    DayProblem
        The day whose rules the plan keeps; a compulsory branch that it leaves out was shown as such
        and is compulsory no more.

    Raises
    ------
    ConflictError
        It keeps them no more: a van has gone on.
    """
    day, kept = _as_driven(*_spared(here, pins, left_by(here, pins, plan)))
    if broken_pins(kept, plan) or check(day.problem, plan):
        raise ConflictError(f"plan of {here.date}: a van has gone on since it was shown; try again")
    return day


def _solved(
    here: DayProblem, pins: Pins, seconds: float, iterations: int | None
) -> tuple[DayProblem, Plan, tuple[str, ...]]:
    """Plan with every compulsory branch; name those that find no room, and plan the rest."""
    left: tuple[str, ...] = ()
    start: Plan | None = None
    while True:
        day, kept = _as_driven(*_spared(here, pins, left))
        try:
            plan = solve(
                day.problem,
                seconds=seconds,
                iterations=iterations,
                pins=kept,
                start=start,
                certify=False,
            )
        except LeftOutError as error:
            more = tuple(site for site in error.sites if site not in left)
            if not more:
                raise
            left, start = (*left, *more), error.plan
        else:
            return day, plan, left


def _spared(here: DayProblem, pins: Pins, left: Collection[str]) -> tuple[DayProblem, Pins]:
    problem, kept = spared(here.problem, pins, left)
    return replace(here, problem=problem), kept


def _as_driven(here: DayProblem, pins: Pins) -> tuple[DayProblem, Pins]:
    """Write what is driven into the day; without the break where a driver has passed its time."""
    problem = pinned(here.problem, pins)
    shaper = Reshaper(problem, pins)
    if shaper.cost(shaper.start()) == math.inf:
        problem = replace(problem, break_=None)
    return replace(here, problem=problem), pins


def _refuse(state: RoadState, event: Event, subject: str) -> None:
    day = state.stored.row.service_date
    if event is Event.VAN_STOPS:
        van = next((one for one in state.vans if one.vehicle == subject), None)
        if van is None:
            raise NotFoundError(f"vehicle {subject!r}: has no run on {day}")
        if van.done:
            raise ConflictError(f"vehicle {subject!r}: has ended its run on {day}")
        return
    if subject not in state.stored.problem.site_index:
        raise NotFoundError(f"branch {subject!r}: is not in the plan of {day}")
    if any(stop.site == subject for van in state.vans for stop in van.stops):
        raise ConflictError(f"branch {subject!r}: has been visited on {day} already")


def _as_planned(state: RoadState) -> Sums:
    stored, cost = state.stored, state.stored.plan.cost
    ends: defaultdict[str, int] = defaultdict(int)
    for promise in stored.promises.values():
        ends[promise.row.outcome] += len(promise.transfers)
    return Sums(
        cost_sek=cost.total,
        driving_sek=cost.total - cost.delay,
        distance_metres=sum(run.distance_metres for run in stored.runs),
        paid_seconds=sum(run.paid_seconds for run in stored.runs),
        delivered=ends["delivered"],
        at_hub=ends["at_hub"],
        left=ends["left"],
    )

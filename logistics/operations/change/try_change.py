"""Try a decision about a day: the plan as it would be, beside the plan as it is, nothing kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from logistics.network.travel import ROAD_GRAPH
from logistics.operations.change.change import decided
from logistics.operations.change.day_changes import ChangeKind, changes_of, rows_of, sum_up
from logistics.operations.change.pinning import pins_for, with_pins
from logistics.operations.change.sequences import (
    Judged,
    adopt,
    fit,
    judge,
    moved_to,
    neighbours,
    sequences_of,
)
from logistics.operations.day.day_problem import DayProblem, build_day_problem
from logistics.operations.day.outcomes import Outcome, driven_metres, fates
from logistics.operations.day.stored_plans import read_stored_plan
from logistics.planning.check import Violation
from logistics.planning.compare import StopChange, stop_changes
from logistics.planning.plan import Plan
from logistics.planning.planner import solve
from logistics.storage.session import reading
from logistics.storage.tables import DayChangeRow

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Engine

    from logistics.operations.change.day_changes import Changes
    from logistics.operations.change.sequences import Sequences

_FORCE_SEK = 1e6
#: Searched whatever the clock says: what a page has told of a shipment is found again.
DELIVER_ITERATIONS: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Idea:
    """
    What somebody thinks of deciding; exactly one of its parts is given.

    Attributes
    ----------
    kind, subject, details
        A new decision, as `logistics.operations.change.change.add_change` takes it; a move names
        ``vehicle`` and ``place``, the number of the stop there.
    undo
        Number of a decision to take back.
    deliver
        A shipment that shall arrive today whatever it costs.
    """

    kind: ChangeKind | None = None
    subject: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    undo: int | None = None
    deliver: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """
    A plan in numbers.

    Attributes
    ----------
    cost_sek
        All of it, waiting included.
    driving_sek
        Of it what driving costs.
    distance_metres, paid_seconds
        Of all runs.
    delivered, at_hub, left
        Items.
    """

    cost_sek: float
    driving_sek: float
    distance_metres: int
    paid_seconds: int
    delivered: int
    at_hub: int
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """
    What a decision would do.

    Attributes
    ----------
    version
        The version it was tried on.
    day
        The day as it would be.
    plan
        The plan as it would be.
    before, after
        In numbers, both at the costs of now.
    broken
        The rules that the plan breaks, where somebody moved a stop by hand; it cannot be kept then.
    stops
        Stops that differ.
    change
        The decision to be stored with it; None where there is none.
    undo
        Number of the decision that it takes back.
    """

    version: int
    day: DayProblem
    plan: Plan
    before: Sums
    after: Sums
    broken: tuple[Violation, ...] = ()
    stops: tuple[StopChange, ...] = ()
    change: DayChangeRow | None = None
    undo: int | None = None


def try_idea(  # noqa: PLR0913 (one choice each, all by name)
    engine: Engine,
    day: date,
    idea: Idea,
    *,
    version: int | None = None,
    seconds: float = 1.5,
    workers: int = 2,
    iterations: int | None = None,
    travel: str = ROAD_GRAPH,
    moved_stop_sek: float = 0.0,
    rearrange: bool = False,
    actor: str = "",
) -> Trial:
    """
    Plan a day again as if something had been decided.

    Parameters
    ----------
    engine
        The database.
    day
        The service day.
    idea
        What is thought of.
    version
        The plan that is looked at; when absent the one in force, else the latest draft.
    seconds
        Wall time for the search at most.
    workers
        Processor cores to use.
    iterations
        Search so many steps in place of the time: the same plan every time.
    travel
        Where travel times come from.
    moved_stop_sek
        What it must save, SEK, to move one stop.
    rearrange
        Whether a move by hand lets the planner arrange the other stops anew.
    actor
        Who thinks of it.

    Returns
    -------
    Trial
        What it would do.

    Raises
    ------
    InputError
        The decision names what does not exist.
    NoPlanError
        What would have to be served cannot be.
    NotFoundError
        The day has no such plan, or the decision to be taken back does not exist.
    """
    with reading(engine) as session:
        stored = read_stored_plan(session, day, version)
        now = changes_of(session, day)
    here = with_pins(build_day_problem(engine, day, travel=travel, changes=now))
    base = adopt(here.problem, stored.plan) or stored.plan
    runs = _as_moved(sequences_of(base), idea)
    changes, row = _changes(engine, day, idea, runs, actor)
    there = with_pins(build_day_problem(engine, day, travel=travel, changes=changes))
    asked = _Search(there, seconds, workers, iterations, moved_stop_sek)
    if idea.kind is ChangeKind.MOVE and not rearrange:
        judged = judge(there.problem, fit(there.problem, runs), like=base)
    else:
        judged = asked.answer(base, runs, idea.deliver)
    return Trial(
        version=stored.row.version,
        day=there,
        plan=judged.plan,
        before=sums_of(here, base),
        after=sums_of(there, judged.plan),
        broken=judged.broken,
        stops=stop_changes(base, judged.plan),
        change=row,
        undo=idea.undo,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """
    A decision about to be kept.

    Attributes
    ----------
    day
        The day with it.
    change
        What is to be stored; None where something is taken back, or only the plan is new.
    """

    day: DayProblem
    change: DayChangeRow | None


def decide(
    engine: Engine,
    day: date,
    idea: Idea,
    *,
    plan: Plan,
    travel: str = ROAD_GRAPH,
    actor: str = "",
) -> Decision:
    """
    Write the day problem with a decision, to keep the plan that was shown for it.

    Parameters
    ----------
    engine
        The database.
    day
        The service day.
    idea
        What is decided.
    plan
        The plan that was shown.
    travel
        Where travel times come from.
    actor
        Who decides.

    Returns
    -------
    Decision
        The day, and what is to be stored.

    Raises
    ------
    InputError
        The decision names what does not exist.
    NotFoundError
        It moves a stop that the plan does not have.
    """
    changes, row = _changes(engine, day, idea, sequences_of(plan), actor)
    there = build_day_problem(engine, day, travel=travel, changes=changes)
    return Decision(day=with_pins(there), change=row)


def sums_of(day: DayProblem, plan: Plan) -> Sums:
    """
    Sum a plan up.

    Parameters
    ----------
    day
        The day.
    plan
        Its plan.

    Returns
    -------
    Sums
        In numbers.
    """
    ends = dict.fromkeys(Outcome, 0)
    for fate in fates(day, plan):
        ends[fate.outcome] += len(fate.shipment.transfers)
    return Sums(
        cost_sek=plan.cost.total,
        driving_sek=plan.cost.total - plan.cost.delay,
        distance_metres=driven_metres(day.problem, plan),
        paid_seconds=sum(run.paid_seconds(day.problem) for run in plan.runs),
        delivered=ends[Outcome.DELIVERED],
        at_hub=ends[Outcome.AT_HUB],
        left=ends[Outcome.LEFT],
    )


class _Search:
    def __init__(
        self,
        day: DayProblem,
        seconds: float,
        workers: int,
        iterations: int | None,
        moved_stop_sek: float,
    ) -> None:
        self.day, self.moved_stop_sek = day, moved_stop_sek
        self.seconds, self.workers, self.iterations = seconds, workers, iterations

    def answer(self, base: Plan, runs: Sequences, deliver: str) -> Judged:
        """Plan the day, beginning with what is left of the runs that people know."""
        problem = self.day.problem
        forced = replace(
            problem,
            shipments=tuple(
                replace(one, cost_if_at_hub=_FORCE_SEK, cost_if_left=_FORCE_SEK)
                if one.id == deliver
                else one
                for one in problem.shipments
            ),
        )
        known = judge(problem, fit(problem, runs), like=base)
        start = None if known.broken else known.plan
        pins = pins_for(self.day, reference=base, moved_stop_sek=self.moved_stop_sek)
        if deliver:
            start = solve(forced, iterations=DELIVER_ITERATIONS, start=start, pins=pins)
        plan = solve(
            forced if deliver else problem,
            seconds=self.seconds,
            workers=self.workers,
            iterations=self.iterations,
            start=start,
            pins=pins,
        )
        return judge(problem, sequences_of(plan), like=plan) if deliver else Judged(plan=plan)


def _as_moved(runs: Sequences, idea: Idea) -> Sequences:
    if idea.kind is not ChangeKind.MOVE:
        return runs
    return moved_to(runs, idea.subject, str(idea.details["vehicle"]), int(idea.details["place"]))


def _changes(
    engine: Engine, day: date, idea: Idea, runs: Sequences, actor: str
) -> tuple[Changes, DayChangeRow | None]:
    details = dict(idea.details)
    if idea.kind is ChangeKind.MOVE:
        vehicle, after, before = neighbours(runs, idea.subject)
        details = {"vehicle": vehicle, "after": after, "before": before}
    with reading(engine) as session:
        rows = [row for row in rows_of(session, day) if row.id != idea.undo]
        new = None
        if idea.kind is not None:
            new = decided(session, day, idea.kind, idea.subject, details=details, actor=actor)
        return sum_up(session, [*rows, new] if new else rows), new

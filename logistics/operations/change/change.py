"""Change a day: close a branch, take a van out or in, pin a stop, and see what that costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from logistics.errors import ConflictError, InputError, NotFoundError
from logistics.network.travel import ROAD_GRAPH
from logistics.operations.change.day_changes import ChangeKind, Changes, changes_of
from logistics.operations.change.pinning import pins_for
from logistics.operations.day.day_problem import build_day_problem
from logistics.operations.day.outcomes import Outcome, driven_metres, fates
from logistics.operations.day.stored_plans import read_stored_plan
from logistics.operations.view.kinds import Pin
from logistics.planning.planner import solve
from logistics.storage.session import reading
from logistics.storage.tables import BranchRow, DayChangeRow, VehicleRow, now

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from sqlalchemy import Engine
    from sqlmodel import Session

_ABOUT_BRANCHES: Final = frozenset(
    {ChangeKind.CLOSE_BRANCH, ChangeKind.MUST_VISIT, ChangeKind.PIN, ChangeKind.MOVE}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """
    What a day would cost with other decisions.

    Attributes
    ----------
    cost_sek
        Of the plan with them.
    cost_difference_sek
        More than without them; negative when cheaper.
    distance_difference_metres
        Longer than without them.
    delivered_difference, at_hub_difference, left_difference
        Items more than without them.
    """

    cost_sek: float
    cost_difference_sek: float
    distance_difference_metres: int
    delivered_difference: int
    at_hub_difference: int
    left_difference: int


def add_change(
    session: Session,
    day: date,
    kind: ChangeKind,
    subject: str,
    *,
    details: dict[str, Any] | None = None,
    actor: str = "",
) -> DayChangeRow:
    """
    Decide something about a day; the next plan of the day obeys it.

    Parameters
    ----------
    session
        The transaction.
    day
        The service day.
    kind
        What is decided.
    subject
        The branch or vehicle; for an extra vehicle its new identifier.
    details
        ``reason`` of a closure, ``like`` and ``name`` of an extra vehicle.
    actor
        Who decides.

    Returns
    -------
    DayChangeRow
        The decision.

    Raises
    ------
    InputError
        Branch or vehicle do not exist, or a detail is missing.
    """
    row = decided(session, day, kind, subject, details=details, actor=actor)
    session.add(row)
    session.flush()
    return row


def decided(
    session: Session,
    day: date,
    kind: ChangeKind,
    subject: str,
    *,
    details: dict[str, Any] | None = None,
    actor: str = "",
) -> DayChangeRow:
    """
    Write a decision down without storing it.

    Parameters
    ----------
    session
        A session.
    day
        The service day.
    kind
        What is decided.
    subject
        The branch or vehicle.
    details
        As for `add_change`.
    actor
        Who decides.

    Returns
    -------
    DayChangeRow
        The decision.

    Raises
    ------
    InputError
        Branch or vehicle do not exist, or a detail is missing.
    """
    given = dict(details or {})
    problems = list(_faults(session, kind, subject, given))
    if problems:
        raise InputError(problems)
    return DayChangeRow(
        service_date=day, kind=kind.value, subject=subject, details=given, made_by=actor
    )


def pin_stop(
    session: Session,
    day: date,
    branch: str,
    strength: Pin,
    *,
    version: int | None = None,
    actor: str = "",
) -> DayChangeRow:
    """
    Let a stop keep its vehicle, its place in the order, or its time, as it is in a plan.

    Parameters
    ----------
    session
        The transaction.
    day
        The service day.
    branch
        Where the stop is.
    strength
        What it keeps; each strength keeps what the weaker ones keep too.
    version
        The plan that is looked at; when absent the one in force, else the latest draft.
    actor
        Who pins.

    Returns
    -------
    DayChangeRow
        The decision.

    Raises
    ------
    NotFoundError
        The day has no such plan, or no run of it calls there.
    """
    plan = read_stored_plan(session, day, version)
    for run in plan.plan.runs:
        for stop in run.stops:
            if stop.site == branch:
                kept = {"strength": strength.value, "vehicle": run.vehicle, "begin": stop.begin}
                return add_change(session, day, ChangeKind.PIN, branch, details=kept, actor=actor)
    raise NotFoundError(
        f"branch {branch!r}: no run of version {plan.row.version} of {day} calls there"
    )


def undo_change(session: Session, change: int) -> DayChangeRow:
    """
    Take a decision back.

    Parameters
    ----------
    session
        The transaction.
    change
        Number of the decision.

    Returns
    -------
    DayChangeRow
        The decision, taken back.

    Raises
    ------
    ConflictError
        It was taken back before.
    NotFoundError
        There is none of this number.
    """
    row = session.get(DayChangeRow, change, with_for_update=True)
    if row is None:
        raise NotFoundError(f"change {change}: there is none of this number")
    if row.undone_at is not None:
        raise ConflictError(f"change {change}: it was taken back before")
    row.undone_at = now()
    session.flush()
    return row


def preview(
    engine: Engine,
    day: date,
    changes: Changes,
    *,
    seconds: float = 2.0,
    workers: int = 2,
    travel: str = ROAD_GRAPH,
) -> Preview:
    """
    See what other decisions about a day would cost, without keeping anything.

    Both plans are made now and with the same effort, so the difference is that of the decisions.

    Parameters
    ----------
    engine
        The database.
    day
        The service day.
    changes
        All decisions of the day as they would be.
    seconds
        Wall time for each search at most.
    workers
        Processor cores to use.
    travel
        Where travel times come from.

    Returns
    -------
    Preview
        The difference to the decisions that are stored.

    Raises
    ------
    NoPlanError
        What would have to be served cannot be.
    """
    with reading(engine) as session:
        stored = changes_of(session, day)
    sums = []
    for decided in (stored, changes):
        problem = build_day_problem(engine, day, travel=travel, changes=decided)
        plan = solve(problem.problem, seconds=seconds, workers=workers, pins=pins_for(problem))
        ends = dict.fromkeys(Outcome, 0)
        for fate in fates(problem, plan):
            ends[fate.outcome] += fate.shipment.items
        sums.append((plan.cost.total, driven_metres(problem.problem, plan), ends))
    (cost, metres, ends), (new_cost, new_metres, new_ends) = sums
    return Preview(
        cost_sek=new_cost,
        cost_difference_sek=new_cost - cost,
        distance_difference_metres=new_metres - metres,
        delivered_difference=new_ends[Outcome.DELIVERED] - ends[Outcome.DELIVERED],
        at_hub_difference=new_ends[Outcome.AT_HUB] - ends[Outcome.AT_HUB],
        left_difference=new_ends[Outcome.LEFT] - ends[Outcome.LEFT],
    )


def _faults(
    session: Session, kind: ChangeKind, subject: str, details: dict[str, Any]
) -> Iterator[str]:
    if kind in _ABOUT_BRANCHES and session.get(BranchRow, subject) is None:
        yield f"{kind}: branch {subject!r} does not exist"
    if kind is ChangeKind.VEHICLE_OUT and session.get(VehicleRow, subject) is None:
        yield f"{kind}: vehicle {subject!r} does not exist"
    if kind is ChangeKind.EXTRA_VEHICLE:
        if session.get(VehicleRow, subject) is not None:
            yield f"{kind}: vehicle {subject!r} is in the fleet already; choose another name"
        if session.get(VehicleRow, str(details.get("like", ""))) is None:
            yield f"{kind}: like is {details.get('like')!r}, expected a vehicle of the fleet"
    if kind is ChangeKind.PIN and details.get("strength") not in set(Pin):
        strengths = ", ".join(Pin)
        yield f"{kind}: strength is {details.get('strength')!r}, expected one of {strengths}"

"""What plans of past days say of each weekday: what rides direct, and what a call more adds."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from logistics.demand.matching.planned_calls import PlannedCalls, TypicalCalls
from logistics.dispatch.assemble import planning_vehicle
from logistics.dispatch.detours import calls_on
from logistics.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from logistics.network.branches import Branch
    from logistics.network.travel import TravelTimes
    from logistics.network.vehicles import VehicleRecord
    from logistics.planning.plan import Plan

_WEEK = range(1, 8)


def calls_of_plans(
    plans: Iterable[Plan],
    *,
    hub: str,
    branches: Sequence[Branch],
    vehicles: Iterable[VehicleRecord],
    travel: TravelTimes,
    stop_seconds: int,
) -> list[PlannedCalls]:
    """
    Read the calls of plans that were made for one network.

    Parameters
    ----------
    plans
        The plans.
    hub
        Where runs start and end.
    branches
        All places, the hub among them.
    vehicles
        The fleet.
    travel
        Travel times between all places.
    stop_seconds
        How long a stop takes where the branch says nothing else.

    Returns
    -------
    list of PlannedCalls
        One for each plan.

    Raises
    ------
    InputError
        A plan calls at a place or drives a vehicle that is not in the network; all faults at once.
    """
    plans = list(plans)
    fleet = [planning_vehicle(vehicle) for vehicle in vehicles]
    _refuse_unknown(plans, {one.id for one in branches}, {one.id for one in fleet})
    stops = {
        one.id: stop_seconds if one.stop_seconds is None else one.stop_seconds for one in branches
    }
    return [calls_on(hub, fleet, plan, travel, stops) for plan in plans]


def typical_week(
    calls: Iterable[tuple[date | None, PlannedCalls]],
) -> Mapping[int, TypicalCalls]:
    """
    Put the calls of plans together by weekday.

    Parameters
    ----------
    calls
        The day of each plan, None for one that stands for any day, and its calls.

    Returns
    -------
    Mapping[int, TypicalCalls]
        By ISO weekday; weekdays without a plan are absent.
    """
    by_weekday: defaultdict[int, list[PlannedCalls]] = defaultdict(list)
    for day, one in calls:
        for weekday in _WEEK if day is None else (day.isoweekday(),):
            by_weekday[weekday].append(one)
    return {weekday: TypicalCalls(plans=tuple(one)) for weekday, one in sorted(by_weekday.items())}


def _refuse_unknown(plans: Sequence[Plan], places: set[str], vans: set[str]) -> None:
    problems = []
    for plan in plans:
        sites = {stop.site for run in plan.runs for stop in run.stops}
        used = (("branch", sites - places, places), ("vehicle", _vans(plan) - vans, vans))
        problems += [
            f"plan {plan.problem!r}: {what} {name!r} is not in the network, expected one of "
            f"{', '.join(sorted(known))}"
            for what, unknown, known in used
            for name in sorted(unknown)
        ]
    if problems:
        raise InputError(problems)


def _vans(plan: Plan) -> set[str]:
    return {run.vehicle for run in plan.runs}

"""What a plan means for each transfer: its rides, how it ends the day, when it arrives, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from logistics.demand.shipments import DayShipment
from logistics.operations.day.local_time import moment
from logistics.operations.day.parted import is_rest
from logistics.units import SECONDS_PER_HOUR

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from logistics.operations.day.day_problem import DayProblem
    from logistics.planning.plan import Plan, Run
    from logistics.planning.problem import Problem

#: An item that comes another day is promised for the end of the branch's hours, or this hour.
LATEST_PROMISE_SECONDS: Final = 17 * SECONDS_PER_HOUR


class Outcome(StrEnum):
    """
    How a transfer ends the day.

    Attributes
    ----------
    DELIVERED
        At its destination.
    AT_HUB
        At the hub, where it was brought today.
    LEFT
        Where it was.
    """

    DELIVERED = "delivered"
    AT_HUB = "at_hub"
    LEFT = "left"


class Reason(StrEnum):
    """
    Why a transfer does not arrive today.

    Attributes
    ----------
    VAN_HAD_PASSED
        The run that took it had called at its destination before.
    OTHER_RUN
        Another run calls at its destination.
    ORIGIN_NOT_SERVED
        Nobody calls where it waits.
    DESTINATION_NOT_SERVED
        Nobody calls where it goes.
    NO_ROOM
        The van that could take it is full.
    LEFT_BEHIND
        It is cheaper to leave it for another day.
    VAN_STOPPED
        It waits in a van that goes no further, and no other van fetches it.
    NOT_TAKEN
        A van that goes no further had called where it waits, and had not taken it.
    """

    VAN_HAD_PASSED = "van-had-passed"
    OTHER_RUN = "other-run"
    ORIGIN_NOT_SERVED = "origin-not-served"
    DESTINATION_NOT_SERVED = "destination-not-served"
    NO_ROOM = "no-room"
    LEFT_BEHIND = "left-behind"
    VAN_STOPPED = "van-stopped"
    NOT_TAKEN = "not-taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ride:
    """
    A shipment on one run.

    Attributes
    ----------
    run
        Index of the run in the plan.
    board, leave
        Numbers of the stops; 0 and one more than the stops are the hub.
    origin, destination
        The places of those stops.
    """

    run: int
    board: int
    leave: int
    origin: str
    destination: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """
    What becomes of the transfers of one shipment.

    Attributes
    ----------
    shipment
        The shipment.
    rides
        Its rides, in order.
    outcome
        How it ends the day.
    reason
        Why it does not arrive today; None where it does.
    expected_at
        When it arrives, UTC; None when no service day is in sight.
    """

    shipment: DayShipment
    rides: tuple[Ride, ...]
    outcome: Outcome
    reason: Reason | None
    expected_at: datetime | None


def rides_of(plan: Plan, hub: str) -> dict[str, list[Ride]]:
    """
    Find which shipment rides which run from where to where.

    Parameters
    ----------
    plan
        The plan.
    hub
        Where runs start and end.

    Returns
    -------
    dict[str, list[Ride]]
        Rides by shipment, in the order of the runs.
    """
    found: dict[str, list[Ride]] = {}
    for number, run in enumerate(plan.runs):
        for name, ride in _rides_on(number, run, hub):
            found.setdefault(name, []).append(ride)
    return found


def fates(day: DayProblem, plan: Plan) -> list[Fate]:
    """
    Tell what becomes of everything that waits on a day.

    Parameters
    ----------
    day
        The day.
    plan
        Its plan.

    Returns
    -------
    list[Fate]
        One a shipment: those of the problem first, then those no plan can move.
    """
    rides = rides_of(plan, day.network.hub)
    planned = [
        _fate(day, plan, shipment, rides.get(name, [])) for name, shipment in day.shipments.items()
    ]
    return planned + [_stranded(day, shipment) for shipment in day.stranded]


def _rides_on(number: int, run: Run, hub: str) -> Iterator[tuple[str, Ride]]:
    boarded: dict[str, int] = {}
    places = [hub, *(stop.site for stop in run.stops), hub]
    for index, stop in enumerate(run.stops, start=1):
        for name in stop.unload:
            board = boarded.pop(name, 0)
            yield name, _ride(number, board, index, places)
        boarded |= dict.fromkeys(stop.load, index)
    for name, board in boarded.items():
        yield name, _ride(number, board, len(run.stops) + 1, places)


def _ride(number: int, board: int, leave: int, places: list[str]) -> Ride:
    return Ride(
        run=number, board=board, leave=leave, origin=places[board], destination=places[leave]
    )


def _fate(day: DayProblem, plan: Plan, shipment: DayShipment, rides: list[Ride]) -> Fate:
    goal = _goal(day, shipment)
    ends_at = rides[-1].destination if rides else shipment.origin
    if ends_at == goal:
        ride = rides[-1]
        run = plan.runs[ride.run]
        at = run.stops[ride.leave - 1].begin if ride.leave <= len(run.stops) else run.end
        return Fate(
            shipment=shipment,
            rides=tuple(rides),
            outcome=Outcome.DELIVERED,
            reason=None,
            expected_at=moment(day.date, at),
        )
    return Fate(
        shipment=shipment,
        rides=tuple(rides),
        outcome=Outcome.AT_HUB if rides else Outcome.LEFT,
        reason=_reason(day, plan, shipment, rides, goal),
        expected_at=_next_arrival(day, ends_at, goal),
    )


def _stranded(day: DayProblem, shipment: DayShipment) -> Fate:
    goal = _goal(day, shipment)
    if is_rest(shipment.id):
        return Fate(
            shipment=shipment,
            rides=(),
            outcome=Outcome.LEFT,
            reason=Reason.NOT_TAKEN,
            expected_at=_next_arrival(day, shipment.origin, goal),
        )
    unserved = shipment.origin != day.network.hub and not day.network.calendar.is_served(
        shipment.origin, day.date
    )
    return Fate(
        shipment=shipment,
        rides=(),
        outcome=Outcome.LEFT,
        reason=Reason.ORIGIN_NOT_SERVED if unserved else Reason.DESTINATION_NOT_SERVED,
        expected_at=_next_arrival(day, shipment.origin, goal),
    )


def _goal(day: DayProblem, shipment: DayShipment) -> str:
    # A shipment may be bound for the hub only because nobody calls at its destination today.
    return day.transfers[shipment.transfers[0]].destination


def _reason(
    day: DayProblem, plan: Plan, shipment: DayShipment, rides: list[Ride], goal: str
) -> Reason:
    calls = {stop.site: number for number, run in enumerate(plan.runs) for stop in run.stops}
    hub = day.network.hub
    if not rides and shipment.id in day.in_stopped_van:
        return Reason.VAN_STOPPED
    if not rides and shipment.origin != hub and shipment.origin not in calls:
        return Reason.ORIGIN_NOT_SERVED
    if goal != hub and goal not in calls:
        return Reason.DESTINATION_NOT_SERVED
    if rides:
        same = calls.get(goal) == rides[-1].run
        return Reason.VAN_HAD_PASSED if same else Reason.OTHER_RUN
    place = goal if shipment.origin == hub else shipment.origin
    room = _least_room(day, plan, calls[place], shipment.origin)
    return Reason.NO_ROOM if room < shipment.items else Reason.LEFT_BEHIND


def _least_room(day: DayProblem, plan: Plan, number: int, origin: str) -> int:
    run = plan.runs[number]
    capacity = {vehicle.id: vehicle.capacity for vehicle in day.problem.vehicles}[run.vehicle]
    items = {name: shipment.items for name, shipment in day.shipments.items()}
    aboard = loads(plan, day.network.hub, items)[number]
    first = next((n for n, stop in enumerate(run.stops, 1) if stop.site == origin), 0)
    return capacity - max(aboard[first:])


def loads(plan: Plan, hub: str, items: Mapping[str, int]) -> list[list[int]]:
    """
    Count what is aboard along each run.

    Parameters
    ----------
    plan
        The plan.
    hub
        Where runs start and end.
    items
        Items by shipment.

    Returns
    -------
    list[list[int]]
        For each run the items aboard when it leaves the hub and after each stop.
    """
    along = [[0] * (len(run.stops) + 1) for run in plan.runs]
    for name, rides in rides_of(plan, hub).items():
        for ride in rides:
            for number in range(ride.board, min(ride.leave, len(along[ride.run]))):
                along[ride.run][number] += items[name]
    return along


def driven_metres(problem: Problem, plan: Plan) -> int:
    """
    Measure the runs of a plan.

    Parameters
    ----------
    problem
        The day.
    plan
        Its plan.

    Returns
    -------
    int
        Metres of all runs.
    """
    index, hub = problem.site_index, problem.hub
    paths = [[hub, *(stop.site for stop in run.stops), hub] for run in plan.runs]
    return sum(
        problem.travel_metres[index[start]][index[end]]
        for path in paths
        for start, end in pairwise(path)
    )


def _next_arrival(day: DayProblem, place: str, goal: str) -> datetime | None:
    calendar, hub = day.network.calendar, day.network.hub
    leaves: date | None = day.date
    if place != hub:
        leaves = calendar.next_service(place, day.date)
    if leaves is None:
        return None
    if place != hub and (goal == hub or calendar.is_served(goal, leaves)):
        arrives: date | None = leaves
    else:
        arrives = calendar.next_service(goal, leaves)
    if arrives is None:
        return None
    window = calendar.receiving_window(goal, arrives)
    return moment(arrives, LATEST_PROMISE_SECONDS if window is None else window[1])

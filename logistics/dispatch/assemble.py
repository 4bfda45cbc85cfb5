"""Turn what waits on a date, who is served and what driving takes into the day problem."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Protocol

from logistics.costing.rates import Rates
from logistics.demand.shipments import DayShipment, day_shipments
from logistics.demand.transfers import Transfer
from logistics.errors import InputError
from logistics.network.branches import Branch, BranchKind
from logistics.network.travel import TravelTimes
from logistics.network.vehicles import VehicleRecord
from logistics.planning.problem import Problem
from logistics.planning.records import Break, Shipment, Site, Vehicle
from logistics.units import SECONDS_PER_HOUR

if TYPE_CHECKING:
    from collections.abc import Iterator


class Calendar(Protocol):
    """What assembling a day asks of the service calendar."""

    def is_served(self, branch_id: str, day: date, /) -> bool:
        """
        Tell whether a van may call at a branch on a day.

        Parameters
        ----------
        branch_id
            Branch.
        day
            The day.

        Returns
        -------
        bool
            True when it is served.
        """
        ...

    def next_service(self, branch_id: str, after: date, /) -> date | None:
        """
        Find the first service day after a day.

        Parameters
        ----------
        branch_id
            Branch or hub.
        after
            The day before the first candidate.

        Returns
        -------
        date or None
            The service day, None when there is none in sight.
        """
        ...

    def receiving_window(self, branch_id: str, day: date, /) -> tuple[int, int] | None:
        """
        Say when a branch receives on a day.

        Parameters
        ----------
        branch_id
            Branch.
        day
            The day.

        Returns
        -------
        tuple of int or None
            First and last second since midnight, None for any time.
        """
        ...

    def why_not(self, branch_id: str, day: date, /) -> str | None:
        """
        Say why a branch is not served on a day.

        Parameters
        ----------
        branch_id
            Branch.
        day
            The day.

        Returns
        -------
        str or None
            A code of the reason, None when it is served.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DayInputs:
    """
    Everything a day problem is made of.

    Attributes
    ----------
    date
        The service day.
    hub
        Where runs start and end.
    branches
        All branches by identifier, the hub among them.
    vehicles
        Vehicles that may run this day.
    calendar
        Service calendar, closures of the day included.
    rates
        Rates that hold on the day.
    travel
        Travel between all branches and the hub.
    transfers
        Transfers in any state; those that wait are planned.
    must_visit
        Branches that a run has to call at even with nothing to do.
    """

    date: date
    hub: str
    branches: Mapping[str, Branch]
    vehicles: Sequence[VehicleRecord]
    calendar: Calendar
    rates: Rates
    travel: TravelTimes
    transfers: Iterable[Transfer]
    must_visit: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class DayProblem:
    """
    A day problem, and what stands behind its names.

    Attributes
    ----------
    problem
        The day problem itself.
    shipments
        Shipments of the problem by identifier, as demand knows them.
    stranded
        Shipments that no plan of this day can move, because their place is not served.
    unserved
        Reason for each branch that is not served this day and has goods waiting or coming.
    caveats
        What is uncertain about the data the problem was made from.
    """

    problem: Problem
    shipments: Mapping[str, DayShipment]
    stranded: tuple[DayShipment, ...]
    unserved: Mapping[str, str]
    caveats: tuple[str, ...] = field(default=())


def assemble(day: DayInputs) -> DayProblem:
    """
    Write the day problem of a date.

    A branch becomes a site when it is served and has something to take or to get. What waits at
    a served branch for one that is not served today may still ride to the hub, so that it leaves
    from there on the next occasion. What waits at a branch that is not served, or at the hub for
    one, is stranded: no plan of the day changes what it costs.

    Parameters
    ----------
    day
        Everything the problem is made of.

    Returns
    -------
    DayProblem
        The problem and what its names mean.

    Raises
    ------
    InputError
        A transfer names an unknown branch, or a branch that must be visited is not served.
    """
    waiting = [transfer for transfer in day.transfers if transfer.waiting]
    problems = [*_unknown_places(day, waiting), *_closed_but_compulsory(day)]
    if problems:
        raise InputError(problems)
    movable, stranded = _split(day, waiting)
    sites = _sites(day, movable)
    travel = day.travel.among([site.id for site in sites])
    problem = Problem(
        name=day.date.isoformat(),
        hub=day.hub,
        sites=sites,
        travel_metres=travel.metres,
        travel_seconds=travel.seconds,
        vehicles=tuple(planning_vehicle(vehicle) for vehicle in day.vehicles),
        shipments=tuple(
            Shipment(
                id=shipment.id,
                origin=shipment.origin,
                destination=shipment.destination,
                items=len(shipment.transfers),
                cost_if_at_hub=shipment.cost_if_at_hub,
                cost_if_left=shipment.cost_if_left,
            )
            for shipment in movable
        ),
        handling_seconds_per_item=day.rates.handling_seconds_per_item,
        break_=_break_rule(day.rates),
    )
    return DayProblem(
        problem=problem,
        shipments={shipment.id: shipment for shipment in movable},
        stranded=tuple(stranded),
        unserved=_unserved(day, waiting),
        caveats=tuple(day.travel.caveats),
    )


def promised(
    branches: Iterable[Branch],
    calendar: Calendar,
    day: date,
    hub: str,
    transfers: Iterable[Transfer],
) -> frozenset[str]:
    """
    Name the branches that a van has to call at because the timetable promises it.

    The timetable is a promise to the main libraries: on their days a van comes for whatever waits
    there or for them. A small branch is called at where that is worth the way.

    Parameters
    ----------
    branches
        All branches.
    calendar
        Service calendar.
    day
        The service day.
    hub
        Where runs start and end.
    transfers
        Transfers that wait.

    Returns
    -------
    frozenset of str
        Main libraries that are served on the day and have goods waiting or coming.
    """
    goods = {end for transfer in transfers for end in (transfer.at, transfer.destination)}
    return frozenset(
        branch.id
        for branch in branches
        if branch.kind is BranchKind.MAIN
        and branch.id != hub
        and branch.id in goods
        and calendar.is_served(branch.id, day)
    )


def planning_vehicle(vehicle: VehicleRecord) -> Vehicle:
    """
    Write a vehicle of the fleet as the planner knows it.

    Parameters
    ----------
    vehicle
        The vehicle.

    Returns
    -------
    Vehicle
        The same vehicle; capacity in items, longest run in seconds.
    """
    return Vehicle(
        id=vehicle.id,
        capacity=vehicle.capacity_items,
        shift=(vehicle.shift_start, vehicle.shift_end),
        max_seconds=round(vehicle.max_hours * SECONDS_PER_HOUR),
        fixed_cost=vehicle.fixed_cost_sek,
        cost_per_stop=vehicle.cost_per_stop_sek,
        cost_per_km=vehicle.cost_per_km_sek,
        cost_per_hour=vehicle.cost_per_hour_sek,
        max_runs=vehicle.max_runs,
        turnaround_seconds=vehicle.turnaround_seconds,
    )


def _served(day: DayInputs, place: str) -> bool:
    return place == day.hub or day.calendar.is_served(place, day.date)


def _split(day: DayInputs, waiting: list[Transfer]) -> tuple[list[DayShipment], list[DayShipment]]:
    movable: list[DayShipment] = []
    stranded: list[DayShipment] = []
    for shipment in day_shipments(
        waiting, day.date, hub=day.hub, calendar=day.calendar, rates=day.rates
    ):
        if not _served(day, shipment.origin):
            stranded.append(shipment)
        elif _served(day, shipment.destination):
            movable.append(shipment)
        elif shipment.origin == day.hub:
            stranded.append(shipment)
        else:
            movable.append(shipment.only_to_hub(day.hub))
    return movable, stranded


def _sites(day: DayInputs, movable: list[DayShipment]) -> tuple[Site, ...]:
    places = {end for shipment in movable for end in (shipment.origin, shipment.destination)}
    called_at = sorted((places | day.must_visit) - {day.hub})
    return (
        Site(id=day.hub, stop_seconds=0),
        *(
            Site(
                id=place,
                stop_seconds=_stop_seconds(day, place),
                window=day.calendar.receiving_window(place, day.date),
                must_visit=place in day.must_visit,
            )
            for place in called_at
        ),
    )


def _stop_seconds(day: DayInputs, place: str) -> int:
    own = day.branches[place].stop_seconds
    return day.rates.stop_seconds if own is None else own


def _break_rule(rates: Rates) -> Break | None:
    if not rates.break_after_seconds:
        return None
    return Break(after_seconds=rates.break_after_seconds, seconds=rates.break_seconds)


def _unserved(day: DayInputs, waiting: list[Transfer]) -> dict[str, str]:
    places = {end for transfer in waiting for end in (transfer.at, transfer.destination)}
    reasons = {place: day.calendar.why_not(place, day.date) for place in sorted(places - {day.hub})}
    return {place: reason for place, reason in reasons.items() if reason is not None}


def _unknown_places(day: DayInputs, waiting: list[Transfer]) -> Iterator[str]:
    known = set(day.travel.ids) & {*day.branches, day.hub}
    for transfer in waiting:
        for role, place in (("place", transfer.at), ("destination", transfer.destination)):
            if place not in known:
                yield (
                    f"transfer {transfer.id!r}: {role} {place!r} is not a branch; "
                    "import the branch or cancel the transfer"
                )


def _closed_but_compulsory(day: DayInputs) -> Iterator[str]:
    for place in sorted(day.must_visit):
        if place not in day.branches:
            yield f"branch {place!r}: must be visited, but is not a branch of the network"
        elif not _served(day, place):
            yield (
                f"branch {place!r}: must be visited on {day.date}, but is not served that day "
                f"({day.calendar.why_not(place, day.date)}); open it or drop the demand"
            )

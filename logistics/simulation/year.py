"""Day after day: what arrives, the day's plan as in production, what is delivered, what is left."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from logistics.costing.emissions import emission
from logistics.demand.transfers import Transfer, TransferState
from logistics.dispatch.assemble import DayInputs, DayProblem, assemble, promised
from logistics.planning.improve import improve
from logistics.planning.timing import build_plan
from logistics.simulation.outcome import (
    DayOutcome,
    Delivery,
    drop_torn_line,
    outcome_line,
    put_line,
    read_lines,
)
from logistics.units import METRES_PER_KILOMETRE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from logistics.network.vehicles import VehicleRecord
    from logistics.planning.plan import Plan, Run
    from logistics.planning.problem import Problem
    from logistics.simulation.setting import Setting


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """
    What a plan did to the items.

    Attributes
    ----------
    delivered
        Transfers that reached their destination.
    waiting
        Transfers that wait at the end of the day, where they now are.
    to_hub
        How many of them came to the hub this day.
    """

    delivered: list[Transfer]
    waiting: list[Transfer]
    to_hub: int


def simulate(
    setting: Setting,
    checkpoint: Path | None = None,
    on_day: Callable[[date], None] | None = None,
) -> list[DayOutcome]:
    """
    Simulate a period.

    Parameters
    ----------
    setting
        The network, the demand and the fleet of a scenario.
    checkpoint
        File that each finished day is appended to; days it already holds are not simulated again.
    on_day
        Called with each day when it is finished.

    Returns
    -------
    list of DayOutcome
        One for each calendar day of the period; the same for the same setting, whether or not
        the run was interrupted.
    """
    outcomes: list[DayOutcome] = []
    waiting: list[Transfer] = []
    end = 0
    if checkpoint is not None:
        end = drop_torn_line(checkpoint)
        for outcome, left in read_lines(checkpoint):
            outcomes.append(outcome)
            waiting = left
    period = setting.last - setting.first
    for number in range(len(outcomes), period.days + 1):
        day = setting.first + timedelta(days=number)
        outcome, waiting = simulate_day(setting, day, waiting)
        outcomes.append(outcome)
        if checkpoint is not None:
            end = put_line(checkpoint, outcome_line(outcome, waiting), end)
        if on_day is not None:
            on_day(day)
    return outcomes


def simulate_day(
    setting: Setting,
    day: date,
    waiting: list[Transfer],
    on_plan: Callable[[Plan], None] | None = None,
) -> tuple[DayOutcome, list[Transfer]]:
    """
    Simulate one day: plan what waits in the morning, then take in what arrives.

    Parameters
    ----------
    setting
        The network, the demand and the fleet of a scenario.
    day
        The day.
    waiting
        Transfers that waited at the end of the day before.
    on_plan
        Told of the day's plan, if there is one.

    Returns
    -------
    tuple
        The outcome, and the transfers that wait at the end of the day.
    """
    arrivals = setting.arrivals.on(day)
    assembled = day_problem(setting, day, waiting)
    if assembled is None:
        left = waiting + arrivals
        return DayOutcome(day=day, arrived=len(arrivals), consumption={}, backlog=len(left)), left
    problem = assembled.problem
    routes = improve(problem, iterations=setting.iterations, seed=day.toordinal())
    plan = build_plan(problem, routes)
    if on_plan is not None:
        on_plan(plan)
    moved = _move(assembled, plan, waiting, setting.hub)
    left = moved.waiting + arrivals
    outcome = DayOutcome(
        day=day,
        arrived=len(arrivals),
        runs=len(plan.runs),
        stops=sum(len(run.stops) for run in plan.runs),
        empty_stops=sum(not (s.load or s.unload) for run in plan.runs for s in run.stops),
        metres=sum(_metres(problem, plan).values()),
        paid_seconds=sum(run.paid_seconds(problem) for run in plan.runs),
        driving_sek=round(plan.cost.total - plan.cost.delay, 2),
        waiting_sek=round(plan.cost.delay, 2),
        consumption=_consumption(problem, plan, setting.vehicles),
        co2e_grams=_co2e_grams(setting, problem, plan, day),
        highest_load=round(_highest_load(problem, plan), 4),
        item_metres=_item_metres(problem, plan),
        capacity_metres=_capacity_metres(problem, plan),
        to_hub=moved.to_hub,
        backlog=len(left),
        deliveries=_deliveries(moved.delivered, day),
    )
    return outcome, left


def day_problem(setting: Setting, day: date, waiting: list[Transfer]) -> DayProblem | None:
    """
    Write the problem that a simulated day's planning solves.

    Parameters
    ----------
    setting
        The network, the demand and the fleet of a scenario.
    day
        The day.
    waiting
        Transfers that waited at the end of the day before.

    Returns
    -------
    DayProblem or None
        None on a day without service or without anything to move.
    """
    if not setting.calendar.is_service_day(day) or not waiting:
        return None
    assembled = assemble(
        DayInputs(
            date=day,
            hub=setting.hub,
            branches=setting.branches,
            vehicles=list(setting.vehicles.values()),
            calendar=setting.calendar,
            rates=setting.rates,
            travel=setting.travel_on(day),
            transfers=waiting,
            must_visit=promised(
                setting.branches.values(), setting.calendar, day, setting.hub, waiting
            ),
        )
    )
    return assembled if assembled.shipments else None


def _move(assembled: DayProblem, plan: Plan, waiting: list[Transfer], hub: str) -> Moved:
    by_id = {transfer.id: transfer for transfer in waiting}
    taken = {name for run in plan.runs for stop in run.stops for name in stop.load}
    put_off = {name for run in plan.runs for stop in run.stops for name in stop.unload}
    delivered: list[Transfer] = []
    to_hub: set[str] = set()
    for name, shipment in assembled.shipments.items():
        members = [by_id[transfer] for transfer in shipment.transfers]
        for transfer in members:
            if name in put_off or (name in taken and transfer.destination == hub):
                delivered.append(transfer)
            elif name in taken:
                to_hub.add(transfer.id)
    gone = {transfer.id for transfer in delivered}
    left = [
        replace(transfer, state=TransferState.AT_HUB, at=hub) if transfer.id in to_hub else transfer
        for transfer in waiting
        if transfer.id not in gone
    ]
    return Moved(delivered=delivered, waiting=left, to_hub=len(to_hub))


def _deliveries(delivered: list[Transfer], day: date) -> tuple[Delivery, ...]:
    counts = Counter(
        (one.kind.value, one.origin, one.destination, (day - one.requested_at.date()).days)
        for one in delivered
    )
    return tuple(
        Delivery(kind=kind, origin=origin, destination=destination, days=days, items=items)
        for (kind, origin, destination, days), items in sorted(counts.items())
    )


def _metres(problem: Problem, plan: Plan) -> dict[str, int]:
    """Give the metres driven by each vehicle."""
    driven: Counter[str] = Counter()
    for run in plan.runs:
        driven[run.vehicle] += sum(_legs(problem, run))
    return dict(driven)


def _consumption(
    problem: Problem, plan: Plan, vehicles: Mapping[str, VehicleRecord]
) -> dict[str, float]:
    used: dict[str, float] = {}
    for name, metres in _metres(problem, plan).items():
        vehicle = vehicles[name]
        amount = metres / METRES_PER_KILOMETRE * vehicle.consumption_per_km
        used[vehicle.energy.value] = round(used.get(vehicle.energy.value, 0.0) + amount, 6)
    return dict(sorted(used.items()))


def _co2e_grams(setting: Setting, problem: Problem, plan: Plan, day: date) -> float:
    grams = 0.0
    for name, metres in _metres(problem, plan).items():
        van = setting.vehicles[name]
        found = emission(metres, van.energy.value, van.consumption_per_km, day, setting.factors)
        grams += found.co2e_grams or 0.0
    return round(grams, 1)


def _highest_load(problem: Problem, plan: Plan) -> float:
    room = {vehicle.id: vehicle.capacity for vehicle in problem.vehicles}
    return max(
        (
            max(_aboard(problem, run), default=0) / room[run.vehicle]
            for run in plan.runs
            if room[run.vehicle]
        ),
        default=0.0,
    )


def _item_metres(problem: Problem, plan: Plan) -> int:
    return sum(
        items * metres
        for run in plan.runs
        for items, metres in zip(_aboard(problem, run), _legs(problem, run), strict=True)
    )


def _capacity_metres(problem: Problem, plan: Plan) -> int:
    room = {vehicle.id: vehicle.capacity for vehicle in problem.vehicles}
    return sum(room[name] * metres for name, metres in _metres(problem, plan).items())


def _aboard(problem: Problem, run: Run) -> list[int]:
    """Count the items aboard on each leg, from the hub to the hub."""
    items = {shipment.id: shipment.items for shipment in problem.shipments}
    loaded = {name for stop in run.stops for name in stop.load}
    off = {name for stop in run.stops for name in stop.unload}
    aboard = [sum(items[name] for name in off - loaded)]
    for stop in run.stops:
        change = sum(items[name] for name in stop.load) - sum(items[name] for name in stop.unload)
        aboard.append(aboard[-1] + change)
    return aboard


def _legs(problem: Problem, run: Run) -> list[int]:
    index, metres = problem.site_index, problem.travel_metres
    path = [problem.hub_index, *(index[s.site] for s in run.stops), problem.hub_index]
    return [metres[a][b] for a, b in itertools.pairwise(path)]

"""Turn a day problem into the tables of the proof."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from logistics.planning.exact.day import EVER, NEVER, Day, Floats, Integers, Kind
from logistics.units import METRES_PER_KILOMETRE, SECONDS_PER_HOUR

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logistics.planning.problem import Problem, Shipment, Vehicle

_WORTH_THE_TIME = 3.0
"""Shipments worth less than so many times the driver's pay for handling them may ride for free."""
_LONGEST_LATE = 20_000


@dataclass(slots=True)
class _Tables:
    visit: Floats
    service: Integers
    saved: Floats
    handled: Integers
    outbound: Integers
    inbound: Integers


def read_day(problem: Problem) -> Day:
    """
    Turn a day problem into tables.

    Parameters
    ----------
    problem
        The day.

    Returns
    -------
    Day
        A relaxation: no plan of the problem costs more here than there.
    """
    hub = problem.hub_index
    sites = (hub, *(site for site in range(len(problem.sites)) if site != hub))
    records = [problem.sites[site] for site in sites]
    driving = [van for van in problem.vehicles if van.max_runs > 0]
    several = any(van.max_runs > 1 for van in driving)
    pay = max((van.cost_per_hour for van in driving), default=0.0) / SECONDS_PER_HOUR
    waived, late, item_price = _waived(problem, pay, several=several)
    windowed = any(site.window is not None for site in records[1:])
    tables = _tables(problem, sites, waived, several=several, windowed=windowed)
    tables.service += np.array([0, *(site.stop_seconds for site in records[1:])])
    windows = [(0, EVER) if site.window is None else site.window for site in records]
    windows[0] = (0, EVER)
    pause = problem.break_
    return Day(
        sites=sites,
        must=np.array([False, *(site.must_visit for site in records[1:])]),
        travel=np.array(problem.travel_seconds, dtype=np.int64)[np.ix_(sites, sites)],
        service=tables.service,
        windows=np.array(windows, dtype=np.int64),
        saved=tables.saved,
        handled=tables.handled,
        outbound=tables.outbound,
        inbound=tables.inbound,
        constant=sum(one.cost_if_left for one in problem.shipments),
        late=late,
        item_price=item_price,
        pause=None if pause is None else (pause.after_seconds, pause.seconds),
        windowed=windowed,
        several_runs=several,
        kinds=tuple(_kinds(problem, sites, tables.visit)),
    )


def gross(problem: Problem, shipment: Shipment) -> tuple[float, float]:
    """
    Tell what taking a shipment saves, its handling apart.

    Parameters
    ----------
    problem
        The day.
    shipment
        One of its shipments.

    Returns
    -------
    tuple[float, float]
        SEK where it ends at the hub (never negative: it may be left), and where it is delivered.
    """
    if problem.hub in {shipment.origin, shipment.destination}:
        return shipment.cost_if_left, shipment.cost_if_left
    if shipment.direct_only:
        return 0.0, shipment.cost_if_left
    return max(0.0, shipment.cost_if_left - shipment.cost_if_at_hub), shipment.cost_if_left


def _handling(problem: Problem, shipment: Shipment) -> int:
    return problem.handling_seconds_per_item * shipment.items


def _rate(problem: Problem, one: Shipment) -> float:
    """SEK at least that leaving the shipment loses for each second of handling it saves."""
    seconds = _handling(problem, one)
    if seconds == 0:
        return float("inf")
    kept, brought = gross(problem, one)
    if problem.hub in {one.origin, one.destination}:
        return kept / seconds
    if one.direct_only:
        return brought / (2 * seconds)
    return min(kept / seconds, brought / (2 * seconds))


def _waived(problem: Problem, pay: float, *, several: bool) -> tuple[set[int], Floats, float]:
    """Choose the shipments whose handling is waived; price time and room by the others."""
    waived: set[int] = set()
    steps: list[tuple[float, int]] = []
    item_price = NEVER
    for number, one in enumerate(problem.shipments):
        seconds, rate = _handling(problem, one), _rate(problem, one)
        between = problem.hub not in {one.origin, one.destination}
        if rate <= _WORTH_THE_TIME * pay or (several and between):
            waived.add(number)
            continue
        if seconds:
            steps.append((rate - 2 * pay, 2 * seconds if between else seconds))
        if one.items and not between:
            loss = gross(problem, one)[0] - 2 * pay * seconds
            item_price = min(item_price, max(0.0, loss) / one.items)
    steps.sort()
    prices = [np.full(min(seconds, _LONGEST_LATE), rate) for rate, seconds in steps]
    late = np.concatenate([[0.0], *prices])[: _LONGEST_LATE + 1].cumsum()
    return waived, np.append(late, NEVER), item_price


def _tables(
    problem: Problem, sites: tuple[int, ...], waived: set[int], *, several: bool, windowed: bool
) -> _Tables:
    size = len(sites)
    row = {problem.sites[site].id: number for number, site in enumerate(sites)}
    made = _Tables(
        visit=np.zeros(size),
        service=np.zeros(size, dtype=np.int64),
        saved=np.zeros((size, size)),
        handled=np.zeros((size, size), dtype=np.int64),
        outbound=np.zeros(size, dtype=np.int64),
        inbound=np.zeros(size, dtype=np.int64),
    )
    for number, one in enumerate(problem.shipments):
        kept, brought = gross(problem, one)
        seconds = 0 if number in waived else _handling(problem, one)
        items = 0 if number in waived else one.items
        origin, destination = row[one.origin], row[one.destination]
        if origin == 0 or destination == 0:
            stop = origin + destination
            made.visit[stop] += kept
            made.service[stop] += seconds
            (made.outbound if origin == 0 else made.inbound)[stop] += items
        elif several:
            made.visit[origin] += kept
            made.visit[destination] += brought - kept
        else:
            made.visit[origin] += kept
            made.saved[origin, destination] += brought - kept
            made.service[origin] += 0 if one.direct_only else seconds
            # waiting at the destination may make up for the handling at the origin
            both = one.direct_only and not windowed
            made.handled[origin, destination] += 2 * seconds if both else seconds
    return made


def _kinds(problem: Problem, sites: tuple[int, ...], visit: Floats) -> Iterable[Kind]:
    alike: dict[tuple[object, ...], list[int]] = {}
    for number, van in enumerate(problem.vehicles):
        if van.max_runs:
            alike.setdefault(_traits(van), []).append(number)
    metres = np.array(problem.travel_metres, dtype=np.float64)[np.ix_(sites, sites)]
    for numbers in alike.values():
        van = problem.vehicles[numbers[0]]
        arcs = metres * (van.cost_per_km / METRES_PER_KILOMETRE)
        arcs[:, 1:] += van.cost_per_stop - visit[1:]
        arcs[0, 1:] += van.fixed_cost / van.max_runs
        yield Kind(
            vehicles=tuple(numbers),
            runs=min(len(numbers) * van.max_runs, max(1, len(sites) - 1)),
            capacity=van.capacity,
            shift=van.shift,
            max_seconds=van.max_seconds,
            pay=van.cost_per_hour / SECONDS_PER_HOUR,
            arcs=arcs,
        )


def _traits(van: Vehicle) -> tuple[object, ...]:
    return (
        van.capacity,
        van.shift,
        van.max_seconds,
        van.fixed_cost,
        van.cost_per_km,
        van.cost_per_hour,
        van.cost_per_stop,
        van.max_runs,
    )

"""What a new plan must keep of an old one: pins, what is driven already, a price for each move."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from logistics.errors import InputError
from logistics.planning.plan import Plan, Run, Stop

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from logistics.planning.problem import Problem, Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Driven:
    """
    What a vehicle under way has done of its run.

    Attributes
    ----------
    vehicle
        Which.
    start
        Second at which it left the hub.
    aboard
        Shipments from the hub that it left with.
    stops
        Stops made, as they happened.
    """

    vehicle: str
    start: int
    aboard: tuple[str, ...] = ()
    stops: tuple[Stop, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pins:
    """
    What must stay as it is when a day is planned again.

    Attributes
    ----------
    vehicle
        Site to vehicle: this vehicle calls there.
    order
        Lists of sites that one vehicle visits on one run in this order; others may come between.
    time
        Site to first and last second of service begin, narrower than its window.
    driven
        What vehicles under way have done.
    reference
        The plan that people have already seen.
    cost_per_moved_stop
        SEK for each stop of the reference that a new plan moves or drops.
    """

    vehicle: Mapping[str, str] = field(default_factory=dict)
    order: tuple[tuple[str, ...], ...] = ()
    time: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    driven: tuple[Driven, ...] = ()
    reference: Plan | None = None
    cost_per_moved_stop: float = 0.0

    def __bool__(self) -> bool:
        moved = self.reference is not None and self.cost_per_moved_stop > 0
        return bool(self.vehicle or self.order or self.time or self.driven or moved)


def check_pins(problem: Problem, pins: Pins) -> None:
    """
    Refuse pins that name what does not exist or contradict each other.

    Parameters
    ----------
    problem
        The day.
    pins
        What must stay.

    Raises
    ------
    InputError
        Every fault, by name.
    """
    faults = list(_faults(problem, pins))
    if faults:
        raise InputError(faults)


def _faults(problem: Problem, pins: Pins) -> Iterator[str]:
    named = [*pins.vehicle, *pins.time, *(site for order in pins.order for site in order)]
    named += [stop.site for run in pins.driven for stop in run.stops]
    for site in dict.fromkeys(named):
        if site not in problem.site_index or site == problem.hub:
            yield f"pin of site {site!r}: is not a site to visit on {problem.name!r}"
    vans = [*pins.vehicle.values(), *(run.vehicle for run in pins.driven)]
    for van in dict.fromkeys(vans):
        if van not in problem.vehicle_index:
            yield f"pin to vehicle {van!r}: is not in the fleet of {problem.name!r}"
    yield from _contradictions(pins)
    for run in pins.driven:
        for one in (*run.aboard, *(name for stop in run.stops for name in stop.load)):
            if one not in problem.shipment_index:
                yield f"driven run of {run.vehicle!r}: shipment {one!r} is not in the day"


def _contradictions(pins: Pins) -> Iterator[str]:
    for order in pins.order:
        if len({*order}) < len(order):
            yield f"pin of order {' '.join(order)}: names a site twice"
        if len({pins.vehicle.get(site) for site in order} - {None}) > 1:
            yield f"pin of order {' '.join(order)}: its sites are pinned to different vehicles"
    for site, (first, last) in pins.time.items():
        if first > last:
            yield f"pin of time at {site!r}: {first} to {last} ends before it begins"
    for van, count in Counter(run.vehicle for run in pins.driven).items():
        if count > 1:
            yield f"driven runs of {van!r}: {count}, expected the one under way"


def pinned(problem: Problem, pins: Pins) -> Problem:
    """
    Put into the day itself what of the pins it can say: times, and stops that must be kept.

    Parameters
    ----------
    problem
        The day.
    pins
        What must stay.

    Returns
    -------
    Problem
        The day to plan and to check the new plan against. What is pinned must be visited; pinned
        times are windows; driven stops have the one moment at which they happened, or the first
        that the travel table allows if the van was faster.
    """
    check_pins(problem, pins)
    windows: dict[str, tuple[int, int]] = dict(pins.time)
    for run in pins.driven:
        windows.update(_driven_windows(problem, run))
    must = {*pins.vehicle, *(site for order in pins.order for site in order), *windows}
    sites = tuple(_narrowed(site, windows, must, pins) for site in problem.sites)
    return replace(problem, sites=sites)


def _narrowed(
    site: Site, windows: Mapping[str, tuple[int, int]], must: set[str], pins: Pins
) -> Site:
    if site.id not in must:
        return site
    window = windows.get(site.id, site.window)
    if site.id in pins.time and site.window is not None and window is not None:
        window = (max(window[0], site.window[0]), min(window[1], site.window[1]))
        if window[0] > window[1]:
            raise InputError(
                f"pin of time at {site.id!r}: {pins.time[site.id]} lies outside its window "
                f"{site.window}"
            )
    return replace(site, window=window, must_visit=True)


def _driven_windows(problem: Problem, run: Driven) -> dict[str, tuple[int, int]]:
    van = problem.vehicles[problem.vehicle_index[run.vehicle]]
    moments: dict[str, tuple[int, int]] = {}
    way = [problem.hub, *(stop.site for stop in run.stops)]
    now = max(run.start, van.shift[0])
    for (before, here), stop in zip(pairwise(way), run.stops, strict=True):
        origin, destination = problem.site_index[before], problem.site_index[here]
        begin = max(now + problem.travel_seconds[origin][destination], stop.begin)
        moments[here] = (begin, begin)
        now = begin + (stop.depart - stop.begin)
    return moments


def moved_stops(reference: Plan, sequences: Sequence[tuple[str, Sequence[str]]]) -> int:
    """
    Count the stops of a plan that another plan moves: to another vehicle, out of order, or away.

    Parameters
    ----------
    reference
        The plan that people know.
    sequences
        Vehicle and sites of each run of the other plan.

    Returns
    -------
    int
        Stops of the reference that are in no longest common order of their vehicle's runs; a stop
        that only gets new neighbours is not moved.
    """
    return moved(_by_vehicle((run.vehicle, _sites(run)) for run in reference.runs), sequences)


def moved(old: Mapping[str, list[str]], sequences: Sequence[tuple[str, Sequence[str]]]) -> int:
    """
    Count moved stops, given the old order of each vehicle.

    Parameters
    ----------
    old
        The sites of each vehicle in the plan that people know.
    sequences
        Vehicle and sites of each run of the other plan.

    Returns
    -------
    int
        As :func:`moved_stops` counts.
    """
    new = _by_vehicle(sequences)
    return sum(len(sites) - _common(sites, new.get(van, [])) for van, sites in old.items())


def order_of(plan: Plan) -> dict[str, list[str]]:
    """
    List each vehicle's stops over all of its runs.

    Parameters
    ----------
    plan
        The plan.

    Returns
    -------
    dict[str, list[str]]
        Sites by vehicle, in the order of driving.
    """
    return _by_vehicle((run.vehicle, _sites(run)) for run in plan.runs)


def _sites(run: Run) -> list[str]:
    return [stop.site for stop in run.stops]


def _by_vehicle(runs: Iterable[tuple[str, Sequence[str]]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for vehicle, sites in runs:
        found.setdefault(vehicle, []).extend(sites)
    return found


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    """Length of the longest common subsequence (sites stand once, so by increasing places)."""
    place = {site: number for number, site in enumerate(new)}
    longest: list[tuple[int, int]] = []
    for site in old:
        if site in place:
            here = place[site]
            best = max((length for end, length in longest if end < here), default=0)
            longest.append((here, best + 1))
    return max((length for _, length in longest), default=0)


def broken_pins(pins: Pins, plan: Plan) -> list[str]:
    """
    Say which pins of vehicle and order a plan does not keep; times are the checker's matter.

    Parameters
    ----------
    pins
        What must stay.
    plan
        The new plan.

    Returns
    -------
    list[str]
        One sentence a pin.
    """
    runs = [(run.vehicle, _sites(run)) for run in plan.runs]
    where = {site: van for van, sites in runs for site in sites}
    told = [
        f"site {site!r} is pinned to {van!r}, but served by {where.get(site)!r}"
        for site, van in pins.vehicle.items()
        if where.get(site) != van
    ]
    told += [
        f"order {' '.join(order)} is pinned, but not kept"
        for order in pins.order
        if not keeps_order(order, [sites for _, sites in runs])
    ]
    told += [
        f"{driven.vehicle!r} has driven {' '.join(stop.site for stop in driven.stops)}, "
        "but the plan has it begin otherwise"
        for driven in pins.driven
        if not any(_goes_on(driven, run) for run in plan.runs)
    ]
    return told


def _goes_on(driven: Driven, run: Run) -> bool:
    """Tell whether a run begins with what is driven and carries nothing else from the hub."""
    begun = run.stops[: len(driven.stops)]
    loaded = {one for stop in run.stops for one in stop.load}
    from_hub = {one for stop in run.stops for one in stop.unload} - loaded
    return (
        run.vehicle == driven.vehicle
        and [stop.site for stop in begun] == [stop.site for stop in driven.stops]
        and all({*a.load} == {*b.load} for a, b in zip(begun, driven.stops, strict=True))
        and from_hub <= {*driven.aboard}
    )


def keeps_order(order: Sequence[str], runs: Sequence[Sequence[str]]) -> bool:
    """
    Tell whether sites stand on one run in a given order.

    Parameters
    ----------
    order
        The sites.
    runs
        The sites of each run.

    Returns
    -------
    bool
        True where one run visits them all in that order.
    """
    for run in runs:
        if order and order[0] in run:
            places = [run.index(site) if site in run else -1 for site in order]
            return -1 not in places and all(a < b for a, b in pairwise(places))
    return not order

"""A day as it was served: the same calls, at each the same items put off and taken."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from logistics.errors import InputError
from logistics.planning.problem import Problem
from logistics.planning.records import Shipment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from logistics.planning.plan import Plan

#: Vehicle and calls of each run.
Runs = tuple[tuple[int, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedDay:
    """
    A day as it was served, for driving only.

    Attributes
    ----------
    problem
        Every call compulsory, its items to and from the hub, and their handling part of the stop.
    runs
        The runs as they were driven: vehicle and calls.
    sites_of
        Calls of each municipality.
    driving_sek
        What the runs cost.
    """

    problem: Problem
    runs: Runs
    sites_of: Mapping[str, frozenset[str]]
    driving_sek: float

    def sites(self, group: Iterable[str]) -> frozenset[str]:
        """
        Name the calls of a group.

        Parameters
        ----------
        group
            Municipalities.

        Returns
        -------
        frozenset
            Sites.
        """
        return frozenset[str]().union(*(self.sites_of[name] for name in group))


def served_day(problem: Problem, plan: Plan, municipality_of: Mapping[str, str]) -> ServedDay:
    """
    Take a day as its plan serves it.

    Parameters
    ----------
    problem
        The day problem.
    plan
        Its plan, or what was driven in the form of one.
    municipality_of
        Municipality of each site but the hub.

    Returns
    -------
    ServedDay
        What the cost game is played on.

    Raises
    ------
    InputError
        A site has no municipality.
    """
    items = {shipment.id: shipment.items for shipment in problem.shipments}
    off: dict[str, int] = {}
    on: dict[str, int] = {}
    for run in plan.runs:
        for stop in run.stops:
            off[stop.site] = sum(items[one] for one in stop.unload)
            on[stop.site] = sum(items[one] for one in stop.load)
    homeless = sorted(site for site in off if site not in municipality_of)
    if homeless:
        raise InputError(f"site {site!r} has no municipality, expected one" for site in homeless)
    sites_of: defaultdict[str, set[str]] = defaultdict(set)
    for site in off:
        sites_of[municipality_of[site]].add(site)
    per_item = problem.handling_seconds_per_item
    driving_sek = plan.cost.total - plan.cost.delay
    sites = tuple(
        replace(
            site,
            stop_seconds=site.stop_seconds + per_item * (off[site.id] + on[site.id]),
            must_visit=True,
        )
        if site.id in off
        else site
        for site in problem.sites
    )
    whole = replace(
        problem,
        sites=sites,
        # No group pays more than the day's runs cost, so nobody leaves an item at a higher price.
        shipments=tuple(_freight(problem.hub, off, on, 1.0 + driving_sek)),
        handling_seconds_per_item=0,
    )
    return ServedDay(
        problem=restricted(whole, off),
        runs=runs_of(problem, plan),
        sites_of={name: frozenset(calls) for name, calls in sorted(sites_of.items())},
        driving_sek=driving_sek,
    )


def restricted(problem: Problem, sites: Iterable[str]) -> Problem:
    """
    Keep only some sites and the hub, and the shipments among them.

    Parameters
    ----------
    problem
        A day problem.
    sites
        Sites to keep.

    Returns
    -------
    Problem
        The smaller day.
    """
    kept = {*sites, problem.hub}
    places = [i for i, site in enumerate(problem.sites) if site.id in kept]
    return replace(
        problem,
        sites=tuple(problem.sites[i] for i in places),
        travel_metres=tuple(tuple(problem.travel_metres[i][j] for j in places) for i in places),
        travel_seconds=tuple(tuple(problem.travel_seconds[i][j] for j in places) for i in places),
        shipments=tuple(s for s in problem.shipments if {s.origin, s.destination} <= kept),
    )


def runs_of(problem: Problem, plan: Plan) -> Runs:
    """
    Name the vehicle and the calls of each run.

    Parameters
    ----------
    problem
        The day.
    plan
        A plan of it.

    Returns
    -------
    Runs
        Position of the vehicle and sites in order, by run.
    """
    return tuple(
        (problem.vehicle_index[run.vehicle], tuple(stop.site for stop in run.stops))
        for run in plan.runs
    )


def _freight(
    hub: str, off: Mapping[str, int], on: Mapping[str, int], item_sek: float
) -> Iterator[Shipment]:
    for site, items in off.items():
        if items:
            yield _ride(hub, site, items, item_sek)
    for site, items in on.items():
        if items:
            yield _ride(site, hub, items, item_sek)


def _ride(origin: str, destination: str, items: int, item_sek: float) -> Shipment:
    return Shipment(
        id=f"{origin}>{destination}",
        origin=origin,
        destination=destination,
        items=items,
        cost_if_at_hub=0.0,
        cost_if_left=items * item_sek,
    )

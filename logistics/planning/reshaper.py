"""What any choice of trips of a day costs under its pins, and what of it stands already."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from logistics.planning.pins import Pins, keeps_order, moved, order_of
from logistics.planning.pricing import Begun, Pricer
from logistics.planning.trips import Day, Trip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logistics.planning.plan import Route
    from logistics.planning.problem import Problem

BROKEN_SEK = 1e6
"""More than any plan costs, for each compulsory stop that is missing and each pin not kept."""


class Reshaper:
    """
    A day, its pins, and the price of any choice of trips.

    Parameters
    ----------
    problem
        The day, with pinned times and compulsory stops already in it.
    pins
        What must stay.
    """

    def __init__(self, problem: Problem, pins: Pins | None = None) -> None:
        self.problem = problem
        self.pins = pins or Pins()
        index, shipments = problem.site_index, problem.shipment_index
        self.begun = {
            problem.vehicle_index[run.vehicle]: Begun(
                tuple(index[stop.site] for stop in run.stops),
                tuple(frozenset(shipments[one] for one in stop.load) for stop in run.stops),
                frozenset(shipments[one] for one in run.aboard),
            )
            for run in self.pins.driven
        }
        self.day = Day(problem, Pricer(problem, self.begun))
        self.must = {
            place
            for place, site in enumerate(problem.sites)
            if site.must_visit and site.id != problem.hub
        }
        self.free = [
            place
            for place, site in enumerate(problem.sites)
            if site.id != problem.hub
            and not any(place in begun.sites for begun in self.begun.values())
        ]
        reference = self.pins.reference
        self._old = order_of(reference) if reference is not None else {}

    def cost(self, trips: Sequence[Trip]) -> float:
        """
        Price trips, with what they break and what they move.

        Parameters
        ----------
        trips
            All trips of the day.

        Returns
        -------
        float
            SEK; infinite where a trip cannot be driven.
        """
        driven = [trip for trip in trips if trip[1]]
        priced = self.day.routes(driven)
        if priced is None:
            return math.inf
        served = {site for _, sites in driven for site in sites}
        return priced[0] + BROKEN_SEK * len(self.must - served) + self._pinned(driven)

    def _pinned(self, trips: Sequence[Trip]) -> float:
        if not self.pins:
            return 0.0
        vans, sites = self.problem.vehicles, self.problem.sites
        named = [(vans[van].id, [sites[place].id for place in order]) for van, order in trips]
        cost = self.pins.cost_per_moved_stop * moved(self._old, named) if self._old else 0.0
        where = {site: van for van, order in named for site in order}
        wrong = sum(where.get(site) != van for site, van in self.pins.vehicle.items())
        runs = [order for _, order in named]
        wrong += sum(not keeps_order(order, runs) for order in self.pins.order)
        return cost + BROKEN_SEK * wrong

    def start(self, routes: Sequence[Route] = ()) -> list[Trip]:
        """
        Make the trips to begin with.

        Parameters
        ----------
        routes
            Runs found elsewhere; stops already driven are put where they belong.

        Returns
        -------
        list[Trip]
            One for every run that every vehicle may make, those given first and in their order;
            unused ones are empty.
        """
        done = {site for begun in self.begun.values() for site in begun.sites}
        given: list[Trip] = [(route.vehicle, route.sites) for route in routes]
        places = len(self.problem.sites)
        most = max((min(van.max_runs, places) for van in self.problem.vehicles), default=0)
        for turn in range(most):
            for van, vehicle in enumerate(self.problem.vehicles):
                if sum(one == van for one, _ in given) <= turn < min(vehicle.max_runs, places):
                    given.append((van, ()))
        trips: list[Trip] = []
        for van, sites in given:
            begins = van in self.begun and all(one != van for one, _ in trips)
            first = self.begun[van].sites if begins else ()
            trips.append((van, (*first, *(site for site in sites if site not in done))))
        return trips

    def fixed(self, trips: Sequence[Trip]) -> list[int]:
        """
        Count the stops at the head of each trip that are driven already.

        Parameters
        ----------
        trips
            As :meth:`start` makes them.

        Returns
        -------
        list[int]
            One number a trip.
        """
        seen: set[int] = set()
        counts = []
        for van, _ in trips:
            begun = self.begun.get(van) if van not in seen else None
            counts.append(len(begun.sites) if begun else 0)
            seen.add(van)
        return counts

"""What one run is worth: driving, and what it saves in waiting, with the best choice of load."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from logistics.planning.plan import Route
from logistics.planning.schedule import best_timing, road
from logistics.planning.timing import Waiting
from logistics.units import METRES_PER_KILOMETRE, SECONDS_PER_HOUR

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from logistics.planning.problem import Problem
    from logistics.planning.schedule import Timing

_MOST_PRICES = 200_000
_Key = tuple[int, tuple[int, ...], frozenset[int], int, frozenset[int]]


@dataclass(frozen=True, slots=True)
class Priced:
    """
    A run with its price.

    Attributes
    ----------
    cost
        SEK for driving, less what it saves in waiting; without the vehicle's fixed cost.
    route
        The run with its loads.
    end
        Second at which it ends.
    brought
        Shipments it brings to the hub for elsewhere.
    """

    cost: float
    route: Route
    end: int
    brought: frozenset[int]


@dataclass(slots=True, eq=False)
class _Ride:
    """
    A shipment that a run could take, aboard from stop `on` to `off`; -1 and n are the hub.

    A ride equals itself alone, so that striking one from hundreds takes no comparing of fields.
    """

    shipment: int
    items: int
    value: float
    on: int
    off: int
    bound: bool = False
    brought: bool = False


@dataclass(frozen=True, slots=True)
class Begun:
    """
    What a vehicle under way has done.

    Attributes
    ----------
    sites
        Positions of the stops it has made.
    loads
        Shipments it took at each.
    aboard
        Shipments it took at the hub.
    """

    sites: tuple[int, ...]
    loads: tuple[frozenset[int], ...]
    aboard: frozenset[int]


class Pricer:
    """
    Prices runs, and remembers what it priced.

    Parameters
    ----------
    problem
        The day.
    begun
        Per vehicle what it has already done, which cannot change.
    """

    def __init__(self, problem: Problem, begun: Mapping[int, Begun] | None = None) -> None:
        self.problem = problem
        self.begun = begun or {}
        self.left = sum(one.cost_if_left for one in problem.shipments)
        self._waiting = Waiting(problem)
        self._known: dict[_Key, Priced | None] = {}

    def price(
        self,
        vehicle: int,
        sites: tuple[int, ...],
        carried: frozenset[int] = frozenset(),
        earliest: int = 0,
        hoped: frozenset[int] = frozenset(),
    ) -> Priced | None:
        """
        Price a run.

        Parameters
        ----------
        vehicle
            Position of the vehicle.
        sites
            Its stops, one or more.
        carried
            Shipments it takes on that earlier runs brought to the hub.
        earliest
            First second at which it may start.
        hoped
            Shipments that it brings to the hub as if they were carried on from there; the price
            does not count on that.

        Returns
        -------
        Priced or None
            None where no timing keeps the rules whatever it takes.
        """
        key = (vehicle, sites, carried, earliest, hoped)
        if key not in self._known:
            if len(self._known) >= _MOST_PRICES:
                self._known.clear()
            self._known[key] = self._price(*key)
        return self._known[key]

    def _price(
        self,
        vehicle: int,
        sites: tuple[int, ...],
        carried: frozenset[int],
        earliest: int,
        hoped: frozenset[int],
    ) -> Priced | None:
        rides = self._rides(vehicle, sites, carried, hoped)
        stranded = any(r.brought and self.problem.shipments[r.shipment].direct_only for r in rides)
        if stranded or not self._fit(vehicle, len(sites), rides):
            return None
        timing = self._time(vehicle, sites, rides, earliest)
        if timing is None:
            timing = self._hurried(vehicle, sites, rides, earliest)
        if timing is None:
            return None
        for ride in rides:
            if ride.brought and ride.shipment in hoped:
                ride.value -= self.problem.shipments[ride.shipment].cost_if_at_hub
        return self._priced(vehicle, sites, carried, rides, timing)

    def _hurried(
        self, vehicle: int, sites: tuple[int, ...], rides: list[_Ride], earliest: int
    ) -> Timing | None:
        """Leave the least worth an item, a quarter at a time, until the run can be driven."""
        loose = [ride for ride in rides if not ride.bound and ride.items]
        if not loose or not self.problem.handling_seconds_per_item:
            return None
        bare = [ride for ride in rides if ride.bound or not ride.items]
        if self._time(vehicle, sites, bare, earliest) is None:
            return None  # most runs that a search tries for want of time are too long even empty
        loose.sort(key=lambda ride: ride.value / ride.items)
        timing = None
        while timing is None:
            count = max(1, len(loose) // 4)
            for ride in loose[:count]:
                rides.remove(ride)
            del loose[:count]
            timing = self._time(vehicle, sites, rides, earliest)
        return timing

    def _rides(
        self,
        vehicle: int,
        sites: tuple[int, ...],
        carried: frozenset[int],
        hoped: frozenset[int],
    ) -> list[_Ride]:
        """List what the run could take and what pays for its handling."""
        place = {site: stop for stop, site in enumerate(sites)}
        begun = self.begun.get(vehicle)
        if begun is not None and sites[: len(begun.sites)] != begun.sites:
            begun = None
        rides = [*self._from_hub(place, begun)]
        for stop, site in enumerate(sites):
            fixed = begun.loads[stop] if begun and stop < len(begun.loads) else None
            rides += self._from_site(stop, site, place, fixed)
        for ride in rides:
            if ride.brought and ride.shipment in hoped:
                ride.value += self.problem.shipments[ride.shipment].cost_if_at_hub
        second = self.problem.vehicles[vehicle].cost_per_hour / SECONDS_PER_HOUR
        each = second * self.problem.handling_seconds_per_item
        last = len(sites)
        kept = [ride for ride in rides if ride.bound or self._pays(ride, each, last)]
        for one in carried:
            shipment, off = self.problem.shipments[one], place[self._waiting.ends[one][1]]
            kept.append(_Ride(one, shipment.items, shipment.cost_if_at_hub, -1, off, bound=True))
        return kept

    def _from_hub(self, place: dict[int, int], begun: Begun | None) -> Iterator[_Ride]:
        for one in self._waiting.at[self.problem.hub_index]:
            off = place.get(self._waiting.ends[one][1])
            if off is None or (begun is not None and one not in begun.aboard):
                continue
            shipment = self.problem.shipments[one]
            bound = begun is not None
            yield _Ride(one, shipment.items, shipment.cost_if_left, -1, off, bound)

    def _from_site(
        self, stop: int, site: int, place: dict[int, int], fixed: frozenset[int] | None
    ) -> Iterator[_Ride]:
        for one in self._waiting.at[site]:
            if fixed is not None and one not in fixed:
                continue
            shipment, end = self.problem.shipments[one], self._waiting.ends[one][1]
            off, value = place.get(end, -1), shipment.cost_if_left
            brought = off <= stop and end != self.problem.hub_index
            if brought:
                if shipment.direct_only and fixed is None:
                    continue
                value -= shipment.cost_if_at_hub
            off = off if off > stop else len(place)
            yield _Ride(one, shipment.items, value, stop, off, fixed is not None, brought)

    @staticmethod
    def _pays(ride: _Ride, each: float, last: int) -> bool:
        handlings = (ride.on >= 0) + (ride.off < last)
        return ride.value >= each * ride.items * handlings

    def _fit(self, vehicle: int, stops: int, rides: list[_Ride]) -> bool:
        """Leave the least worth an item wherever the van is too full."""
        capacity = self.problem.vehicles[vehicle].capacity
        if sum(ride.items for ride in rides) <= capacity:
            return True
        for leg in range(-1, stops):
            aboard = [ride for ride in rides if ride.on <= leg < ride.off]
            excess = sum(ride.items for ride in aboard) - capacity
            loose = [ride for ride in aboard if not ride.bound and ride.items]
            loose.sort(key=lambda ride: ride.value / ride.items)
            for ride in loose:
                if excess <= 0:
                    break
                rides.remove(ride)
                excess -= ride.items
            if excess > 0:
                return False
        return True

    def _time(
        self, vehicle: int, sites: tuple[int, ...], rides: Sequence[_Ride], earliest: int
    ) -> Timing | None:
        handled = [0] * len(sites)
        for ride in rides:
            if ride.on >= 0:
                handled[ride.on] += ride.items
            if ride.off < len(sites):
                handled[ride.off] += ride.items
        return best_timing(road(self.problem, vehicle, sites, handled, earliest))

    def _priced(
        self,
        vehicle: int,
        sites: tuple[int, ...],
        carried: frozenset[int],
        rides: Sequence[_Ride],
        timing: Timing,
    ) -> Priced:
        problem, van = self.problem, self.problem.vehicles[vehicle]
        way = (problem.hub_index, *sites, problem.hub_index)
        metres = sum(problem.travel_metres[a][b] for a, b in pairwise(way))
        cost = (
            van.cost_per_stop * len(sites)
            + van.cost_per_km * metres / METRES_PER_KILOMETRE
            + van.cost_per_hour * timing.paid_seconds / SECONDS_PER_HOUR
            - sum(ride.value for ride in rides)
        )
        taken = {ride.shipment for ride in rides}
        outbound = self._waiting.at[problem.hub_index]
        served = set(sites)
        route = Route(
            vehicle=vehicle,
            sites=sites,
            load=tuple(frozenset(taken.intersection(self._waiting.at[site])) for site in sites),
            leave=frozenset(
                one for one in outbound if self._waiting.ends[one][1] in served and one not in taken
            ),
            carried=carried,
        )
        brought = frozenset(ride.shipment for ride in rides if ride.brought)
        return Priced(cost, route, timing.end, brought)

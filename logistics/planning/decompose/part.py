"""A part of a day as a day of its own: what a few runs do costs there exactly what it costs here.

Where no vehicle runs twice, a shipment depends on one run alone: the one that calls at its origin,
or, from the hub, at its destination. So the runs of a plan can be planned anew some at a time.
What waits in a part for a place outside it can ride to the hub at best, and is there addressed to
the hub, worth what that saves; what comes from outside is none of the part's business.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from logistics.planning.plan import Route
from logistics.planning.problem import Problem
from logistics.planning.timing import Waiting
from logistics.units import METRES_PER_KILOMETRE, SECONDS_PER_HOUR

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from logistics.planning.problem import Matrix, Shipment


class Whole:
    """
    A day, ready to be taken apart.

    Parameters
    ----------
    problem
        The day; no vehicle makes more than one run.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.sites = [n for n in range(len(problem.sites)) if n != problem.hub_index]
        self.vans = [n for n, van in enumerate(problem.vehicles) if van.max_runs]
        self._metres = np.array(problem.travel_metres, dtype=np.int64)
        self._seconds = np.array(problem.travel_seconds, dtype=np.int64)
        self._waiting: dict[int, list[int]] = defaultdict(list)
        for number, one in enumerate(problem.shipments):
            place = one.destination if one.origin == problem.hub else one.origin
            self._waiting[problem.site_index[place]].append(number)

    def price(self) -> NDArray[np.float64]:
        """
        Price the way there and back between all sites, for one van of the fleet.

        Returns
        -------
        ndarray
            SEK, symmetric.
        """
        van = self.problem.vehicles[self.vans[0]]
        one_way = (
            van.cost_per_km / METRES_PER_KILOMETRE * self._metres
            + van.cost_per_hour / SECONDS_PER_HOUR * self._seconds
        )
        return np.asarray(one_way + one_way.T)

    def part(self, sites: Sequence[int], vans: Sequence[int]) -> Part:
        """
        Make a day of some sites and vehicles.

        Parameters
        ----------
        sites
            Positions of its sites, without the hub.
        vans
            Positions of its vehicles.

        Returns
        -------
        Part
            The day, and where each of its records stands in the whole one.
        """
        whole = self.problem
        rows = (whole.hub_index, *sites)
        inside = {whole.sites[site].id for site in rows}
        numbers, shipments = [], []
        for site in sites:
            for number in self._waiting[site]:
                made = _within(whole.shipments[number], inside, whole.hub)
                if made is not None:
                    numbers.append(number)
                    shipments.append(made)
        small = replace(
            whole,
            sites=tuple(whole.sites[site] for site in rows),
            travel_metres=_cut(self._metres, rows),
            travel_seconds=_cut(self._seconds, rows),
            vehicles=tuple(whole.vehicles[van] for van in vans),
            shipments=tuple(shipments),
        )
        return Part(problem=small, sites=rows, vans=tuple(vans), shipments=tuple(numbers))


def _cut(table: NDArray[np.int64], rows: tuple[int, ...]) -> Matrix:
    return tuple(map(tuple, table[np.ix_(rows, rows)].tolist()))


def _within(shipment: Shipment, inside: set[str], hub: str) -> Shipment | None:
    """Make what a shipment is to a part; None where nobody in the part would take it."""
    if shipment.destination in inside:
        return shipment
    saved = shipment.cost_if_left - shipment.cost_if_at_hub
    if shipment.direct_only or saved <= 0:
        return None
    return replace(shipment, destination=hub, cost_if_at_hub=0.0, cost_if_left=saved)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """
    A part of a day.

    Attributes
    ----------
    problem
        The part as a day of its own.
    sites, vans, shipments
        Position in the whole of each of its records; the hub is its first site.
    """

    problem: Problem
    sites: tuple[int, ...]
    vans: tuple[int, ...]
    shipments: tuple[int, ...]

    def inward(self, routes: Iterable[Route]) -> list[Route]:
        """
        Take runs of the whole into the part.

        Parameters
        ----------
        routes
            Runs of its vehicles by its sites.

        Returns
        -------
        list[Route]
            The same, without their loads.
        """
        row = {site: number for number, site in enumerate(self.sites)}
        van = {van: number for number, van in enumerate(self.vans)}
        return [
            Route(vehicle=van[one.vehicle], sites=tuple(row[site] for site in one.sites))
            for one in routes
        ]

    def outward(self, routes: Iterable[Route]) -> list[Route]:
        """
        Take runs of the part into the whole.

        Parameters
        ----------
        routes
            Runs of the part.

        Returns
        -------
        list[Route]
            The same, with their loads spelled out.
        """
        waiting = Waiting(self.problem)
        return [
            Route(
                vehicle=self.vans[one.vehicle],
                sites=tuple(self.sites[site] for site in one.sites),
                load=tuple(map(self._numbers, waiting.freight(one).load)),
                leave=self._numbers(one.leave),
            )
            for one in routes
        ]

    def _numbers(self, shipments: Iterable[int]) -> frozenset[int]:
        return frozenset(self.shipments[one] for one in shipments)

"""The price of a whole day of trips: several runs a vehicle, and what is carried on from one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logistics.planning.pricing import Priced, Pricer
from logistics.units import SECONDS_PER_HOUR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logistics.planning.plan import Route
    from logistics.planning.problem import Problem

Trip = tuple[int, tuple[int, ...]]
"""
A vehicle and its stops. Trips stand in the order in which they are timed: a vehicle's in the order
of driving, and one that takes on what another brings after that one.
"""


class Day:
    """
    Prices all trips of a day together.

    Parameters
    ----------
    problem
        The day.
    pricer
        What prices single runs.
    """

    def __init__(self, problem: Problem, pricer: Pricer | None = None) -> None:
        self.problem = problem
        self.pricer = pricer or Pricer(problem)
        self.several = any(van.max_runs > 1 for van in problem.vehicles)
        self._ends = [problem.site_index[shipment.destination] for shipment in problem.shipments]
        self._begins = [problem.site_index[shipment.origin] for shipment in problem.shipments]
        dearest = max((van.cost_per_hour for van in problem.vehicles), default=0.0)
        each = 2 * dearest / SECONDS_PER_HOUR * problem.handling_seconds_per_item
        self._poor = [
            number
            for number, one in enumerate(problem.shipments)
            if not one.direct_only
            and problem.hub not in (one.origin, one.destination)
            and one.cost_if_left - one.cost_if_at_hub < each * one.items
        ]

    def routes(self, trips: Sequence[Trip]) -> tuple[float, list[Route]] | None:
        """
        Decide loads, and what is carried on, for given trips.

        Parameters
        ----------
        trips
            All trips of the day, each with one stop or more, in the order in which they are timed.

        Returns
        -------
        tuple[float, list[Route]] or None
            SEK, waiting included, and the runs in an order in which each comes after those it
            waits for; None where a trip cannot be driven.
        """
        done = self._best_turns(trips) if self.several else self._alone(trips)
        if done is None:
            return None
        vans = {trip[0] for trip in trips}
        fixed = sum(self.problem.vehicles[van].fixed_cost for van in vans)
        cost = self.pricer.left + fixed + sum(run.cost for run in done)
        return cost, [run.route for run in done]

    def _alone(self, trips: Sequence[Trip]) -> list[Priced] | None:
        done = []
        for vehicle, sites in trips:
            run = self.pricer.price(vehicle, sites)
            if run is None:
                return None
            done.append(run)
        return done

    def _best_turns(self, trips: Sequence[Trip]) -> list[Priced] | None:
        """Choose whether to bring what pays only because a later trip can carry it on."""
        done = self._in_turn(trips, frozenset())
        hoped = self._hopes(trips) if self._poor else None
        other = self._in_turn(trips, hoped) if hoped else None
        if done is None or other is None:
            return done
        return min(done, other, key=lambda runs: sum(run.cost for run in runs))

    def _hopes(self, trips: Sequence[Trip]) -> frozenset[int]:
        """Find what waits where one trip calls for where a later one does."""
        turn = {site: number for number, (_, sites) in enumerate(trips) for site in sites}
        last = len(trips)
        return frozenset(
            one
            for one in self._poor
            if turn.get(self._begins[one], last) < turn.get(self._ends[one], -1)
        )

    def _in_turn(self, trips: Sequence[Trip], hoped: frozenset[int]) -> list[Priced] | None:
        """Time one trip after the other; carry on what those before it have brought."""
        free: dict[int, int] = {}
        ready: dict[int, int] = {}
        done = []
        for vehicle, sites in trips:
            van = self.problem.vehicles[vehicle]
            run = self._best_start(vehicle, sites, free.get(vehicle, 0), ready, hoped)
            if run is None:
                return None
            done.append(run)
            back = run.end + van.turnaround_seconds
            free[vehicle] = back
            for one in run.route.carried:
                del ready[one]
            ready.update(dict.fromkeys(run.brought, back))
        return done

    def _best_start(
        self,
        vehicle: int,
        sites: tuple[int, ...],
        earliest: int,
        ready: dict[int, int],
        hoped: frozenset[int],
    ) -> Priced | None:
        """Choose whether to wait for what other runs bring."""
        van = self.problem.vehicles[vehicle]
        wanted = sorted((moment, one) for one, moment in ready.items() if self._ends[one] in sites)
        if van.max_runs < 2:  # noqa: PLR2004 - only vans of several runs carry on
            wanted = []
        soonest = max(earliest, van.shift[0])
        best = self.pricer.price(vehicle, sites, frozenset(), earliest, hoped)
        for moment in sorted({max(soonest, moment) for moment, _ in wanted}):
            carried = frozenset(one for when, one in wanted if when <= moment)
            run = self.pricer.price(vehicle, sites, carried, moment, hoped)
            if run is not None and (best is None or run.cost < best.cost):
                best = run
        return best

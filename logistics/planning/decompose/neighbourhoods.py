"""Which parts of a large day are planned next, by whom nobody else is disturbed.

First regions, each with its share of the vehicles; then, without end, runs close to each other with
the unserved sites near them, in sizes that change, since what one size cannot better another may.
Now and then the unserved sites of a neighbourhood are planned alone: together they may be worth a
run that none of them is worth by itself. Now and then one of its runs must go: each step of a
search that empties it may cost more than the last one saves.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from logistics.planning.decompose.regions import regions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from logistics.planning.decompose.part import Whole
    from logistics.planning.plan import Route
    from logistics.planning.problem import Vehicle

REGION_SITES = 110
STOPS, UNSERVED = (80, 110, 160, 220), (10, 30, 90)
STEPS_A_SITE, GROWTH, MOST_STEPS_A_SITE = 30.0, 1.5, 500.0
ANEW, ALONE, LEAVING, FEWER = 0.15, 0.5, 0.15, 0.15
_IDLE_VANS = 2
_NEIGHBOURS = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """
    A part to be planned, which nobody else touches meanwhile.

    Attributes
    ----------
    sites, vans
        Positions in the whole day.
    fewer
        Those of the vehicles that shall drive no more.
    steps
        Steps of the search.
    seed
        Of the search.
    anew
        Whether to plan it from nothing, instead of from what it is.
    leaving
        Whether to judge what to leave behind, too.
    """

    sites: tuple[int, ...]
    vans: tuple[int, ...]
    fewer: tuple[int, ...]
    steps: int
    seed: int
    anew: bool
    leaving: bool


class Neighbourhoods:
    """
    Gives out parts of a day, and remembers who is at work where.

    Parameters
    ----------
    whole
        The day.
    routes, run_of
        The plan as it stands: runs by vehicle, vehicles by site.
    seed
        Of the random numbers.
    """

    def __init__(
        self,
        whole: Whole,
        routes: Mapping[int, Route],
        run_of: Mapping[int, int],
        seed: int,
    ) -> None:
        self._whole, self._routes, self._run_of = whole, routes, run_of
        hub = whole.problem.hub_index
        price = whole.price()
        np.fill_diagonal(price, -1.0)
        self._regions = regions(price, hub, REGION_SITES)
        price[:, hub] = np.inf
        self._near = np.argsort(price, axis=1, kind="stable")
        self._near = self._near[:, : min(len(whole.sites), _NEIGHBOURS)]
        self._chance = random.Random(seed)  # noqa: S311 - no secret
        self._busy_sites: set[int] = set()
        self._busy_vans: set[int] = set()
        self._tasks = self._all_tasks()
        self._most = np.inf

    @property
    def regions_left(self) -> int:
        """How many regions have not been given out yet."""
        return len(self._regions)

    def skip_regions(self) -> None:
        """Give out neighbourhoods only."""
        self._regions = []

    def missing(self) -> list[int]:
        """
        List the compulsory sites without a call.

        Returns
        -------
        list[int]
            Positions of sites.
        """
        records = self._whole.problem.sites
        return [
            site
            for site in self._whole.sites
            if records[site].must_visit and site not in self._run_of
        ]

    def take(self, most: float) -> Task:
        """
        Take the next part.

        Parameters
        ----------
        most
            Steps a site at most.

        Returns
        -------
        Task
            Nobody else gets its sites and vehicles until it is given back.
        """
        self._most = most
        return next(self._tasks)

    def give_back(self, task: Task) -> None:
        """
        Free the sites and vehicles of a part.

        Parameters
        ----------
        task
            A part that was taken.
        """
        self._busy_sites -= {*task.sites}
        self._busy_vans -= {*task.vans}

    def _all_tasks(self) -> Iterator[Task]:
        steps = STEPS_A_SITE
        left = len(self._whole.sites)
        while self._regions:
            region = self._regions.pop(0)
            idle = self._idle()
            vans = idle[: max(1, round(len(idle) * len(region) / left))]
            left -= len(region)
            yield self._task(region, vans, steps)
        while True:
            yield from self._round(steps)
            steps = min(steps * GROWTH, MOST_STEPS_A_SITE)

    def _round(self, steps: float) -> Iterator[Task]:
        """Give out neighbourhoods until every site was in one, the missing first."""
        order = list(self._whole.sites)
        self._chance.shuffle(order)
        order = [*self.missing(), *order]
        seen: set[int] = set()
        given = False
        for site in order:
            if site in self._busy_sites or site in seen:
                continue
            sites, vans = self._neighbourhood(site)
            seen |= {*sites}
            if not vans:
                continue
            given = True
            yield self._task(sites, vans, steps)
        if not given:
            # all are at work on what there is: look on as somebody who has nothing to do
            yield self._task([], [], 0.0)

    def _task(self, sites: list[int], vans: list[int], steps: float) -> Task:
        self._busy_sites |= {*sites}
        self._busy_vans |= {*vans}
        return Task(
            sites=tuple(sites),
            vans=tuple(vans),
            fewer=tuple(self._fewer(vans)),
            steps=max(1, int(min(steps, self._most) * len(sites))),
            seed=self._chance.randrange(2**31),
            anew=self._chance.random() < ANEW,
            leaving=self._chance.random() < LEAVING,
        )

    def _fewer(self, vans: list[int]) -> list[int]:
        """Choose the shorter of two runs to be done without, and all idle vehicles; or none."""
        running = [van for van in vans if van in self._routes]
        if len(running) < 2 or self._chance.random() >= FEWER:  # noqa: PLR2004 - one must stay
            return []
        pair = self._chance.sample(running, 2)
        dropped = min(pair, key=lambda van: len(self._routes[van].sites))
        return [dropped, *(van for van in vans if van not in self._routes)]

    def _idle(self) -> list[int]:
        """List vehicles without a run, kinds by turns."""
        seen: dict[tuple[object, ...], int] = defaultdict(int)
        ranked = []
        for van in self._whole.vans:
            if van not in self._routes and van not in self._busy_vans:
                kind = _kind(self._whole.problem.vehicles[van])
                ranked.append((seen[kind], van))
                seen[kind] += 1
        return [van for _, van in sorted(ranked)]

    def _neighbourhood(self, seed: int) -> tuple[list[int], list[int]]:
        """Gather runs near a site, and unserved sites near them; or unserved sites alone."""
        most, unserved = self._chance.choice(STOPS), self._chance.choice(UNSERVED)
        if seed not in self._run_of and self._chance.random() < ALONE:
            most, unserved = self._chance.choice((0, 1)), max(UNSERVED)
        vans, stops = self._runs_near(seed, most)
        others = [] if seed in self._run_of else [seed]
        others += self._unserved_near(stops or [seed], unserved)
        return [*stops, *dict.fromkeys(others)], [*vans, *self._idle()[:_IDLE_VANS]]

    def _runs_near(self, seed: int, most: int) -> tuple[list[int], list[int]]:
        """Take the nearest runs that nobody is at work on, one at least unless `most` is 0."""
        vans: list[int] = []
        stops: list[int] = []
        for site in (seed, *self._near[seed].tolist()):
            run = self._run_of.get(site)
            if run is None or run in vans or run in self._busy_vans:
                continue
            if not most or (stops and len(stops) + len(self._routes[run].sites) > most):
                break
            vans.append(run)
            stops += self._routes[run].sites
        return vans, stops

    def _unserved_near(self, stops: list[int], most: int) -> list[int]:
        found: dict[int, None] = {}
        taken = self._busy_sites | {self._whole.problem.hub_index}
        for rank in range(self._near.shape[1]):
            for site in self._near[stops, rank].tolist():
                if site not in self._run_of and site not in taken:
                    found[site] = None
                    if len(found) == most:
                        return list(found)
        return list(found)


def _kind(van: Vehicle) -> tuple[object, ...]:
    return (
        van.capacity, van.shift, van.max_seconds, van.fixed_cost,
        van.cost_per_stop, van.cost_per_km, van.cost_per_hour,
    )  # fmt: skip

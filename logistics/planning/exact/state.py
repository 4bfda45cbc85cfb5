"""A proof under way: what is proved, what is known, and how long it may go on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from time import monotonic
from typing import TYPE_CHECKING

import numpy as np

from logistics.errors import RuleBrokenError
from logistics.planning.check import check
from logistics.planning.exact.day import Day, Flags
from logistics.planning.exact.runs import bits_of
from logistics.planning.plan import Route
from logistics.planning.pricing import Pricer
from logistics.planning.problem import Problem
from logistics.planning.timing import build_plan

if TYPE_CHECKING:
    from logistics.planning.plan import Plan

TIE = 1e-3
"""SEK by which a bound may stay under a plan and yet meet it."""


@dataclass(slots=True)
class State:
    """
    State of a proof under way: what is proved, what is known, and how long it may go on.

    Attributes
    ----------
    problem
        The day.
    day
        The same in arrays.
    until
        When to end, by :func:`time.monotonic`.
    on_bound, on_plan, stop, best_known
        See :func:`logistics.planning.exact.prove.prove`.
    cost
        SEK: the best plan given or found here; infinite where none is.
    bound
        SEK: no plan costs less.
    bounds
        SEK: no plan of each case costs less.
    routes
        The best runs found here; None where none are better than those given.
    known
        Kind, stops as bits and cost of each run of the plan given.
    turn
        When the case in hand has had its share of the time.
    halt
        Ends the compiled search once its element is set.
    """

    problem: Problem
    day: Day
    until: float
    on_bound: Callable[[float], None] | None = None
    on_plan: Callable[[list[Route]], None] | None = None
    stop: Callable[[], bool] | None = None
    best_known: Callable[[], float] | None = None
    cost: float = np.inf
    bound: float = -np.inf
    bounds: list[float] = field(default_factory=lambda: [-np.inf])
    routes: list[Route] | None = None
    known: list[tuple[int, int, float]] = field(default_factory=list)
    turn: float = np.inf
    halt: Flags = field(default_factory=lambda: np.zeros(1, dtype=np.bool_))

    @property
    def ceiling(self) -> float:
        """SEK: the best plan that anybody knows by now; infinite where none is."""
        return self.cost if self.best_known is None else min(self.cost, self.best_known())

    @property
    def closed(self) -> bool:
        """Whether the bound meets the best plan known."""
        if not np.isfinite(self.ceiling):
            return self.bound == np.inf
        return self.ceiling - self.bound <= 1e-6 * (1.0 + abs(self.ceiling))

    @property
    def left(self) -> float:
        """Seconds left; none once the caller wants to stop."""
        return (
            0.0
            if self.stop is not None and self.stop()
            else min(self.until, self.turn) - monotonic()
        )

    def take_turn(self, share: float) -> None:
        """
        Let what follows take a share of the seconds that are left.

        Parameters
        ----------
        share
            Of the seconds, at most 1.
        """
        self.turn = np.inf
        self.turn = monotonic() + share * self.left
        self.halt[0] = False

    def go_on(self, until: float) -> None:
        """
        Let the same case go on, once its halt came from its turn.

        Parameters
        ----------
        until
            When its turn ends, by :func:`time.monotonic`.
        """
        self.turn = until
        self.halt[0] = False

    def visited(self) -> Flags:
        """
        Tell which sites the plan given visits.

        Returns
        -------
        Flags
            By row of the day.
        """
        calls = reduce(or_, (stops for _, stops, _ in self.known), 0)
        return np.array([row > 0 and bool(calls >> (row - 1) & 1) for row in range(self.day.size)])

    def raise_bound(self, bound: float, case: int | None = None) -> None:
        """
        Note what holds for one case, or for all of them; tell what holds for the day.

        Parameters
        ----------
        bound
            SEK.
        case
            Position of the case; None for all of them.
        """
        for number in range(len(self.bounds)) if case is None else [case]:
            self.bounds[number] = max(self.bounds[number], min(bound, self.ceiling))
        least = min(self.bounds)
        if least > self.bound + 1e-9 or not np.isfinite(self.bound):
            self.bound = max(self.bound, least)
            if self.on_bound is not None:
                self.on_bound(self.bound)

    def offer(self, routes: list[Route]) -> float:
        """
        Price runs by the true rules and keep them if they are the best.

        Parameters
        ----------
        routes
            The runs.

        Returns
        -------
        float
            SEK; infinite where they break a rule.
        """
        try:
            plan = build_plan(self.problem, routes)
        except RuleBrokenError:
            return np.inf
        if check(self.problem, plan):
            return np.inf
        cost = plan.cost.total
        if cost < self.ceiling - 1e-9:
            self.cost, self.routes = cost, routes
            if self.on_plan is not None:
                self.on_plan(routes)
        return cost


def known_runs(problem: Problem, day: Day, plan: Plan) -> list[tuple[int, int, float]]:
    """
    Read the runs of a plan.

    Parameters
    ----------
    problem
        The day.
    day
        The same in arrays.
    plan
        The plan.

    Returns
    -------
    list[tuple[int, int, float]]
        Kind, stops as bits and cost in SEK of each run.
    """
    pricer = Pricer(problem)
    row = {site: number for number, site in enumerate(day.sites)}
    known = []
    for run in plan.runs:
        vehicle = problem.vehicle_index[run.vehicle]
        sites = tuple(problem.site_index[stop.site] for stop in run.stops)
        priced = pricer.price(vehicle, sites)
        if priced is not None:
            kind = next(at for at, kind in enumerate(day.kinds) if vehicle in kind.vehicles)
            stops = bits_of(row[site] for site in sites)
            known.append((kind, stops, priced.cost + problem.vehicles[vehicle].fixed_cost))
    return known

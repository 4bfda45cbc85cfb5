"""The best plan so far and the best bound so far, shared by all that search."""

from __future__ import annotations

import math
import threading
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from logistics.errors import RuleBrokenError
from logistics.planning.check import check
from logistics.planning.plan import OPTIMAL_GAP, Plan, gap
from logistics.planning.timing import build_plan

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from logistics.planning.plan import Route
    from logistics.planning.problem import Problem

CLOSED_GAP = 2e-6
"""A search ends where no more than this share of the cost could still be saved."""
_NOISE_SEK = 1e-7
_CHECKS_SHARE = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """
    How far a search has come.

    Attributes
    ----------
    seconds
        Since the call.
    cost
        Of the best plan so far, SEK; None before the first.
    bound
        What no plan can undercut, SEK; None before the first proof.
    gap
        (cost - bound) / cost; None while either is missing.
    phase
        What brought the news: ``start``, ``routing``, ``improve``, ``prove`` or ``done``.
    """

    seconds: float
    cost: float | None
    bound: float | None
    gap: float | None
    phase: str


class Incumbent:
    """
    Keeps the best plan and bound; every plan is checked before it is kept.

    Parameters
    ----------
    problem
        The day.
    began
        When the search began, by :func:`time.monotonic`.
    on_progress
        Told of every better plan and bound.
    extra
        SEK that count when plans are compared, but are no part of what they cost.
    """

    def __init__(
        self,
        problem: Problem,
        began: float | None = None,
        on_progress: Callable[[Progress], None] | None = None,
        extra: Callable[[Plan], float] | None = None,
    ) -> None:
        self.problem = problem
        self.plan: Plan | None = None
        self.routes: tuple[Route, ...] = ()
        self.bound: float | None = None
        self.impossible = False
        self._began = time.monotonic() if began is None else began
        self._tell = on_progress
        self._extra = extra or (lambda _: 0.0)
        self.price = math.inf
        self._lock = threading.RLock()

    @property
    def seconds(self) -> float:
        """Wall time since the search began."""
        return time.monotonic() - self._began

    @property
    def closed(self) -> bool:
        """Whether nothing worth looking for is left."""
        share = gap(self.price, self.bound)
        proved = self.plan is not None and share is not None and share <= CLOSED_GAP
        return proved or self.impossible

    def offer(self, routes: Sequence[Route], phase: str) -> bool:
        """
        Judge runs and keep them if they are the cheapest so far.

        Parameters
        ----------
        routes
            What a solver found.
        phase
            Who found them.

        Returns
        -------
        bool
            Whether they are kept.

        Raises
        ------
        RuleBrokenError
            The runs break a rule: whoever found them has a fault.
        """
        plan = build_plan(self.problem, routes)
        price = plan.cost.total + self._extra(plan)
        if price >= self.price - _NOISE_SEK:
            return False
        broken = check(self.problem, plan)
        if broken:
            told = [f"{one.kind}: {one.message}" for one in broken]
            raise RuleBrokenError([f"runs found by {phase} break a rule", *told])
        with self._lock:
            if price >= self.price:
                return False
            self.plan, self.routes, self.price = plan, tuple(routes), price
            self.report(phase)
        return True

    def raise_bound(self, bound: float, phase: str = "prove") -> None:
        """
        Note what no plan can undercut.

        Parameters
        ----------
        bound
            SEK; infinite where no plan exists.
        phase
            Who proved it.
        """
        with self._lock:
            if bound == math.inf:
                self.impossible = self.plan is None
            elif self.bound is None or bound > self.bound:
                self.bound = bound
                self.report(phase)

    def report(self, phase: str) -> None:
        """
        Tell how far the search has come.

        Parameters
        ----------
        phase
            What brought the news.
        """
        if self._tell is None:
            return
        cost = None if self.plan is None else self.plan.cost.total
        share = None if cost is None else gap(cost, self.bound)
        self._tell(
            Progress(seconds=self.seconds, cost=cost, bound=self.bound, gap=share, phase=phase)
        )

    def certified(self) -> Plan | None:
        """
        Take the best plan with its certificate.

        Returns
        -------
        Plan or None
            Checked; None where no plan was found.
        """
        with self._lock:
            if self.plan is None:
                return None
            total = self.plan.cost.total
            # A proof may overshoot by its tolerance; a bound above the cost says nothing more.
            bound = None if self.bound is None else min(self.bound, total)
            share = gap(total, bound)
            optimal = share is not None and share <= OPTIMAL_GAP
            return replace(
                self.plan,
                bound=bound,
                status="optimal" if optimal else "feasible",
                seconds=self.seconds,
            )


class Seldom:
    """
    Offers the plans of one thread unless checking would take more than a tenth of its time.

    Parameters
    ----------
    best
        The best plan so far.
    """

    def __init__(self, best: Incumbent) -> None:
        self.best = best
        self._held: Sequence[Route] | None = None
        self._last, self._spent = 0.0, 0.0

    def take(self, routes: Sequence[Route]) -> None:
        """
        Offer a plan now or, at a later look, if none better comes before.

        Parameters
        ----------
        routes
            Better than those taken before.
        """
        self._held = routes
        self.look()

    def look(self) -> bool:
        """
        Offer what is held back, if it is time.

        Returns
        -------
        bool
            Never that the search should stop.
        """
        began = time.thread_time()
        if self._held is not None and not 0 <= began - self._last < _CHECKS_SHARE * self._spent:
            routes, self._held = self._held, None
            self.best.offer(routes, "improve")
            self._last = time.thread_time()
            self._spent = self._last - began
        return False

"""What finds no room in a day: named, with the reason, and with the best plan of all the rest."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from logistics.errors import LogisticsError, NoPlanError
from logistics.planning.check import check
from logistics.planning.feasibility import left_out
from logistics.planning.pins import Pins, broken_pins
from logistics.planning.timing import build_plan

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from logistics.planning.plan import Plan, Route
    from logistics.planning.problem import Problem

_CURE = "add a vehicle, a longer shift or run, or wider windows"


class LeftOutError(NoPlanError):
    """
    Compulsory sites find no room in any plan that was found.

    Parameters
    ----------
    problems
        One sentence a site.
    sites
        Which.
    plan
        The best plan found without them; None where none is known.
    """

    def __init__(
        self, problems: str | Iterable[str], sites: Iterable[str] = (), plan: Plan | None = None
    ) -> None:
        super().__init__(problems)
        self.sites = tuple(sites)
        self.plan = plan

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.problems, self.sites, self.plan)


def spared(problem: Problem, pins: Pins, sites: Collection[str]) -> tuple[Problem, Pins]:
    """
    Ask no more for compulsory sites that find no room.

    Parameters
    ----------
    problem
        The day.
    pins
        What must stay.
    sites
        Which sites may be left out.

    Returns
    -------
    tuple[Problem, Pins]
        The day in which they are voluntary, and the pins that speak of others.
    """
    eased = tuple(
        replace(site, must_visit=False) if site.id in sites else site for site in problem.sites
    )
    orders = (tuple(site for site in order if site not in sites) for order in pins.order)
    kept = replace(
        pins,
        vehicle={site: van for site, van in pins.vehicle.items() if site not in sites},
        order=tuple(order for order in orders if len(order) > 1),
        time={site: moments for site, moments in pins.time.items() if site not in sites},
    )
    return replace(problem, sites=eased), kept


def missed(problem: Problem, served: Collection[str]) -> list[str]:
    """
    List the compulsory sites that nobody calls at.

    Parameters
    ----------
    problem
        The day.
    served
        Sites with a call.

    Returns
    -------
    list[str]
        In the order of the problem.
    """
    return [
        site.id
        for site in problem.sites
        if site.must_visit and site.id != problem.hub and site.id not in served
    ]


def refusal(problem: Problem, pins: Pins, routes: Sequence[Route]) -> NoPlanError:
    """
    Say what the best of incomplete plans leaves out.

    Parameters
    ----------
    problem
        The day.
    pins
        What must stay.
    routes
        The runs of that plan.

    Returns
    -------
    NoPlanError
        To be raised; with sites and a plan of the rest where that is what is missing.
    """
    left = missed(problem, {problem.sites[site].id for one in routes for site in one.sites})
    if not left:
        return NoPlanError("no plan found that keeps every pin; loosen one, or allow more time")
    told = [f"site {one!r}: must be visited, but {left_out(problem, one)}; {_CURE}" for one in left]
    return LeftOutError(told, left, _rest(*spared(problem, pins, left), routes))


def _rest(problem: Problem, pins: Pins, routes: Sequence[Route]) -> Plan | None:
    """Build the plan of what does find room, where it keeps all other rules."""
    try:
        plan = build_plan(problem, routes)
        return None if check(problem, plan) or broken_pins(pins, plan) else plan
    except LogisticsError:
        return None

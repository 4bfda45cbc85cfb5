"""Where each shipment of a plan ends the day."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from logistics.planning.plan import Plan
    from logistics.planning.problem import Problem


class Outcome(StrEnum):
    """How a shipment ends the day; the first three are delivered."""

    DIRECT = "direct"
    FROM_HUB = "from-hub"
    TO_HUB = "to-hub"
    AT_HUB = "at-hub"
    LEFT = "left"

    @property
    def delivered(self) -> bool:
        """Whether it reached its destination."""
        return self not in {Outcome.AT_HUB, Outcome.LEFT}


def outcomes(problem: Problem, plan: Plan) -> dict[str, Outcome]:
    """
    Tell where each shipment ends the day.

    Parameters
    ----------
    problem
        The day.
    plan
        A checked plan of it.

    Returns
    -------
    dict[str, Outcome]
        By shipment, in the order of the problem. What was carried on from another run counts as
        ``from-hub``.
    """
    taken = {name for run in plan.runs for stop in run.stops for name in stop.load}
    carried = {name for run in plan.runs for name in run.carried}
    put_off = {name for run in plan.runs for stop in run.stops for name in stop.unload}
    found = {}
    for one in problem.shipments:
        if one.id in put_off:
            from_hub = one.origin == problem.hub or one.id in carried
            found[one.id] = Outcome.FROM_HUB if from_hub else Outcome.DIRECT
        elif one.id in taken:
            home = one.destination == problem.hub
            found[one.id] = Outcome.TO_HUB if home else Outcome.AT_HUB
        else:
            found[one.id] = Outcome.LEFT
    return found


def distance_metres(problem: Problem, plan: Plan) -> int:
    """
    Measure how far the vehicles of a plan drive.

    Parameters
    ----------
    problem
        The day.
    plan
        Its plan.

    Returns
    -------
    int
        Metres of all runs.
    """
    metres, index = 0, problem.site_index
    for run in plan.runs:
        here = problem.hub_index
        for site in (*(index[stop.site] for stop in run.stops), problem.hub_index):
            metres += problem.travel_metres[here][site]
            here = site
    return metres

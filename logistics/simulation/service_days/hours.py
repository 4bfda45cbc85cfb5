"""The same van at a similar hour: orders and departures that let each branch know when it comes.

The days and vans are given. For every tour the planner looks for its best order; each order also
serves the other tours of its van, and the solver picks for every tour an order and a departure so
that no branch sees the van come at hours further apart than wanted, at the least cost of driving.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from ortools.sat.python import cp_model

from logistics.errors import LogisticsError, RuleBrokenError
from logistics.planning.improve import improve
from logistics.planning.plan import Plan, Route
from logistics.planning.problem import Problem
from logistics.planning.records import Break, Shipment, Site
from logistics.planning.timing import build_plan
from logistics.simulation.service_days.week import shares_on
from logistics.units import SECONDS_PER_MINUTE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from logistics.simulation.service_days.week import Choice, Week

    Tour = tuple[int, int]

ITERATIONS: Final = 3_000

_OERE: Final = 100
#: Öre that a minute beyond the wanted spread costs in the choice of orders: it is avoided first.
_OERE_PER_MINUTE_BEYOND: Final = 10_000
_LEFT_SEK: Final = 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedTour:
    """
    A tour with its clock times.

    Attributes
    ----------
    van
        Number of the van.
    weekday
        ISO weekday.
    start, end
        Seconds since midnight at the hub.
    stops
        Branch and the second at which its service begins, in order.
    driving_sek
        Cost of the tour, handling included.
    """

    van: int
    weekday: int
    start: int
    end: int
    stops: tuple[tuple[str, int], ...]
    driving_sek: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    plan: Plan
    slack_minutes: int

    def minute(self, place: str) -> int:
        stop = next(stop for stop in self.plan.runs[0].stops if stop.site == place)
        return stop.begin // SECONDS_PER_MINUTE


def timed(
    week: Week,
    choice: Choice,
    windows: Mapping[tuple[str, int], tuple[int, int] | None],
    *,
    spread_minutes: int,
) -> list[TimedTour]:
    """
    Time all tours of a week so that hours are regular.

    Parameters
    ----------
    week
        The week.
    choice
        Days and van of every place.
    windows
        When a branch receives, by branch and ISO weekday; None for any time.
    spread_minutes
        Minutes between the earliest and the latest hour at which a branch sees its van, at most;
        where no orders are that regular, those that come nearest.

    Returns
    -------
    list of TimedTour
        By van and weekday.

    Raises
    ------
    RuleBrokenError
        A tour cannot keep windows, shift and break.
    """
    problems = {
        tour: _problem(week, choice, tour, stops, windows)
        for tour, stops in sorted(choice.stops().items())
    }
    orders = _orders(problems)
    picked = _pick(orders, spread_minutes)
    return [_timed(tour, *picked[tour]) for tour in problems]


def spreads(tours: Sequence[TimedTour]) -> dict[str, int]:
    """
    Tell how far apart the hours are at which each branch sees its van.

    Parameters
    ----------
    tours
        The tours of a week.

    Returns
    -------
    dict
        Seconds between the earliest and the latest, by branch.
    """
    hours: dict[str, list[int]] = {}
    for tour in tours:
        for place, begin in tour.stops:
            hours.setdefault(place, []).append(begin)
    return {place: max(seen) - min(seen) for place, seen in sorted(hours.items())}


def _problem(
    week: Week,
    choice: Choice,
    tour: Tour,
    stops: int,
    windows: Mapping[tuple[str, int], tuple[int, int] | None],
) -> Problem:
    _, day = tour
    members = [place for place in range(len(week.places)) if stops >> place & 1]
    rows = [*members, len(week.places)]
    shipments = []
    for place in members:
        share, name = shares_on(week, choice.patterns[place], day), week.places[place]
        for start, end, items in (
            (name, week.hub, week.taken[place]),
            (week.hub, name, week.put_off[place]),
        ):
            count = round(float(items) * share)
            if count:
                shipments.append(
                    Shipment(
                        id=f"{start}>{end}",
                        origin=start,
                        destination=end,
                        items=count,
                        cost_if_at_hub=0.0,
                        cost_if_left=_LEFT_SEK,
                    )
                )
    return Problem(
        name=f"weekday {day}",
        hub=week.hub,
        sites=(
            *(
                Site(
                    id=week.places[place],
                    stop_seconds=week.stop_seconds[place],
                    window=windows.get((week.places[place], day)),
                    must_visit=True,
                )
                for place in members
            ),
            Site(id=week.hub, stop_seconds=0),
        ),
        travel_metres=tuple(tuple(week.travel_metres[i][j] for j in rows) for i in rows),
        travel_seconds=tuple(tuple(week.travel_seconds[i][j] for j in rows) for i in rows),
        vehicles=(week.vehicle,),
        shipments=tuple(shipments),
        handling_seconds_per_item=week.handling_seconds,
        break_=Break(after_seconds=week.break_after_seconds, seconds=week.break_seconds)
        if week.break_after_seconds
        else None,
    )


def _orders(problems: Mapping[Tour, Problem]) -> dict[Tour, list[_Order]]:
    """Give each tour its best order, and those that follow from the other tours of its van."""
    best: dict[Tour, list[str]] = {}
    for tour, problem in problems.items():
        routes = improve(problem, iterations=ITERATIONS, seed=0)
        if len(routes) != 1 or len(routes[0].sites) < len(problem.sites) - 1:
            raise RuleBrokenError(
                f"service days: van {tour[0] + 1} cannot serve all its branches on weekday "
                f"{tour[1]} within windows, shift and break; allow more vans or hours"
            )
        best[tour] = [problem.sites[site].id for site in routes[0].sites]
    orders: dict[Tour, list[_Order]] = {}
    for tour, problem in problems.items():
        models = [best[tour], *(best[other] for other in best if other[0] == tour[0])]
        wanted = {
            tuple(sequence)
            for model in models
            for way in (model, model[::-1])
            for sequence in (_after_model(problem, way, best[tour]),)
        }
        found = [_order(problem, sequence) for sequence in sorted(wanted)]
        orders[tour] = [order for order in found if order is not None]
    return orders


def _after_model(problem: Problem, model: Sequence[str], own: Sequence[str]) -> list[str]:
    """Call in the order of another tour; what that one leaves out where it is least of a detour."""
    sequence = [place for place in model if place in own]
    index, metres, hub = problem.site_index, problem.travel_metres, problem.hub
    for place in (one for one in own if one not in sequence):
        ends = [hub, *sequence, hub]
        detours = [
            metres[index[a]][index[place]]
            + metres[index[place]][index[b]]
            - metres[index[a]][index[b]]
            for a, b in pairwise(ends)
        ]
        sequence.insert(detours.index(min(detours)), place)
    return sequence


def _order(problem: Problem, sequence: Sequence[str]) -> _Order | None:
    route = Route(vehicle=0, sites=tuple(problem.site_index[place] for place in sequence))
    try:
        plan = build_plan(problem, [route])
    except RuleBrokenError:
        return None
    run = plan.runs[0]
    room = [problem.vehicles[0].shift[1] - run.end]
    for stop in run.stops:
        window = problem.sites[problem.site_index[stop.site]].window
        if window is not None:
            room.append(window[1] - stop.begin)
    return _Order(plan=plan, slack_minutes=max(0, min(room) // SECONDS_PER_MINUTE))


def _pick(orders: Mapping[Tour, list[_Order]], spread: int) -> dict[Tour, tuple[_Order, int]]:
    model = cp_model.CpModel()
    used, later = {}, {}
    parts = []
    hours: dict[tuple[int, str], list[cp_model.LinearExprT]] = {}
    for tour, choices in orders.items():
        used[tour] = [model.new_bool_var("") for _ in choices]
        later[tour] = model.new_int_var(0, max(one.slack_minutes for one in choices), "")
        model.add_exactly_one(used[tour])
        for order, flag in zip(choices, used[tour], strict=True):
            model.add(later[tour] <= order.slack_minutes).only_enforce_if(flag)
            parts.append(round(order.plan.cost.total * _OERE) * flag)
        for stop in choices[0].plan.runs[0].stops:
            arrival = cp_model.LinearExpr.weighted_sum(
                used[tour], [order.minute(stop.site) for order in choices]
            )
            hours.setdefault((tour[0], stop.site), []).append(arrival + later[tour])
    for seen in hours.values():
        if len(seen) > 1:
            first, beyond = model.new_int_var(0, 1440, ""), model.new_int_var(0, 1440, "")
            for minute in seen:
                model.add(minute >= first)
                model.add(minute <= first + spread + beyond)
            parts.append(_OERE_PER_MINUTE_BEYOND * beyond)
    model.minimize(sum(parts))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = 20.0
    if solver.solve(model) not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        raise LogisticsError("service days: no hours were found for the tours; this is a bug")
    return {
        tour: (
            next(
                order
                for order, flag in zip(choices, used[tour], strict=True)
                if solver.boolean_value(flag)
            ),
            solver.value(later[tour]),
        )
        for tour, choices in orders.items()
    }


def _timed(tour: Tour, order: _Order, later: int) -> TimedTour:
    run, shift = order.plan.runs[0], later * SECONDS_PER_MINUTE
    return TimedTour(
        van=tour[0],
        weekday=tour[1],
        start=run.start + shift,
        end=run.end + shift,
        stops=tuple((stop.site, stop.begin + shift) for stop in run.stops),
        driving_sek=order.plan.cost.total - order.plan.cost.delay,
    )

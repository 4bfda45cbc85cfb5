"""Runs as people see them, a vehicle and the order of its stops, and the plans they make."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from logistics.errors import NotFoundError, RuleBrokenError
from logistics.planning.check import Kind, Violation, check
from logistics.planning.plan import Plan, Route
from logistics.planning.timing import build_plan, route_of
from logistics.units import SECONDS_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from logistics.planning.problem import Problem

_LATE = 2 * SECONDS_PER_DAY

#: Vehicle and sites of each run.
Sequences = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """
    What becomes of runs in a given order.

    Attributes
    ----------
    plan
        The plan; with its times where no rule forbade them if it breaks one.
    broken
        The rules it breaks; empty for a plan that may be driven.
    """

    plan: Plan
    broken: tuple[Violation, ...] = ()


def sequences_of(plan: Plan) -> Sequences:
    """
    List the runs of a plan.

    Parameters
    ----------
    plan
        The plan.

    Returns
    -------
    Sequences
        Vehicle and sites of each.
    """
    return tuple((run.vehicle, tuple(stop.site for stop in run.stops)) for run in plan.runs)


def moved_to(runs: Sequences, site: str, vehicle: str, place: int) -> Sequences:
    """
    Move a stop, or put in one that is not on any run.

    Parameters
    ----------
    runs
        The runs.
    site
        Where the stop is.
    vehicle
        Who shall call there.
    place
        Its number on that run, from 1; more than there are is the last.

    Returns
    -------
    Sequences
        The runs afterwards, without those that lost their only stop.
    """
    left = [(van, [one for one in sites if one != site]) for van, sites in runs]
    if vehicle not in {van for van, _ in left}:
        left.append((vehicle, []))
    for van, sites in left:
        if van == vehicle:
            sites.insert(max(0, place - 1), site)
    return tuple((van, tuple(sites)) for van, sites in left if sites)


def neighbours(runs: Sequences, site: str) -> tuple[str, str, str]:
    """
    Tell where a stop stands.

    Parameters
    ----------
    runs
        The runs.
    site
        Where the stop is.

    Returns
    -------
    tuple[str, str, str]
        Vehicle, the site before, the site behind; empty for the hub.

    Raises
    ------
    NotFoundError
        No run calls there.
    """
    for van, sites in runs:
        if site in sites:
            around = ("", *sites, "")
            place = sites.index(site) + 1
            return van, around[place - 1], around[place + 1]
    raise NotFoundError(f"branch {site!r}: no run calls there")


def fit(problem: Problem, runs: Sequences) -> Sequences:
    """
    Leave out what a day does not know.

    Parameters
    ----------
    problem
        The day.
    runs
        Runs of the same day before something was decided.

    Returns
    -------
    Sequences
        What is left of them.
    """
    found = (
        (van, tuple(site for site in sites if site in problem.site_index))
        for van, sites in runs
        if van in problem.vehicle_index
    )
    return tuple((van, sites) for van, sites in found if sites)


def judge(problem: Problem, runs: Sequences, *, like: Plan | None = None) -> Judged:
    """
    Make a plan of runs in a given order, and name every rule it breaks.

    Parameters
    ----------
    problem
        The day.
    runs
        The runs; every site and vehicle is of this day.
    like
        A plan whose choice of what to take along is kept on runs that are as they were.

    Returns
    -------
    Judged
        The plan and what is wrong with it.
    """
    judged = _judged(problem, [_route(problem, run) for run in runs])
    if like is None or all(one.kind is not Kind.OVERLOADED for one in judged.broken):
        return judged
    kept = {(run.vehicle, tuple(stop.site for stop in run.stops)): run for run in like.runs}
    try:
        routes = [
            route_of(problem, kept[run]) if run in kept else _route(problem, run) for run in runs
        ]
    except KeyError:  # a shipment is gone, so what was taken along then says nothing now
        return judged
    again = _judged(problem, routes)
    return judged if again.broken else again


def adopt(problem: Problem, plan: Plan) -> Plan | None:
    """
    Drive a plan on a day a little different from its own.

    Parameters
    ----------
    problem
        The day.
    plan
        A plan of the same date.

    Returns
    -------
    Plan | None
        The same runs as far as the day knows them; None where they break a rule of it.
    """
    judged = judge(problem, fit(problem, sequences_of(plan)), like=plan)
    return None if judged.broken else judged.plan


def _route(problem: Problem, run: tuple[str, tuple[str, ...]]) -> Route:
    vehicle, sites = run
    index = problem.site_index
    return Route(vehicle=problem.vehicle_index[vehicle], sites=tuple(index[site] for site in sites))


def _judged(problem: Problem, routes: Sequence[Route]) -> Judged:
    try:
        plan = build_plan(problem, routes)
    except RuleBrokenError:
        return _forgiven(problem, routes)
    return Judged(plan=plan, broken=tuple(check(problem, plan)))


def _forgiven(problem: Problem, routes: Sequence[Route]) -> Judged:
    """Lift rules of the clock one by one, and name those whose lifting asks for least."""
    found = []
    for day in _forgiving(problem, routes):
        try:
            plan = build_plan(day, routes)
        except RuleBrokenError:
            continue
        found.append(Judged(plan=plan, broken=tuple(check(problem, plan))))
    if not found:
        raise RuleBrokenError("these runs have no timing at all; their travel times contradict")
    return min(found, key=lambda one: (len(one.broken), sum(rule.excess for rule in one.broken)))


def _forgiving(problem: Problem, routes: Sequence[Route]) -> Iterator[Problem]:
    for place in {place for route in routes for place in route.sites}:
        window = problem.sites[place].window
        if window is not None:
            for wider in ((window[0], _LATE), (0, window[1])):
                sites = list(problem.sites)
                sites[place] = replace(sites[place], window=wider)
                yield replace(problem, sites=tuple(sites))
    longer = tuple(
        replace(
            van,
            shift=(van.shift[0], van.shift[1] + SECONDS_PER_DAY),
            max_seconds=van.max_seconds + SECONDS_PER_DAY,
        )
        for van in problem.vehicles
    )
    yield replace(problem, vehicles=longer)
    yield replace(problem, break_=None)
    late = tuple(
        replace(site, window=None if site.window is None else (site.window[0], _LATE))
        for site in problem.sites
    )
    yield replace(problem, vehicles=longer, sites=late)
    yield replace(problem, vehicles=longer, sites=late, break_=None)

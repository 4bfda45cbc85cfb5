"""The checker's own judgement of clock times: windows, shift, longest run, break, turnaround."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from logistics.planning.check_times import Moments, least
from logistics.planning.violations import Kind, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logistics.planning.plan import Plan, Run
    from logistics.planning.problem import Problem

_NEVER = 2**60


def run_violations(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """
    Judge the clock times of all runs.

    Parameters
    ----------
    problem
        The day.
    plan
        Its plan; every id in it is known and every run has stops.

    Yields
    ------
    Violation
        A rule on times that is broken.
    """
    yield from _turnarounds(problem, plan)
    for number, run in enumerate(plan.runs):
        moments = _moments(problem, plan, number)
        found = [*_drive(problem, number, run, moments), *_bounds(number, run, moments)]
        yield from found
        if not found:
            yield from _least_paid(problem, number, run, moments)


def _turnarounds(problem: Problem, plan: Plan) -> Iterator[Violation]:
    for van in problem.vehicles:
        own = [(run.start, run.end, n) for n, run in enumerate(plan.runs) if run.vehicle == van.id]
        for (_, end, _), (start, _, number) in pairwise(sorted(own)):
            early = end + van.turnaround_seconds - start
            if early > 0:
                told = f"starts {early} s before the van is back and turned round"
                yield _at(Kind.TURNAROUND, number, van.id, told, early)


def _moments(problem: Problem, plan: Plan, number: int) -> Moments:
    run = plan.runs[number]
    vans = {van.id: van for van in problem.vehicles}
    van = vans[run.vehicle]
    sites = {site.id: (position, site) for position, site in enumerate(problem.sites)}
    items = {shipment.id: shipment.items for shipment in problem.shipments}
    way = [sites[name][0] for name in (problem.hub, *(s.site for s in run.stops), problem.hub)]
    ready = [van.shift[0]]
    for one, other in enumerate(plan.runs):
        back = other.end + vans[other.vehicle].turnaround_seconds
        before = other.vehicle == run.vehicle and (other.start, one) < (run.start, number)
        loads = {name for stop in other.stops for name in stop.load}
        if one != number and (before or loads & {*run.carried}):
            ready.append(back)
    rule = problem.break_
    return Moments(
        travel=tuple(problem.travel_seconds[a][b] for a, b in pairwise(way)),
        service=tuple(
            sites[stop.site][1].stop_seconds
            + problem.handling_seconds_per_item
            * sum(items[name] for name in (*stop.load, *stop.unload))
            for stop in run.stops
        ),
        windows=tuple(sites[stop.site][1].window for stop in run.stops),
        earliest=max(ready),
        latest=van.shift[1],
        max_seconds=van.max_seconds,
        after_seconds=_NEVER if rule is None else rule.after_seconds,
        pause=0 if rule is None else rule.seconds,
    )


def _drive(problem: Problem, number: int, run: Run, moments: Moments) -> Iterator[Violation]:
    """Follow the clock from stop to stop."""
    pause = moments.pause
    if run.break_after is not None and not 0 <= run.break_after < len(run.stops):
        told = f"break after stop {run.break_after}, expected one of 0 to {len(run.stops) - 1}"
        yield _at(Kind.BREAK_NOWHERE, number, run.vehicle, told, 1)
    now = run.start
    for place, stop in enumerate(run.stops):
        now += moments.travel[place]
        if stop.arrive != now:
            told = f"arrives at {stop.arrive}, expected {now}"
            yield _at(Kind.WRONG_ARRIVAL, number, stop.site, told, abs(stop.arrive - now))
        if stop.begin < stop.arrive:
            told = f"service begins at {stop.begin}, before the van arrives at {stop.arrive}"
            early = stop.arrive - stop.begin
            yield _at(Kind.BEGINS_BEFORE_ARRIVAL, number, stop.site, told, early)
        done = stop.begin + moments.service[place]
        if stop.depart != done:
            told = f"departs at {stop.depart}, expected {done}"
            yield _at(Kind.WRONG_DEPARTURE, number, stop.site, told, abs(stop.depart - done))
        window = moments.windows[place]
        if window is not None and stop.begin < window[0]:
            told = f"service begins at {stop.begin}, before its window opens at {window[0]}"
            yield _at(Kind.BEFORE_WINDOW, number, stop.site, told, window[0] - stop.begin)
        if window is not None and stop.begin > window[1]:
            told = f"service begins at {stop.begin}, after its window closes at {window[1]}"
            yield _at(Kind.AFTER_WINDOW, number, stop.site, told, stop.begin - window[1])
        now = stop.depart + (pause if place == run.break_after else 0)
    now += moments.travel[-1]
    if run.end != now:
        told = f"ends at {run.end}, expected {now}"
        yield _at(Kind.WRONG_END, number, problem.hub, told, abs(run.end - now))


def _bounds(number: int, run: Run, moments: Moments) -> Iterator[Violation]:
    early, late = moments.earliest - run.start, run.end - moments.latest
    if early > 0:
        told = f"starts at {run.start}, expected {moments.earliest} or later"
        yield _at(Kind.BEFORE_SHIFT, number, run.vehicle, told, early)
    if late > 0:
        told = f"ends at {run.end}, expected {moments.latest} or earlier"
        yield _at(Kind.AFTER_SHIFT, number, run.vehicle, told, late)
    length = run.end - run.start
    if length > moments.max_seconds:
        told = f"lasts {length} s, expected {moments.max_seconds} s at most"
        yield _at(Kind.TOO_LONG, number, run.vehicle, told, length - moments.max_seconds)
    if run.break_after is None or not 0 <= run.break_after < len(run.stops):
        return
    begin = run.stops[run.break_after].depart
    before, after = begin - run.start, run.end - begin - moments.pause
    longest = moments.after_seconds
    if before > longest:
        told = f"break begins {before} s after the start, expected {longest} s at most"
        yield _at(Kind.BREAK_TOO_LATE, number, run.vehicle, told, before - longest)
    if after > longest:
        told = f"run goes on for {after} s after the break, expected {longest} s at most"
        yield _at(Kind.BREAK_TOO_EARLY, number, run.vehicle, told, after - longest)


def _least_paid(problem: Problem, number: int, run: Run, moments: Moments) -> Iterator[Violation]:
    best = least(moments)
    due = best is None or best[2]
    if due and run.break_after is None:
        told = f"takes no break, but cannot be driven in {moments.after_seconds} s"
        yield _at(Kind.BREAK_MISSING, number, run.vehicle, told, 1)
        return
    if not due and run.break_after is not None:
        told = "takes a break, but can be driven without one"
        yield _at(Kind.BREAK_NOT_DUE, number, run.vehicle, told, 1)
        return
    if best is None:  # pragma: no cover - a run that keeps the rules shows that one can
        raise AssertionError
    paid, start, _ = best
    more = run.paid_seconds(problem) - paid
    if more:
        told = f"is paid {run.paid_seconds(problem)} s, could be {paid} s"
        yield _at(Kind.PAID_TOO_LONG, number, run.vehicle, told, more)
    elif run.start > start:
        told = f"starts at {run.start}, could start at {start} for the same pay"
        yield _at(Kind.STARTS_TOO_LATE, number, run.vehicle, told, run.start - start)


def _at(kind: Kind, run: int, subject: str, told: str, excess: int) -> Violation:
    message = f"run {run + 1}, {subject!r}: {told}"
    return Violation(kind=kind, run=run, subject=subject, message=message, excess=excess)

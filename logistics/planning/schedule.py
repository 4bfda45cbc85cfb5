"""When a run drives: of all timings that keep the rules, the fewest paid seconds, then earliest.

A stretch of road and stops turns the time S at its start into the time max(S + A, B) at its end,
and can be driven only if S <= L (Savelsbergh 1992, "The vehicle routing problem with time windows:
minimizing route duration", ORSA Journal on Computing 4, p. 146). Everything here, the break
included, is composed of such stretches, so the answer is exact and takes no search but for the
place of the break.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from logistics.planning.problem import Problem

_EVER = 2**62


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """
    The clock times of one run, in seconds since midnight.

    Attributes
    ----------
    start, end
        Of the run.
    arrive, begin, depart
        At each stop.
    break_after
        Index of the stop after which the break is taken; None for no break.
    paid_seconds
        End minus start, without the break.
    """

    start: int
    end: int
    arrive: tuple[int, ...]
    begin: tuple[int, ...]
    depart: tuple[int, ...]
    break_after: int | None
    paid_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Road:
    """
    What timing needs to know of a run.

    Attributes
    ----------
    travel
        Seconds to the first stop, between the stops, and back.
    service
        Seconds at each stop.
    windows
        First and last second at which each service may begin.
    earliest, latest
        First second of the run and last of it.
    max_seconds
        Longest run, break included.
    break_rule
        Longest time without a break, and its length; None for no rule.
    """

    travel: Sequence[int]
    service: Sequence[int]
    windows: Sequence[tuple[int, int]]
    earliest: int
    latest: int
    max_seconds: int
    break_rule: tuple[int, int] | None = None


def road(
    problem: Problem,
    vehicle: int,
    sites: Sequence[int],
    handled: Sequence[int],
    earliest: int = 0,
) -> Road:
    """
    Collect what the timing of a run depends on.

    Parameters
    ----------
    problem
        The day.
    vehicle
        Position of the vehicle.
    sites
        Positions of the stops in order.
    handled
        Items put off and taken at each stop.
    earliest
        First second at which the run may start, besides its shift.

    Returns
    -------
    Road
        The input of :func:`best_timing`.
    """
    van = problem.vehicles[vehicle]
    way = (problem.hub_index, *sites, problem.hub_index)
    each = problem.handling_seconds_per_item
    stops = [problem.sites[site] for site in sites]
    rule = problem.break_
    return Road(
        travel=[problem.travel_seconds[a][b] for a, b in pairwise(way)],
        service=[s.stop_seconds + each * n for s, n in zip(stops, handled, strict=True)],
        windows=[stop.window or (0, _EVER) for stop in stops],
        earliest=max(earliest, van.shift[0]),
        latest=van.shift[1],
        max_seconds=van.max_seconds,
        break_rule=None if rule is None else (rule.after_seconds, rule.seconds),
    )


def best_timing(way: Road) -> Timing | None:
    """
    Time a run with the fewest paid seconds, and among those the earliest start.

    A run whose least length without a break is within the rule takes none; any other takes one,
    where it costs the fewest paid seconds, then allows the earliest start, then comes first.

    Parameters
    ----------
    way
        The run.

    Returns
    -------
    Timing or None
        The clock times; None where no timing keeps the rules.
    """
    plain = _timed(way, None)
    if plain is None or way.break_rule is None or plain.paid_seconds <= way.break_rule[0]:
        return plain
    timed = (_timed(way, position) for position in range(len(way.service)))
    rested = [timing for timing in timed if timing is not None]
    return min(rested, key=lambda one: (one.paid_seconds, one.start), default=None)


def _timed(way: Road, rest: int | None) -> Timing | None:
    """Time the run with its break after stop `rest`, or without one."""
    windows = list(way.windows)
    low, pause = way.earliest, 0
    if rest is not None and way.break_rule is not None:
        longest, pause = way.break_rule
        tail = _stretch(way, windows, rest + 1)
        if tail is None or tail[0] > longest:
            return None
        # The break must not end too early: service before it may have to begin late.
        late = tail[1] - longest - pause - way.service[rest]
        windows[rest] = (max(windows[rest][0], late), windows[rest][1])
        head = _stretch(way, windows, 0, rest)
        if head is None or head[0] > longest:
            return None
        low = max(low, head[1] - longest)
    whole = _stretch(way, windows, 0, rest=rest, pause=pause)
    if whole is None:
        return None
    add, floor, high = whole
    high = min(high, way.latest - add)
    if floor > way.latest or low > high:
        return None
    start = max(low, min(high, floor - add))
    end = max(start + add, floor)
    if end - start > way.max_seconds:
        return None
    return _clocked(way, windows, start, rest, pause)


def _stretch(
    way: Road,
    windows: Sequence[tuple[int, int]],
    first: int,
    last: int | None = None,
    *,
    rest: int | None = None,
    pause: int = 0,
) -> tuple[int, int, int] | None:
    """Compose (A, B, L) from the road before stop `first` to the end of stop `last`, or the hub."""
    add, floor, high = 0, -_EVER, _EVER
    until = len(way.service) if last is None else last + 1
    for stop in range(first, until):
        add, floor = add + way.travel[stop], floor + way.travel[stop]
        opens, closes = windows[stop]
        if floor > closes or opens > closes:
            return None
        high = min(high, closes - add)
        spent = way.service[stop] + (pause if stop == rest else 0)
        add, floor = add + spent, max(floor, opens) + spent
    if last is None:
        add, floor = add + way.travel[-1], floor + way.travel[-1]
    return add, floor, high


def _clocked(
    way: Road, windows: Sequence[tuple[int, int]], start: int, rest: int | None, pause: int
) -> Timing:
    now = start
    arrive, begin, depart = [], [], []
    for stop, (opens, _) in enumerate(windows):
        now += way.travel[stop]
        arrive.append(now)
        begin.append(max(now, opens))
        depart.append(begin[-1] + way.service[stop])
        now = depart[-1] + (pause if stop == rest else 0)
    end = now + way.travel[-1]
    return Timing(
        start=start,
        end=end,
        arrive=tuple(arrive),
        begin=tuple(begin),
        depart=tuple(depart),
        break_after=rest,
        paid_seconds=end - start - pause,
    )

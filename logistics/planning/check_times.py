"""The checker's own clock: least paid seconds by longest paths in a graph of time differences.

Every rule on times says that one moment is at least so much later than another. The moments of a
run are the nodes of a graph (midnight, start, the services, end), the rules its edges; the longest
path between two nodes is the least time that must lie between them (Bellman-Ford; Cormen et al.,
Introduction to Algorithms, section 24.4). Slow, plain, and nothing shared with the planner.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

Edge = tuple[int, int, int]
_MIDNIGHT, _START = 0, 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """
    The rules on the times of one run.

    Attributes
    ----------
    travel
        Seconds to the first stop, between the stops, and back.
    service
        Seconds at each stop.
    windows
        For each stop first and last second of begin, or None.
    earliest, latest, max_seconds
        First second of the run, last second of the run, longest run.
    after_seconds, pause
        The rule on breaks; 2^60 and 0 where there is none.
    """

    travel: tuple[int, ...]
    service: tuple[int, ...]
    windows: tuple[tuple[int, int] | None, ...]
    earliest: int
    latest: int
    max_seconds: int
    after_seconds: int
    pause: int


def least(moments: Moments) -> tuple[int, int, bool] | None:
    """
    Find the fewest paid seconds of a run, and the earliest start that allows them.

    Parameters
    ----------
    moments
        The rules on its times.

    Returns
    -------
    tuple[int, int, bool] or None
        Paid seconds, start, and whether a break is due; None where no timing keeps the rules.
    """
    plain = _least(moments, None)
    if plain is None or plain[0] <= moments.after_seconds:
        return plain and (*plain, False)
    rested = [_least(moments, stop) for stop in range(len(moments.service))]
    best = min((found for found in rested if found is not None), default=None)
    return best and (*best, True)


def _least(moments: Moments, rest: int | None) -> tuple[int, int] | None:
    edges = list(_edges(moments, rest))
    count = len(moments.service) + 3
    end = count - 1
    if _latest_needed(edges, count, _MIDNIGHT) is None:
        return None
    from_start = _latest_needed(edges, count, _START)
    if from_start is None or from_start[end] is None:  # pragma: no cover - the end follows
        raise AssertionError
    length = from_start[end]
    tight = _latest_needed([*edges, (end, _START, -length)], count, _MIDNIGHT)
    if tight is None:  # pragma: no cover - the least length is feasible
        raise AssertionError
    start = tight[_START]
    pause = 0 if rest is None else moments.pause
    return length - pause, start


def _edges(moments: Moments, rest: int | None) -> Iterable[Edge]:
    """Yield (a, b, w) for each rule: moment b is at least w after moment a."""
    count = len(moments.service)
    end = count + 2
    yield _MIDNIGHT, _START, moments.earliest
    yield end, _MIDNIGHT, -moments.latest
    yield end, _START, -moments.max_seconds
    yield _START, 2, moments.travel[0]
    for stop, spent in enumerate(moments.service):
        node = stop + 2
        pause = moments.pause if stop == rest else 0
        yield node, node + 1, spent + pause + moments.travel[stop + 1]
        window = moments.windows[stop]
        if window is not None:
            yield _MIDNIGHT, node, window[0]
            yield node, _MIDNIGHT, -window[1]
        if stop == rest:
            yield node, _START, spent - moments.after_seconds
            yield end, node, -moments.after_seconds - spent - pause


def _latest_needed(edges: Iterable[Edge], count: int, source: int) -> list[int] | None:
    """Longest paths from one moment to all; None where a circle of rules contradicts itself."""
    far: list[int] = [-(2**80)] * count
    far[source] = 0
    for _ in range(count):
        moved = False
        for before, after, gap in edges:
            if far[before] + gap > far[after]:
                far[after] = far[before] + gap
                moved = True
        if not moved:
            return far
    return None

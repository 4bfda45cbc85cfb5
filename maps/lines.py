"""The geometry of drawn lines: how wide, where arrows sit, and which pieces of road they use."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from logistics.operations.view.place_records import Point
    from logistics.operations.view.run_records import LegView

_THINNEST, _WIDEST = 3.5, 8.0
_SHORT_LEG_DEGREES = 0.03
_ARROW_SPACING_DEGREES = 0.3


def line_width(load: int, widest_load: int) -> float:
    """
    Say how wide a line is.

    Parameters
    ----------
    load
        Items aboard.
    widest_load
        The most items on any leg of the day.

    Returns
    -------
    float
        Width in pixels.
    """
    share = load / widest_load if widest_load else 0.0
    return round(_THINNEST + (_WIDEST - _THINNEST) * share, 1)


def steps(leg: LegView) -> set[frozenset[Point]]:
    """
    Give the pieces of road a leg uses, whichever way.

    Parameters
    ----------
    leg
        The leg.

    Returns
    -------
    set[frozenset[Point]]
        Pairs of neighbouring points.
    """
    return {frozenset(step) for step in itertools.pairwise(leg.line)}


def arrows(leg: LegView) -> list[tuple[Point, float]]:
    """
    Choose where a leg shows its direction.

    Parameters
    ----------
    leg
        The leg.

    Returns
    -------
    list[tuple[Point, float]]
        Points on the line with the bearing there, degrees clockwise from north; none on a leg too
        short to show one.
    """
    length = sum(math.dist(_flat(a), _flat(b)) for a, b in itertools.pairwise(leg.line))
    if length < _SHORT_LEG_DEGREES:
        return []
    count = max(1, round(length / _ARROW_SPACING_DEGREES))
    return [along(leg.line, (i + 0.5) / count) for i in range(count)]


def along(line: tuple[Point, ...], share: float) -> tuple[Point, float]:
    """
    Walk along a line.

    Parameters
    ----------
    line
        The line.
    share
        How far, 0 to 1.

    Returns
    -------
    tuple[Point, float]
        The point there and the bearing, degrees clockwise from north.
    """
    steps = [(a, b, math.dist(_flat(a), _flat(b))) for a, b in itertools.pairwise(line)]
    left = share * sum(length for _, _, length in steps)
    for a, b, length in steps:
        if left <= length and length > 0:
            part = left / length
            point = (a[0] + part * (b[0] - a[0]), a[1] + part * (b[1] - a[1]))
            (y0, x0), (y1, x1) = _flat(a), _flat(b)
            return point, math.degrees(math.atan2(x1 - x0, y1 - y0)) % 360
        left -= length
    return (line[-1] if line else (0.0, 0.0)), 0.0


def _flat(point: Point) -> tuple[float, float]:
    """Stretch latitudes as a Mercator map does, in degrees of longitude."""
    latitude, longitude = point
    return latitude / math.cos(math.radians(latitude)), longitude

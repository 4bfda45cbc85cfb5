"""What templates ask about a stop: its key, its shape, and what is handled there, by place."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from logistics.operations.day_view import Ride
from maps.theme import run_style, style_number

if TYPE_CHECKING:
    from logistics.operations.day_view import RunView, StopView


def stop_key(run: RunView, stop: StopView) -> str:
    """
    Give the key under which map, tables and timeline know a stop.

    Parameters
    ----------
    run
        Its run.
    stop
        The stop.

    Returns
    -------
    str
        As "1-3".
    """
    return f"{run.number}-{stop.number}"


def sums(stop: StopView, side: str) -> list[tuple[str, int, Ride]]:
    """
    Sum what comes off or goes on, by the place at the other end.

    Parameters
    ----------
    stop
        The stop.
    side
        ``unload``: by origin; ``load``: by destination.

    Returns
    -------
    list[tuple[str, int, Ride]]
        Place, items and how they travel; direct rides first, then the most items first.
    """
    counts: Counter[tuple[str, Ride]] = Counter()
    for bundle in stop.unload if side == "unload" else stop.load:
        end = bundle.origin if side == "unload" else bundle.destination
        counts[end.short_name, bundle.ride] += bundle.items
    rows = [(place, count, ride) for (place, ride), count in counts.items()]
    return sorted(rows, key=lambda row: (row[2] is not Ride.DIRECT, -row[1], row[0]))


def shape(number: int) -> str:
    """
    Name the classes of a run's markers.

    Parameters
    ----------
    number
        Number of the run, from 1.

    Returns
    -------
    str
        CSS classes.
    """
    return f"run-{style_number(number)} {run_style(number).shape}"

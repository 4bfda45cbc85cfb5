"""What templates ask about a stop: its key, its shape, and what is handled there, by place."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from logistics.operations.view.kinds import Ride
from maps.theme import run_style, style_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logistics.operations.view.run_records import BundleView, RunView, StopView


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


def crates(run: RunView, items: int) -> int:
    """
    Count the crates that items fill.

    Parameters
    ----------
    run
        The run whose vehicle carries them.
    items
        Number of items.

    Returns
    -------
    int
        Whole crates.
    """
    return math.ceil(items / run.items_per_crate)


def hub_crate(bundles: Iterable[BundleView]) -> int:
    """
    Count the items that leave for the hub.

    Parameters
    ----------
    bundles
        What goes aboard at a stop, or what of it the branch packs.

    Returns
    -------
    int
        Items, whatever their destination.
    """
    return sum(bundle.items for bundle in bundles if bundle.ride is Ride.TO_HUB)


def direct(stop: StopView) -> list[tuple[str, int]]:
    """
    List what rides from a stop straight to its destination.

    Parameters
    ----------
    stop
        The stop.

    Returns
    -------
    list[tuple[str, int]]
        Destination and items, in the order of `sums`.
    """
    return [(place, n) for place, n, ride in sums(stop, "load") if ride is Ride.DIRECT]


def by_destination(bundles: Sequence[BundleView]) -> list[tuple[str, int]]:
    """
    Sum bundles by where they go.

    Parameters
    ----------
    bundles
        The bundles.

    Returns
    -------
    list[tuple[str, int]]
        Destination and items, in the order of the alphabet.
    """
    counts: Counter[str] = Counter()
    for bundle in bundles:
        counts[bundle.destination.short_name] += bundle.items
    return sorted(counts.items(), key=lambda row: alphabet(row[0]))


def alphabet(name: str) -> list[str]:
    """
    Give the key that sorts names as Swedes do: å, ä and ö after z.

    Parameters
    ----------
    name
        A name.

    Returns
    -------
    list[str]
        The key.
    """
    return [_LAST.get(letter, letter) for letter in name.casefold()]


_LAST = {"å": "z1", "ä": "z2", "æ": "z2", "ö": "z3", "ø": "z3"}

"""The day as the proof sees it: tables with the hub first, prices gross of time, alike vans as one.

What a run saves in waiting is additive: each shipment that a run picks up saves `cost_if_left`
less `cost_if_at_hub`, and `cost_if_at_hub` more where the run visits its destination later. So
the cost of a plan is a constant plus the costs of its runs, which grow stop by stop, given
which stops lie behind. Two things are left out, both of which only make runs cheaper: room aboard
is not traced along the run, and handling time may be bought off at the prices of `late`, since a
van that is late may leave shipments behind. docs/proof.md says why this bounds the true cost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]

EVER = 2**60
NEVER = 1e12
"""A price that nobody pays, SEK."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """
    Vehicles that are alike.

    Attributes
    ----------
    vehicles
        Their positions in the problem.
    runs
        Runs they make together at most.
    capacity
        Items each holds.
    shift
        First and last second of a run.
    max_seconds
        Longest run, break included.
    pay
        SEK for each paid second.
    arcs
        SEK for driving from row to column, time apart, with what the stop at the column saves.
    """

    vehicles: tuple[int, ...]
    runs: int
    capacity: int
    shift: tuple[int, int]
    max_seconds: int
    pay: float
    arcs: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """
    One day problem in tables whose row 0 is the hub.

    Attributes
    ----------
    sites
        Position in the problem of each row.
    must
        Whether a plan visits it.
    travel, service
        Seconds between rows; at a stop, without what riding direct adds.
    windows
        First and last second of service.
    saved, handled
        SEK that a visit to the row saves at a later visit to the column, and seconds it adds there.
    outbound, inbound
        Items from the hub to a row, and from a row to the hub.
    constant
        SEK of a day on which nobody drives.
    late
        For each number of seconds by which a run is late: SEK at least, paid in shipments left
        behind; the last entry, and any beyond, is a price that nobody pays.
    item_price
        SEK at least for each item left behind.
    pause
        Longest time without a break, and its length.
    windowed
        Whether any site has a window.
    several_runs
        Whether a vehicle may go out again: then runs are taken apart, and the bound is loose.
    kinds
        Vehicles, alike ones together.
    """

    sites: tuple[int, ...]
    must: Flags
    travel: Integers
    service: Integers
    windows: Integers
    saved: Floats
    handled: Integers
    outbound: Integers
    inbound: Integers
    constant: float
    late: Floats
    item_price: float
    pause: tuple[int, int] | None
    windowed: bool
    several_runs: bool
    kinds: tuple[Kind, ...]

    @property
    def size(self) -> int:
        """Rows, the hub among them."""
        return len(self.sites)


def direct_gain(day: Day) -> Floats:
    """
    Tell what riding direct saves at most, handling at the destination paid.

    Parameters
    ----------
    day
        The day.

    Returns
    -------
    Floats
        SEK from row to column.
    """
    pay = min((kind.pay for kind in day.kinds), default=0.0)
    return day.saved - pay * day.handled

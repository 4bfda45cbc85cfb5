"""Sets of stops that take several runs, found where fractional arcs enter them too seldom.

Rounded capacity inequalities (Lysgaard, Letchford and Eglese 2004, "A new branch-and-cut algorithm
for the capacitated vehicle routing problem") with working time for capacity: how long each stop
keeps a run at least, whatever else it does, adds up to so many runs.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Final

import numpy as np

from logistics.planning.exact.duals import Cut

if TYPE_CHECKING:
    from logistics.planning.exact.day import Floats
    from logistics.planning.exact.limits import Work

_BROKEN: Final = 0.05
_LEAST_LACKING: Final = 60.0
"""Seconds: a set that nearly fits into fewer runs is of no use, as lateness is cheaper."""


def crowded_sets(driven: Floats, work: Work, longest: float) -> list[Cut]:
    """
    Find sets that arcs enter more seldom than they must.

    Each set grows from one stop by the stop that most ties to it.

    Parameters
    ----------
    driven
        How often each arc is driven, from row to column.
    work
        How long each stop works at least.
    longest
        Seconds that a run may work.

    Returns
    -------
    list[Cut]
        No set twice.
    """
    room = longest - work.base
    visits, ties = driven.sum(axis=0), driven + driven.T
    found: dict[bytes, Cut] = {}
    for seed in range(1, len(driven)):
        inside = np.zeros(len(driven), dtype=np.bool_)
        tied, entered, load, next_one = ties[seed].copy(), 0.0, 0.0, seed
        worst, set_of_worst = _BROKEN, None
        for _ in range(len(driven) - 1):
            entered += visits[next_one] - (tied[next_one] if inside.any() else 0.0)
            inside[next_one] = True
            tied += ties[next_one] if next_one != seed else 0.0
            load += float(work.due[next_one])
            runs = ceil(load / room - 1e-9)
            lacking = load - (runs - 1) * room
            if runs - entered > worst and lacking >= _LEAST_LACKING:
                worst = runs - entered
                set_of_worst = Cut(inside=inside.copy(), runs=runs, lacking=lacking)
            tied[inside] = tied[0] = -1.0
            next_one = int(tied.argmax())
        if set_of_worst is not None:
            found[set_of_worst.inside.tobytes()] = set_of_worst
    return list(found.values())

"""The one door into the kernels: all of them behind one function are compiled and loaded once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logistics.planning.improve.anneal import anneal
from logistics.planning.improve.book import keep, restore
from logistics.planning.improve.kernel import kernel
from logistics.planning.improve.leave import final_loads

if TYPE_CHECKING:
    from logistics.planning.improve.layout import (
        Data,
        Floats,
        Longs,
        State,
    )

TAKE_UP, KEEP, ANNEAL, LOADS = range(4)
HOT, COLD, REMOVED, SMALL, OVERLOAD = range(5)


@kernel
def act(data: Data, state: State, task: int, number: int, dials: Floats, taken: Longs) -> None:
    """
    Do one of the tasks.

    Parameters
    ----------
    data, state
        The day and a plan.
    task
        `TAKE_UP` the kept plan, `KEEP` the present one as the best, `ANNEAL` for `number` steps as
        `dials` say, or mark in `taken` the `LOADS` of run `number`.
    number
        Steps or run.
    dials
        Temperatures at start and end, sites to remove a step, share of small moves, SEK for an item
        too many.
    taken
        By shipment; written by `LOADS` only.
    """
    if task == TAKE_UP:
        restore(data, state)
    elif task == KEEP:
        keep(data, state)
    elif task == ANNEAL:
        small, overload = dials[SMALL], dials[OVERLOAD]
        anneal(data, state, number, dials[HOT], dials[COLD], dials[REMOVED], small, overload)
    else:
        final_loads(data, state, number, taken)

"""The least cost and the least time of a tour to every set of branches.

Held and Karp (1962, "A dynamic programming approach to sequencing problems", J. SIAM 10), over all
sets at once, layer by layer: with twenty branches a million sets take a few seconds, and every
question about tours that the choice of weekdays asks is answered by looking it up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from logistics.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

#: Tables double with each branch; at twenty they hold a million sets.
MOST_PLACES: Final = 20


def least_tours(legs: Sequence[Sequence[float]] | Floats) -> Floats:
    """
    Find the least tour to every set of places.

    Parameters
    ----------
    legs
        Cost of going from each place to each; the last row and column are the hub's.

    Returns
    -------
    ndarray
        Least cost by set, bit i set where place i is called at; 0 for the empty set.

    Raises
    ------
    InputError
        There are more places than a table can hold.
    """
    costs = np.asarray(legs, dtype=np.float32)
    size = len(costs) - 1
    if size > MOST_PLACES:
        raise InputError(
            f"{size} branches to decide about, expected at most {MOST_PLACES}; "
            "decide about a part of them and keep the others' days"
        )
    reach = np.full((1 << size, size), np.inf, dtype=np.float32)
    for place in range(size):
        reach[1 << place, place] = costs[size, place]
    every = np.arange(1 << size)
    counts = subset_sums(np.ones(size)).astype(np.int64)
    for stops in range(2, size + 1):
        layer = every[counts == stops]
        for place in range(size):
            sets = layer[layer >> place & 1 == 1]
            reach[sets, place] = (reach[sets ^ 1 << place] + costs[:size, place]).min(axis=1)
    least = (reach + costs[:size, size]).min(axis=1, initial=np.inf).astype(np.float64)
    least[0] = 0.0
    return least


def subset_sums(values: Sequence[float] | Floats) -> Floats:
    """
    Sum values over every set.

    Parameters
    ----------
    values
        One for each place.

    Returns
    -------
    ndarray
        Sum by set, bits as in ``least_tours``.
    """
    sums = np.zeros(1)
    for value in values:
        sums = np.concatenate([sums, sums + value])
    return sums

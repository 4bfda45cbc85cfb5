"""Compiled: all pairs of enumerated runs that make a plan together."""

# ruff: noqa: PLR0913, PLR0917
# mypy: disable-error-code="misc, untyped-decorator, no-any-return"
from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from logistics.planning.exact.day import Flags, Floats, Integers

STOPPED = -1.0


@njit(cache=True, nogil=True)
def pairs_below(
    sets: np.ndarray,
    cost: Floats,
    extra: Floats,
    kind: Integers,
    alike: Flags,
    must: np.uint64,
    room: float,
    limit: float,
    most: int,
    stop: Flags,
) -> tuple[float, Integers]:
    """
    Find pairs of runs without a common stop that make all compulsory ones.

    Runs come in the order of what their steps cost extra; together they cost `room` extra at most,
    and `limit` in all. Two runs of one kind need vehicles that are `alike`. Where there are more
    than `most`, the dearer half goes. Return the limit below which no pair lacks, or `STOPPED`;
    and the positions of both runs of each pair.
    """
    found = np.empty((most, 2), np.int64)
    total = np.empty(most)
    count = 0
    for one in range(sets.size):
        if stop[0]:
            return STOPPED, found[:0]
        for other in range(one + 1, sets.size):
            if extra[one] + extra[other] > room:
                break
            if sets[one] & sets[other] or (sets[one] | sets[other]) & must != must:
                continue
            if kind[one] == kind[other] and not alike[kind[one]]:
                continue
            both = cost[one] + cost[other]
            if both >= limit:
                continue
            if count == most:
                order = np.argsort(total)
                limit = min(limit, total[order[most // 2]])
                count = most // 2
                found[:count] = found[order[:count]].copy()
                total[:count] = total[order[:count]].copy()
                if both >= limit:
                    continue
            found[count, 0], found[count, 1] = one, other
            total[count] = both
            count += 1
    order = np.argsort(total[:count])
    return limit, found[order].copy()

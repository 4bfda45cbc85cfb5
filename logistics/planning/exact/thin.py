"""Compiled: the table of labels, and how the dearest go where there are too many."""

# ruff: noqa: PLR0917, N803
# mypy: disable-error-code="misc, untyped-decorator, no-any-return"
from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from logistics.planning.exact.day import Floats, Integers

DEAD = 1e17
"""What a label costs extra that another beats."""
ONE = np.uint64(1)


@njit(cache=True, nogil=True)
def bit(row: int) -> np.uint64:
    """Give the bit of a row; row 1 is the lowest."""
    return ONE << np.uint64(row - 1)


@njit(cache=True, nogil=True)
def slot(stops: np.uint64, last: int) -> np.uint64:
    """Mix stops and the last one to a place in a table."""
    mixed = stops * np.uint64(0x9E3779B97F4A7C15) + np.uint64(last) * np.uint64(0xC2B2AE3D27D4EB4F)
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    return mixed ^ (mixed >> np.uint64(32))


@njit(cache=True, nogil=True)
def half(key: Floats, extra: Floats, count: int) -> float:
    """Find the allowance that half of the living labels keep."""
    alive = key[:count][extra[:count] < DEAD]
    if alive.size <= count // 2:
        return DEAD
    alive.sort()
    return alive[alive.size // 2] - 1e-9


@njit(cache=True, nogil=True)
def purge(
    allowance: float,
    count: int,
    prices: Floats,
    clocks: Integers,
    S: np.ndarray,
    last: np.ndarray,
    rested: np.ndarray,
    older: np.ndarray,
) -> int:
    """
    Move the labels that the allowance keeps to the front; return how many.

    Prices are cost, extra cost and key, see :func:`labels.grow`, as the clocks.
    """
    m = 0
    for q in range(count):
        if prices[1, q] > DEAD or prices[2, q] > allowance:
            continue
        prices[:, m] = prices[:, q]
        clocks[:, m] = clocks[:, q]
        S[m] = S[q]
        last[m] = last[q]
        rested[m] = rested[q]
        older[m] = older[q]
        m += 1
    return m


@njit(cache=True, nogil=True)
def chain(
    count: int,
    mask: np.uint64,
    S: np.ndarray,
    last: np.ndarray,
    rested: np.ndarray,
    heads: np.ndarray,
    link: np.ndarray,
) -> None:
    """Chain anew the labels with the same stops and the same last one."""
    heads[:] = -1
    for q in range(count):
        h = slot(S[q], 2 * int(last[q]) + int(rested[q])) & mask
        while heads[h] >= 0:
            p = heads[h]
            if S[p] == S[q] and last[p] == last[q] and rested[p] == rested[q]:
                break
            h = (h + ONE) & mask
        link[q] = heads[h]
        heads[h] = q

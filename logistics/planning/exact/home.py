"""Compiled: what the way home costs at least, by row and by time."""

# ruff: noqa: C901, PLR0912, PLR0917
# mypy: disable-error-code="misc, untyped-decorator, no-any-return"
from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from logistics.planning.exact.day import Floats, Integers

TICK = 30
"""Seconds of a step of the tables of ways home."""
CHOICES = 6
"""Rows to go to next that are told apart."""
_FAR = 1e15


@njit(cache=True, nogil=True)
def ways_home(
    steps: Integers,
    arcs: Floats,
    windows: Integers,
    start: int,
    end: int,
    late_cost: Floats,
    dear: int,
    priced: bool,
) -> tuple[Floats, np.ndarray]:
    """
    Bound what the way home costs, by row and by time; return the best by next row, and those rows.

    `steps` are the seconds from leaving one row to leaving the next; a walk that leaves a row at
    `start` + TICK x column, or later, pays at least what stands there. It may come back to where
    it was, but not at once. Lateness is paid at the end if `priced`, and never exceeds `dear`.
    """
    n = steps.shape[0]
    columns = max(1, (end + dear - start) // TICK + 1)
    best = np.full((n, columns, CHOICES), _FAR)
    way = np.full((n, columns, CHOICES), -1, np.int8)
    costs = np.empty(CHOICES)
    nexts = np.empty(CHOICES, np.int8)
    at_once = False
    for i in range(1, n):
        for j in range(1, n):
            at_once |= i != j and steps[i, j] < TICK
    for column in range(columns - 1, -1, -1):
        now = start + column * TICK
        for _ in range(n):
            changed = False
            for i in range(1, n):
                costs[:] = _FAR
                nexts[:] = -1
                for j in range(n):
                    if j == i:
                        continue
                    cost = arcs[i, j]
                    if j == 0:
                        back = now + steps[i, 0]
                        if back > end + dear:
                            continue
                        if priced and back > end:
                            cost += late_cost[back - end]
                    else:
                        left = max(now + steps[i, j], windows[j, 0])
                        at = (left - start) // TICK
                        if left > windows[j, 1] + dear or at >= columns:
                            continue
                        cost += best[j, at, 1 if way[j, at, 0] == i else 0]
                    place = CHOICES
                    while place > 0 and cost < costs[place - 1]:
                        place -= 1
                    if place < CHOICES:
                        for move in range(CHOICES - 1, place, -1):
                            costs[move] = costs[move - 1]
                            nexts[move] = nexts[move - 1]
                        costs[place] = cost
                        nexts[place] = j
                for place in range(CHOICES):
                    if costs[place] < best[i, column, place] - 1e-9:
                        changed = True
                best[i, column] = costs
                way[i, column] = nexts
            if not (changed and at_once):
                break
    return best, way


@njit(cache=True, nogil=True)
def least_home(best: Floats, way: np.ndarray, row: int, column: int, stops: np.uint64) -> float:
    """Bound the way home whose next stop is none of those made."""
    for place in range(CHOICES):
        following = way[row, column, place]
        if following < 0:
            return best[row, column, place]
        if following == 0 or not (stops >> np.uint64(following - 1)) & np.uint64(1):
            return best[row, column, place]
    return best[row, column, CHOICES - 1]


@njit(cache=True, nogil=True)
def cheapest_walk(
    best: Floats,
    way: np.ndarray,
    steps: Integers,
    arcs: Floats,
    windows: Integers,
    start: int,
    dear: int,
) -> tuple[float, Floats]:
    """Return what the cheapest walk from the hub and back costs, and its visits to each row."""
    n = steps.shape[0]
    visits = np.zeros(n)
    least = _FAR
    row = column = 0
    for j in range(1, n):
        left = max(start + steps[0, j], windows[j, 0])
        at = (left - start) // TICK
        if left > windows[j, 1] + dear or at >= best.shape[1]:
            continue
        if arcs[0, j] + best[j, at, 0] < least:
            least = arcs[0, j] + best[j, at, 0]
            row, column = j, at
    before = 0
    while row > 0:
        visits[row] += 1.0
        following = way[row, column, 1 if before > 0 and way[row, column, 0] == before else 0]
        if following <= 0:
            break
        left = max(start + column * TICK + steps[row, following], windows[following, 0])
        before, row, column = row, following, (left - start) // TICK
    return least, visits

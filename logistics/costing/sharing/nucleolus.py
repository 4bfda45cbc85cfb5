"""The nucleolus: the division whose most discontented coalition is as content as can be.

D. Schmeidler, "The nucleolus of a characteristic function game", SIAM J. Appl. Math. 17 (1969),
by the sequence of linear programs of Kopelowitz (1967); coalitions whose dual is positive are tight
in every optimum and are fixed there. Without the demand that nobody pays more than alone it is the
prenucleolus; the two agree where joining never costs more than going alone, as in a game of runs.
Lies in the core, where nobody gains by leaving, whenever the core is not empty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from ortools.linear_solver import pywraplp

from logistics.errors import LogisticsError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logistics.costing.sharing.game import CostGame

_DUAL_IS_POSITIVE: Final = 1e-7
_IS_NOT_ZERO: Final = 1e-9


def nucleolus(game: CostGame) -> dict[str, float]:
    """
    Share the cost by the nucleolus.

    Parameters
    ----------
    game
        The cost game; of a value between bounds the middle is taken.

    Returns
    -------
    dict
        SEK by player, summing to the cost of all together.
    """
    n = len(game.players)
    if n == 1:
        return {game.players[0]: game.total_sek}
    fixed = {game.full: game.total_sek}
    while np.linalg.matrix_rank(_rows(fixed, n)) < n:
        open_masks = _independent(range(1, game.full), fixed, n)
        fixed |= _least_content(game, open_masks, fixed)
    shares = np.linalg.lstsq(_rows(fixed, n), np.array(list(fixed.values())), rcond=None)[0]
    return {player: float(share) for player, share in zip(game.players, shares, strict=True)}


def _least_content(game: CostGame, masks: list[int], fixed: dict[int, float]) -> dict[int, float]:
    solver = pywraplp.Solver.CreateSolver("GLOP")
    solver.SetNumThreads(1)
    infinity = solver.infinity()
    shares = [solver.NumVar(-infinity, infinity, "") for _ in game.players]
    content = solver.NumVar(-infinity, infinity, "")
    for mask, paid in fixed.items():
        row = solver.Constraint(paid, paid)
        _set_members(row, shares, mask)
    rows = {}
    for mask in masks:
        rows[mask] = solver.Constraint(-infinity, game.value(mask).middle)
        _set_members(rows[mask], shares, mask)
        rows[mask].SetCoefficient(content, 1)
    solver.Maximize(content)
    if solver.Solve() != pywraplp.Solver.OPTIMAL:
        raise LogisticsError("nucleolus: the linear program has no optimum; check the values")
    least = content.solution_value()
    return {
        mask: game.value(mask).middle - least
        for mask, row in rows.items()
        if abs(row.dual_value()) > _DUAL_IS_POSITIVE
    }


def _set_members(row: pywraplp.Constraint, shares: list[pywraplp.Variable], mask: int) -> None:
    for i, share in enumerate(shares):
        if mask >> i & 1:
            row.SetCoefficient(share, 1)


def _rows(masks: Iterable[int], n: int) -> np.ndarray:
    return np.array([[mask >> i & 1 for i in range(n)] for mask in masks], dtype=float)


def _independent(masks: range, fixed: dict[int, float], n: int) -> list[int]:
    # A coalition in the span of the fixed ones pays what they make it pay, whatever comes.
    _, sizes, basis = np.linalg.svd(_rows(fixed, n))
    free = basis[int((sizes > _IS_NOT_ZERO).sum()) :]
    outside = np.abs(_rows(masks, n) @ free.T).max(axis=1) > _IS_NOT_ZERO
    return [mask for mask, is_outside in zip(masks, outside, strict=True) if is_outside]

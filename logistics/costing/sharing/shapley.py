"""The Shapley value: each pays the mean of what it adds to the cost, over all orders of joining.

L. S. Shapley, "A value for n-person games", Contributions to the Theory of Games II, 1953: the only
rule that divides all of the cost, treats equals alike, charges nothing to who adds nothing, and
shares two games together as it shares them apart.
"""

from __future__ import annotations

from functools import lru_cache
from math import fsum
from typing import TYPE_CHECKING

import numpy as np

from logistics.costing.sharing.game import CostGame, Value

if TYPE_CHECKING:
    import numpy.typing as npt

    Sek = npt.NDArray[np.float64]


def shapley(game: CostGame) -> dict[str, float]:
    """
    Share the cost by the Shapley value.

    Parameters
    ----------
    game
        The cost game; of a value between bounds the middle is taken.

    Returns
    -------
    dict
        SEK by player, summing to the cost of all together.
    """
    middle = (game.low + game.high) / 2
    return _mean_addition(game, middle, middle)


def shapley_bounds(game: CostGame) -> dict[str, Value]:
    """
    Bound each share where values of coalitions are only known between bounds.

    Parameters
    ----------
    game
        The cost game.

    Returns
    -------
    dict
        Least and greatest share in SEK by player, whatever the true values within their bounds.
    """
    low = _mean_addition(game, game.low, game.high)
    high = _mean_addition(game, game.high, game.low)
    return {
        player: Value(max(0.0, low[player]), max(0.0, low[player], high[player]))
        for player in game.players
    }


def _mean_addition(game: CostGame, joined: Sek, before: Sek) -> dict[str, float]:
    # The sum is exact (fsum), so that equals get the same to the last bit.
    weights = _weights(len(game.players))
    shares = {}
    for i, player in enumerate(game.players):
        # Coalitions without player i and with, in the same order.
        without = before.reshape(-1, 2, 1 << i)[:, 0]
        added = joined.reshape(-1, 2, 1 << i)[:, 1] - without
        shares[player] = fsum((weights.reshape(-1, 2, 1 << i)[:, 0] * added).ravel().tolist())
    return shares


@lru_cache(maxsize=4)
def _weights(n: int) -> Sek:
    # s! (n - s - 1)! / n! by the size s of the coalition joined, by recursion so that no
    # factorial grows; 0 for the one that nobody can join.
    sizes = [1 / n]
    for size in range(1, n):
        sizes.append(sizes[-1] * size / (n - size))
    sizes.append(0.0)
    return np.array([sizes[mask.bit_count()] for mask in range(1 << n)])

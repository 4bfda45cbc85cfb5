"""The Shapley value: each pays the mean of what it adds to the cost, over all orders of joining.

L. S. Shapley, "A value for n-person games", Contributions to the Theory of Games II, 1953: the only
rule that divides all of the cost, treats equals alike, charges nothing to who adds nothing, and
shares two games together as it shares them apart.
"""

from __future__ import annotations

from math import fsum
from typing import TYPE_CHECKING

from logistics.costing.sharing.game import CostGame, Value

if TYPE_CHECKING:
    from collections.abc import Callable


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
    return _mean_addition(game, lambda value: value.middle, lambda value: value.middle)


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
    low = _mean_addition(game, lambda value: value.low, lambda value: value.high)
    high = _mean_addition(game, lambda value: value.high, lambda value: value.low)
    return {
        player: Value(max(0.0, low[player]), max(0.0, low[player], high[player]))
        for player in game.players
    }


def _mean_addition(
    game: CostGame, of_joined: Callable[[Value], float], of_before: Callable[[Value], float]
) -> dict[str, float]:
    weights = _weights(len(game.players))
    shares = {}
    for i, player in enumerate(game.players):
        bit = 1 << i
        shares[player] = fsum(
            weights[mask.bit_count()]
            * (of_joined(game.value(mask | bit)) - of_before(game.value(mask)))
            for mask in range(game.full + 1)
            if not mask & bit
        )
    return shares


def _weights(n: int) -> list[float]:
    # s! (n - s - 1)! / n!, by recursion so that no factorial grows.
    weights = [1 / n]
    for size in range(1, n):
        weights.append(weights[-1] * size / (n - size))
    return weights

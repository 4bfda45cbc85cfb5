"""Small cost games to share."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from logistics.costing.sharing.game import CostGame, coalitions, exactly

if TYPE_CHECKING:
    from collections.abc import Callable

NAMES = ("askersund", "hallsberg", "kumla", "laxa", "nora")

#: The airport game of Littlechild and Owen: a runway as long as the largest plane needs.
AIRPORT = CostGame.solved(
    ("small", "middle", "large"),
    lambda group: float(max({"small": 1, "middle": 2, "large": 3}[plane] for plane in group)),
)


def by_permutation(
    players: tuple[str, ...], value: Callable[[frozenset[str]], float]
) -> dict[str, float]:
    """Shapley value by its definition: the mean addition over all orders of joining."""
    shares = dict.fromkeys(players, 0.0)
    orders = list(permutations(players))
    for order in orders:
        before = 0.0
        for i, player in enumerate(order):
            now = value(frozenset(order[: i + 1]))
            shares[player] += (now - before) / len(orders)
            before = now
    return shares


@st.composite
def coverage_games(draw: st.DrawFn, least: int = 1) -> CostGame:
    """Roads with a price, each needed by some players: monotone and subadditive."""
    players = NAMES[: draw(st.integers(least, len(NAMES)))]
    road = st.tuples(st.sets(st.sampled_from(players), min_size=1), st.integers(1, 500))
    roads = draw(st.lists(road, min_size=1, max_size=8))
    return CostGame.solved(
        players, lambda group: float(sum(price for users, price in roads if users & group))
    )


@st.composite
def monotone_games(draw: st.DrawFn) -> CostGame:
    """Any values that never fall as a group grows."""
    players = NAMES[: draw(st.integers(1, 4))]
    values: dict[frozenset[str], float] = {}
    for group in coalitions(players):
        parts = [values[group - {player}] for player in group if len(group) > 1]
        values[group] = max(parts, default=0) + draw(st.integers(0, 100))
    return CostGame(players, {group: exactly(value) for group, value in values.items()})

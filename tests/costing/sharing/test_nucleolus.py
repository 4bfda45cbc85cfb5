from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logistics.costing.sharing.game import CostGame
from logistics.costing.sharing.nucleolus import nucleolus
from logistics.costing.sharing.stability import objections
from tests.costing.sharing.games import AIRPORT, coverage_games, monotone_games


def contents(game: CostGame, shares: dict[str, float]) -> list[float]:
    """What each group saves against going alone, the least content first."""
    paid = [
        game.value(mask).middle
        - sum(share for player, share in shares.items() if mask & game.mask([player]))
        for mask in range(1, game.full)
    ]
    return [round(value, 5) for value in sorted(paid)]


def test_the_airport_game() -> None:
    # Littlechild 1974: half of the first unit, half of what is left of the second, the rest.
    assert nucleolus(AIRPORT) == pytest.approx({"small": 0.5, "middle": 0.75, "large": 1.75})


def test_one_player_pays_all() -> None:
    assert nucleolus(CostGame.solved(("a",), lambda _: 7.0)) == {"a": 7.0}


@settings(max_examples=60, deadline=None)
@given(monotone_games(), st.integers(0, 2**32))
def test_no_other_division_is_lexicographically_more_content(game: CostGame, seed: int) -> None:
    shares = nucleolus(game)
    assert sum(shares.values()) == pytest.approx(game.total_sek)
    chance = random.Random(seed)
    for size in (1e-3, 0.1, 5.0, 50.0):
        moves = [chance.uniform(-size, size) for _ in game.players]
        mean = sum(moves) / len(moves)
        other = {p: shares[p] + move - mean for p, move in zip(shares, moves, strict=True)}
        assert contents(game, shares) >= contents(game, other)


@settings(max_examples=60, deadline=None)
@given(coverage_games(least=2))
def test_it_lies_in_the_core_where_there_is_one(game: CostGame) -> None:
    # Costs of used roads are concave, so the core is not empty.
    assert objections(game, nucleolus(game)) == []

from __future__ import annotations

import pytest
from hypothesis import given

from logistics.costing.sharing.game import CostGame, Value, coalitions, exactly
from logistics.costing.sharing.shapley import shapley, shapley_bounds
from tests.costing.sharing.games import AIRPORT, by_permutation, coverage_games, monotone_games


def test_the_airport_game() -> None:
    # The first unit of runway is shared by three, the second by two, the third by one.
    shares = shapley(AIRPORT)
    assert shares == pytest.approx({"small": 1 / 3, "middle": 1 / 3 + 1 / 2, "large": 11 / 6})


@given(monotone_games())
def test_it_is_the_mean_over_all_orders(game: CostGame) -> None:
    def value(group: frozenset[str]) -> float:
        return game.value(game.mask(group)).middle

    assert shapley(game) == pytest.approx(by_permutation(game.players, value))


@given(monotone_games())
def test_efficiency(game: CostGame) -> None:
    shares = shapley(game)
    assert sum(shares.values()) == pytest.approx(game.total_sek)
    assert min(shares.values()) >= -1e-9


@given(monotone_games())
def test_symmetry(game: CostGame) -> None:
    # Two copies of one player add the same to every group, so they pay the same.
    first = game.players[0]
    players = (*game.players, "twin")

    def value(group: frozenset[str]) -> float:
        real = {first if player == "twin" else player for player in group}
        return game.value(game.mask(real)).middle

    shares = shapley(CostGame.solved(players, value))
    assert shares[first] == pytest.approx(shares["twin"])


@given(monotone_games())
def test_a_dummy_pays_its_own_cost_only(game: CostGame) -> None:
    def value(group: frozenset[str]) -> float:
        rest = game.value(game.mask(group - {"dummy"})).middle
        return rest + (42.0 if "dummy" in group else 0.0)

    shares = shapley(CostGame.solved((*game.players, "dummy"), value))
    assert shares.pop("dummy") == pytest.approx(42.0)
    assert shares == pytest.approx(shapley(game))


@given(coverage_games(least=5), coverage_games(least=5))
def test_additivity(one: CostGame, other: CostGame) -> None:
    together = CostGame.solved(
        one.players,
        lambda group: sum(game.value(game.mask(group)).middle for game in (one, other)),
    )
    apart = [shapley(one), shapley(other)]
    summed = {player: sum(shares[player] for shares in apart) for player in one.players}
    assert shapley(together) == pytest.approx(summed)


@given(coverage_games(least=3))
def test_bounds_hold_the_truth_and_close_as_coalitions_are_solved(game: CostGame) -> None:
    needed = [group for group in coalitions(game.players) if len(group) in (1, len(game.players))]
    partly = CostGame(game.players, {group: game.value(game.mask(group)) for group in needed})
    truth = shapley(game)
    while True:
        for player, bound in shapley_bounds(partly).items():
            assert bound.low - 1e-6 <= truth[player] <= bound.high + 1e-6
        left = partly.open_groups()
        if not left:
            break
        partly = partly.with_value(left[0], game.value(game.mask(left[0])))
    assert partly.exact
    assert shapley(partly) == pytest.approx(truth)


def test_bounded_values_give_bounded_shares() -> None:
    # a+b pays 10, alone 6 and between 5 and 7: b's share is 4.5 +- 0.5.
    game = CostGame(
        ("a", "b"),
        {
            frozenset("a"): exactly(6),
            frozenset("b"): Value(5, 7),
            frozenset("ab"): exactly(10),
        },
    )
    assert shapley_bounds(game)["b"] == Value(4.5, 5.5)
    assert shapley(game)["b"] == pytest.approx(5.0)

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given

from logistics.costing.sharing.game import CostGame, Value, coalitions, exactly
from logistics.errors import InputError
from tests.costing.sharing.games import coverage_games


def sized(group: frozenset[str]) -> float:
    return 10.0 * len(group)


def test_every_coalition_once_small_ones_first() -> None:
    found = coalitions(("a", "b", "c"))
    assert [len(group) for group in found] == [1, 1, 1, 2, 2, 2, 3]
    assert len(set(found)) == 7


def test_solved_in_parallel_is_solved_alike() -> None:
    with ThreadPoolExecutor(2) as pool:
        game = CostGame.solved(("a", "b", "c"), sized, solve_all=pool.map)
    assert game.exact
    assert game.total_sek == 30.0
    assert game.alone_sek() == {"a": 10.0, "b": 10.0, "c": 10.0}
    assert game.widest() is None


def test_a_part_never_costs_more_than_the_whole_and_it_is_said() -> None:
    values = {"a": 12.0, "b": 5.0, "ab": 10.0}
    game = CostGame.solved(("a", "b"), lambda group: values["".join(sorted(group))])
    assert game.alone_sek() == {"a": 10.0, "b": 5.0}
    assert game.corrected == (frozenset("a"),)


def test_unsolved_coalitions_are_bounded_by_the_others() -> None:
    values = {"a": 10.0, "b": 20.0, "c": 30.0, "abc": 45.0}
    game = CostGame("abc", {frozenset(group): exactly(value) for group, value in values.items()})
    # At least what b pays alone, at most what a and b pay apart.
    assert game.value(game.mask("ab")) == Value(20.0, 30.0)
    # c and b apart pay 50, but never more than all three together.
    assert game.value(game.mask("bc")) == Value(30.0, 45.0)
    assert not game.exact


@given(coverage_games(least=3))
def test_bounds_hold_the_true_values(game: CostGame) -> None:
    needed = [group for group in coalitions(game.players) if len(group) in (1, len(game.players))]
    partly = CostGame(game.players, {group: game.value(game.mask(group)) for group in needed})
    for group in coalitions(game.players):
        true, bound = game.value(game.mask(group)).middle, partly.value(game.mask(group))
        assert bound.low <= true <= bound.high


def test_faulty_games_are_refused() -> None:
    one = exactly(1.0)
    with pytest.raises(InputError, match="no value for a\\+b, b; solve singles and the whole"):
        CostGame("ab", {frozenset("a"): one})
    with pytest.raises(InputError, match="expected each once"):
        CostGame("aa", {})
    with pytest.raises(InputError, match="15 players, expected at most 14"):
        CostGame("abcdefghijklmno", {})
    with pytest.raises(InputError, match="'z' is no player"):
        CostGame("a", {frozenset("a"): one}).mask("z")
    with pytest.raises(InputError, match="expected 0 <= low <= high"):
        Value(2.0, 1.0)

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logistics.costing.sharing.game import CostGame, Value, coalitions, exactly
from logistics.costing.sharing.shapley import shapley, shapley_bounds
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
    assert game.open_groups() == []


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


@given(st.data())
def test_bounds_hold_what_the_least_of_larger_groups_pays(data: st.DataObject) -> None:
    groups = coalitions("abc")
    own = {group: data.draw(st.integers(0, 20), label="".join(sorted(group))) for group in groups}
    drawn = {
        group: Value(
            max(0, cost - data.draw(st.integers(0, 5))), cost + data.draw(st.integers(0, 5))
        )
        for group, cost in own.items()
    }
    game = CostGame("abc", drawn)
    truth = CostGame("abc", {group: exactly(cost) for group, cost in own.items()})
    for group in groups:
        mask = game.mask(group)
        pays = min(cost for larger, cost in own.items() if group <= larger)
        assert truth.value(mask) == exactly(pays)
        assert game.value(mask).low <= pays <= game.value(mask).high
    for player, share in shapley(truth).items():
        bound = shapley_bounds(game)[player]
        assert bound.low - 1e-9 <= share <= bound.high + 1e-9
    # A group is called too dear only where its own cost surely is above that of a larger one.
    assert set(game.corrected) <= set(truth.corrected)


def test_a_value_is_lowered_between_the_bounds_of_the_larger_one() -> None:
    a, whole = frozenset("a"), frozenset("ab")
    values = {a: Value(105, 107), frozenset("b"): exactly(10), whole: Value(95, 100)}
    dear = CostGame("ab", values)
    assert (dear.value(1), dear.corrected) == (Value(95, 100), (a,))
    # It may pay 98, or 95 where the larger one does; either way it is not surely too dear.
    open_ = dear.with_value(a, exactly(98))
    assert (open_.value(1), open_.corrected) == (Value(95, 98), ())
    assert (open_.groups, open_.exact_groups) == (3, 1)
    closed = open_.with_value(whole, exactly(100))
    assert (closed.value(1), closed.exact, closed.open_groups()) == (exactly(98), True, [])


def test_the_open_group_that_weighs_most_comes_first() -> None:
    values = {group: exactly(10.0 * len(group)) for group in coalitions("abc")}
    # A single player weighs 1/3 in its own share, and two of three in the share of the third.
    values[frozenset("a")] = Value(9, 10)
    values[frozenset("bc")] = Value(18.5, 20)
    game = CostGame("abc", values)
    assert game.open_groups() == [frozenset("bc"), frozenset("a")]


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

"""Who pays more over several days than for runs of their own on each of them."""

from __future__ import annotations

import pytest

from logistics.costing.sharing.game import CostGame
from logistics.costing.sharing.stability import span_objections

ROAD = {"a": 10.0, "b": 20.0, "c": 30.0}


def along_a_road(group: frozenset[str]) -> float:
    # Whoever lives furthest out makes the length of the run.
    return max(ROAD[name] for name in group)


def test_days_are_added_and_a_day_off_costs_nothing() -> None:
    both = [
        (CostGame.solved("abc", along_a_road), 30.0),
        (CostGame.solved("ab", along_a_road), 20.0),
    ]
    assert span_objections(both, {"a": 10.0, "b": 20.0, "c": 20.0}) == []
    # Alone a would drive 10 on each day, a and b 20.
    found = span_objections(both, {"a": 25.0, "b": 20.0, "c": 5.0})
    assert [(sorted(one.group), one.excess_sek) for one in found] == [
        (["a"], pytest.approx(5.0)),
        (["a", "b"], pytest.approx(5.0)),
    ]


def test_a_day_that_was_dearer_than_planned_is_dearer_alone_too() -> None:
    late = [(CostGame.solved("abc", along_a_road), 60.0)]
    assert span_objections(late, {"a": 20.0, "b": 20.0, "c": 20.0}) == []
    (found,) = span_objections(late, {"a": 20.5, "b": 19.5, "c": 20.0})
    assert found.group == {"a"}
    assert found.alone_sek == pytest.approx(20.0)

"""What searches offer, and when."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from logistics.planning.incumbent import Incumbent, Seldom
from logistics.planning.plan import Route
from tests.planning.days import small_day

if TYPE_CHECKING:
    import pytest

SPLIT, DEAR, CHEAP = (
    [Route(vehicle=0, sites=(1, 2), load=(frozenset(), frozenset()))],
    [Route(vehicle=0, sites=(2, 1))],
    [Route(vehicle=0, sites=(1, 2))],
)


def test_a_better_plan_that_is_held_back_is_offered_at_a_later_look(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [0.0]
    monkeypatch.setattr(time, "thread_time", lambda: now[0])
    best = Incumbent(small_day())
    offer = best.offer

    def slow(routes: list[Route], phase: str) -> bool:
        now[0] += 1.0
        return offer(routes, phase)

    monkeypatch.setattr(best, "offer", slow)
    seldom = Seldom(best)

    seldom.take(SPLIT)
    assert best.price == 500.0
    now[0] += 5.0
    seldom.take(DEAR)
    seldom.take(CHEAP)
    assert best.price == 500.0
    assert not seldom.look()
    now[0] += 5.0
    assert not seldom.look()

    assert best.price == 440.0
    spent = now[0]
    now[0] += 100.0
    assert not seldom.look()
    assert now[0] == spent + 100.0

"""Steps and seconds are spent to the last, and no further."""

from __future__ import annotations

import pytest

from logistics.planning.improve import budget as module
from logistics.planning.improve.budget import Budget


@pytest.mark.parametrize("iterations", [1, 7, 250, 12_345])
def test_steps_are_spent_exactly(iterations: int) -> None:
    budget = Budget(iterations, None)
    while budget.share < 1.0:
        budget.spent(budget.chunk(1.0, 1.0))
    assert budget.done == iterations
    assert budget.steps == iterations


def test_by_the_clock_the_chunks_follow_the_speed(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(module.time, "perf_counter", lambda: now[0])
    budget = Budget(None, 10.0)
    asked = []
    while budget.share < 1.0:
        steps = budget.chunk(1.0, 1.0)
        asked.append(steps)
        now[0] += steps / 10_000  # ten thousand steps a second
        budget.spent(steps)
    assert asked[0] == 20
    assert max(asked) == 200
    assert now[0] == pytest.approx(10.0, abs=0.03)
    assert budget.steps == pytest.approx(100_000, rel=1e-6)


def test_slow_steps_do_not_change_what_is_known_of_fast_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [0.0]
    monkeypatch.setattr(module.time, "perf_counter", lambda: now[0])
    budget = Budget(None, 10.0)
    for kind, speed in ((0, 10_000), (1, 1_000), (0, 10_000)):
        budget.kind = kind
        now[0] += 20 / speed
        budget.spent(20)
        assert budget.steps == pytest.approx(10 * speed)
        assert budget.chunk(1.0, 1.0) == pytest.approx(0.02 * speed, abs=1)

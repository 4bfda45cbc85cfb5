"""Sets of stops that take several runs."""

from __future__ import annotations

import numpy as np
import pytest

from logistics.planning.exact.crowded import crowded_sets
from logistics.planning.exact.limits import Work

HOUR = 3600.0


def driven(*runs: tuple[int, ...], size: int, share: float = 1.0) -> np.ndarray:
    """How often each arc is driven by runs from the hub and back."""
    table = np.zeros((size, size))
    for stops in runs:
        way = [0, *stops, 0]
        table[way[:-1], way[1:]] += share
    return table


def test_a_run_that_is_too_long_is_a_set_entered_too_seldom() -> None:
    work = Work(base=0.0, each=np.array([0.0, HOUR, HOUR, HOUR, HOUR]))

    (cut,) = crowded_sets(driven((1, 2, 3), (4,), size=5), work, 2.5 * HOUR)

    assert np.flatnonzero(cut.inside).tolist() == [1, 2, 3]
    assert cut.runs == 2
    assert cut.lacking == pytest.approx(0.5 * HOUR)


def test_runs_that_hold_what_they_can_are_entered_often_enough() -> None:
    work = Work(base=-600.0, each=np.array([0.0, HOUR, HOUR, HOUR, HOUR]))

    assert crowded_sets(driven((1, 2), (3, 4), size=5), work, 2 * HOUR) == []


def test_half_runs_that_enter_one_and_a_half_times_are_found() -> None:
    halves = driven((1, 2, 3), (1, 2), (3,), size=4, share=0.5)
    work = Work(base=0.0, each=np.array([0.0, HOUR, HOUR, HOUR]))

    (cut,) = crowded_sets(halves, work, 2 * HOUR)

    assert np.flatnonzero(cut.inside).tolist() == [1, 2, 3]
    assert cut.runs == 2


def test_a_set_that_nearly_fits_is_of_no_use() -> None:
    work = Work(base=0.0, each=np.array([0.0, HOUR, HOUR]))

    assert crowded_sets(driven((1, 2), size=3), work, 2 * HOUR - 30) == []


def test_company_is_most_where_runs_are_full() -> None:
    work = Work(base=-1.0, each=np.array([0.0, 3.0, 2.0, 1.0]))

    # Five on one run and one on another: (3 + 2)^2 + 1^2, less each with itself.
    assert work.crowd(4.0) == pytest.approx(26.0 - 14.0)
    assert work.crowd(100.0) == pytest.approx(36.0 - 14.0)
    assert work.crowd_late(4.0, 20) == pytest.approx(30.0)

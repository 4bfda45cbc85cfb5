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


def work_of(*each: float, base: float = 0.0, optional: tuple[int, ...] = ()) -> Work:
    """What sites add to the work of a run, the first row being the first site's."""
    adds = np.array([0.0, *each])
    due = np.where(np.isin(np.arange(adds.size), optional), 0.0, adds)
    return Work(base=base, each=adds, due=due)


def test_a_run_that_is_too_long_is_a_set_entered_too_seldom() -> None:
    work = work_of(HOUR, HOUR, HOUR, HOUR)

    (cut,) = crowded_sets(driven((1, 2, 3), (4,), size=5), work, 2.5 * HOUR)

    assert np.flatnonzero(cut.inside).tolist() == [1, 2, 3]
    assert cut.runs == 2
    assert cut.lacking == pytest.approx(0.5 * HOUR)


def test_runs_that_hold_what_they_can_are_entered_often_enough() -> None:
    work = work_of(HOUR, HOUR, HOUR, HOUR, base=-600.0)

    assert crowded_sets(driven((1, 2), (3, 4), size=5), work, 2 * HOUR) == []


def test_half_runs_that_enter_one_and_a_half_times_are_found() -> None:
    halves = driven((1, 2, 3), (1, 2), (3,), size=4, share=0.5)
    work = work_of(HOUR, HOUR, HOUR)

    (cut,) = crowded_sets(halves, work, 2 * HOUR)

    assert np.flatnonzero(cut.inside).tolist() == [1, 2, 3]
    assert cut.runs == 2


def test_a_set_that_nearly_fits_is_of_no_use() -> None:
    work = work_of(HOUR, HOUR)

    assert crowded_sets(driven((1, 2), size=3), work, 2 * HOUR - 30) == []


def test_company_is_most_where_runs_are_full() -> None:
    work = work_of(3.0, 2.0, 1.0, base=-1.0)

    # Five on one run and one on another: (3 + 2)^2 + 1^2, less each with itself.
    assert work.crowd(4.0) == pytest.approx(26.0 - 14.0)
    assert work.crowd(100.0) == pytest.approx(36.0 - 14.0)
    assert work.crowd_late(4.0, 20) == pytest.approx(30.0)


def test_a_site_that_may_be_left_out_crowds_no_set() -> None:
    work = work_of(HOUR, HOUR, HOUR, HOUR, optional=(3,))

    assert crowded_sets(driven((1, 2, 3), (4,), size=5), work, 2.5 * HOUR) == []


def test_company_bounds_plans_without_sites_that_may_be_left_out() -> None:
    work = work_of(3.0, 2.0, 9.0, base=0.0, optional=(2, 3))

    # With the third site, which alone fills more than a run; without the others there is no more.
    most = work.crowd(4.0)

    assert most == pytest.approx(3 * 4.0**2 + 2.0**2 - (3.0**2 + 2.0**2))
    assert most >= (4.0**2 + 1.0**2) - (3.0**2 + 2.0**2)
    assert most >= 0.0

"""The cheapest choice of runs, with as many runs as the plans of a case have."""

from __future__ import annotations

import numpy as np
import pytest

from logistics.planning.exact.duals import Cut
from logistics.planning.exact.fleet import Case
from logistics.planning.exact.partition import Columns, choose
from logistics.planning.exact.read import read_day
from tests.planning.days import small_day
from tests.planning.exact.test_couple import two_vans


@pytest.mark.parametrize(("fewest", "chosen", "cost"), [(1, [0], 5.0), (2, [1, 2], 6.0)])
def test_no_fewer_runs_are_chosen_than_the_plans_of_the_case_have(
    fewest: int, chosen: list[int], cost: float
) -> None:
    day = read_day(two_vans(small_day()))
    rows = np.arange(day.size) > 0
    case = Case(day=day, cuts=[Cut(inside=rows, runs=fewest)], whole=False, penalty=0.0)
    runs = Columns(
        kind=np.zeros(3, np.int64),
        number=np.arange(3),
        sets=np.array([0b11, 0b01, 0b10], np.uint64),
        cost=np.array([5.0, 2.0, 4.0]),
    )

    choice = choose(case, runs, day.constant + 100.0, 10.0)

    assert choice.columns == chosen
    assert choice.bound == pytest.approx(day.constant + cost, abs=1e-3)
    assert choose(case, runs, day.constant + cost - 1.0, 10.0).columns is None

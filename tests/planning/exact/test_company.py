"""What the company of a stop on its run is worth, against complete enumeration."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logistics.planning.exact import climb, necessity, prove
from logistics.planning.exact.arcs import near_arcs
from logistics.planning.exact.fleet import cases
from logistics.planning.exact.read import read_day
from logistics.planning.exact.tighten import Relaxation, tight_prices
from logistics.planning.problem import read_problem
from tests.planning.enumeration import optimum
from tests.planning.exact.twists import full_plan, hurried_day
from tests.planning.test_problem import INSTANCES

if TYPE_CHECKING:
    from logistics.planning.exact.duals import Duals
    from logistics.planning.exact.limits import Work

ON = np.zeros(1, dtype=np.bool_)


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(min_value=0, max_value=2**32),
    dearest=st.sampled_from([1e-4, 1e-2, 1.0]),
    planned=st.booleans(),
)
def test_no_price_of_company_lifts_the_bound_above_the_optimum(
    seed: int, dearest: float, *, planned: bool
) -> None:
    chance = np.random.default_rng(seed)
    read = Relaxation.duals

    def dear_company(relaxation: Relaxation) -> Duals:
        company = np.append(0.0, chance.uniform(0.0, dearest, relaxation.day.size - 1))
        crowd = float(chance.uniform(0.0, dearest)) * 1e-3
        return replace(read(relaxation), company=company, crowd=crowd)

    day = hurried_day(seed)
    best = optimum(day)
    with pytest.MonkeyPatch.context() as patched:
        for module in (prove, climb, necessity):
            patched.setattr(module, "MANY_ROWS", 1)
        patched.setattr(Relaxation, "duals", dear_company)
        proof = prove.prove(day, seconds=20, incumbent=full_plan(day) if planned else None)

    if best is not None:
        assert proof.bound <= best.cost + 1e-6 * (1 + abs(best.cost))


def test_stops_that_cannot_all_be_on_one_run_raise_the_bound() -> None:
    day = read_day(read_problem(next(path for path in INSTANCES if path.stem == "three-vans")))
    case = next(one for one in cases(day, 60.0, ON) if not one.penalty)
    assert case.work is not None

    def bound(work: Work | None) -> float:
        rounds = tight_prices(case.day, near_arcs(day), case.cuts, work, ON)
        return max(prices.bound for prices in islice(rounds, 3))

    assert bound(case.work) > bound(None) + 10

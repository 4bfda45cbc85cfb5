"""The bound of large days, held to the optimum on small ones and to figures done by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logistics.planning.exact.assign import assignment_bound
from logistics.planning.exact.prove import prove
from logistics.planning.exact.read import read_day
from logistics.planning.plan import Route
from logistics.planning.timing import build_plan
from tests.planning.days import small_day, with_site
from tests.planning.enumeration import optimum
from tests.planning.strategies import random_day

if TYPE_CHECKING:
    from logistics.planning.problem import Problem


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(min_value=0, max_value=2**32))
def test_the_bound_never_passes_the_optimum(seed: int) -> None:
    problem = random_day(seed)
    best = optimum(problem)
    day = read_day(problem)
    if best is not None and day.size > 1 and day.kinds:
        assert assignment_bound(day) <= best.cost + 1e-6


def test_the_small_day_is_bounded_by_two_arcs_a_stop() -> None:
    # Out, across and back are cheapest both ways round: 100 kr for the van, 35 km at 2 kr, 45
    # minutes at 6 kr; that the book rides direct is granted. It is the optimum, 440 kr.
    assert assignment_bound(read_day(small_day())) == pytest.approx(440.0, abs=0.1)


def test_what_nobody_must_visit_and_nothing_pays_for_is_left_out() -> None:
    day = with_site(with_site(small_day(), "north", must_visit=False), "south", must_visit=False)
    # The book is worth 60 kr, less than any way to fetch it.
    assert assignment_bound(read_day(day)) == pytest.approx(60.0, abs=0.1)


def test_amounts_beyond_whole_numbers_prove_nothing_rather_than_something_false() -> None:
    day = small_day()
    dear = replace(day.shipments[0], cost_if_at_hub=2.0**52, cost_if_left=2.0**53)
    assert assignment_bound(read_day(replace(day, shipments=(dear,)))) == 0.0


def wide_day(sites: int) -> Problem:
    """A ring of sites that must all be visited, a minute and a kilometre from one to the next."""
    day = small_day(shipments=())
    names = ["hub", *(f"s{number}" for number in range(1, sites))]
    apart = [[min(abs(a - b), sites - abs(a - b)) for b in range(sites)] for a in range(sites)]
    return replace(
        day,
        sites=tuple(
            replace(day.sites[0 if name == "hub" else 1], id=name, stop_seconds=0) for name in names
        ),
        travel_metres=tuple(tuple(1000 * one for one in row) for row in apart),
        travel_seconds=tuple(tuple(60 * one for one in row) for row in apart),
    )


def test_a_day_beyond_the_rest_of_the_proof_is_bounded_too() -> None:
    day = wide_day(80)
    ring = build_plan(day, [Route(vehicle=0, sites=tuple(range(1, 80)))])
    proof = prove(day, incumbent=ring, seconds=20)
    # Once round: 80 km at 2 kr, 80 minutes at 6 kr and the van; no stop can be reached for less.
    assert ring.cost.total == pytest.approx(100 + 160 + 480)
    assert proof.bound == pytest.approx(ring.cost.total, rel=1e-3)
    assert proof.bound <= ring.cost.total

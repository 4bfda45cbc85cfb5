"""A part of a day prices its runs exactly as the whole does; regions leave nobody out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings

from logistics.errors import RuleBrokenError
from logistics.planning.check import check
from logistics.planning.decompose.part import Whole
from logistics.planning.decompose.regions import regions
from logistics.planning.improve import improve
from logistics.planning.problem import read_problem
from logistics.planning.timing import build_plan
from tests.planning.strategies import days
from tests.planning.test_problem import INSTANCES

if TYPE_CHECKING:
    from pathlib import Path

    from logistics.planning.plan import Route
    from logistics.planning.problem import Problem


def saved(day: Problem, routes: list[Route]) -> float:
    """What runs cost, less what they save, beside a day on which nobody drives."""
    return build_plan(day, routes).cost.total - build_plan(day, []).cost.total


@settings(max_examples=30, deadline=None)
@given(day=days(sites=6, shipments=10))
def test_parts_cost_what_their_runs_cost_in_the_whole(day: Problem) -> None:
    routes = improve(day, iterations=300)
    whole = Whole(day)
    apart = 0.0
    for route in routes:
        part = whole.part(route.sites, [route.vehicle])
        here = improve(part.problem, iterations=300, start=part.inward([route]))
        again = part.outward(here)
        assert saved(day, again) == pytest.approx(saved(part.problem, here), abs=1e-6)
        apart += saved(day, [route])
    assert apart == pytest.approx(saved(day, routes), abs=1e-6)


@pytest.mark.parametrize("path", INSTANCES[:4], ids=lambda path: path.stem)
def test_runs_of_a_part_may_be_driven_in_the_whole(path: Path) -> None:
    day = read_problem(path)
    whole = Whole(day)
    part = whole.part(whole.sites[::2], whole.vans)
    found = part.outward(improve(part.problem, iterations=500))
    broken = check(day, build_plan(day, found))
    assert {one.kind for one in broken} <= {"not-visited"}
    assert {site for one in found for site in one.sites} <= {*part.sites}


def test_what_waits_for_elsewhere_is_worth_what_the_hub_saves() -> None:
    day = read_problem(INSTANCES[0])
    part = Whole(day).part([1, 2], [0])
    inside = {site.id for site in part.problem.sites}
    for made, number in zip(part.problem.shipments, part.shipments, strict=True):
        given_ = day.shipments[number]
        if given_.destination in inside:
            assert made == given_
        else:
            assert made.destination == day.hub
            assert made.cost_if_left == given_.cost_if_left - given_.cost_if_at_hub > 0


def test_a_run_that_breaks_a_rule_breaks_it_in_the_part() -> None:
    day = read_problem(INSTANCES[0])
    whole = Whole(day)
    part = whole.part(whole.sites, [0])
    everywhere = improve(part.problem, iterations=50)[0]
    far = type(everywhere)(vehicle=0, sites=tuple(range(1, len(part.sites))))
    for problem, route in ((part.problem, far), (day, part.outward([far])[0])):
        with pytest.raises(RuleBrokenError, match="no timing keeps"):
            build_plan(problem, [route])


def test_regions_hold_every_site_once_and_hang_together() -> None:
    places = np.arange(10.0)
    price = np.abs(places[:, None] - places)
    found = regions(price, 0, 3)
    assert found == [[9, 8, 7], [6, 5, 4], [3, 2, 1]]
    both = regions(price, 4, 5)
    assert sorted(site for one in both for site in one) == [0, 1, 2, 3, 5, 6, 7, 8, 9]

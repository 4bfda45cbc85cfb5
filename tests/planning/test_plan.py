from __future__ import annotations

import json
from typing import Any

import pytest

from logistics.errors import InputError
from logistics.planning.plan import Cost, Plan, Route, gap, parse_plan, plan_to_json, read_plan
from logistics.planning.timing import build_plan, route_of
from tests.planning.days import small_day


def answer() -> dict[str, Any]:
    return plan_to_json(build_plan(small_day(), [Route(vehicle=0, sites=(1, 2))]))


def faults_of(value: Any) -> list[str]:
    with pytest.raises(InputError) as caught:
        parse_plan(value if isinstance(value, str) else json.dumps(value))
    return caught.value.problems


def test_an_answer_written_is_read_back_equal() -> None:
    plan = build_plan(small_day(), [Route(vehicle=0, sites=(1, 2))])
    assert parse_plan(json.dumps(plan_to_json(plan))) == plan


def test_a_run_gives_back_what_was_decided() -> None:
    day = small_day()
    route = Route(vehicle=0, sites=(2, 1), load=(frozenset(), frozenset({0})))
    assert route_of(day, build_plan(day, [route]).runs[0]) == route


def test_optional_fields_may_be_absent(tmp_path: Any) -> None:
    value = answer()
    del value["gap"], value["seconds"]
    for name in ("leave", "carried", "break_after"):
        del value["runs"][0][name]
    path = tmp_path / "answer.json"
    path.write_text(json.dumps(value))
    assert read_plan(path) == build_plan(small_day(), [Route(vehicle=0, sites=(1, 2))])


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (("status",), "good", 'status is "good", expected optimal or feasible'),
        (("status",), ["optimal"], 'status is ["optimal"], expected optimal or feasible'),
        (("bound",), -1, "bound is -1, expected an amount"),
        (("colour",), 1, 'field "colour" is not known'),
        (("problem",), 7, "problem is 7, expected a text"),
        (("cost", "total"), 1.0, "total is 1.0, but its parts sum to 440.0"),
        (("cost", "fixed"), "1", 'fixed is "1", expected an amount'),
        (("runs",), {}, "runs is {}, expected a list"),
        (("runs", 0), 1, "run 1: is 1, expected an object"),
        (("runs", 0, "start"), 0.5, "run 1: start is 0.5, expected a whole number"),
        (("runs", 0, "vehicle"), None, "run 1: vehicle is null, expected a text"),
        (("runs", 0, "break_after"), -1, "break_after is -1, expected a whole number"),
        (("runs", 0, "stops", 1), [], "run 1, stop 2: is [], expected an object"),
        (("runs", 0, "stops", 1, "load"), "x", 'load is "x", expected a list'),
        (("runs", 0, "stops", 1, "load"), [1], "an entry of load is 1, expected a text"),
        (("runs", 0, "stops", 1, "site"), {}, "site is {}, expected a text"),
    ],
)
def test_each_fault_of_an_answer_is_named(path: tuple[Any, ...], value: Any, told: str) -> None:
    given = answer()
    place: Any = given
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    assert any(told in fault for fault in faults_of(given)), faults_of(given)


def test_a_proof_that_meets_the_cost_prints_no_gap() -> None:
    cost = Cost(time=0.1 + 0.2)
    plan = Plan(problem="x", cost=cost, bound=cost.total, status="optimal", runs=())
    value = plan_to_json(plan)
    assert value["bound"] == 0.3
    assert value["gap"] == 0.0


@pytest.mark.parametrize(
    ("total", "bound", "expected"),
    [(100.0, None, None), (100.0, 99.0, 0.01), (100.0, 100.1, 0.0), (0.0, 0.0, 0.0)],
)
def test_the_gap_is_what_might_be_saved(
    total: float, bound: float | None, expected: float | None
) -> None:
    assert gap(total, bound) == expected

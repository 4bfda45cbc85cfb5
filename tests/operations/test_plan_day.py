"""A planned day is stored whole: runs, stops, legs and a promise for each transfer that waits."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from logistics.errors import RuleBrokenError
from logistics.operations.day.day_problem import build_day_problem
from logistics.operations.day.outcomes import Outcome
from logistics.operations.day.plan_day import plan_day
from logistics.operations.day.store_plan import store_plan
from logistics.planning.check import check
from logistics.planning.plan import Cost, Plan, parse_plan
from logistics.planning.problem import parse_problem
from logistics.storage.session import reading, writing
from logistics.storage.tables import LegRow, PlanRow, PlanTransferRow, RunRow, StopRow
from tests.operations.helpers import TUESDAY

if TYPE_CHECKING:
    from sqlalchemy import Engine


def test_a_plan_is_kept_with_the_problem_it_answers(sample: Engine) -> None:
    plan = plan_day(sample, TUESDAY, seconds=1, made_by="test")

    with reading(sample) as session:
        row = session.scalars(select(PlanRow)).one()
    problem = parse_problem(json.dumps(row.problem))
    answer = parse_plan(json.dumps(row.answer))
    assert check(problem, answer) == []
    assert (row.id, row.version, row.state, row.made_by) == (plan.id, 1, "draft", "test")
    assert row.cost_sek == pytest.approx(answer.cost.total)
    assert any("estimates" in caveat for caveat in row.caveats)


def test_every_waiting_transfer_has_one_promise_and_the_rides_that_keep_it(sample: Engine) -> None:
    day = build_day_problem(sample, TUESDAY)
    plan_day(sample, TUESDAY, seconds=1)

    with reading(sample) as session:
        promises = session.scalars(select(PlanTransferRow)).all()
        legs = session.scalars(select(LegRow)).all()
        stops = session.scalars(select(StopRow)).all()
        runs = {run.id: run for run in session.scalars(select(RunRow))}
    assert {promise.transfer_id for promise in promises} == set(day.transfers)
    delivered = {p.transfer_id for p in promises if p.outcome == Outcome.DELIVERED}
    riding = {leg.transfer_id for leg in legs}
    assert delivered
    assert delivered <= riding
    assert riding == {p.transfer_id for p in promises if p.outcome != Outcome.LEFT}
    for stop in stops:
        on = sum((leg.run_id, leg.board_stop) == (stop.run_id, stop.number) for leg in legs)
        off = sum((leg.run_id, leg.leave_stop) == (stop.run_id, stop.number) for leg in legs)
        assert (stop.items_on, stop.items_off) == (on, off)
    for run in runs.values():
        driven = sum(stop.distance_metres for stop in stops if stop.run_id == run.id)
        assert driven < run.distance_metres
    assert all(p.expected_at is not None for p in promises)
    assert all((p.reason == "") == (p.outcome == "delivered") for p in promises)


def test_each_plan_of_a_day_is_a_new_version(sample: Engine) -> None:
    versions = [plan_day(sample, TUESDAY, seconds=0.2).version for _ in range(3)]
    assert versions == [1, 2, 3]


def test_a_day_without_goods_has_an_empty_plan(network: Engine) -> None:
    plan = plan_day(network, TUESDAY, seconds=0.2)
    assert (plan.cost_sek, plan.answer["runs"]) == (0, [])


def test_a_plan_that_breaks_a_rule_is_never_stored(sample: Engine) -> None:
    day = build_day_problem(sample, TUESDAY)
    idle = Plan(problem=day.problem.name, cost=Cost(), runs=())

    with pytest.raises(RuleBrokenError, match="must"), writing(sample) as session:
        store_plan(session, day, idle)
    with reading(sample) as session:
        assert session.scalar(select(func.count()).select_from(PlanRow)) == 0

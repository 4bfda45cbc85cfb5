"""What a decision would do is shown before it is kept, and kept as it was shown or not at all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlmodel import select

from logistics.errors import ConflictError, NotFoundError, RuleBrokenError
from logistics.operations.change.day_changes import ChangeKind, Moved, Pinned, changes_of
from logistics.operations.change.keep_change import as_seen, check_stamp, keep, stamp
from logistics.operations.change.pinning import pins_for
from logistics.operations.change.sequences import judge, moved_to, neighbours, sequences_of
from logistics.operations.change.try_change import DELIVER_ITERATIONS, Idea, decide, try_idea
from logistics.operations.day.day_problem import build_day_problem
from logistics.operations.day.plan_day import plan_day
from logistics.operations.day.stored_plans import read_stored_plan
from logistics.planning.check import Kind
from logistics.planning.explain import explain
from logistics.storage.session import reading, writing
from logistics.storage.tables import DayChangeRow, PlanRow
from tests.operations.helpers import TUESDAY

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from logistics.operations.change.try_change import Trial

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
RUNS = (("van-1", ("a", "b", "c")), ("van-2", ("d",)))


@pytest.fixture
def drafted(sample: Engine) -> Engine:
    """The sample Tuesday with a draft."""
    plan_day(sample, TUESDAY, seconds=0.4, workers=1)
    return sample


def tried(engine: Engine, idea: Idea, **options: Any) -> Trial:
    return try_idea(engine, TUESDAY, idea, iterations=500, **options)


def test_moving_a_stop_leaves_the_others_in_their_order(database_url: str) -> None:
    del database_url
    assert moved_to(RUNS, "a", "van-1", 3) == (("van-1", ("b", "c", "a")), ("van-2", ("d",)))
    assert moved_to(RUNS, "d", "van-1", 2) == (("van-1", ("a", "d", "b", "c")),)
    assert moved_to(RUNS, "new", "van-3", 9)[2] == ("van-3", ("new",))
    assert neighbours(RUNS, "b") == ("van-1", "a", "c")
    assert neighbours(RUNS, "d") == ("van-2", "", "")
    with pytest.raises(NotFoundError, match="no run calls there"):
        neighbours(RUNS, "elsewhere")


def test_a_trial_keeps_nothing_and_says_what_it_costs(drafted: Engine) -> None:
    closed = Idea(kind=ChangeKind.CLOSE_BRANCH, subject="nora", details={"reason": "snö"})
    trial = tried(drafted, closed)
    assert all(stop.site != "nora" for run in trial.plan.runs for stop in run.stops)
    assert trial.after.distance_metres < trial.before.distance_metres
    assert trial.after.delivered < trial.before.delivered
    before, after = trial.before, trial.after
    items = before.delivered + before.at_hub + before.left
    assert items == after.delivered + after.at_hub + after.left
    with reading(drafted) as session:
        assert session.exec(select(DayChangeRow)).all() == []
        assert len(session.exec(select(PlanRow)).all()) == 1


def test_a_shipment_is_brought_today_for_what_it_costs(drafted: Engine) -> None:
    with reading(drafted) as session:
        promises = read_stored_plan(session, TUESDAY).promises
    late = [n for n, p in promises.items() if p.row.reason == "van-had-passed"]
    trial = tried(drafted, Idea(deliver=late[0]))
    brought = {one for run in trial.plan.runs for stop in run.stops for one in stop.unload}
    assert late[0] in brought
    assert trial.change is None


def test_a_shipment_costs_what_was_told_of_it_however_short_the_search(drafted: Engine) -> None:
    with reading(drafted) as session:
        stored = read_stored_plan(session, TUESDAY)
    late = next(n for n, p in stored.promises.items() if p.row.reason == "van-had-passed")
    (told,) = explain(stored.problem, stored.plan, [late], iterations=DELIVER_ITERATIONS)
    trial = try_idea(drafted, TUESDAY, Idea(deliver=late), seconds=0.01, workers=1)
    assert told.extra_sek is not None
    assert trial.after.cost_sek - trial.before.cost_sek <= told.extra_sek + 0.01
    brought = {one for run in trial.plan.runs for stop in run.stops for one in stop.unload}
    assert late in brought


def test_a_move_that_comes_too_late_is_named(drafted: Engine) -> None:
    with reading(drafted) as session:
        plan = read_stored_plan(session, TUESDAY).plan
    day = build_day_problem(drafted, TUESDAY).problem
    last = plan.runs[0].stops[-1].site
    opens = plan.runs[0].stops[0].begin
    sites = [replace(site, window=(0, opens)) if site.id == last else site for site in day.sites]
    judged = judge(replace(day, sites=tuple(sites)), sequences_of(plan))
    assert [(one.kind, one.subject) for one in judged.broken] == [(Kind.AFTER_WINDOW, last)]
    assert judged.broken[0].excess == judged.plan.runs[0].stops[-1].begin - opens


def test_what_was_seen_is_kept_with_a_bound_unless_the_day_changed(drafted: Engine) -> None:
    idea = Idea(kind=ChangeKind.CLOSE_BRANCH, subject="nora", details={"reason": "snö"})
    trial = tried(drafted, idea)
    decision = decide(drafted, TUESDAY, idea, plan=trial.plan, actor="user:1")
    plan = as_seen(decision.day, trial.plan, seconds=0.3)
    assert sequences_of(plan) == sequences_of(trial.plan)
    assert plan.bound is not None
    assert 0 < plan.bound <= plan.cost.total
    with reading(drafted) as session:
        seen = stamp(session, TUESDAY)
    with pytest.raises(ConflictError, match="has changed since"), writing(drafted) as session:
        keep(session, decision.day, plan, seen="old", change=decision.change)
    with writing(drafted) as session:
        row = keep(session, decision.day, plan, seen=seen, change=decision.change)
        assert row.version == 2
        assert row.changes[0]["subject"] == "nora"
    with pytest.raises(ConflictError), writing(drafted) as session:
        check_stamp(session, TUESDAY, seen)
    without = build_day_problem(drafted, TUESDAY)
    with reading(drafted) as session:
        first = read_stored_plan(session, TUESDAY, 1).plan
    with pytest.raises(RuleBrokenError, match="is out by now"):
        as_seen(without, first, seconds=0)


def test_the_latest_of_contradicting_wishes_holds(drafted: Engine) -> None:
    day = build_day_problem(drafted, TUESDAY)
    first, second = (
        Moved(vehicle="van-1", after="nora", before=""),
        Moved(vehicle="van-1", after="kumla", before=""),
    )
    changes = replace(day.changes, moves={"kumla": first, "nora": second})
    pins = pins_for(replace(day, changes=changes))
    assert pins is not None
    assert pins.order == (("kumla", "nora"),)
    fixed = {"kumla": Pinned(strength="vehicle", vehicle="van-2", begin=0)}
    pins = pins_for(replace(day, changes=replace(changes, pins=fixed)))
    assert pins is not None
    assert pins.vehicle == {"kumla": "van-2", "nora": "van-1"}
    assert pins_for(day) is None


def test_moving_a_fixed_stop_loosens_it(drafted: Engine) -> None:
    fixed = {"strength": "time", "vehicle": "van-1", "begin": 30_000}
    moved = {"vehicle": "van-1", "after": "", "before": "kumla"}
    with writing(drafted) as session:
        for kind, details in (("pin", fixed), ("move", moved)):
            row = DayChangeRow(service_date=TUESDAY, kind=kind, subject="nora", details=details)
            session.add(row)
            session.flush()
        changes = changes_of(session, TUESDAY)
    assert changes.pins == {}
    assert changes.moves["nora"].before == "kumla"


def test_planning_again_moves_a_stop_only_for_what_it_saves(drafted: Engine) -> None:
    with reading(drafted) as session:
        before = read_stored_plan(session, TUESDAY, 1).plan
    plan_day(drafted, TUESDAY, seconds=0.4, workers=1, moved_stop_sek=10_000)
    with reading(drafted) as session:
        after = read_stored_plan(session, TUESDAY, 2).plan
    assert sequences_of(after) == sequences_of(before)

"""A van stops, a branch closes: the rest of the day is planned from where the vans are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlmodel import select

from logistics.errors import ConflictError, NotFoundError
from logistics.operations.change.day_changes import ChangeKind
from logistics.operations.change.keep_change import stamp
from logistics.operations.day.close import close_day
from logistics.operations.day.local_time import moment
from logistics.operations.day.plan_day import plan_day
from logistics.operations.day.publish import publish
from logistics.operations.day.stored_plans import read_stored_plan
from logistics.operations.road import on_the_road
from logistics.operations.road.drive import drive
from logistics.operations.road.keep_road import keep_on_the_road
from logistics.operations.road.on_the_road import Event, try_on_the_road
from logistics.operations.road.ticks import Tick, TickKind
from logistics.operations.view.build_view import build_day_view
from logistics.operations.view.kinds import UnservedReason
from logistics.planning import searches
from logistics.planning.check import check
from logistics.planning.planner import solve
from logistics.storage.session import reading, writing
from logistics.storage.tables import DayChangeRow, RunRow, TransferRow
from tests.operations.helpers import TUESDAY

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from logistics.operations.day.stored_plans import StoredPlan
    from logistics.operations.road.on_the_road import RoadTrial

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def under_way(engine: Engine, stops: int = 3) -> StoredPlan:
    """Plan and publish the Tuesday; its first van has left and made some stops."""
    plan_day(engine, TUESDAY, seconds=0.5, workers=1)
    with writing(engine) as session:
        publish(session, TUESDAY)
        plan = read_stored_plan(session, TUESDAY)
        run = plan.runs[0]
        tick(session, run, TickKind.DEPART, run.start_seconds)
        for stop in plan.stops[run.id or 0][:stops]:
            tick(session, run, TickKind.DONE, stop.depart_seconds + 120, stop.number)
    return plan


def tick(session: Any, run: RunRow, kind: TickKind, at: int, stop: int | None = None) -> None:
    name = f"{run.code}-{kind}-{stop}"
    when = moment(TUESDAY, at)
    drive(session, Tick(id=name, run=run.code, kind=kind, at=when, stop=stop))


def tried(engine: Engine, event: Event, subject: str, at: int = 10 * 3600) -> RoadTrial:
    return try_on_the_road(
        engine, TUESDAY, event, subject, at=moment(TUESDAY, at), iterations=2_000
    )


def keep(engine: Engine, trial: RoadTrial, **options: Any) -> None:
    with reading(engine) as session:
        seen = options.pop("seen", stamp(session, TUESDAY))
    with writing(engine) as session:
        keep_on_the_road(
            session, TUESDAY, trial.plan,
            event=trial.event, subject=trial.subject, clock=trial.clock, seen=seen, **options,
        )  # fmt: skip


def test_a_branch_that_closes_is_left_out_and_what_is_driven_stays(sample: Engine) -> None:
    before = under_way(sample)
    driven = [stop.site for stop in before.plan.runs[0].stops[:3]]
    last = before.plan.runs[0].stops[-1].site
    trial = tried(sample, Event.BRANCH_CLOSES, last)

    assert check(trial.day.problem, trial.plan) == []
    run = trial.plan.runs[0]
    assert [stop.site for stop in run.stops[:3]] == driven
    assert all(stop.site != last for one in trial.plan.runs for stop in one.stops)
    with reading(sample) as session:
        assert read_stored_plan(session, TUESDAY).row.version == 1  # nothing is kept yet

    keep(sample, trial, reason="strömavbrott")
    with reading(sample) as session:
        after = read_stored_plan(session, TUESDAY)
        view = build_day_view(session, TUESDAY)
        assert (after.row.version, after.row.state) == (2, "under_way")
        assert after.runs[0].code == before.runs[0].code
        made = after.stops[after.runs[0].id or 0]
        assert [bool(stop.done_at) for stop in made[:3]] == [True] * 3
        assert [stop.code for stop in made[:3]] == [
            stop.code for stop in before.stops[before.runs[0].id or 0][:3]
        ]
    assert {one.place.id: one.detail for one in view.unserved}[last] == "strömavbrott"


def test_a_tick_sent_again_after_a_new_plan_is_still_one(sample: Engine) -> None:
    before = under_way(sample)
    last = before.plan.runs[0].stops[-1].site
    keep(sample, tried(sample, Event.BRANCH_CLOSES, last))
    run, stop = before.runs[0], before.stops[before.runs[0].id or 0][0]
    with writing(sample) as session:
        name = f"{run.code}-{TickKind.DONE}-{stop.number}"
        at = moment(TUESDAY, stop.depart_seconds + 120)
        again = Tick(id=name, run=run.code, kind=TickKind.DONE, at=at, stop=stop.number)
        assert drive(session, again).known


def test_another_van_fetches_what_is_aboard_one_that_stops(sample: Engine) -> None:
    before = under_way(sample)
    van = before.plan.runs[0].vehicle
    place = before.plan.runs[0].stops[2].site
    trial = tried(sample, Event.VAN_STOPS, van)

    assert {run.vehicle for run in trial.plan.runs} <= {"van-1", "van-2"} - {van}
    assert trial.state.moved
    assert set(trial.state.moved.values()) == {place}
    fetched = [stop for run in trial.plan.runs for stop in run.stops if stop.site == place]
    assert fetched
    assert set(trial.state.moved) & {*fetched[0].load}
    assert all(run.start >= 10 * 3600 for run in trial.plan.runs)

    keep(sample, trial)
    with writing(sample) as session:
        waiting = session.scalars(
            select(TransferRow).where(TransferRow.at == place, TransferRow.state == "requested")
        ).all()
        aboard = select(TransferRow).where(TransferRow.state == "aboard")
        assert session.scalars(aboard).all() == []
        moved = {one.id for name in trial.state.moved for one in trial.state.transfers[name]}
        assert moved <= {row.id for row in waiting}
        build_day_view(session, TUESDAY)
        rows = close_day(session, TUESDAY, as_planned=True)
    driven = {row.vehicle_id: row.stops for row in rows}
    assert driven[van] == 3
    assert len(driven) == 1 + len(trial.plan.runs)


def test_a_plan_from_before_a_tick_or_a_change_is_not_kept(sample: Engine) -> None:
    before = under_way(sample)
    run, stops = before.runs[0], before.stops[before.runs[0].id or 0]
    trial = tried(sample, Event.BRANCH_CLOSES, stops[3].branch_id)
    with pytest.raises(ConflictError, match="has changed since"):
        keep(sample, trial, seen="long ago")
    with writing(sample) as session:
        tick(session, run, TickKind.DONE, stops[3].depart_seconds, 4)
    other = tried(sample, Event.BRANCH_CLOSES, stops[-1].branch_id)
    with writing(sample) as session:
        tick(session, run, TickKind.DONE, stops[4].depart_seconds, 5)
    with pytest.raises(ConflictError, match="a van has gone on"):
        keep(sample, other)
    with pytest.raises(ConflictError, match="has been visited"):
        keep(sample, trial)


def test_compulsory_branches_that_find_no_room_any_more_are_named_and_the_rest_is_planned(
    sample: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = under_way(sample)
    run = before.plan.runs[0]
    waiting = {site.id for site in before.problem.sites if site.must_visit}
    waiting -= {stop.site for stop in run.stops[:3]} | {before.problem.hub}
    asked: list[float] = []

    def noted(*given: Any, seconds: float, iterations: int | None, **options: Any) -> Any:
        asked.append(seconds)
        return solve(*given, seconds=seconds, iterations=iterations, **options)

    monkeypatch.setattr(on_the_road, "solve", noted)
    monkeypatch.setattr(searches, "_FEW_STEPS", 50)
    trial = try_on_the_road(
        sample, TUESDAY, Event.VAN_STOPS, run.vehicle,
        at=moment(TUESDAY, 15 * 3600 + 1800), seconds=0.2, iterations=200,
    )  # fmt: skip
    # Two hours and a half remain for the other van: enough for some, not for all.
    visited = {stop.site for one in trial.plan.runs for stop in one.stops}
    assert trial.left_out
    assert visited & waiting
    assert {*trial.left_out} == waiting - visited
    assert check(trial.day.problem, trial.plan) == []
    # Who is out of reach alone is found without a search, who finds no room by one; one is left.
    assert asked == [0.2] * 3

    keep(sample, trial)
    with reading(sample) as session:
        view = build_day_view(session, TUESDAY)
    assert view.version == 2
    missing = {one.place.id: one.reason for one in view.unserved}
    assert {missing[site] for site in trial.left_out} == {UnservedReason.OUT_OF_REACH}
    assert missing.keys().isdisjoint(stop.site for stop in run.stops[:3])  # visited this morning


def test_what_is_pinned_to_a_van_that_stops_may_go_with_another(sample: Engine) -> None:
    before = under_way(sample)
    run = before.plan.runs[0]
    place = run.stops[4].site
    with writing(sample) as session:
        details = {"strength": "vehicle", "vehicle": run.vehicle, "begin": run.stops[4].begin}
        kind = ChangeKind.PIN
        row = DayChangeRow(service_date=TUESDAY, kind=kind, subject=place, details=details)
        session.add(row)
    trial = tried(sample, Event.VAN_STOPS, run.vehicle)
    assert trial.left_out == ()
    assert check(trial.day.problem, trial.plan) == []


def test_what_makes_no_sense_on_the_road_is_refused(sample: Engine) -> None:
    plan_day(sample, TUESDAY, seconds=0.3, workers=1)
    with pytest.raises(ConflictError, match="is draft, expected under way"):
        tried(sample, Event.BRANCH_CLOSES, "nora")
    with writing(sample) as session:
        publish(session, TUESDAY)
        run = read_stored_plan(session, TUESDAY).runs[0]
        tick(session, run, TickKind.DEPART, run.start_seconds)
    with pytest.raises(NotFoundError, match="has no run"):
        tried(sample, Event.VAN_STOPS, "van-9")
    with pytest.raises(NotFoundError, match="is not in the plan"):
        tried(sample, Event.BRANCH_CLOSES, "atlantis")

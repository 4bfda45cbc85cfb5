"""What a coordinator decides about a day is obeyed by its next plan, and can be taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from logistics.errors import ConflictError, InputError, NotFoundError
from logistics.operations.change.change import add_change, pin_stop, preview, undo_change
from logistics.operations.change.day_changes import ChangeKind, Changes, changes_of
from logistics.operations.day.day_problem import build_day_problem
from logistics.operations.day.plan_day import plan_day
from logistics.operations.view.build_view import build_day_view
from logistics.operations.view.kinds import Pin, UnservedReason
from logistics.storage.session import reading, writing
from tests.operations.helpers import TUESDAY

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from logistics.operations.view.day_view import DayView


def planned(engine: Engine) -> DayView:
    version = plan_day(engine, TUESDAY, seconds=1).version
    with reading(engine) as session:
        return build_day_view(session, TUESDAY, version)


def test_a_closed_branch_is_not_called_at_and_says_why(sample: Engine) -> None:
    with writing(sample) as session:
        change = add_change(
            session, TUESDAY, ChangeKind.CLOSE_BRANCH, "nora", details={"reason": "vattenläcka"}
        )
    view = planned(sample)
    assert all(stop.place.id != "nora" for run in view.runs for stop in run.stops)
    closed = next(one for one in view.unserved if one.place.id == "nora")
    assert (closed.reason, closed.detail) == (UnservedReason.CLOSED, "vattenläcka")

    with writing(sample) as session:
        undo_change(session, change.id or 0)
    assert any(stop.place.id == "nora" for run in planned(sample).runs for stop in run.stops)
    with pytest.raises(ConflictError, match="taken back before"), writing(sample) as session:
        undo_change(session, change.id or 0)


def test_vehicles_go_out_and_come_in_for_a_day(sample: Engine) -> None:
    with writing(sample) as session:
        add_change(session, TUESDAY, ChangeKind.VEHICLE_OUT, "van-1")
        add_change(
            session,
            TUESDAY,
            ChangeKind.EXTRA_VEHICLE,
            "hired",
            details={"like": "van-2", "name": "Hyrbil"},
        )
    day = build_day_problem(sample, TUESDAY)
    assert [vehicle.id for vehicle in day.problem.vehicles] == ["van-2", "hired"]
    with writing(sample) as session:
        add_change(session, TUESDAY, ChangeKind.VEHICLE_OUT, "van-2")
    view = planned(sample)
    assert {(run.vehicle, run.vehicle_name) for run in view.runs} == {("hired", "Hyrbil")}


def test_a_branch_that_must_be_visited_is_visited(sample: Engine) -> None:
    with writing(sample) as session:
        add_change(session, TUESDAY, ChangeKind.MUST_VISIT, "frovi")
    with pytest.raises(InputError, match="must be visited on 2026-11-24, but is not served"):
        plan_day(sample, TUESDAY, seconds=0.5)


@pytest.mark.parametrize("strength", list(Pin))
def test_a_pinned_stop_keeps_what_was_pinned(sample: Engine, strength: Pin) -> None:
    view = planned(sample)
    stop = view.runs[0].stops[1]
    other = view.runs[0].stops[3]
    with writing(sample) as session:
        pin_stop(session, TUESDAY, stop.place.id, strength)
        pin_stop(session, TUESDAY, other.place.id, strength)
    again = planned(sample)
    run = next(one for one in again.runs if one.vehicle == view.runs[0].vehicle)
    places = {one.place.id: one for one in run.stops}
    assert {stop.place.id, other.place.id} <= set(places)
    kept = places[stop.place.id]
    assert kept.pins == (strength,)
    if strength is not Pin.VEHICLE:
        assert kept.number < places[other.place.id].number
    if strength is Pin.TIME:
        assert abs(kept.begin - stop.begin) <= 600


def test_a_preview_keeps_nothing(sample: Engine) -> None:
    with reading(sample) as session:
        before = changes_of(session, TUESDAY)
    seen = preview(sample, TUESDAY, Changes(closed={"hallefors": "trial"}), seconds=0.5)
    assert seen.distance_difference_metres < 0
    assert seen.delivered_difference + seen.at_hub_difference + seen.left_difference == 0
    assert seen.left_difference > 0
    with reading(sample) as session:
        assert changes_of(session, TUESDAY) == before


def test_what_does_not_exist_cannot_be_changed(sample: Engine) -> None:
    wrong = [
        (ChangeKind.CLOSE_BRANCH, "atlantis", {}, "branch 'atlantis' does not exist"),
        (ChangeKind.VEHICLE_OUT, "tank", {}, "vehicle 'tank' does not exist"),
        (ChangeKind.EXTRA_VEHICLE, "van-1", {"like": "van-2"}, "is in the fleet already"),
        (ChangeKind.EXTRA_VEHICLE, "new", {}, "like is None, expected a vehicle"),
        (ChangeKind.PIN, "nora", {"strength": "glue"}, "strength is 'glue', expected one of"),
    ]
    for kind, subject, details, problem in wrong:
        with pytest.raises(InputError, match=problem), writing(sample) as session:
            add_change(session, TUESDAY, kind, subject, details=details)
    plan_day(sample, TUESDAY, seconds=0.5)
    with pytest.raises(NotFoundError, match="no run of version 1"), writing(sample) as session:
        pin_stop(session, TUESDAY, "frovi", Pin.ORDER)
    with pytest.raises(NotFoundError, match="change 99"), writing(sample) as session:
        undo_change(session, 99)
    with pytest.raises(InputError, match="closed on 2026-11-24, but is no branch"):
        build_day_problem(sample, TUESDAY, changes=Changes(closed={"atlantis": ""}))

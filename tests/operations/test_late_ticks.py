"""Reports by an older sheet land at the branch they were made at, or are kept as refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from logistics.errors import ConflictError, NotFoundError
from logistics.operations.day.local_time import moment
from logistics.operations.day.plan_day import plan_day
from logistics.operations.day.publish import publish
from logistics.operations.day.stored_plans import read_stored_plan
from logistics.operations.road.drive import drive
from logistics.operations.road.on_the_road import Event
from logistics.operations.road.refused_ticks import keep_refused
from logistics.operations.road.ticks import Tick, TickKind
from logistics.storage.feed import place_events, read_feed
from logistics.storage.session import reading, writing
from logistics.storage.tables import LegRow, StopRow, TickRow, TransferRow
from tests.operations.helpers import TUESDAY
from tests.operations.test_on_the_road import keep, tried, under_way

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine

    from logistics.operations.day.stored_plans import StoredPlan

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def stops_of(plan: StoredPlan) -> Sequence[StopRow]:
    return plan.stops[plan.runs[0].id or 0]


def by_sheet(plan: StoredPlan, kind: TickKind, stop: StopRow | None = None) -> Tick:
    """What a phone that shows this plan reports."""
    code = plan.runs[0].code
    return Tick(
        id=f"{code}-{kind}-{stop.code if stop else ''}",
        run=code,
        kind=kind,
        at=moment(TUESDAY, stop.depart_seconds if stop else 7 * 3600),
        stop=stop.number if stop else None,
        stop_code=stop.code if stop else "",
        version=plan.row.version,
    )


def done(engine: Engine) -> list[str]:
    """Where the van has been, by the plan in force."""
    with reading(engine) as session:
        return [s.branch_id for s in stops_of(read_stored_plan(session, TUESDAY)) if s.done_at]


def closed(engine: Engine, place: int = 2) -> tuple[StoredPlan, StopRow]:
    """A van under way after its first stop, and then a branch ahead closes."""
    before = under_way(engine, stops=1)
    shut = stops_of(before)[place]
    keep(engine, tried(engine, Event.BRANCH_CLOSES, shut.branch_id))
    return before, shut


def test_a_late_report_lands_at_its_branch_though_the_numbers_have_moved(sample: Engine) -> None:
    before, _ = closed(sample)
    late = stops_of(before)[4]
    with writing(sample) as session:
        assert not drive(session, by_sheet(before, TickKind.DONE, late)).known
        assert drive(session, by_sheet(before, TickKind.DONE, late)).known

    assert done(sample) == [stops_of(before)[0].branch_id, late.branch_id]
    with reading(sample) as session:
        after = stops_of(read_stored_plan(session, TUESDAY))
    moved = next(one for one in after if one.branch_id == late.branch_id)
    assert moved.number != late.number
    assert moved.code == late.code


def test_the_same_number_on_the_new_sheet_is_another_report(sample: Engine) -> None:
    _, shut = closed(sample)
    with writing(sample) as session:
        after = read_stored_plan(session, TUESDAY)
        for stop in stops_of(after)[1:4]:
            assert not drive(session, by_sheet(after, TickKind.DONE, stop)).known
    assert len(done(sample)) == 4
    assert shut.branch_id not in done(sample)


def test_exceptions_move_with_their_stop(sample: Engine) -> None:
    before = under_way(sample, stops=1)
    passed, shut = stops_of(before)[3], stops_of(before)[2]
    with writing(sample) as session:
        drive(session, by_sheet(before, TickKind.EXCEPTION, passed))
        drive(session, by_sheet(before, TickKind.EXCEPTION, shut))
    keep(sample, tried(sample, Event.BRANCH_CLOSES, shut.branch_id))
    with reading(sample) as session:
        after = {one.branch_id: one.number for one in stops_of(read_stored_plan(session, TUESDAY))}
        ticks = session.scalars(select(TickRow).where(TickRow.kind == "exception")).all()
    numbers = {tick.details["branch"]: tick.stop_number for tick in ticks}
    assert numbers == {passed.branch_id: after[passed.branch_id], shut.branch_id: None}


def test_what_no_longer_exists_is_refused_kept_once_and_told(sample: Engine) -> None:
    before, shut = closed(sample)
    tick = by_sheet(before, TickKind.DONE, shut)
    with writing(sample) as session, pytest.raises(ConflictError, match="does not call at"):
        drive(session, tick)
    for _ in range(2):
        with writing(sample) as session:
            keep_refused(session, tick, "not taken in", actor="driver")

    place_events(sample)
    with reading(sample) as session:
        told = read_feed(session, kinds=["run.exception"], limit=10)
        kept = session.scalars(select(TickRow).where(TickRow.id == f"not-{tick.id}")).one()
    assert [(one.place, one.cause) for one in told] == [(shut.branch_id, "not taken in")]
    assert (kept.kind, kept.at, kept.stop_number) == ("done", tick.at, None)
    assert done(sample) == [stops_of(before)[0].branch_id]


def test_the_van_carries_what_its_older_sheet_told_to_take(sample: Engine) -> None:
    before = under_way(sample, stops=1)
    run, stops = before.runs[0], stops_of(before)
    with reading(sample) as session:
        legs = session.scalars(select(LegRow).where(LegRow.run_id == run.id)).all()
    goals = {stop.branch_id: stop for stop in stops[2:]}
    leg = next(one for one in legs if one.board_stop >= 2 and one.destination in goals)
    shut, here = goals[leg.destination], stops[leg.board_stop - 1]
    keep(sample, tried(sample, Event.BRANCH_CLOSES, shut.branch_id))

    with writing(sample) as session:
        moved = drive(session, by_sheet(before, TickKind.DONE, here)).moved
    assert moved[leg.transfer_id] == "aboard"
    with writing(sample) as session:
        after = read_stored_plan(session, TUESDAY)
        for stop in stops_of(after):
            drive(session, by_sheet(after, TickKind.DONE, stop))
        drive(session, by_sheet(after, TickKind.RETURN))
    with reading(sample) as session:
        assert session.get_one(TransferRow, leg.transfer_id).state == "at_hub"


def test_a_sheet_that_was_replaced_before_the_van_left_still_counts(sample: Engine) -> None:
    for _ in range(2):
        plan_day(sample, TUESDAY, seconds=0.5, workers=1)
        with writing(sample) as session:
            publish(session, TUESDAY)
    with reading(sample) as session:
        old, new = (read_stored_plan(session, TUESDAY, version) for version in (1, 2))
    first = stops_of(old)[0]
    with writing(sample) as session:
        drive(session, by_sheet(old, TickKind.DEPART))
        drive(session, by_sheet(old, TickKind.DONE, first))
        same = next(one for one in stops_of(new) if one.branch_id == first.branch_id)
        assert drive(session, by_sheet(new, TickKind.DONE, same)).known
    assert done(sample) == [first.branch_id]


def test_codes_that_nobody_gave_out_are_refused(sample: Engine) -> None:
    before = under_way(sample, stops=1)
    tick = Tick(
        id="made-up-tick", run=before.runs[0].code, kind=TickKind.DONE,
        at=moment(TUESDAY, 9 * 3600), stop_code="0123456789abcdef",
    )  # fmt: skip
    with writing(sample) as session, pytest.raises(NotFoundError, match="none of this code"):
        drive(session, tick)

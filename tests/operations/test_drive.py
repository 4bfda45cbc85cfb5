"""From a published plan to its last stop: every item is where the history says."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from logistics.errors import ConflictError, InputError, NotFoundError
from logistics.operations.day.local_time import moment
from logistics.operations.day.plan_day import plan_day
from logistics.operations.day.publish import publish
from logistics.operations.day.stored_plans import read_stored_plan
from logistics.operations.intake.handle import cancel, pack, report_found, report_missing, unpack
from logistics.operations.road.drive import drive
from logistics.operations.road.ticks import Tick, TickKind
from logistics.storage.feed import history, place_events, read_feed
from logistics.storage.session import reading, writing
from logistics.storage.tables import LegRow, PlanTransferRow, TransferRow
from tests.operations.helpers import TUESDAY

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from logistics.operations.day.stored_plans import StoredPlan
    from logistics.operations.road.ticks import Driven


def stored(engine: Engine) -> StoredPlan:
    with reading(engine) as session:
        return read_stored_plan(session, TUESDAY)


@pytest.fixture
def published(sample: Engine) -> Engine:
    plan_day(sample, TUESDAY, seconds=1)
    with writing(sample) as session:
        publish(session, TUESDAY, actor="coordinator")
    return sample


def report(engine: Engine, code: str, kind: str, stop: int | None = None, **more: object) -> Driven:
    name = str(more.pop("id", f"{code}-{kind}-{stop}"))
    at = moment(TUESDAY, 8 * 3600) + timedelta(minutes=10 * (stop or 0))
    tick = Tick(id=name, run=code, kind=TickKind(kind), at=at, stop=stop, **more)  # type: ignore[arg-type]
    with writing(engine) as session:
        return drive(session, tick, actor="driver")


def states(engine: Engine) -> dict[str, int]:
    query = select(TransferRow.state, func.count()).group_by(TransferRow.state)
    with reading(engine) as session:
        return dict(list(session.execute(query)))


def test_a_whole_run_brings_every_item_where_the_plan_said(published: Engine) -> None:
    plan = stored(published)
    for run in plan.runs:
        report(published, run.code, "depart")
        for stop in plan.stops[run.id or 0]:
            report(published, run.code, "arrive", stop.number)
            done = report(published, run.code, "done", stop.number)
            assert done.skipped == ()
            assert len(done.moved) == stop.items_off + stop.items_on
        report(published, run.code, "return")

    with reading(published) as session:
        outcome = {row.transfer_id: row.outcome for row in session.scalars(select(PlanTransferRow))}
        for row in session.scalars(select(TransferRow)):
            expected = {"delivered": "delivered", "at_hub": "at_hub", "left": "requested"}
            assert row.state == expected[outcome[row.id]]
            assert (row.at == row.destination) == (row.state == "delivered")
        assert all(leg.boarded_at and leg.left_at for leg in session.scalars(select(LegRow)))
        ridden = session.scalars(select(LegRow.transfer_id).limit(1)).one()
        told = [event.kind for event in history(session, ridden)]
    assert told[:3] == ["transfer.requested", "transfer.expected", "transfer.aboard"]
    assert told[3] in {"transfer.delivered", "transfer.at_hub"}
    assert stored(published).row.state == "under_way"


def test_a_report_sent_twice_is_one(published: Engine) -> None:
    run = stored(published).runs[0]
    first = report(published, run.code, "done", 1)
    before = states(published)
    assert first.moved
    assert report(published, run.code, "done", 1).known
    assert states(published) == before
    with pytest.raises(ConflictError, match="stop 1 is done already"):
        report(published, run.code, "done", 1, id="another phone")
    with pytest.raises(ConflictError, match="came before with another report"):
        report(published, run.code, "done", 2, id=f"{run.code}-done-1")


def test_what_is_not_taken_stays_and_what_is_gone_is_missing(published: Engine) -> None:
    plan = stored(published)
    run = next(one for one in plan.runs if plan.stops[one.id or 0][0].items_on >= 3)
    with reading(published) as session:
        query = select(LegRow).where(LegRow.run_id == run.id, LegRow.board_stop == 1)
        legs = session.scalars(query.order_by(LegRow.transfer_id)).all()
    stays, gone, gone_before = legs[0], legs[1], legs[2]
    with writing(published) as session:
        cancel(session, [gone_before.transfer_id], reason="the reader has it already")
    done = report(
        published,
        run.code,
        "done",
        1,
        not_taken=frozenset({stays.transfer_id}),
        missing=frozenset({gone.transfer_id}),
    )
    assert done.moved[gone.transfer_id] == "missing"
    assert stays.transfer_id not in done.moved
    assert done.skipped == (gone_before.transfer_id,)
    last = plan.stops[run.id or 0][-1].number
    for number in range(2, last + 1):
        report(published, run.code, "done", number)
    report(published, run.code, "return")
    with reading(published) as session:
        seen = {leg.transfer_id: session.get_one(TransferRow, leg.transfer_id) for leg in legs}
    assert seen[stays.transfer_id].state == "requested"
    assert seen[gone.transfer_id].state == "missing"
    assert seen[gone_before.transfer_id].state == "cancelled"


def test_a_stop_that_is_passed_by_needs_a_word_and_its_goods_come_back(published: Engine) -> None:
    plan = stored(published)
    run = plan.runs[0]
    stops = plan.stops[run.id or 0]
    passed = next(stop for stop in stops if stop.items_off)
    for stop in stops:
        if stop.number != passed.number:
            report(published, run.code, "done", stop.number)
    with pytest.raises(ConflictError, match=f"stops {passed.number} are not done"):
        report(published, run.code, "return")
    report(published, run.code, "exception", passed.number, note="road closed")
    back = report(published, run.code, "return", id="second try")
    with reading(published) as session:
        query = select(LegRow).where(
            LegRow.run_id == run.id,
            LegRow.leave_stop == passed.number,
            LegRow.boarded_at != None,  # noqa: E711
        )
        legs = session.scalars(query).all()
    assert legs
    assert {back.moved[leg.transfer_id] for leg in legs} == {"at_hub"}
    with pytest.raises(ConflictError, match="it is done"):
        report(published, run.code, "arrive", 1, id="late")


def test_only_a_plan_in_force_can_be_driven(sample: Engine) -> None:
    plan_day(sample, TUESDAY, seconds=0.5)
    code = stored(sample).runs[0].code
    with pytest.raises(ConflictError, match="is draft, expected published or under way"):
        report(sample, code, "depart")
    with pytest.raises(NotFoundError, match="run 'nonsense'"):
        report(sample, "nonsense", "depart")
    with pytest.raises(InputError, match="names no stop"):
        report(sample, code, "done")
    with pytest.raises(InputError, match=r"has no stop 99, expected 1 to \d+"):
        report(sample, code, "done", 99)


def test_publishing_tells_when_each_transfer_arrives(published: Engine) -> None:
    place_events(published)
    with reading(published) as session:
        told = read_feed(session, kinds=["transfer.expected", "plan.published"], limit=1_000)
        promised = session.scalar(select(func.count()).select_from(PlanTransferRow))
    assert told[0].kind == "plan.published"
    assert len(told) == 1 + (promised or 0)
    details = told[1].details
    assert details is not None
    assert set(details) == {"expected_at", "outcome", "reason"}


def test_publishing_supersedes_until_the_day_is_under_way(published: Engine) -> None:
    plan_day(published, TUESDAY, seconds=0.5)
    with writing(published) as session:
        second = publish(session, TUESDAY)
    assert (second.version, second.state) == (2, "published")
    with reading(published) as session:
        assert read_stored_plan(session, TUESDAY, 1).row.state == "superseded"
    with (
        pytest.raises(ConflictError, match="version 1 is superseded, expected draft"),
        writing(published) as session,
    ):
        publish(session, TUESDAY, 1)
    plan_day(published, TUESDAY, seconds=0.5)
    report(published, stored(published).runs[0].code, "depart")
    with (
        pytest.raises(ConflictError, match="version 2 is under way, so no other version"),
        writing(published) as session,
    ):
        publish(session, TUESDAY, 3)


def test_publishing_what_has_changed_since_it_was_seen_is_refused(sample: Engine) -> None:
    plan = plan_day(sample, TUESDAY, seconds=0.5)
    with (
        pytest.raises(ConflictError, match="you saw 7"),
        writing(sample) as session,
    ):
        publish(session, TUESDAY, plan.version, revision=7)
    with writing(sample) as session:
        publish(session, TUESDAY, plan.version, revision=plan.revision)
        session.rollback()


def test_staff_pack_unpack_miss_and_find(sample: Engine) -> None:
    with reading(sample) as session:
        row = session.scalars(select(TransferRow).where(TransferRow.kind == "hold")).first()
    assert row is not None
    with writing(sample) as session:
        pack(session, [row.id], actor="nora")
        with pytest.raises(ConflictError, match="no step from packed to packed"):
            pack(session, [row.id])
        unpack(session, [row.id])
        with pytest.raises(ConflictError, match="it is requested, expected packed"):
            unpack(session, [row.id])
        report_missing(session, [row.id])
        report_found(session, [row.id], at="orebro")
        assert session.get_one(TransferRow, row.id, populate_existing=True).state == "at_hub"
        report_missing(session, [row.id])
        report_found(session, [row.id], at=row.destination)
        assert session.get_one(TransferRow, row.id, populate_existing=True).state == "delivered"
        with pytest.raises(InputError, match="reason is blank"):
            cancel(session, [row.id], reason=" ")
        with pytest.raises(NotFoundError, match="'t-nothing'"):
            pack(session, ["t-nothing"])
        with pytest.raises(InputError, match="'atlantis'"):
            report_found(session, [row.id], at="atlantis")

"""What is aboard a van that stops is told as such, fetched or left, and counted once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlmodel import select

from logistics.operations.day.local_time import moment
from logistics.operations.intake.handle import report_missing
from logistics.operations.road.drive import drive
from logistics.operations.road.on_the_road import Event
from logistics.operations.road.ticks import Tick, TickKind
from logistics.operations.view.build_view import build_day_view
from logistics.operations.view.kinds import LateReason
from logistics.storage.session import reading, writing
from logistics.storage.tables import LegRow, TransferRow
from tests.operations.helpers import TUESDAY
from tests.operations.test_on_the_road import keep, tried, under_way

if TYPE_CHECKING:
    from sqlalchemy import Engine

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
#: Too late for the other van to go anywhere and be home at the end of its shift.
EVENING = 17 * 3600 + 50 * 60


def aboard(engine: Engine) -> list[str]:
    with reading(engine) as session:
        rows = session.scalars(select(TransferRow).where(TransferRow.state == "aboard"))
        return sorted(row.id for row in rows)


def test_what_another_van_fetches_is_told_at_the_stop_where_it_stands(sample: Engine) -> None:
    before = under_way(sample)
    run = before.plan.runs[0]
    held = len(aboard(sample))
    trial = tried(sample, Event.VAN_STOPS, run.vehicle)
    keep(sample, trial)
    with reading(sample) as session:
        view = build_day_view(session, TUESDAY)
    stops = [stop for one in view.runs for stop in one.stops if stop.fetches_from]
    assert [(stop.place.id, stop.fetches_from) for stop in stops] == [(run.stops[2].site, "Bil 1")]
    left = sum(one.items for one in view.undelivered if one.reason is LateReason.VAN_STOPPED)
    assert stops[0].items_fetched + left == held
    assert {bundle.in_van for bundle in stops[0].fetched} == {"Bil 1"}
    assert sum(bundle.items for bundle in stops[0].fetched) == stops[0].items_fetched
    assert sorted(stops[0].packed + stops[0].fetched, key=str) == sorted(stops[0].load, key=str)
    away = [b for one in view.runs for b in one.load_at_hub] + [
        bundle for one in view.runs for stop in one.stops if not stop.fetches_from
        for bundle in stop.load
    ]  # fmt: skip
    assert {bundle.in_van for bundle in away} == {""}


def test_what_nobody_fetches_waits_in_the_van_and_is_counted_once(sample: Engine) -> None:
    before = under_way(sample)
    run = before.plan.runs[0]
    gone, *held = aboard(sample)
    with writing(sample) as session:
        report_missing(session, [gone])
    trial = tried(sample, Event.VAN_STOPS, run.vehicle, at=EVENING)
    keep(sample, trial)

    with reading(sample) as session:
        view = build_day_view(session, TUESDAY)
        served = sum(len(some) for some in trial.state.delivered.values())
    stuck = [one for one in view.undelivered if one.reason is LateReason.VAN_STOPPED]
    assert sum(one.items for one in stuck) == len(held)
    assert {one.subject for one in stuck} == {"Bil 1"}
    assert {one.waits_at.id for one in stuck if one.waits_at} == {run.stops[2].site}
    assert view.totals.items_delivered == served == trial.after.delivered
    assert view.totals.items_left == trial.after.left
    whole = trial.before.delivered + trial.before.at_hub + trial.before.left
    assert view.totals.items == whole - 1  # the one that is missing


def test_what_the_van_did_not_take_waits_on_and_is_counted(sample: Engine) -> None:
    before = under_way(sample, stops=0)
    run, first = before.runs[0], before.stops[before.runs[0].id or 0][0]
    with reading(sample) as session:
        legs = session.scalars(select(LegRow).where(LegRow.run_id == run.id)).all()
        here = [one.transfer_id for one in legs if one.board_stop == first.number]
        promise = next(
            one for one in before.promises.values() if len(one.transfers) > 1
            and {row.id for row in one.transfers} <= {*here}
        )  # fmt: skip
    gone, *others = [row.id for row in promise.transfers]
    with writing(sample) as session:
        drive(session, Tick(
            id="first", run=run.code, kind=TickKind.DONE, stop=first.number,
            at=moment(TUESDAY, first.depart_seconds), not_taken=frozenset({gone}),
        ))  # fmt: skip
    trial = tried(sample, Event.VAN_STOPS, run.vehicle_id, at=EVENING)
    keep(sample, trial)

    with reading(sample) as session:
        view = build_day_view(session, TUESDAY)
        row = session.get_one(TransferRow, gone)
        assert (row.state, row.origin) == ("requested", first.branch_id)
    (rest,) = [one for one in view.undelivered if one.reason is LateReason.NOT_TAKEN]
    assert (rest.items, rest.origin.id, rest.at_hub) == (1, first.branch_id, False)
    assert rest.expected is not None
    whole = trial.before.delivered + trial.before.at_hub + trial.before.left
    assert view.totals.items == whole
    assert trial.after.delivered + trial.after.at_hub + trial.after.left == whole
    stuck = sum(
        one.items
        for one in view.undelivered
        if one.reason is LateReason.VAN_STOPPED and one.shipment == promise.row.shipment
    )
    assert stuck == len(others)

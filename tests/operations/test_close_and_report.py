"""What was driven is booked once, and reports say what was booked."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from logistics.errors import ConflictError
from logistics.operations.day.close import close_day, report_as_planned
from logistics.operations.day.local_time import moment
from logistics.operations.day.plan_day import plan_day
from logistics.operations.day.publish import publish
from logistics.operations.day.stored_plans import read_stored_plan
from logistics.operations.intake.handle import report_found, report_missing
from logistics.operations.reports.report import build_report
from logistics.operations.reports.report_data import Measure, Period, Rule
from logistics.operations.road.drive import drive
from logistics.operations.road.ticks import Tick, TickKind
from logistics.operations.view.build_view import build_day_view
from logistics.storage.session import reading, writing
from logistics.storage.tables import BookingRow, TransferRow
from tests.operations.helpers import TUESDAY

if TYPE_CHECKING:
    from sqlalchemy import Engine


@pytest.fixture
def published(sample: Engine) -> Engine:
    plan_day(sample, TUESDAY, seconds=1)
    with writing(sample) as session:
        publish(session, TUESDAY)
    return sample


def test_a_day_driven_as_planned_costs_what_was_planned(published: Engine) -> None:
    with reading(published) as session:
        view = build_day_view(session, TUESDAY)
    with writing(published) as session:
        close_day(session, TUESDAY, as_planned=True)
    with reading(published) as session:
        report = build_report(session, TUESDAY)
        delivered = session.scalar(
            select(func.count()).select_from(TransferRow).where(TransferRow.state == "delivered")
        )

    assert report.totals.cost_sek == pytest.approx(view.totals.driving_sek, abs=0.03)
    assert report.totals.distance_metres == view.totals.distance_metres
    assert report.totals.paid_seconds == view.totals.paid_seconds
    assert report.totals.co2e_grams == pytest.approx(view.totals.co2e_grams)
    assert report.totals.items == delivered == view.totals.items_delivered
    assert sum(wait.items for wait in report.waits) == delivered
    assert sum(relation.items for relation in report.relations) == delivered
    for outcome in report.outcomes:
        if outcome.measure is not Measure.ITEMS:  # what comes to the hub is no delivery
            assert outcome.outcome == pytest.approx(outcome.planned, abs=0.03)


def test_every_rule_shares_the_cost_to_the_oere(published: Engine) -> None:
    with writing(published) as session:
        close_day(session, TUESDAY, as_planned=True)
    with reading(published) as session:
        report = build_report(session, TUESDAY, Period.MONTH)
    rules = {rule for rule, _ in report.shares[0].shares_sek}
    assert {Rule.PER_STOP, Rule.PER_ITEM, Rule.INHABITANTS, Rule.EQUAL} <= rules
    for rule in rules:
        total = sum(row.share(rule) or 0.0 for row in report.shares)
        assert round(total, 2) == round(report.totals.cost_sek, 2)


def test_a_report_of_a_span_without_bookings_says_so(network: Engine) -> None:
    with reading(network) as session:
        report = build_report(session, TUESDAY, Period.YEAR)
    assert report.totals.cost_sek == 0
    assert report.caveats == ("nothing was booked in this span; close its days first",)


def test_a_month_sums_its_days_and_knows_the_month_before(published: Engine) -> None:
    with writing(published) as session:
        close_day(session, TUESDAY, as_planned=True)
    wednesday = TUESDAY + timedelta(days=1)
    plan_day(published, wednesday, seconds=1)
    with writing(published) as session:
        publish(session, wednesday)
        close_day(session, wednesday, as_planned=True)
    with reading(published) as session:
        days = [build_report(session, day) for day in (TUESDAY, wednesday)]
        month = build_report(session, TUESDAY, Period.MONTH)
        december = build_report(session, TUESDAY + timedelta(days=30), Period.MONTH)
    assert month.totals.service_days == 2
    assert month.totals.cost_sek == pytest.approx(sum(day.totals.cost_sek for day in days))
    assert month.totals.items == sum(day.totals.items for day in days)
    assert december.previous is not None
    assert december.previous.items == month.totals.items
    assert len(days[1].trend) == 2


def test_what_the_branch_did_not_find_has_not_arrived(published: Engine) -> None:
    with writing(published) as session:
        report_as_planned(session, TUESDAY)
        arrived = session.scalars(select(TransferRow.id).where(TransferRow.state == "delivered"))
        gone, found = sorted(arrived)[:2]
        number = len(
            sorted(session.scalars(select(TransferRow.id).where(TransferRow.state == "delivered")))
        )
        at = session.get_one(TransferRow, found).destination
        report_missing(session, [gone, found], reason="not in the crate")
        report_found(session, [found], at=at)
        close_day(session, TUESDAY)
    with reading(published) as session:
        report = build_report(session, TUESDAY)
    assert report.totals.items == number - 1
    assert sum(wait.items for wait in report.waits) == number - 1


def test_later_hours_cost_more_than_planned(published: Engine) -> None:
    with reading(published) as session:
        run = read_stored_plan(session, TUESDAY).runs[0]
    with writing(published) as session:
        start = moment(TUESDAY, run.start_seconds)
        drive(session, Tick(id="out", run=run.code, kind=TickKind.DEPART, at=start))
        late = moment(TUESDAY, run.end_seconds + 3_600)
        for stop in read_stored_plan(session, TUESDAY).stops[run.id or 0]:
            name = f"s{stop.number}"
            drive(
                session,
                Tick(id=name, run=run.code, kind=TickKind.DONE, at=late, stop=stop.number),
            )
    with pytest.raises(ConflictError, match="are still on the road"), writing(published) as session:
        close_day(session, TUESDAY)
    with writing(published) as session:
        drive(session, Tick(id="back", run=run.code, kind=TickKind.RETURN, at=late))
        close_day(session, TUESDAY, as_planned=True)
        booking = session.scalars(select(BookingRow).where(BookingRow.run_number == 1)).one()
        assert booking.paid_seconds == booking.planned_paid_seconds + 3_600
    with pytest.raises(ConflictError, match="closed, expected under way"), writing(published) as s:
        close_day(s, TUESDAY)


def test_a_day_without_runs_closes_too(network: Engine) -> None:
    plan_day(network, TUESDAY, seconds=0.2)
    with writing(network) as session:
        publish(session, TUESDAY)
        assert close_day(session, TUESDAY) == []

"""Shares of booked days are priced once, in the background, and reports read what was kept."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from logistics.operations.reports import price_shares
from logistics.operations.reports.price_shares import request_shares, unpriced_days
from logistics.operations.reports.report import build_report
from logistics.operations.reports.report_data import Period, Rule
from logistics.operations.upkeep.schedule import Schedule, enqueue_due, handlers
from logistics.operations.upkeep.work import work_once
from logistics.storage.session import reading, writing
from logistics.storage.tables import BookedSharesRow, BookingRow, MunicipalityRow
from tests.booked import book

if TYPE_CHECKING:
    import pytest
    from sqlalchemy import Engine

FIRST, LAST = date(2026, 11, 23), date(2026, 11, 24)
CODES = ("1814", "1884")


def keep(engine: Engine, *days: date) -> None:
    with writing(engine) as session:
        for day in days:
            runs = session.scalars(select(BookingRow).where(BookingRow.service_date == day))
            cost = round(
                sum(
                    run.fixed_sek + run.stops_sek + run.distance_sek + run.time_sek for run in runs
                ),
                2,
            )
            session.add(
                BookedSharesRow(
                    service_date=day,
                    total_sek=cost,
                    by_rule={"shapley": {CODES[0]: round(cost - 100, 2), CODES[1]: 100.0}},
                    alone_sek={CODES[0]: cost, CODES[1]: 400.0},
                    error_sek={CODES[0]: 5.0, CODES[1]: 5.0},
                    groups=3,
                    proved_groups=2,
                )
            )


def test_what_was_priced_is_summed_over_the_span(network: Engine) -> None:
    with writing(network) as session:
        assert book(session, FIRST, LAST) == 2
        assert unpriced_days(session, FIRST, LAST) == [FIRST, LAST]
    keep(network, FIRST, LAST)
    with reading(network) as session:
        assert unpriced_days(session, FIRST, LAST) == []
        report = build_report(session, LAST, Period.MONTH)
        names = {owner.name: owner.code for owner in session.scalars(select(MunicipalityRow))}
    assert (
        "shares by the game: 4 of 6 groups of 2 days are proved; the bounds of the others leave no "
        f"share more than 10.00 SEK uncertain ({CODES[0]})"
    ) in report.caveats
    shares = {names[row.municipality]: row for row in report.shares}
    assert shares[CODES[1]].share(Rule.SHAPLEY) == 200.0
    assert shares[CODES[1]].alone_sek == 800.0
    assert round(sum(row.share(Rule.SHAPLEY) or 0.0 for row in report.shares), 2) == round(
        report.totals.cost_sek, 2
    )


def test_a_day_without_its_shares_or_with_another_cost_leaves_the_rule_out(network: Engine) -> None:
    with writing(network) as session:
        book(session, FIRST, LAST)
    keep(network, FIRST)
    with reading(network) as session:
        assert build_report(session, FIRST).shares[0].share(Rule.SHAPLEY) is not None
        assert build_report(session, FIRST, Period.MONTH).shares[0].share(Rule.SHAPLEY) is None
    with writing(network) as session:
        session.scalars(select(BookingRow)).first().fixed_sek += 1.0
    with reading(network) as session:
        assert build_report(session, FIRST).shares[0].share(Rule.SHAPLEY) is None


def test_booked_days_are_priced_by_the_clock_once(
    network: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    priced = []

    def price(engine: Engine, day: date, **_: object) -> None:
        priced.append(day)
        keep(engine, day)

    monkeypatch.setattr(price_shares, "price_day", price)
    noon = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
    assert not any("price" in one for one in enqueue_due(network, Schedule(), at=noon))
    with writing(network) as session:
        book(session, FIRST, LAST)
    assert f"price-shares {FIRST}/{LAST}" in enqueue_due(network, Schedule(), at=noon)
    assert not any("price" in one for one in enqueue_due(network, Schedule(), at=noon))
    with writing(network) as session:
        request_shares(session, FIRST, LAST)  # already waiting: still one job
    jobs = {kind: one for kind, one in handlers(Schedule()).items() if kind == "price-shares"}
    assert work_once(network, jobs, worker="test")
    assert not work_once(network, jobs, worker="test")
    assert priced == [FIRST, LAST]

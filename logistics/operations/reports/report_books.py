"""The books of a span as a report reads them: runs one by one, stops and arrivals as few rows."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, func, select
from sqlmodel import col

from logistics.operations.reports.report_data import Period, PeriodTotals
from logistics.operations.reports.report_numbers import totals_of
from logistics.storage.tables import BookedFlowRow, BookedStopRow, BookingRow

if TYPE_CHECKING:
    from sqlmodel import Session

#: A year and the month it is compared with.
TREND_SPANS = 13


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """
    What was booked in a span.

    Attributes
    ----------
    totals
        The span in numbers.
    runs
        Every run, by day.
    stops
        Every stop, in order: booking_id, branch_id, municipality, items_off, items_on, hub_metres,
        late_seconds.
    flows
        Items that arrived, summed over the span: origin, destination, kind, days, items,
        on_time_items.
    """

    totals: PeriodTotals
    runs: tuple[BookingRow, ...]
    stops: Sequence[Row[Any]]
    flows: Sequence[Row[Any]]


def span_of(day: date, period: Period) -> tuple[date, date]:
    """
    Find the first and the last day of a span.

    Parameters
    ----------
    day
        Any day of it.
    period
        Day, month or year.

    Returns
    -------
    tuple[date, date]
        Both included.
    """
    match period:
        case Period.DAY:
            return day, day
        case Period.MONTH:
            last = calendar.monthrange(day.year, day.month)[1]
            return day.replace(day=1), day.replace(day=last)
        case Period.YEAR:
            return date(day.year, 1, 1), date(day.year, 12, 31)


def read_books(session: Session, first_day: date, last_day: date) -> Books:
    """
    Read the books of a span.

    Parameters
    ----------
    session
        A session.
    first_day
        First day of the span.
    last_day
        Last day of the span.

    Returns
    -------
    Books
        What was booked.
    """
    run, stop, flow = BookingRow, BookedStopRow, BookedFlowRow
    of_span = col(run.service_date).between(first_day, last_day)
    runs = select(run).where(of_span).order_by(col(run.service_date), col(run.run_number))
    stops = (
        select(
            col(stop.booking_id),
            col(stop.branch_id),
            col(stop.municipality),
            col(stop.items_off),
            col(stop.items_on),
            col(stop.hub_metres),
            col(stop.late_seconds),
        )
        .join(run)
        .where(of_span)
        .order_by(col(stop.booking_id), col(stop.number))
    )
    key = (col(flow.origin), col(flow.destination), col(flow.kind), col(flow.days))
    flows = (
        select(
            *key,
            func.sum(col(flow.items)).label("items"),
            func.sum(col(flow.on_time_items)).label("on_time_items"),
        )
        .where(col(flow.service_date).between(first_day, last_day))
        .group_by(*key)
        .order_by(*key)
    )
    return Books(
        totals=totals_of(session, first_day, last_day),
        runs=tuple(session.scalars(runs)),
        stops=session.execute(stops).all(),
        flows=session.execute(flows).all(),
    )


def read_trend(session: Session, last_day: date, period: Period) -> tuple[PeriodTotals, ...]:
    """
    Sum up thirteen spans, up to and with the one that ends a span; a year is told by its months.

    Parameters
    ----------
    session
        A session.
    last_day
        Last day of the span.
    period
        Of the report: days are followed by days, months and years by months.

    Returns
    -------
    tuple[PeriodTotals, ...]
        Oldest first, without spans in which nothing was booked.
    """
    step = Period.DAY if period is Period.DAY else Period.MONTH
    spans = []
    for _ in range(TREND_SPANS):
        first, last = span_of(last_day, step)
        totals = totals_of(session, first, last)
        if totals.runs:
            spans.append(totals)
        last_day = first - timedelta(days=1)
    return tuple(reversed(spans))

"""The arithmetic of a report: sums over bookings, fill rate, quantiles of days."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import func, select
from sqlmodel import col

from logistics.operations.reports.report_data import PeriodTotals
from logistics.storage.tables import BookedFlowRow, BookedStopRow, BookingRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from sqlmodel import Session

_SUMMED = (
    "stops", "idle_stops", "distance_metres", "paid_seconds", "fixed_sek", "stops_sek",
    "distance_sek", "time_sek",
)  # fmt: skip


class Waited(Protocol):
    """So many items that took so many days."""

    @property
    def days(self) -> int:
        """Days from request to the reader."""
        ...

    @property
    def items(self) -> int:
        """How many items."""
        ...


class Loaded(Protocol):
    """How full a run was."""

    @property
    def item_metres(self) -> int:
        """Items times metres."""
        ...

    @property
    def capacity_items(self) -> int:
        """Items that the vehicle holds."""
        ...

    @property
    def distance_metres(self) -> int:
        """Metres driven."""
        ...


def totals_of(session: Session, first_day: date, last_day: date) -> PeriodTotals:
    """
    Sum up the books of a span, in the database, so that a year costs no more than a day.

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
    PeriodTotals
        The sums; no runs where nothing was booked.
    """
    run, stop = BookingRow, BookedStopRow
    of_span = col(run.service_date).between(first_day, last_day)
    sums = session.execute(
        select(
            *(func.coalesce(func.sum(getattr(run, name)), 0).label(name) for name in _SUMMED),
            func.count().label("runs"),
            func.count(func.distinct(col(run.service_date))).label("service_days"),
            func.sum(col(run.co2e_grams)).label("grams"),
            func.count(col(run.co2e_grams)).label("with_grams"),
            func.sum(col(run.item_metres)).label("loaded"),
            func.sum(col(run.capacity_items) * col(run.distance_metres)).label("possible"),
        ).where(of_span)
    ).one()
    whole_crates = (col(stop.items_off) + col(run.items_per_crate) - 1) // col(run.items_per_crate)
    crates = session.scalar(
        select(func.coalesce(func.sum(whole_crates), 0)).select_from(stop).join(run).where(of_span)
    )
    waits, on_time, promised = _arrivals(session, first_day, last_day)
    return PeriodTotals(
        first_day=first_day,
        last_day=last_day,
        service_days=sums.service_days,
        runs=sums.runs,
        stops=int(sums.stops),
        idle_stops=int(sums.idle_stops),
        items=sum(waits.values()),
        crates=int(crates or 0),
        distance_metres=int(sums.distance_metres),
        paid_seconds=int(sums.paid_seconds),
        fixed_sek=round(float(sums.fixed_sek), 2),
        stops_sek=round(float(sums.stops_sek), 2),
        distance_sek=round(float(sums.distance_sek), 2),
        time_sek=round(float(sums.time_sek), 2),
        co2e_grams=float(sums.grams or 0) if sums.with_grams == sums.runs else None,
        fill_rate=float(sums.loaded) / float(sums.possible) if sums.possible else None,
        median_days=_reached(waits, 0.5),
        ninetieth_days=_reached(waits, 0.9),
        on_time_items=on_time,
        promised_items=promised,
    )


def _arrivals(session: Session, first_day: date, last_day: date) -> tuple[Counter[int], int, int]:
    flow = BookedFlowRow
    query = (
        select(flow.days, flow.kind, func.sum(col(flow.items)), func.sum(col(flow.on_time_items)))  # type: ignore[call-overload]
        .where(col(flow.service_date).between(first_day, last_day))
        .group_by(col(flow.days), col(flow.kind))
    )
    waits: Counter[int] = Counter()
    on_time = promised = 0
    for days, kind, items, in_time in session.execute(query):
        waits[days] += int(items)
        on_time += int(in_time)
        promised += int(items) if kind == "hold" else 0
    return waits, on_time, promised


def fill_rate(runs: Iterable[Loaded]) -> float | None:
    """
    Tell how full the vans were, weighted by distance.

    Parameters
    ----------
    runs
        Runs that were booked.

    Returns
    -------
    float | None
        Load x distance over capacity x distance, 0 to 1; None when nothing was driven.
    """
    loaded = possible = 0
    for run in runs:
        loaded += run.item_metres
        possible += run.capacity_items * run.distance_metres
    return loaded / possible if possible else None


def quantile(flows: Iterable[Waited], share: float) -> float | None:
    """
    Find the days within which a share of the items arrived.

    Parameters
    ----------
    flows
        Items that arrived, by days.
    share
        Between 0 and 1; 0.5 is the median.

    Returns
    -------
    float | None
        The least number of days that covers the share; None where nothing arrived.
    """
    waits: defaultdict[int, int] = defaultdict(int)
    for flow in flows:
        waits[flow.days] += flow.items
    return _reached(waits, share)


def _reached(waits: Mapping[int, int], share: float) -> float | None:
    total, reached = sum(waits.values()), 0
    for days, items in sorted(waits.items()):
        reached += items
        if reached >= share * total:
            return float(days)
    return None

"""The arithmetic of a report: sums over bookings, fill rate, quantiles of days."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from logistics.operations.report_data import PeriodTotals

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from logistics.storage.tables import BookedFlowRow, BookedStopRow, BookingRow


def totals_of(
    first_day: date,
    last_day: date,
    runs: Sequence[BookingRow],
    stops: Sequence[BookedStopRow],
    flows: Sequence[BookedFlowRow],
) -> PeriodTotals:
    """
    Sum up the books of a span.

    Parameters
    ----------
    first_day
        First day of the span.
    last_day
        Last day of the span.
    runs
        Runs that were booked.
    stops
        Their stops.
    flows
        Items that arrived.

    Returns
    -------
    PeriodTotals
        The sums.
    """
    crate = {run.id: run.items_per_crate for run in runs}
    grams = [run.co2e_grams for run in runs]
    known = [one for one in grams if one is not None]
    return PeriodTotals(
        first_day=first_day,
        last_day=last_day,
        service_days=len({run.service_date for run in runs}),
        runs=len(runs),
        stops=sum(run.stops for run in runs),
        idle_stops=sum(run.idle_stops for run in runs),
        items=sum(flow.items for flow in flows),
        crates=sum(ceil(stop.items_off / crate[stop.booking_id]) for stop in stops),
        distance_metres=sum(run.distance_metres for run in runs),
        paid_seconds=sum(run.paid_seconds for run in runs),
        fixed_sek=round(sum(run.fixed_sek for run in runs), 2),
        stops_sek=round(sum(run.stops_sek for run in runs), 2),
        distance_sek=round(sum(run.distance_sek for run in runs), 2),
        time_sek=round(sum(run.time_sek for run in runs), 2),
        co2e_grams=sum(known) if len(known) == len(grams) else None,
        fill_rate=fill_rate(runs),
        median_days=quantile(flows, 0.5),
        ninetieth_days=quantile(flows, 0.9),
        on_time_items=sum(flow.on_time_items for flow in flows),
        promised_items=sum(flow.items for flow in flows if flow.kind == "hold"),
    )


def fill_rate(runs: Iterable[BookingRow]) -> float | None:
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


def quantile(flows: Iterable[BookedFlowRow], share: float) -> float | None:
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
    ordered = sorted(flows, key=lambda flow: flow.days)
    total = sum(flow.items for flow in ordered)
    reached = 0
    for flow in ordered:
        reached += flow.items
        if reached >= share * total:
            return float(flow.days)
    return None

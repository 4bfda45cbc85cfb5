"""What a report says in plain sentences, each computed, none where there is nothing to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logistics.operations.reports.report_data import Measure
from maps.reports.figures import on_time, span_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logistics.operations.reports.report_data import PeriodTotals, ReportData
    from maps.i18n import Words

_NOTICEABLE = 0.005
_MANY_IDLE = 0.02


def findings(data: ReportData, w: Words) -> list[str]:
    """
    Say what the report shows.

    Parameters
    ----------
    data
        The report.
    w
        The reader's words.

    Returns
    -------
    list[str]
        One sentence each, not escaped.
    """
    if not data.totals.runs:
        return [w.t("No van ran in this period.")]
    parts = (_cost, _distance, _readers, _outcome, _idle, _dearest, _together, _rules, _emissions)
    return [sentence for part in parts for sentence in part(data, w)]


def _cost(data: ReportData, w: Words) -> Iterator[str]:
    now = _per_item(data.totals)
    if now is None:
        return
    amount = w.sek(now, 2)
    before = None if data.previous is None else _per_item(data.previous)
    if data.previous is None or not before:
        yield w.t("An item cost {amount} to bring.", amount=amount)
        return
    change = now / before - 1
    span = span_name(data.previous, data.period, w)
    if abs(change) < _NOTICEABLE:
        yield w.t("An item cost {amount} to bring, as in {span}.", amount=amount, span=span)
        return
    share = w.percent(abs(change), 1)
    values = {"amount": amount, "share": share, "span": span}
    yield (
        w.t("An item cost {amount} to bring, {share} less than in {span}.", **values)
        if change < 0
        else w.t("An item cost {amount} to bring, {share} more than in {span}.", **values)
    )


def _distance(data: ReportData, w: Words) -> Iterator[str]:
    if data.previous is None or not data.previous.distance_metres:
        return
    change = data.totals.distance_metres / data.previous.distance_metres - 1
    if abs(change) < _NOTICEABLE:
        return
    items = data.totals.items / data.previous.items - 1 if data.previous.items else 0.0
    values = {"share": w.percent(abs(change), 1), "items": _signed(w, items)}
    yield (
        w.t("The vans drove {share} fewer kilometres; items changed by {items}.", **values)
        if change < 0
        else w.t("The vans drove {share} more kilometres; items changed by {items}.", **values)
    )


def _readers(data: ReportData, w: Words) -> Iterator[str]:
    totals = data.totals
    if totals.items < data.smallest_count:
        return
    if totals.median_days is not None and totals.ninetieth_days is not None:
        yield w.t(
            "Half of the readers waited at most {median}, nine of ten at most {ninetieth}.",
            median=_days(w, totals.median_days),
            ninetieth=_days(w, totals.ninetieth_days),
        )
    kept = on_time(totals.on_time_items, totals.promised_items)
    late = totals.promised_items - totals.on_time_items
    if kept is None or totals.promised_items < data.smallest_count:
        return
    if not late:
        yield w.t("All items came by the promised day.")
    elif late < data.smallest_count:
        yield w.t(
            "Nearly all items came by the promised day; fewer than {n} came later.",
            n=data.smallest_count,
        )
    else:
        yield w.t(
            "{share} of the items came by the promised day; {late} came later.",
            share=w.percent(kept, 1),
            late=w.number(late),
        )


def _outcome(data: ReportData, w: Words) -> Iterator[str]:
    row = next((row for row in data.outcomes if row.measure is Measure.COST), None)
    if row is None or not row.planned:
        return
    change = row.outcome / row.planned - 1
    amount = w.sek(abs(row.outcome - row.planned))
    if abs(row.outcome - row.planned) < 1:
        yield w.t("Driving cost what the plans said.")
    elif abs(change) < _NOTICEABLE:
        yield w.t("Driving cost what the plans said, within {amount}.", amount=amount)
    elif change > 0:
        yield w.t("Driving cost {amount} more than planned.", amount=amount)
    else:
        yield w.t("Driving cost {amount} less than planned.", amount=amount)


def _idle(data: ReportData, w: Words) -> Iterator[str]:
    totals = data.totals
    if not totals.stops or totals.idle_stops / totals.stops < _MANY_IDLE:
        return
    rows = [row for row in data.branches if row.idle_stops]
    most = max(rows, key=lambda row: row.idle_stops, default=None)
    values = {"idle": w.number(totals.idle_stops), "stops": w.number(totals.stops)}
    if most is None:
        yield w.t("At {idle} of {stops} stops there was nothing to do.", **values)
        return
    yield w.t(
        "At {idle} of {stops} stops there was nothing to do, most often at {branch} ({n}).",
        **values,
        branch=most.branch_name,
        n=w.number(most.idle_stops),
    )


def _dearest(data: ReportData, w: Words) -> Iterator[str]:
    handled = [
        (row.cost_sek / (row.items_in + row.items_out), row)
        for row in data.branches
        if row.items_in + row.items_out >= data.smallest_count
    ]
    if len(handled) > 1:
        cost, row = max(handled, key=lambda pair: pair[0])
        yield w.t(
            "{branch} is the dearest library to serve: {amount} per item handled.",
            branch=row.branch_name,
            amount=w.sek(cost, 2),
        )


def _together(data: ReportData, w: Words) -> Iterator[str]:
    alone = [row.alone_sek for row in data.shares if row.alone_sek is not None]
    if not alone or len(alone) < len(data.shares):
        return
    saved = sum(alone) - data.totals.cost_sek
    if saved > 0:
        yield w.t(
            "Driving together saved {amount} ({share}) against each municipality on its own.",
            amount=w.sek(saved),
            share=w.percent(saved / sum(alone)),
        )


def _rules(data: ReportData, w: Words) -> Iterator[str]:
    spans = []
    for row in data.shares:
        values = [amount for _, amount in row.shares_sek]
        if len(values) > 1:
            spans.append((max(values) - min(values), min(values), max(values), row.municipality))
    if spans:
        _, least, most, municipality = max(spans)
        yield w.t(
            "The choice of rule matters most to {municipality}: from {least} to {most}.",
            municipality=municipality,
            least=w.sek(least),
            most=w.sek(most),
        )


def _emissions(data: ReportData, w: Words) -> Iterator[str]:
    grams, items = data.totals.co2e_grams, data.totals.items
    if grams is not None and items:
        yield w.t(
            "An item caused {grams} g of CO2e on its way.", grams=w.number(round(grams / items))
        )


def _per_item(totals: PeriodTotals) -> float | None:
    return totals.cost_sek / totals.items if totals.items else None


def _signed(w: Words, change: float) -> str:
    text = w.percent(change, 1)
    return text if change < 0 else "+" + text


def _days(w: Words, days: float) -> str:
    if days == round(days):
        return w.many("{n} day", "{n} days", round(days))
    return w.t("{days} days", days=w.number(days, 1))

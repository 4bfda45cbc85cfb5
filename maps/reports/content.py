"""The tables of a cost report, made from its data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maps.reports.course import factors, outcomes, trend
from maps.reports.figures import change, key_figures, on_time, rule_name, span_name
from maps.reports.tables import Column, Few, Form, Table, Value, columns, hidden, total_row
from maps.stops import alphabet

if TYPE_CHECKING:
    from collections.abc import Callable

    from logistics.operations.reports.report_data import BranchRow, ReportData
    from maps.i18n import Words


def tables(data: ReportData, w: Words) -> list[Table]:
    """
    Make the tables of a report.

    Parameters
    ----------
    data
        The report.
    w
        The reader's words.

    Returns
    -------
    list[Table]
        Those that have rows.
    """
    makers: tuple[Callable[[ReportData, Words], Table], ...] = (
        _summary, _shares, _waits, _relations, _branches, _idle, _runs, outcomes, trend, factors,
    )  # fmt: skip
    return [table for table in (make(data, w) for make in makers) if table.rows]


def _summary(data: ReportData, w: Words) -> Table:
    least = data.smallest_count
    now = key_figures(data.totals, w, least=least)
    heads = [
        Column(title=w.t("Figure"), form=Form.TEXT),
        Column(title=span_name(data.totals, data.period, w), form=Form.AMOUNT),
    ]
    rows: list[tuple[Value, ...]] = [(name, cell) for name, cell in now]
    if data.previous is not None:
        before = [cell for _, cell in key_figures(data.previous, w, least=least)]
        heads += [
            Column(title=span_name(data.previous, data.period, w), form=Form.AMOUNT),
            Column(title=w.t("Change"), form=Form.CHANGE),
        ]
        rows = [
            (name, cell, old, change(old.value, cell.value))
            for (name, cell), old in zip(now, before, strict=True)
        ]
    return Table(key="summary", title=w.t("Key figures"), columns=tuple(heads), rows=tuple(rows))


def _shares(data: ReportData, w: Words) -> Table:
    rules = list(dict.fromkeys(rule for row in data.shares for rule, _ in row.shares_sek))
    rows = sorted(data.shares, key=lambda row: alphabet(row.municipality))
    alone = any(row.alone_sek is not None for row in rows)
    emitted = any(row.co2e_grams is not None for row in rows)
    body = tuple(
        (
            row.municipality,
            row.inhabitants,
            row.stops,
            row.items,
            *(row.share(rule) for rule in rules),
            *([row.alone_sek] if alone else []),
            *([row.co2e_grams] if emitted else []),
        )
        for row in rows
    )
    heads = columns(
        (w.t("Municipality"), Form.TEXT),
        (w.t("Inhabitants"), Form.COUNT),
        (w.t("Stops"), Form.COUNT),
        (w.t("Items"), Form.COUNT),
        *((rule_name(rule, w), Form.SEK) for rule in rules),
        *([(w.t("Alone it would have cost"), Form.SEK)] if alone else []),
        *([(w.t("CO2e"), Form.GRAMS)] if emitted else []),
    )
    return Table(
        key="shares",
        title=w.t("Shares of the municipalities"),
        columns=heads,
        rows=body,
        total=total_row(w.t("Total"), body),
        note=w.t("Each rule shares the same cost; which rule holds is agreed between the nine."),
    )


def _waits(data: ReportData, w: Words) -> Table:
    rows = sorted(data.waits, key=lambda row: row.days)
    secret = hidden([row.items for row in rows], data.smallest_count)
    few = Few(below=data.smallest_count)
    whole = sum(row.items for row in rows)
    return Table(
        key="days",
        title=w.t("Days to the reader"),
        columns=columns(
            (w.t("Days"), Form.COUNT), (w.t("Items"), Form.COUNT), (w.t("Share"), Form.SHARE)
        ),
        rows=tuple(
            (row.days, few, None) if i in secret else (row.days, row.items, row.items / whole)
            for i, row in enumerate(rows)
        ),
        note=_secrecy(w, data, any_hidden=bool(secret)),
    )


def _relations(data: ReportData, w: Words) -> Table:
    rows = sorted(data.relations, key=lambda row: -row.items)
    secret = hidden([row.items for row in rows], data.smallest_count)
    few = Few(below=data.smallest_count)
    body: list[tuple[Value, ...]] = []
    for i, row in enumerate(rows):
        ends: tuple[Value, ...] = (row.origin, row.destination)
        kept = on_time(row.on_time_items, row.promised_items)
        figures: tuple[Value, ...] = (row.items, row.median_days, row.ninetieth_days, kept)
        body.append(ends + ((few, None, None, None) if i in secret else figures))
    return Table(
        key="relations",
        title=w.t("From municipality to municipality"),
        columns=columns(
            (w.t("From"), Form.TEXT),
            (w.t("To"), Form.TEXT),
            (w.t("Items"), Form.COUNT),
            (w.t("Days, median"), Form.DAYS),
            (w.t("Days, nine of ten"), Form.DAYS),
            (w.t("On time"), Form.SHARE),
        ),
        rows=tuple(body),
        note=_secrecy(w, data, any_hidden=bool(secret)),
    )


def _branches(data: ReportData, w: Words) -> Table:
    rows = sorted(
        data.branches, key=lambda row: (alphabet(row.municipality), alphabet(row.branch_name))
    )
    few = Few(below=data.smallest_count)
    secret_in = hidden([row.items_in for row in rows], data.smallest_count)
    secret_out = hidden([row.items_out for row in rows], data.smallest_count)
    body = tuple(
        (
            row.branch_name,
            row.municipality,
            row.stops,
            few if i in secret_in else row.items_in,
            few if i in secret_out else row.items_out,
            None if i in secret_in else row.median_days,
            row.cost_sek,
            None if i in secret_in | secret_out else _per_item(row),
        )
        for i, row in enumerate(rows)
    )
    return Table(
        key="branches",
        title=w.t("Libraries"),
        columns=columns(
            (w.t("Library"), Form.TEXT),
            (w.t("Municipality"), Form.TEXT),
            (w.t("Stops"), Form.COUNT),
            (w.t("Items off"), Form.COUNT),
            (w.t("Items on"), Form.COUNT),
            (w.t("Days, median"), Form.DAYS),
            (w.t("Cost"), Form.SEK),
            (w.t("Cost per item handled"), Form.SEK),
        ),
        rows=body,
        total=total_row(w.t("Total"), body, skip={5, 7}),
        note=_secrecy(w, data, any_hidden=bool(secret_in | secret_out)),
    )


def _per_item(row: BranchRow) -> float | None:
    handled = row.items_in + row.items_out
    return row.cost_sek / handled if handled else None


def _idle(data: ReportData, w: Words) -> Table:
    idle = sorted((row for row in data.branches if row.idle_stops), key=lambda row: -row.idle_stops)
    return Table(
        key="idle",
        title=w.t("Stops with nothing to do"),
        columns=columns(
            (w.t("Library"), Form.TEXT),
            (w.t("Stops"), Form.COUNT),
            (w.t("With nothing to do"), Form.COUNT),
            (w.t("Share"), Form.SHARE),
        ),
        rows=tuple(
            (row.branch_name, row.stops, row.idle_stops, row.idle_stops / row.stops) for row in idle
        ),
    )


def _runs(data: ReportData, w: Words) -> Table:
    rows = sorted(data.runs, key=lambda row: (row.service_day, row.vehicle_name))
    body = tuple(
        (
            row.service_day,
            row.vehicle_name,
            row.stops,
            row.items,
            row.distance_metres,
            row.paid_seconds,
            row.fill_rate,
            row.co2e_grams,
            row.cost_sek,
            row.cost_sek / row.stops if row.stops else None,
        )
        for row in rows
    )
    return Table(
        key="runs",
        title=w.t("Runs"),
        columns=columns(
            (w.t("Day"), Form.DATE),
            (w.t("Van"), Form.TEXT),
            (w.t("Stops"), Form.COUNT),
            (w.t("Items"), Form.COUNT),
            (w.t("Distance"), Form.METRES),
            (w.t("Paid time"), Form.SECONDS),
            (w.t("Fill rate"), Form.SHARE),
            (w.t("CO2e"), Form.GRAMS),
            (w.t("Cost"), Form.SEK),
            (w.t("Cost per stop"), Form.SEK),
        ),
        rows=body,
        total=total_row(w.t("Total"), body, skip={6, 9}),
    )


def _secrecy(w: Words, data: ReportData, *, any_hidden: bool) -> str:
    if not any_hidden:
        return ""
    return w.t(
        "Counts under {n} are not shown, so that nobody can be guessed from them.",
        n=data.smallest_count,
    )

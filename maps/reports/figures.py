"""The figures and names that tables, sentences and charts of a report share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logistics.operations.reports.report_data import Period, Rule
from maps.reports.tables import Cell, Form

if TYPE_CHECKING:
    from logistics.operations.reports.report_data import PeriodTotals, ReportData
    from maps.i18n import Words


def title(data: ReportData, w: Words) -> str:
    """
    Name a report.

    Parameters
    ----------
    data
        The report.
    w
        The reader's words.

    Returns
    -------
    str
        As "Kostnader november 2026".
    """
    return w.t("Costs of {period}", period=span_name(data.totals, data.period, w))


def span_name(totals: PeriodTotals, period: Period, w: Words) -> str:
    """
    Name a span of time.

    Parameters
    ----------
    totals
        The span.
    period
        Day, month or year.
    w
        The reader's words.

    Returns
    -------
    str
        As "november 2026".
    """
    return {
        Period.DAY: w.day(totals.first_day),
        Period.MONTH: w.month(totals.first_day),
        Period.YEAR: str(totals.first_day.year),
    }[period]


def rule_name(rule: Rule, w: Words) -> str:
    """
    Name a rule of sharing.

    Parameters
    ----------
    rule
        The rule.
    w
        The reader's words.

    Returns
    -------
    str
        A word or two.
    """
    return {
        Rule.SHAPLEY: w.t("Shapley"),
        Rule.PER_STOP: w.t("per stop"),
        Rule.PER_ITEM: w.t("per item"),
        Rule.INHABITANTS: w.t("by inhabitants"),
        Rule.STAND_ALONE: w.t("by stand-alone cost"),
        Rule.EQUAL: w.t("in equal parts"),
    }[rule]


def key_figures(totals: PeriodTotals, w: Words, *, least: int = 0) -> list[tuple[str, Cell]]:
    """
    Compute the figures that sum up a span.

    Parameters
    ----------
    totals
        The span.
    w
        The reader's words.
    least
        The least count of items whose days and promises are told.

    Returns
    -------
    list[tuple[str, Cell]]
        Name and value.
    """

    def per(count: float, form: Form = Form.SEK, whole: float | None = None) -> Cell:
        amount = totals.cost_sek if whole is None else whole
        return Cell(value=amount / count if count else None, form=form)

    grams = totals.co2e_grams
    enough = totals.items >= least
    kept = on_time(totals.on_time_items, totals.promised_items)
    figures: list[tuple[str, float | None, Form]] = [
        (w.t("Cost"), totals.cost_sek, Form.SEK),
        (w.t("Items delivered"), totals.items, Form.COUNT),
        (w.t("Cost per item"), per(totals.items).value, Form.SEK),
        (w.t("Cost per run"), per(totals.runs).value, Form.SEK),
        (w.t("Cost per stop"), per(totals.stops).value, Form.SEK),
        (w.t("Cost per kilometre"), per(totals.distance_metres / 1000).value, Form.SEK),
        (w.t("Cost per crate"), per(totals.crates).value, Form.SEK),
        (w.t("Distance"), totals.distance_metres, Form.METRES),
        (w.t("Paid time"), totals.paid_seconds, Form.SECONDS),
        (w.t("Fill rate"), totals.fill_rate, Form.SHARE),
        (w.t("Stops"), totals.stops, Form.COUNT),
        (w.t("Stops with nothing to do"), totals.idle_stops, Form.COUNT),
        (w.t("Days to the reader, median"), totals.median_days if enough else None, Form.DAYS),
        (
            w.t("Days to the reader, nine of ten"),
            totals.ninetieth_days if enough else None,
            Form.DAYS,
        ),
        (w.t("On time"), kept if totals.promised_items >= least else None, Form.SHARE),
        (w.t("CO2e"), grams, Form.GRAMS),
        (w.t("CO2e per item"), per(totals.items, Form.GRAMS, grams or 0).value, Form.GRAMS),
    ]
    return [(name, Cell(value=value, form=form)) for name, value, form in figures]


def on_time(items: int, promised: int) -> float | None:
    """
    Compute which share of promises was kept.

    Parameters
    ----------
    items, promised
        Items on time, and items with a promise.

    Returns
    -------
    float | None
        0 to 1; None when nothing was promised.
    """
    return items / promised if promised else None


def change(old: float | None, new: float | None) -> float | None:
    """
    Compute by which share a value changed.

    Parameters
    ----------
    old, new
        The two values.

    Returns
    -------
    float | None
        0.1 for a tenth more; None where there is nothing to compare with.
    """
    return None if old is None or new is None or old == 0 else new / old - 1

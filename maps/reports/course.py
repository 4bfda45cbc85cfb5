"""How it went: plan against outcome, the spans before, and the factors behind emissions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logistics.operations.reports.report_data import Measure
from maps.reports.figures import change, span_name
from maps.reports.tables import Cell, Form, Table, columns

if TYPE_CHECKING:
    from logistics.operations.reports.report_data import ReportData
    from maps.i18n import Words


def outcomes(data: ReportData, w: Words) -> Table:
    """
    Set plan and outcome side by side.

    Parameters
    ----------
    data
        The report.
    w
        The reader's words.

    Returns
    -------
    Table
        Without rows where nothing is known.
    """
    names = {
        Measure.COST: (w.t("Cost"), Form.SEK),
        Measure.DISTANCE: (w.t("Distance"), Form.METRES),
        Measure.PAID_TIME: (w.t("Paid time"), Form.SECONDS),
        Measure.STOPS: (w.t("Stops"), Form.COUNT),
        Measure.ITEMS: (w.t("Items delivered"), Form.COUNT),
        Measure.CO2E: (w.t("CO2e"), Form.GRAMS),
        Measure.ON_TIME_STOPS: (w.t("Stops on time"), Form.COUNT),
    }
    return Table(
        key="outcome",
        title=w.t("Plan and outcome"),
        columns=columns(
            (w.t("Figure"), Form.TEXT),
            (w.t("Plan"), Form.AMOUNT),
            (w.t("Outcome"), Form.AMOUNT),
            (w.t("Difference"), Form.CHANGE),
        ),
        rows=tuple(
            (
                names[row.measure][0],
                Cell(value=row.planned, form=names[row.measure][1]),
                Cell(value=row.outcome, form=names[row.measure][1]),
                change(row.planned, row.outcome),
            )
            for row in data.outcomes
        ),
    )


def trend(data: ReportData, w: Words) -> Table:
    """
    Follow the spans before this one.

    Parameters
    ----------
    data
        The report.
    w
        The reader's words.

    Returns
    -------
    Table
        Without rows where nothing is known.
    """
    return Table(
        key="trend",
        title=w.t("Trend"),
        columns=columns(
            (w.t("Period"), Form.TEXT),
            (w.t("Cost"), Form.SEK),
            (w.t("Items delivered"), Form.COUNT),
            (w.t("Cost per item"), Form.SEK),
            (w.t("Distance"), Form.METRES),
            (w.t("Days, median"), Form.DAYS),
            (w.t("CO2e"), Form.GRAMS),
        ),
        rows=tuple(
            (
                span_name(span, data.trend_period, w),
                span.cost_sek,
                span.items,
                span.cost_sek / span.items if span.items else None,
                span.distance_metres,
                span.median_days,
                span.co2e_grams,
            )
            for span in data.trend
        ),
    )


def factors(data: ReportData, w: Words) -> Table:
    """
    Say what a unit of energy emits, and who says so.

    Parameters
    ----------
    data
        The report.
    w
        The reader's words.

    Returns
    -------
    Table
        Without rows where nothing is known.
    """
    names = {"diesel": w.t("Diesel"), "hvo": w.t("HVO"), "electric": w.t("Electricity")}
    units = {"litre": w.t("litres"), "kWh": "kWh"}
    return Table(
        key="factors",
        title=w.t("CO2e factors"),
        columns=columns(
            (w.t("Energy"), Form.TEXT),
            (w.t("Used"), Form.AMOUNT),
            (w.t("Unit"), Form.TEXT),
            (w.t("Grams of CO2e per unit"), Form.AMOUNT),
            (w.t("Valid from"), Form.DATE),
            (w.t("Source"), Form.TEXT),
        ),
        rows=tuple(
            (
                names.get(row.energy, row.energy),
                row.units_used,
                units.get(row.unit, row.unit),
                row.grams_per_unit,
                row.valid_from,
                row.source,
            )
            for row in data.factors
        ),
        note=w.t("From well to wheel, for whole round trips, as ISO 14083 and GLEC count."),
    )

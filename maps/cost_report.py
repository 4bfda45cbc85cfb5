"""The cost report as a page, on paper, as a spreadsheet and as text for other programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maps.i18n import words
from maps.pages import render, styles
from maps.reports import caveats, charts, content, figures, findings, paper, spreadsheet
from maps.reports.tables import Form, shown

if TYPE_CHECKING:
    from logistics.operations.reports.report_data import ReportData

_HEADLINES = (2, 0, 7, 15, 12)  # what stands large: the order of figures.key_figures


def cost_report_html(data: ReportData, *, language: str = "sv", assets: str = "inline") -> str:
    """
    Write the report as one page.

    Parameters
    ----------
    data
        The report.
    language
        ``sv`` or ``en``.
    assets
        ``inline``, or the address below which `maps.assets` are served.

    Returns
    -------
    str
        HTML.
    """
    w = words(language)
    numbers = figures.key_figures(data.totals, w, least=data.smallest_count)
    pictures = charts.charts(data, w)
    return render(
        "cost_report.html",
        w,
        data=data,
        title=figures.title(data, w),
        headlines=[(numbers[i][0], shown(w, numbers[i][1], Form.AMOUNT)) for i in _HEADLINES],
        findings=findings.findings(data, w),
        tables=content.tables(data, w),
        drawn={chart.table: charts.svg(chart, w) for chart in pictures},
        names={chart.table: chart.title for chart in pictures},
        caveats=caveats.told(data, w),
        shown=lambda value, form: shown(w, value, form),
        styles=styles(assets, "theme.css"),
    )


def cost_report_pdf(data: ReportData, *, language: str = "sv") -> bytes:
    """
    Write the report as PDF, A4.

    Parameters
    ----------
    data
        The report.
    language
        ``sv`` or ``en``.

    Returns
    -------
    bytes
        The PDF.
    """
    return paper.pdf(data, words(language))


def cost_report_xlsx(data: ReportData, *, language: str = "sv") -> bytes:
    """
    Write the report as a spreadsheet, one sheet a table.

    Parameters
    ----------
    data
        The report.
    language
        ``sv`` or ``en``.

    Returns
    -------
    bytes
        XLSX with real numbers and no formulas.
    """
    return spreadsheet.xlsx(data, words(language))


def cost_report_csv(data: ReportData, table: str = "runs", *, language: str = "sv") -> str:
    """
    Write one table of the report as CSV.

    Parameters
    ----------
    data
        The report.
    table
        Key of the table: "summary", "shares", "days", "relations", "branches", "idle", "runs",
        "outcome", "trend" or "factors".
    language
        ``sv`` (semicolons and decimal commas, as Swedish spreadsheets expect) or ``en``.

    Returns
    -------
    str
        CSV with a byte order mark.

    Raises
    ------
    NotFoundError
        The report has no such table.
    """
    return spreadsheet.csv_text(data, words(language), table)


def cost_report_csv_zip(data: ReportData, *, language: str = "sv") -> bytes:
    """
    Write all tables of the report as CSV files in one archive.

    Parameters
    ----------
    data
        The report.
    language
        ``sv`` or ``en``.

    Returns
    -------
    bytes
        ZIP, one file a table, the same for the same report.
    """
    return spreadsheet.csv_zip(data, words(language))

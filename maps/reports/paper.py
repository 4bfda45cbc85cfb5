"""The report on paper: findings, charts and tables, A4."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING

from fpdf import FontFace
from fpdf.enums import TableBordersLayout

from maps.escape import short
from maps.pdf import Sheet, printable
from maps.reports import caveats, charts, content, figures, findings
from maps.reports.tables import Few, Form, Table, Value, shown

if TYPE_CHECKING:
    from logistics.operations.reports.report_data import ReportData
    from maps.i18n import Words

_CHART_MILLIMETRES = 150.0
_LEAST_FIRST, _LEAST_OTHER = 34, 14
_LONGEST_TEXT = 160
_WIDE_TABLE = 8


def pdf(data: ReportData, w: Words) -> bytes:
    """
    Write the report as PDF.

    Parameters
    ----------
    data
        The report.
    w
        The reader's words.

    Returns
    -------
    bytes
        The PDF.
    """
    title = figures.title(data, w)
    sheet = Sheet(w, title, data.totals.last_day, margin=14)
    sheet.foot = title
    sheet.add_page()
    sheet.type(22, bold=True)
    sheet.say(title[:1].upper() + title[1:])
    sheet.ln(2)
    sheet.type(11)
    for sentence in findings.findings(data, w):
        sheet.say(f"• {sentence}")
        sheet.ln(0.8)
    drawn = {chart.table: chart for chart in charts.charts(data, w)}
    for table in content.tables(data, w):
        _table(sheet, table, w, drawn.get(table.key))
    sheet.ln(4)
    sheet.type(9)
    for text in caveats.told(data, w):
        sheet.say(text)
    return sheet.content()


def _table(sheet: Sheet, table: Table, w: Words, chart: charts.Chart | None) -> None:
    sheet.ln(6)
    sheet.room(110 if chart else 45)
    sheet.type(14, bold=True)
    sheet.say(table.title)
    sheet.ln(1)
    if chart is not None:
        picture = BytesIO(charts.png(chart, w))
        sheet.image(picture, w=_CHART_MILLIMETRES, alt_text=printable(chart.title))
        sheet.ln(2)
    sheet.type(7.5 if len(table.columns) >= _WIDE_TABLE else 9)
    numbers = [column.form not in {Form.TEXT, Form.DATE} for column in table.columns]
    rows = [values for values in table.rows if not _says_nothing(values)]
    with sheet.table(
        col_widths=_widths(table, w),
        text_align=tuple("RIGHT" if number else "LEFT" for number in numbers),
        borders_layout=TableBordersLayout.HORIZONTAL_LINES,
        headings_style=FontFace(emphasis="BOLD"),
        line_height=sheet.line_height(),
        padding=0.6,
    ) as drawn:
        drawn.row([printable(column.title) for column in table.columns])
        for values in rows:
            drawn.row(_texts(values, table, w))
        if table.total:
            drawn.row(_texts(table.total, table, w), style=FontFace(emphasis="BOLD"))
    silent = len(table.rows) - len(rows)
    left_out = (
        w.many(
            "{n} row with nothing to show is left out.",
            "{n} rows with nothing to show are left out.",
            silent,
        )
        if silent
        else ""
    )
    note = f"{table.note} {left_out}".strip()
    if note:
        sheet.type(8)
        sheet.say(note)


def _says_nothing(values: tuple[Value, ...]) -> bool:
    """Whether a row has a count too small to be shown, and no other number."""
    figures = [value for value in values if not isinstance(value, str | date)]
    return any(isinstance(value, Few) for value in figures) and all(
        value is None or isinstance(value, Few) for value in figures
    )


def _texts(values: tuple[Value, ...], table: Table, w: Words) -> list[str]:
    pairs = zip(values, table.columns, strict=True)
    said = (shown(w, value, column.form) for value, column in pairs)
    return [printable(short(text, _LONGEST_TEXT)) for text in said]


def _widths(table: Table, w: Words) -> tuple[int, ...]:
    """Share the width of the page by what the columns need at least."""
    widths = []
    for i, column in enumerate(table.columns):
        rows = [*table.rows, table.total] if table.total else table.rows
        cells = [len(printable(shown(w, row[i], column.form))) for row in rows]
        word = max(len(part) for part in column.title.split())
        most = _LEAST_FIRST if column.form is Form.TEXT else _LEAST_OTHER
        widths.append(max(word + 1, min(most, max(cells)), 4) + 1)
    return tuple(widths)

"""The report as XLSX and CSV: real numbers, and no text that a spreadsheet would compute."""

from __future__ import annotations

import csv
import zipfile
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, Any

import xlsxwriter

from logistics.errors import NotFoundError
from maps.escape import visible
from maps.reports import caveats, content, figures, findings
from maps.reports.tables import Cell, Few, Form, Table, Value, plain, shown

if TYPE_CHECKING:
    from logistics.operations.reports.report_data import ReportData
    from maps.i18n import Words

_NUMBER_FORMATS = {
    Form.COUNT: "#,##0",
    Form.SEK: '#,##0.00" kr"',
    Form.METRES: '#,##0.0" km"',
    Form.SECONDS: '#,##0.0" h"',
    Form.SHARE: "0.0%",
    Form.CHANGE: "+0.0%;-0.0%;0.0%",
    Form.DAYS: "0.0",
    Form.GRAMS: '#,##0.0" kg"',
    Form.DATE: "yyyy-mm-dd",
    Form.AMOUNT: "#,##0.0",
}
_FORMULA_STARTS = ("=", "+", "-", "@")
_SHEET_NAME = 31
_LONGEST_TEXT = 32_000
_WIDEST_COLUMN = 42
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def xlsx(data: ReportData, w: Words) -> bytes:
    """
    Write the report as a spreadsheet.

    Parameters
    ----------
    data
        The report.
    w
        The reader's words.

    Returns
    -------
    bytes
        XLSX: a sheet with the findings, then a sheet a table.
    """
    file = BytesIO()
    with xlsxwriter.Workbook(file, _OPTIONS) as book:
        title = figures.title(data, w)
        made = data.made_at or datetime.combine(data.totals.last_day, datetime.min.time())
        book.set_properties({"title": title, "created": made.replace(tzinfo=None)})
        formats = _formats(book)
        first = book.add_worksheet(w.t("Findings")[:_SHEET_NAME])
        first.set_column(0, 0, 110, formats["wrap"])
        first.write_string(0, 0, title, formats["title"])
        lines = [*findings.findings(data, w), *(visible(text) for text in caveats.told(data, w))]
        for row, line in enumerate(lines, 2):
            first.write_string(row, 0, visible(line), formats["wrap"])
        for table in content.tables(data, w):
            _sheet(book.add_worksheet(table.title[:_SHEET_NAME]), table, formats, w)
    return file.getvalue()


def csv_text(data: ReportData, w: Words, key: str) -> str:
    """
    Write one table as CSV.

    Parameters
    ----------
    data
        The report.
    w
        The reader's words.
    key
        Key of the table.

    Returns
    -------
    str
        CSV with a byte order mark, which spreadsheets need to read å, ä and ö.

    Raises
    ------
    NotFoundError
        The report has no such table.
    """
    tables = {table.key: table for table in content.tables(data, w)}
    if key not in tables:
        known = ", ".join(tables) or "none"
        raise NotFoundError(f"table is {key!r}, expected one of this report: {known}")
    return _csv(tables[key], w)


def csv_zip(data: ReportData, w: Words) -> bytes:
    """
    Write all tables as CSV files in one archive.

    Parameters
    ----------
    data
        The report.
    w
        The reader's words.

    Returns
    -------
    bytes
        ZIP whose files are dated on the last day of the report.
    """
    file = BytesIO()
    day = data.totals.last_day
    with zipfile.ZipFile(file, "w") as archive:
        for table in content.tables(data, w):
            info = zipfile.ZipInfo(f"{table.key}.csv", (day.year, day.month, day.day, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, _csv(table, w))
    return file.getvalue()


def _formats(book: Any) -> dict[Any, Any]:  # noqa: ANN401 - xlsxwriter has no types
    formats: dict[Any, Any] = {
        form: book.add_format({"num_format": pattern}) for form, pattern in _NUMBER_FORMATS.items()
    }
    formats |= {
        (form, "total"): book.add_format({"num_format": pattern, "bold": True, "top": 1})
        for form, pattern in _NUMBER_FORMATS.items()
    }
    formats[Form.TEXT] = book.add_format({"num_format": "@"})
    formats[Form.TEXT, "total"] = book.add_format({"bold": True, "top": 1})
    formats["head"] = book.add_format(
        {"bold": True, "bottom": 2, "text_wrap": True, "valign": "top", "bg_color": "#ECEBE4"}
    )
    formats["title"] = book.add_format({"bold": True, "font_size": 16})
    formats["wrap"] = book.add_format({"text_wrap": True, "valign": "top"})
    formats["note"] = book.add_format({"italic": True, "font_color": "#565E67"})
    return formats


def _sheet(sheet: Any, table: Table, formats: dict[Any, Any], w: Words) -> None:  # noqa: ANN401
    for column, head in enumerate(table.columns):
        sheet.write_string(0, column, head.title, formats["head"])
        sheet.set_column(column, column, _width(table, column, w))
    for row, values in enumerate(table.rows, 1):
        for column, value in enumerate(values):
            _write(sheet, row, column, value, table.columns[column].form, formats, total=False, w=w)
    for column, value in enumerate(table.total):
        form = table.columns[column].form
        _write(sheet, len(table.rows) + 1, column, value, form, formats, total=True, w=w)
    if table.note:
        sheet.write_string(len(table.rows) + 3, 0, table.note, formats["note"])
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _write(
    sheet: Any,  # noqa: ANN401
    row: int,
    column: int,
    value: Value,
    form: Form,
    formats: dict[Any, Any],
    *,
    total: bool,
    w: Words,
) -> None:
    form = value.form if isinstance(value, Cell) else form
    stored = plain(value, form)
    if isinstance(value, Few):
        stored = shown(w, value, form)
    form = Form.TEXT if isinstance(stored, str) else form
    style = formats[(form, "total") if total else form]
    if stored is None:
        sheet.write_blank(row, column, None, style)
    elif isinstance(stored, str):
        sheet.write_string(row, column, visible(stored)[:_LONGEST_TEXT], style)
    elif isinstance(stored, date):
        sheet.write_datetime(row, column, datetime.combine(stored, datetime.min.time()), style)
    else:
        sheet.write_number(row, column, stored, style)


def _width(table: Table, column: int, w: Words) -> float:
    form = table.columns[column].form
    texts = [len(shown(w, row[column], form)) for row in table.rows]
    longest_word = max((len(word) for word in table.columns[column].title.split()), default=0)
    return float(min(_WIDEST_COLUMN, max([longest_word + 4, *texts]) + 2))


def _csv(table: Table, w: Words) -> str:
    file = StringIO()
    swedish = w.language == "sv"
    writer = csv.writer(file, delimiter=";" if swedish else ",", lineterminator="\r\n")
    writer.writerow([_harmless(_with_unit(head.title, head.form)) for head in table.columns])
    for row in table.rows:
        values = zip(row, table.columns, strict=True)
        writer.writerow([_csv_value(value, head.form, comma=swedish) for value, head in values])
    return "\ufeff" + file.getvalue()


def _csv_value(value: Value, form: Form, *, comma: bool) -> str:
    stored = plain(value, form)
    if stored is None:
        return ""
    if isinstance(stored, str):
        return _harmless(stored)
    if isinstance(stored, date):
        return stored.isoformat()
    text = repr(round(stored, 4))
    return text.replace(".", ",") if comma else text


def _harmless(text: str) -> str:
    """Keep a spreadsheet from computing a text: an apostrophe makes it a text to every one."""
    line = visible(text)
    return "'" + line if line.startswith(_FORMULA_STARTS) else line


def _with_unit(title: str, form: Form) -> str:
    unit = {Form.SEK: "SEK", Form.METRES: "km", Form.SECONDS: "h", Form.GRAMS: "kg"}.get(form)
    return f"{title} ({unit})" if unit else title

"""Scenarios side by side as a page and a spreadsheet: means, intervals, and cost against days."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import altair as alt
import vl_convert
import xlsxwriter
from markupsafe import Markup

from maps.escape import short
from maps.i18n import words
from maps.pages import render, styles
from maps.reports.charts import number_locale, styled
from maps.theme import INK, RUN_STYLES, SHEET

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from maps.i18n import Words

    Row = Mapping[str, Any]

_LONGEST_NAME = 40
_SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}


def comparison_html(rows: Sequence[Row], *, language: str = "sv") -> str:
    """
    Draw the comparison as a page.

    Parameters
    ----------
    rows
        One a scenario: name, title, ``per_week`` and ``difference`` with mean and half width,
        quantiles and mean days; the first is what the others are held against.
    language
        ``sv`` or ``en``.

    Returns
    -------
    str
        HTML that opens without any network.
    """
    w = words(language)
    return render(
        "comparison.html",
        w,
        rows=rows,
        measures=_measures(w),
        picture=_picture(rows, w),
        styles=styles("inline", "theme.css"),
    )


def comparison_xlsx(rows: Sequence[Row], *, language: str = "sv") -> bytes:
    """
    Write the comparison as a spreadsheet.

    Parameters
    ----------
    rows
        As for the page.
    language
        ``sv`` or ``en``.

    Returns
    -------
    bytes
        XLSX: the scenarios, how many days readers waited, and each pair of municipalities.
    """
    w = words(language)
    file = BytesIO()
    with xlsxwriter.Workbook(file, _SAFE) as book:
        bold = book.add_format({"bold": True, "text_wrap": True})
        _table(book.add_worksheet(w.t("Scenarios")), _scenario_rows(rows, w), bold)
        _table(book.add_worksheet(w.t("Days")), _day_rows(rows, w), bold)
        _table(book.add_worksheet(w.t("Pairs")), _pair_rows(rows, w), bold)
    return file.getvalue()


def best_of(rows: Sequence[Row]) -> list[str]:
    """
    Name the scenarios that no other beats in both cost and days.

    Parameters
    ----------
    rows
        As for the page.

    Returns
    -------
    list of str
        Names, the cheapest first.
    """
    points = sorted((_cost(row), float(row["mean_days"]), str(row["name"])) for row in rows)
    best, fewest = [], float("inf")
    for _, days, name in points:
        if days < fewest:
            best.append(name)
            fewest = days
    return best


def _measures(w: Words) -> list[tuple[str, str]]:
    return [
        ("days_per_hold", w.t("Days to the reader, mean")),
        ("driving_sek", w.t("Driving, SEK a week")),
        ("kilometres", w.t("Kilometres a week")),
        ("paid_hours", w.t("Paid hours a week")),
        ("runs", w.t("Runs a week")),
        ("stops", w.t("Stops a week")),
        ("delivered", w.t("Items delivered a week")),
        ("backlog", w.t("Items that wait in the evening")),
        ("driving_sek_per_item", w.t("SEK per item")),
        ("co2e_kg", w.t("CO₂e, kg a week")),
        ("fill_percent", w.t("Fill of the vans, %")),
    ]


def _cost(row: Row) -> float:
    return float(row["per_week"]["driving_sek"]["mean"])


def _picture(rows: Sequence[Row], w: Words) -> Markup:
    best = set(best_of(rows))
    same: dict[tuple[float, float], list[Row]] = {}  # as one would hide the other
    for row in rows:
        same.setdefault((round(row["mean_days"], 2), round(_cost(row))), []).append(row)
    values = [
        {
            "days": days,
            "sek": sek,
            "name": " = ".join(short(str(row["title"]), _LONGEST_NAME) for row in alike),
            "best": w.t("nobody beats it in both")
            if any(row["name"] in best for row in alike)
            else w.t("beaten"),
        }
        for (days, sek), alike in same.items()
    ]
    roomy = alt.Scale(zero=False, padding=24)
    points = alt.Chart(alt.Data(values=values)).encode(  # type: ignore[no-untyped-call]
        x=alt.X("days:Q", title=w.t("Days to the reader, mean"), scale=roomy),
        y=alt.Y("sek:Q", title=w.t("Driving, SEK a week"), scale=roomy),
    )
    whole = alt.Legend(labelLimit=0, orient="top")
    colours = alt.Scale(range=[style.light for style in RUN_STYLES[:2]])
    drawn = alt.layer(
        points.mark_point(filled=True, size=110, opacity=1).encode(
            color=alt.Color("best:N", title=None, legend=whole, scale=colours),
            shape=alt.Shape("best:N", title=None, legend=whole),
        ),
        points.mark_text(dx=9, align="left", fontSize=13, color=INK).encode(text="name:N"),
    ).properties(width=620, height=340, background=SHEET)
    svg = vl_convert.vegalite_to_svg(styled(drawn), **number_locale(w.language))
    svg = svg.replace('class="marks"', 'class="marks drawing"', 1)
    return Markup(svg)  # noqa: S704 - Vega escapes texts


def _scenario_rows(rows: Sequence[Row], w: Words) -> list[list[Any]]:
    head = [w.t("Scenario"), w.t("median"), w.t("90 percent")]
    for _, title in _measures(w):
        head += [title, "±", w.t("difference"), "±"]
    body = []
    for row in rows:
        line = [row["title"], row["quantiles"]["0.5"], row["quantiles"]["0.9"]]
        for key, _ in _measures(w):
            own, other = row["per_week"][key], row["difference"].get(key)
            line += [own["mean"], own["half_width"]]
            line += [None, None] if other is None else [other["mean"], other["half_width"]]
        body.append(line)
    return [head, *body]


def _day_rows(rows: Sequence[Row], w: Words) -> list[list[Any]]:
    days = sorted({day for row in rows for day in row["days_to_reader"]})
    head = [w.t("Days"), *(row["title"] for row in rows)]
    return [head, *([day, *(row["days_to_reader"].get(day, 0) for row in rows)] for day in days)]


def _pair_rows(rows: Sequence[Row], w: Words) -> list[list[Any]]:
    head = [w.t("Scenario"), w.t("From"), w.t("To"), w.t("Items"), w.t("median")]
    return [
        head,
        *(
            [row["title"], pair["from"], pair["to"], pair["items"], pair["median"]]
            for row in rows
            for pair in row["pairs"]
        ),
    ]


def _table(sheet: Any, rows: list[list[Any]], bold: Any) -> None:  # noqa: ANN401 - no types
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if value is None:
                continue
            style = bold if number == 0 else None
            if isinstance(value, str):
                sheet.write_string(number, column, value, style)
            else:
                sheet.write_number(number, column, round(float(value), 4), style)
    sheet.set_column(0, 0, 44)
    sheet.freeze_panes(1, 1)

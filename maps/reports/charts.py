"""Charts of a report, drawn offline as vectors or pictures; a table stands under each."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import altair as alt
import vl_convert
from markupsafe import Markup

from logistics.units import kilometres
from maps.escape import short
from maps.reports.figures import rule_name, span_name
from maps.reports.pictures import pictured
from maps.reports.tables import hidden
from maps.stops import alphabet
from maps.theme import INK, QUIET, RULE, RUN_STYLES, SHEET, drawing_styles

if TYPE_CHECKING:
    from logistics.operations.reports.report_data import ReportData
    from maps.i18n import Words

_COLOURS = [style.light for style in RUN_STYLES]
_SHAPES = ["circle", "square", "diamond", "triangle-up", "cross", "triangle-down"]
_LEAST_SCALE = 3  # below three the marks of an axis would repeat
_ROLE = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')  # one name for the whole drawing is enough


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """
    A chart and what it shows.

    Attributes
    ----------
    table
        Key of the table whose rows it draws.
    title
        What it shows, in a few words.
    spec
        The Vega-Lite specification.
    """

    table: str
    title: str
    spec: dict[str, Any]


def charts(data: ReportData, w: Words) -> list[Chart]:
    """
    Draw the charts of a report.

    Parameters
    ----------
    data
        The report.
    w
        The reader's words.

    Returns
    -------
    list[Chart]
        Those that have something to show.
    """
    draw = {"shares": _shares, "days": _waits, "trend": _trend}
    return [
        Chart(table=key, title=title, spec=draw[key](data, w))
        for key, title in pictured(data, w).items()
    ]


def svg(chart: Chart, w: Words) -> Markup:
    """
    Draw a chart as an element of a page.

    Parameters
    ----------
    chart
        The chart.
    w
        The reader's words.

    Returns
    -------
    Markup
        SVG, named for assistive technology, without any address of another host.
    """
    drawn = _drawn(json.dumps(chart.spec), w.language)
    inner = _ROLE.sub("", drawn[drawn.index(">") + 1 : drawn.rindex("</svg>")])
    box = drawn.split('viewBox="', 1)[1].split('"', 1)[0]
    head = Markup('<svg class="drawing" viewBox="{}" role="img" aria-label="{}">').format(
        box, chart.title
    )
    return head + Markup(inner) + Markup("</svg>")  # noqa: S704 - Vega escapes texts


def picture(chart: Chart, w: Words) -> str:
    """
    Draw a chart as a file that a page shows.

    Parameters
    ----------
    chart
        The chart.
    w
        The reader's words.

    Returns
    -------
    str
        SVG, the same for the same chart, without any address of another host; light or dark as
        the screen is.
    """
    drawn = _drawn(json.dumps(chart.spec), w.language)
    head = drawn.index(">") + 1
    return f"{drawn[:head]}<style>{drawing_styles()}</style>{drawn[head:]}"


@lru_cache(maxsize=128)
def _drawn(spec: str, language: str) -> str:
    drawn: str = vl_convert.vegalite_to_svg(json.loads(spec), **number_locale(language))
    return drawn


def png(chart: Chart, w: Words) -> bytes:
    """
    Draw a chart as a picture for paper.

    Parameters
    ----------
    chart
        The chart.
    w
        The reader's words.

    Returns
    -------
    bytes
        PNG, twice as fine as on a screen.
    """
    return bytes(vl_convert.vegalite_to_png(chart.spec, scale=2, **number_locale(w.language)))


def _shares(data: ReportData, w: Words) -> dict[str, Any]:
    rows = sorted(data.shares, key=lambda row: alphabet(row.municipality))
    rules = list(dict.fromkeys(rule for row in rows for rule, _ in row.shares_sek))
    names = [rule_name(rule, w) for rule in rules]
    values = [
        {"place": short(row.municipality, 24), "rule": rule_name(rule, w), "sek": amount}
        for row in rows
        for rule, amount in row.shares_sek
    ]
    order = [short(row.municipality, 24) for row in rows]
    place = alt.Y("place:N", sort=order, title=None, axis=alt.Axis(grid=True, ticks=False))
    scale = alt.Scale(domain=names, range=_COLOURS[: len(names)])
    shapes = alt.Scale(domain=names, range=_SHAPES[: len(names)])
    legend = alt.Legend(title=None, orient="top", symbolSize=110)
    base = alt.Chart(_inline(values))
    line = base.mark_line(color=RULE, strokeWidth=3).encode(x="sek:Q", y=place, detail="place:N")
    points = base.mark_point(size=110, filled=True, opacity=1).encode(
        x=alt.X("sek:Q", title=None, axis=alt.Axis(format=",.0f", tickCount=5)),
        y=place,
        color=alt.Color("rule:N", scale=scale, legend=legend),
        shape=alt.Shape("rule:N", scale=shapes, legend=legend),
    )
    return _finished(alt.layer(line, points), height=max(120, 30 * len(rows)))


def _waits(data: ReportData, w: Words) -> dict[str, Any]:
    rows = sorted(data.waits, key=lambda row: row.days)
    secret = hidden([row.items for row in rows], data.smallest_count)
    values = [
        {"days": row.days, "items": row.items} for i, row in enumerate(rows) if i not in secret
    ]
    bars = (
        alt.Chart(_inline(values))
        .mark_bar(color=_COLOURS[0])
        .encode(
            x=alt.X("days:O", title=w.t("Days"), axis=alt.Axis(labelAngle=0)),
            y=alt.Y("items:Q", title=None, axis=alt.Axis(format=",.0f", tickCount=5)),
        )
    )
    return _finished(bars, height=220)


def _trend(data: ReportData, w: Words) -> dict[str, Any]:
    spans = [(span_name(span, data.trend_period, w), span) for span in data.trend if span.items]
    values = [
        {
            "span": name,
            "sek": span.cost_sek / span.items,
            "km": kilometres(span.distance_metres),
            "days": span.median_days,
        }
        for name, span in spans
    ]
    names = [name for name, _ in spans]
    titles = (w.t("SEK per item"), w.t("km"), w.t("Days, median"))
    rows = [
        _line(values, names, field, title, last=field == "days")
        for field, title in zip(("sek", "km", "days"), titles, strict=True)
    ]
    return styled(alt.vconcat(*rows, spacing=18, background=SHEET))


def _line(
    values: list[dict[str, Any]], names: list[str], field: str, title: str, *, last: bool
) -> Any:  # noqa: ANN401 - altair's charts
    axis = alt.Axis(labelAngle=-40) if last else alt.Axis(labels=False, ticks=False)
    x = alt.X("span:N", sort=names, title=None, axis=axis)
    most = max([_LEAST_SCALE, *(value[field] for value in values if value[field] is not None)])
    scale = alt.Scale(domain=[0, most], nice=True)
    y = alt.Y(f"{field}:Q", title=title, scale=scale, axis=alt.Axis(format=",.0f", tickCount=3))
    base = alt.Chart(_inline(values)).encode(x=x, y=y)
    line = base.mark_line(color=_COLOURS[0], strokeWidth=2.5)
    points = base.mark_point(color=_COLOURS[0], filled=True, size=50, opacity=1)
    return alt.layer(line, points).properties(width=560, height=96)


def _inline(values: list[dict[str, Any]]) -> Any:  # noqa: ANN401 - altair's data
    return alt.Data(values=values)  # type: ignore[no-untyped-call]


def _finished(chart: Any, *, height: int) -> dict[str, Any]:  # noqa: ANN401 - altair's charts
    return styled(chart.properties(width=560, height=height, background=SHEET))


def styled(chart: Any) -> dict[str, Any]:  # noqa: ANN401 - altair's charts
    """
    Give a chart the ink, rules and sizes of all charts.

    Parameters
    ----------
    chart
        An altair chart.

    Returns
    -------
    dict
        What the renderer draws.
    """
    dressed = (
        chart.configure(font="sans-serif")  # first, as it makes the configuration anew
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=INK, titleColor=QUIET, gridColor=RULE, domainColor=RULE,
            labelFontSize=13, titleFontSize=13, tickColor=RULE, labelLimit=220,
        )
        .configure_legend(labelColor=INK, labelFontSize=13)
    )  # fmt: skip
    spec: dict[str, Any] = json.loads(dressed.to_json(validate=False))
    return spec


def number_locale(language: str) -> dict[str, Any]:
    """
    Say how numbers on a chart's axes are written.

    Parameters
    ----------
    language
        ``sv`` or ``en``.

    Returns
    -------
    dict
        What the renderer is told besides the chart; nothing for English.
    """
    space = "\N{NO-BREAK SPACE}"
    swedish = {"decimal": ",", "thousands": space, "grouping": [3], "currency": ["", " kr"]}
    return {"format_locale": swedish} if language == "sv" else {}

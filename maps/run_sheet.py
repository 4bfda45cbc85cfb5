"""The run sheet: what the driver does at each stop, on a page or on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maps import codes, terms
from maps.i18n import words
from maps.pages import render, styles
from maps.pdf import Sheet, printable
from maps.stops import by_destination, crates, direct, hub_crate, sums

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logistics.operations.view.day_view import DayView
    from logistics.operations.view.run_records import RunView, StopView
    from maps.i18n import Words

_NUMBER, _PLACE, _OFF, _ON, _CODE, _GAP = 15.0, 51.0, 36.0, 61.0, 20.0, 2.5
_WIDER = 14.0
_MANY_ROWS = 5
_LEAST = 8


def run_sheet_html(
    view: DayView,
    numbers: Sequence[int] | None = None,
    *,
    language: str = "sv",
    assets: str = "inline",
    link: str = "",
) -> str:
    """
    Write run sheets as one page that prints one run a sheet.

    Parameters
    ----------
    view
        The day.
    numbers
        Numbers of the runs; None for all.
    language
        ``sv`` or ``en``.
    assets
        ``inline``, or the address below which `maps.assets` are served.
    link
        What stands before the code of a stop in its QR code, such as the address of the driver's
        page; empty for the code alone.

    Returns
    -------
    str
        HTML.
    """
    w = words(language)
    return render(
        "run_sheet.html",
        w,
        view=view,
        runs=_chosen(view, numbers),
        link=link,
        off=lambda stop: off_lines(stop, w),
        on=lambda stop: on_lines(stop, w),
        at_hub=by_destination,
        crates=crates,
        qr=codes.qr_svg,
        styles=styles(assets, "theme.css"),
    )


def run_sheet_pdf(
    view: DayView,
    numbers: Sequence[int] | None = None,
    *,
    language: str = "sv",
    link: str = "",
) -> bytes:
    """
    Write run sheets as PDF, A4.

    Parameters
    ----------
    view
        The day.
    numbers
        Numbers of the runs; None for all.
    language
        ``sv`` or ``en``.
    link
        What stands before the code of a stop in its QR code.

    Returns
    -------
    bytes
        The PDF.
    """
    w = words(language)
    sheet = Sheet(w, w.t("Run sheet, {day}", day=w.day(view.service_day)), view.service_day)
    runs = _chosen(view, numbers)
    for run in runs:
        _head(sheet, view, run, link)
        for stop in run.stops:
            _stop(sheet, stop, link)
            if run.break_after == stop.number and run.break_begin is not None:
                length = w.t("Break, {length}", length=w.span(run.break_seconds))
                _line(sheet, w.clock(run.break_begin), length)
        aboard = w.t("put off {n}", n=terms.items(w, sum(b.items for b in run.unload_at_hub)))
        _line(sheet, w.clock(run.end), f"{w.t('Back at the hub')}: {aboard}")
    if not runs:
        sheet.add_page()
        sheet.type(14)
        sheet.say(w.t("No van runs today."))
    return sheet.content()


def off_lines(stop: StopView, w: Words) -> list[str]:
    """
    Say what comes off, a line a place.

    Parameters
    ----------
    stop
        The stop.
    w
        The reader's words.

    Returns
    -------
    list[str]
        First what rode from the hub, then bundles by origin.
    """
    rows = sums(stop, "unload")
    hub = sum(n for _, n, ride in rows if ride.value == "from-hub")
    lines = [w.t("{n} from the hub", n=hub)] if hub else []
    return lines + [
        w.t("{n} from {place}", n=n, place=place)
        for place, n, ride in rows
        if ride.value == "direct"
    ]


def on_lines(stop: StopView, w: Words) -> list[str]:
    """
    Say what goes on, a line a bundle.

    Parameters
    ----------
    stop
        The stop.
    w
        The reader's words.

    Returns
    -------
    list[str]
        Bundles by destination, then the crate for the hub.
    """
    lines = [w.t("{n} to {place}", n=n, place=place) for place, n in direct(stop)]
    hub = hub_crate(stop.load)
    return [*lines, w.t("{n} in the hub crate", n=hub)] if hub else lines


def _chosen(view: DayView, numbers: Sequence[int] | None) -> list[RunView]:
    return [run for run in view.runs if numbers is None or run.number in numbers]


def _head(sheet: Sheet, view: DayView, run: RunView, link: str) -> None:
    w = sheet.words
    day = w.day(view.service_day)
    name = w.t("Run {n}: {van}", n=run.number, van=run.vehicle_name)
    sheet.begin(f"{name} · {day}")
    top, right = sheet.get_y(), sheet.w - sheet.r_margin
    if run.code:
        codes.draw_qr(sheet, link + run.code, right - 26, top - 3, 26)
    sheet.type(20, bold=True)
    sheet.cell(0, 9, sheet.fit(name, sheet.epw - 32, 20, 12), new_x="LMARGIN", new_y="NEXT")
    sheet.type(12)
    sheet.say(day, sheet.epw - 32)
    facts = [
        f"{w.clock(run.start)}–{w.clock(run.end)}",  # noqa: RUF001 - a span of time
        w.many("{n} stop", "{n} stops", len(run.stops)),
        w.km(run.distance_metres),
        f"{terms.state_name(w, view.state)} {view.version}",
    ]
    sheet.type(10)
    sheet.say(" · ".join(facts), sheet.epw - 32)
    sheet.ln(2)
    load = sum(bundle.items for bundle in run.load_at_hub)
    text = w.t("Leaves the hub with {n}", n=terms.items(w, load))
    boxes = w.many("{n} crate", "{n} crates", crates(run, load))
    goods = ", ".join(f"{place} {n}" for place, n in by_destination(run.load_at_hub))
    _line(sheet, w.clock(run.start), f"{text} ({boxes})", goods)


def _line(sheet: Sheet, time: str, text: str, more: str = "") -> None:
    """Write what happens between stops: start, break, end."""
    sheet.room(14)
    top = sheet.get_y() + 1.5
    left = sheet.l_margin + _NUMBER
    sheet.type(11, bold=True)
    sheet.box(time, sheet.l_margin, top, _NUMBER)
    end = sheet.box(text, left, top, sheet.epw - _NUMBER)
    if more:
        sheet.type(9)
        end = sheet.box(more, left, end, sheet.epw - _NUMBER)
    sheet.set_y(end + 1.5)
    sheet.line(sheet.l_margin, sheet.get_y(), sheet.l_margin + sheet.epw, sheet.get_y())


def _stop(sheet: Sheet, stop: StopView, link: str) -> None:
    w = sheet.words
    off, on = off_lines(stop, w), on_lines(stop, w)
    wider = _WIDER if len(on) <= _MANY_ROWS and not _fits(sheet, off, _OFF) else 0.0
    lines = 1 + max(len(off), _rows_deep(on, _ON - wider))
    sheet.room(max(24.0, 4.6 * lines + 5))
    top = sheet.get_y() + 2
    left = sheet.l_margin
    sheet.type(20, bold=True)
    sheet.box(str(stop.number), left, top - 1, _NUMBER)
    sheet.rect(left + 1, top + 10, 7, 7)  # to tick
    ends = [top + 20, _place(sheet, stop, left + _NUMBER, top)]
    x = left + _NUMBER + _PLACE + _GAP
    put_off, taken = (sum(b.items for b in goods) for goods in (stop.unload, stop.load))
    middle = _OFF + wider
    ends.append(_goods(sheet, f"{w.t('OFF')} {put_off}", off, x, top, middle))
    ends.append(_goods(sheet, f"{w.t('ON')} {taken}", on, x + middle, top, _ON - wider))
    if stop.code:
        codes.draw_qr(sheet, link + stop.code, left + sheet.epw - _CODE, top - 1, _CODE)
    sheet.set_y(max(ends) + 2)
    sheet.line(left, sheet.get_y(), left + sheet.epw, sheet.get_y())


def _place(sheet: Sheet, stop: StopView, x: float, top: float) -> float:
    w = sheet.words
    sheet.type(15, bold=True)
    y = sheet.box(w.clock(stop.arrive), x, top - 0.5, _PLACE)
    sheet.type(12, bold=True)
    sheet.set_xy(x, y)
    sheet.set_font_size(_LEAST)
    whole = sheet.get_string_width(printable(stop.place.name)) <= _PLACE
    name = stop.place.name if whole else stop.place.short_name
    sheet.cell(_PLACE, 5.5, sheet.fit(name, _PLACE, 12, _LEAST))
    y += 6
    more = [stop.place.address[:160], stop.note[:200], terms.fetched(w, stop)[:200]]
    if stop.begin - stop.arrive >= 60:  # noqa: PLR2004 - a minute is the least a driver notices
        more.append(w.t("opens {time}", time=w.clock(stop.begin)))
    sheet.type(9)
    for text in filter(None, more):
        y = sheet.box(text, x, y, _PLACE)
    return y


def _fits(sheet: Sheet, rows: list[str], width: float) -> bool:
    sheet.type(_LEAST)
    return all(sheet.get_string_width(printable(row)) <= width - 2 for row in rows)


def _goods(sheet: Sheet, title: str, rows: list[str], x: float, top: float, width: float) -> float:
    """Write goods under a title, in two columns where they are many."""
    sheet.type(11, bold=True)
    first = sheet.box(title, x, top, width - 2)
    deep = _rows_deep(rows, width)
    room = width if deep == len(rows) else width / 2
    for i, row in enumerate(rows):
        sheet.type(9.5)
        sheet.set_xy(x + room * (i // max(deep, 1)), first + 4.4 * (i % max(deep, 1)))
        sheet.cell(room - 2, 4.4, sheet.fit(row, room - 2, 9.5, _LEAST))
    return first + 4.4 * deep


def _rows_deep(rows: list[str], width: float) -> int:
    """Say how many lines goods take: two columns where they are many and the room allows."""
    return -(-len(rows) // 2) if len(rows) > _MANY_ROWS and width >= _ON else len(rows)

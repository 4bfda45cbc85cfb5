"""The packing list: what a branch packs before the van comes, and what it will receive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logistics.operations.view.kinds import Ride
from maps import terms
from maps.i18n import words
from maps.pages import render, styles
from maps.pdf import Sheet
from maps.run_sheet import off_lines
from maps.stops import alphabet, hub_crate

if TYPE_CHECKING:
    from logistics.operations.view.day_view import DayView
    from logistics.operations.view.run_records import BundleView, StopView
    from maps.i18n import Words
from maps.visits import Visit, visits


def packing_list_html(
    view: DayView, branch: str | None = None, *, language: str = "sv", assets: str = "inline"
) -> str:
    """
    Write packing lists as one page that prints one branch a sheet.

    Parameters
    ----------
    view
        The day.
    branch
        Id of the branch; None for all that are served.
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
    return render(
        "packing_list.html",
        w,
        view=view,
        branches=visits(view, branch),
        reasons=_reasons(view, branch, w),
        pack=lambda stop: pack_lines(stop, w),
        receive=lambda stop: off_lines(stop, w),
        styles=styles(assets, "theme.css"),
    )


def packing_list_pdf(view: DayView, branch: str | None = None, *, language: str = "sv") -> bytes:
    """
    Write packing lists as PDF, A4, one branch a page.

    Parameters
    ----------
    view
        The day.
    branch
        Id of the branch; None for all that are served.
    language
        ``sv`` or ``en``.

    Returns
    -------
    bytes
        The PDF.
    """
    w = words(language)
    title = w.t("Packing list, {day}", day=w.day(view.service_day))
    sheet = Sheet(w, title, view.service_day, margin=15)
    branches = visits(view, branch)
    for place, calls in branches:
        sheet.begin(f"{place.name} · {title}")
        sheet.type(22, bold=True)
        sheet.cell(0, 11, sheet.fit(place.name, sheet.epw, 22, 11), new_x="LMARGIN", new_y="NEXT")
        sheet.type(12)
        sheet.say(title)
        for call in calls:
            _visit(sheet, call)
    if not branches:
        sheet.add_page()
        sheet.type(14)
        for line in _reasons(view, branch, w) or [w.t("No van calls here today.")]:
            sheet.say(line)
    return sheet.content()


def pack_lines(stop: StopView, w: Words) -> list[tuple[str, int, str]]:
    """
    List what is packed for a stop.

    Parameters
    ----------
    stop
        The stop.
    w
        The reader's words.

    Returns
    -------
    list[tuple[str, int, str]]
        What stands on the bundle, how many items, and how they ride: a row a label.
    """
    direct = sorted(
        (bundle for bundle in stop.packed if bundle.ride is Ride.DIRECT),
        key=_order,
    )
    bundles = [
        (
            w.t("Bundle for {place}", place=bundle.destination.short_name),
            bundle.items,
            f"{_kind(w, bundle)}, {w.t('arrives today')}",
        )
        for bundle in direct
    ]
    hub = hub_crate(stop.packed)
    everything = (w.t("Hub crate"), hub, w.t("everything else, by way of the hub"))
    return [*bundles, everything] if hub else bundles


def _order(bundle: BundleView) -> tuple[list[str], str, bool]:
    return alphabet(bundle.destination.short_name), bundle.kind.value, not bundle.overdue


def _kind(w: Words, bundle: BundleView) -> str:
    return terms.kind_name(w, bundle.kind, bundle.items, overdue=bundle.overdue)


def _visit(sheet: Sheet, call: Visit) -> None:
    w, stop = sheet.words, call.stop
    sheet.ln(4)
    sheet.type(16, bold=True)
    arrives = w.t("{van} comes at {time}", van=call.run.vehicle_name, time=w.clock(stop.arrive))
    sheet.say(arrives)
    sheet.type(10)
    order = w.t("Run {n}, stop {stop}", n=call.run.number, stop=stop.number)
    sheet.say(f"{order} · {w.t('be ready before {time}', time=w.clock(stop.arrive))}")
    sheet.ln(3)
    total = sum(bundle.items for bundle in stop.packed)
    _heading(sheet, w.t("Pack: {n}", n=terms.items(w, total)))
    for text, n, ride in pack_lines(stop, w):
        _tick_line(sheet, text, n, ride)
    if stop.fetched:
        sheet.type(12)
        sheet.say(terms.fetched(w, stop))
    sheet.ln(3)
    total = sum(bundle.items for bundle in stop.unload)
    _heading(sheet, w.t("Receive: {n}", n=terms.items(w, total)))
    for line in off_lines(stop, w):
        _tick_line(sheet, line, None, "")


def _heading(sheet: Sheet, text: str) -> None:
    sheet.room(20)
    sheet.type(13, bold=True)
    sheet.say(text)
    sheet.line(sheet.l_margin, sheet.get_y(), sheet.l_margin + sheet.epw, sheet.get_y())
    sheet.ln(1.5)


def _tick_line(sheet: Sheet, text: str, n: int | None, ride: str) -> None:
    sheet.room(8)
    x, y = sheet.l_margin, sheet.get_y()
    sheet.rect(x + 0.5, y + 1, 4.6, 4.6)
    sheet.type(12, bold=n is not None)
    sheet.set_xy(x + 9, y)
    sheet.cell(85, 6.6, sheet.fit(text, 84, 12, 8))
    sheet.type(12, bold=True)
    sheet.cell(16, 6.6, "" if n is None else str(n), align="R")
    sheet.type(9)
    sheet.cell(0, 6.6, sheet.fit("   " + ride, 68, 9, 7), new_x="LMARGIN", new_y="NEXT")
    sheet.ln(1)


def _reasons(view: DayView, branch: str | None, w: Words) -> list[str]:
    chosen = (u for u in view.unserved if branch in {None, u.place.id})
    return [f"{u.place.name}: {terms.unserved_reason(w, u)}" for u in chosen]

"""Labels for bundles and hub crates: destination large, run and stop, bar code and QR code."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from logistics.operations.view.kinds import Ride
from maps import codes, terms
from maps.i18n import words
from maps.pages import render, styles
from maps.pdf import Sheet
from maps.stops import crates, hub_crate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logistics.operations.view.day_view import DayView
    from logistics.operations.view.run_records import BundleView, RunView, StopView
    from maps.i18n import Words


class Format(StrEnum):
    """What labels are printed on."""

    A6 = "a6"
    ROLL62 = "roll62"


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """
    What stands on one label.

    Attributes
    ----------
    to
        Destination, or the word for the hub; large.
    way
        Run and stop at which it comes off.
    lines
        Origin, contents, day.
    code
        Bar code; empty for none.
    """

    to: str
    way: str
    lines: tuple[str, ...]
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """Measures of a format, in millimetres and points."""

    size: tuple[float, float]
    margin: float
    to: float
    way: float
    text: float
    qr: float


_LOOKS = {
    Format.A6: _Look(size=(148, 105), margin=7, to=58, way=20, text=13, qr=24),
    Format.ROLL62: _Look(size=(62, 100), margin=4, to=30, way=13, text=10, qr=20),
}


def labels(view: DayView, branch: str | None = None, *, language: str = "sv") -> list[Label]:
    """
    List the labels that are needed.

    Parameters
    ----------
    view
        The day.
    branch
        Id of the branch (or the hub) that packs; None for all.
    language
        ``sv`` or ``en``.

    Returns
    -------
    list[Label]
        In order of runs and stops: for each bundle that rides direct or from the hub one, and for
        each hub crate one.
    """
    w = words(language)
    return [
        label
        for run in view.runs
        for origin, label in _of_run(view, run, w)
        if branch in {None, origin}
    ]


def labels_html(
    view: DayView,
    branch: str | None = None,
    *,
    language: str = "sv",
    form: Format = Format.A6,
    assets: str = "inline",
) -> str:
    """
    Write labels as a page that prints one label a sheet.

    Parameters
    ----------
    view
        The day.
    branch
        Id of the branch (or the hub) that packs; None for all.
    language
        ``sv`` or ``en``.
    form
        A6 or a roll of 62 mm.
    assets
        ``inline``, or the address below which `maps.assets` are served.

    Returns
    -------
    str
        HTML.
    """
    w = words(language)
    look = _LOOKS[form]
    return render(
        "labels.html",
        w,
        view=view,
        labels=labels(view, branch, language=language),
        form=form.value,
        size=look.size,
        bars=codes.bar_svg,
        qr=codes.qr_svg,
        styles=styles(assets, "theme.css"),
    )


def labels_pdf(
    view: DayView,
    branch: str | None = None,
    *,
    language: str = "sv",
    form: Format = Format.A6,
) -> bytes:
    """
    Write labels as PDF, one a page.

    Parameters
    ----------
    view
        The day.
    branch
        Id of the branch (or the hub) that packs; None for all.
    language
        ``sv`` or ``en``.
    form
        A6 or a roll of 62 mm.

    Returns
    -------
    bytes
        The PDF; one page that says so when there is nothing to label.
    """
    w = words(language)
    look = _LOOKS[form]
    title = w.t("Labels, {day}", day=w.day(view.service_day))
    sheet = Sheet(w, title, view.service_day, size=look.size, margin=look.margin)
    sheet.set_auto_page_break(auto=False)
    found = labels(view, branch, language=language)
    for label in found:
        _draw(sheet, label, look)
    if not found:
        sheet.add_page()
        sheet.type(look.text)
        sheet.say(w.t("Nothing to label."))
    return sheet.content()


def _of_run(view: DayView, run: RunView, w: Words) -> Iterator[tuple[str, Label]]:
    for bundle in run.load_at_hub:
        yield view.hub.id, _bundle(view, run, bundle, w)
    for stop in run.stops:
        for bundle in stop.packed:
            if bundle.ride is Ride.DIRECT:
                yield stop.place.id, _bundle(view, run, bundle, w)
        waiting = hub_crate(stop.packed)
        for number in range(1, crates(run, waiting) + 1):
            yield stop.place.id, _hub_crate(view, run, stop, number, w)


def _bundle(view: DayView, run: RunView, bundle: BundleView, w: Words) -> Label:
    stop = next((s for s in run.stops if s.place.id == bundle.destination.id), None)
    order = {"n": run.number, "van": run.vehicle_name}
    way = w.t("Run {n} · {van}", **order)
    return Label(
        to=bundle.destination.short_name,
        way=way if stop is None else f"{way} · {w.t('stop {n}', n=stop.number)}",
        lines=(
            w.t("From {place}", place=bundle.origin.short_name),
            terms.kind_name(w, bundle.kind, bundle.items, overdue=bundle.overdue),
            w.day(view.service_day),
        ),
        code=bundle.id,
    )


def _hub_crate(view: DayView, run: RunView, stop: StopView, number: int, w: Words) -> Label:
    day = view.service_day
    return Label(
        to=w.t("HUB"),
        way=w.t("Run {n} · {van}", n=run.number, van=run.vehicle_name),
        lines=(
            w.t("From {place}", place=stop.place.short_name),
            w.t("Hub crate {n}: {place}", n=number, place=view.hub.short_name),
            w.day(day),
        ),
        code=f"HUB-{day:%y%m%d}-{run.number}-{stop.number}-{number}",
    )


def _draw(sheet: Sheet, label: Label, look: _Look) -> None:
    sheet.add_page()
    width, bottom = sheet.epw, sheet.h - look.margin
    sheet.type(look.to, bold=True)
    text = sheet.fit(label.to, width, look.to, look.to / 3)
    sheet.cell(width, look.to * 0.45, text, new_x="LMARGIN", new_y="NEXT")
    sheet.type(look.way, bold=True)
    text = sheet.fit(label.way, width, look.way, look.way / 2)
    sheet.cell(width, look.way * 0.52, text, new_x="LMARGIN", new_y="NEXT")
    sheet.ln(1)
    for line in label.lines:
        sheet.type(look.text)
        text = sheet.fit(line, width, look.text, look.text / 2)
        sheet.cell(width, look.text * 0.5, text, new_x="LMARGIN", new_y="NEXT")
    if not label.code:
        return
    wide = width > 2 * (look.qr + 20)  # side by side where there is room, else one above the other
    left, bars = sheet.l_margin, width - look.qr if wide else width
    codes.draw_qr(sheet, label.code, left + width - look.qr, bottom - look.qr, look.qr)
    height = 16.0
    top = bottom - height - 4 if wide else bottom - look.qr - height - 1
    codes.draw_bars(sheet, label.code, left, top, bars, height)
    sheet.type(8)
    sheet.set_xy(left, bottom - 4)
    room = width - look.qr
    sheet.cell(room, 4, sheet.fit(label.code, room, 8, 5))

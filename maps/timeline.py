"""The timeline: a bar a run of driving, stops, waiting and break, with the load as a band."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from markupsafe import Markup

from logistics.units import SECONDS_PER_HOUR
from maps.escape import short
from maps.i18n import words
from maps.pages import render, styles
from maps.stops import stop_key
from maps.theme import style_number

if TYPE_CHECKING:
    from logistics.operations.view.day_view import DayView
    from logistics.operations.view.run_records import RunView
    from maps.i18n import Words

_WIDTH, _LEFT, _RIGHT = 1000.0, 96.0, 16.0
_TOP, _ROW, _BAND = 26.0, 74.0, 26.0
_BAR = 20.0
_CLOCK_WIDTH = 28.0


class Doing(StrEnum):
    """What a van is doing."""

    DRIVE = "drive"
    STOP = "stop"
    WAIT = "wait"
    BREAK = "break"


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """
    A stretch of time in which a van does one thing.

    Attributes
    ----------
    doing
        What it does.
    begin, end
        Clock times.
    stop
        Number of the stop it stands at or drives to; 0 for the hub.
    items
        Items aboard at the end of it.
    """

    doing: Doing
    begin: int
    end: int
    stop: int
    items: int


def phases(run: RunView) -> list[Phase]:
    """
    Cut a run into phases without a gap.

    Parameters
    ----------
    run
        The run.

    Returns
    -------
    list[Phase]
        From start to end, in order; a phase of no length is left out.
    """
    found: list[Phase] = []
    now, items = run.start, run.legs[0].items_aboard if run.legs else 0

    def until(doing: Doing, end: int, stop: int, aboard: int) -> None:
        nonlocal now, items
        items = aboard
        if end > now:
            found.append(Phase(doing=doing, begin=now, end=end, stop=stop, items=items))
            now = end

    for number, leg in enumerate(run.legs):
        if number and run.break_after == number and run.break_begin is not None:
            until(Doing.WAIT, run.break_begin, number, items)
            until(Doing.BREAK, run.break_begin + run.break_seconds, number, items)
        until(Doing.WAIT, leg.depart, number, items)
        reached = number + 1 if number < len(run.stops) else 0
        until(Doing.DRIVE, leg.arrive, reached, leg.items_aboard)
        if reached:
            stop = run.stops[number]
            until(Doing.WAIT, stop.begin, reached, items)
            until(Doing.STOP, stop.depart, reached, stop.items_aboard)
    until(Doing.WAIT, run.end, 0, items)
    return found


def timeline_svg(view: DayView, *, language: str = "sv", now: int | None = None) -> Markup:
    """
    Draw the timeline of a day.

    Parameters
    ----------
    view
        The day.
    language
        ``sv`` or ``en``.
    now
        Clock time of the line that says how late it is; None for none.

    Returns
    -------
    Markup
        An SVG element; `timeline_html` puts its twin table under it.
    """
    w = words(language)
    first = min((run.start for run in view.runs), default=0) // SECONDS_PER_HOUR
    last = -(-max((run.end for run in view.runs), default=SECONDS_PER_HOUR) // SECONDS_PER_HOUR)
    scale = _Scale(first * SECONDS_PER_HOUR, last * SECONDS_PER_HOUR)
    height = _TOP + _ROW * len(view.runs) + 4
    parts = [_hours(scale, range(first, last + 1), height, now)]
    most = max((run.most_items_aboard for run in view.runs), default=0)
    for row, run in enumerate(view.runs):
        parts.append(_run(run, _TOP + row * _ROW, scale, most, w))
    if now is not None and scale.begin <= now <= scale.end:
        x = scale.x(now)
        parts.append(
            Markup('<path class="now" d="M{0:.1f} 18V{1:.0f}"/>').format(x, height)
            + Markup('<text class="now" x="{:.1f}" y="12">{}</text>').format(x, w.clock(now))
        )
    head = Markup('<svg class="timeline" viewBox="0 0 {:.0f} {:.0f}" role="img" aria-label="{}">')
    label = w.t("Timeline of the runs; the table below says the same")
    return head.format(_WIDTH, height, label) + _HATCHES + Markup("").join(parts) + Markup("</svg>")


def timeline_html(
    view: DayView,
    *,
    language: str = "sv",
    now: int | None = None,
    assets: str = "inline",
    page: bool = False,
) -> str:
    """
    Write the timeline with its legend and its twin table.

    Parameters
    ----------
    view
        The day.
    language
        ``sv`` or ``en``.
    now
        Clock time of the line that says how late it is; None for none.
    assets
        ``inline``, or the address below which `maps.assets` are served; used for a page.
    page
        Whether a whole page is written, not a part of one.

    Returns
    -------
    str
        HTML.
    """
    w = words(language)
    return render(
        "timeline_page.html" if page else "timeline.html",
        w,
        view=view,
        drawing=timeline_svg(view, language=language, now=now),
        phases=phases,
        doing=lambda phase: doing_name(w, phase.doing),
        where=lambda run, phase: place_name(run, phase, w),
        styles=styles(assets, "theme.css"),
    )


def doing_name(w: Words, doing: Doing) -> str:
    """
    Name what a van is doing.

    Parameters
    ----------
    w
        The reader's words.
    doing
        What it does.

    Returns
    -------
    str
        One word.
    """
    return {
        Doing.DRIVE: w.t("Drives"),
        Doing.STOP: w.t("Stops"),
        Doing.WAIT: w.t("Waits"),
        Doing.BREAK: w.t("Break"),
    }[doing]


def place_name(run: RunView, phase: Phase, w: Words) -> str:
    """
    Say where a van is, or where it drives to.

    Parameters
    ----------
    run
        The run.
    phase
        The phase.
    w
        The reader's words.

    Returns
    -------
    str
        Name of the branch, or the word for the hub; not escaped.
    """
    hub = not phase.stop
    place = w.t("Hub") if hub else short(run.stops[phase.stop - 1].place.short_name, 60)
    return w.t("to {place}", place=place) if phase.doing is Doing.DRIVE else place


@dataclass(frozen=True, slots=True)
class _Scale:
    begin: int
    end: int

    def x(self, seconds: float) -> float:
        share = (seconds - self.begin) / max(self.end - self.begin, 1)
        return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)


def _hours(scale: _Scale, hours: range, height: float, now: int | None) -> Markup:
    line = Markup('<path class="hour" d="M{0:.1f} 20V{1:.0f}"/>')
    text = Markup('<text class="hour" x="{:.1f}" y="14">{:02d}</text>')
    places = {hour: scale.x(hour * SECONDS_PER_HOUR) for hour in hours[:: 1 + len(hours) // 16]}
    taken = -_LEFT if now is None else scale.x(now)
    lines = [line.format(x, height) for x in places.values()]
    texts = [text.format(x, hour) for hour, x in places.items() if abs(x - taken) > _CLOCK_WIDTH]
    return Markup("").join(lines + texts)


def _run(run: RunView, top: float, scale: _Scale, most: int, w: Words) -> Markup:
    name = Markup('<text class="van" x="4" y="{:.1f}">{}</text>').format(
        top + 26, short(run.vehicle_name, 12)
    )
    parts = [_bar(run, phase, top, scale, w) for phase in phases(run)]
    group = Markup('<g class="run-{}">{}{}{}</g>')
    band = _band(run, top, scale, most)
    return group.format(style_number(run.number), name, Markup("").join(parts), band)


def _bar(run: RunView, phase: Phase, top: float, scale: _Scale, w: Words) -> Markup:
    x, width = scale.x(phase.begin), scale.x(phase.end) - scale.x(phase.begin)
    thin = phase.doing is Doing.DRIVE
    height = 5.0 if thin else _BAR
    y = top + 21 - height / 2
    said = f"{w.clock(phase.begin)}–{w.clock(phase.end)} "  # noqa: RUF001 - a span of time
    said += f"{doing_name(w, phase.doing)} {place_name(run, phase, w)}"
    bar = Markup(
        '<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.0f}"><title>{}</title>'
        "</rect>"
    ).format(phase.doing.value, x, y, max(width, 1.5), height, said)
    if phase.doing is not Doing.STOP:
        return bar
    number = Markup('<text class="order" x="{:.1f}" y="{:.1f}">{}</text>').format(
        x + width / 2, top + 8.5, phase.stop
    )
    key = stop_key(run, run.stops[phase.stop - 1])
    group = Markup('<g class="at" data-key="{0}" data-show="{0}">{1}{2}</g>')
    return group.format(key, bar, number)


def _band(run: RunView, top: float, scale: _Scale, most: int) -> Markup:
    if not most:
        return Markup("")
    bottom = top + _ROW - 8
    points = [f"M{scale.x(run.start):.1f} {bottom:.1f}"]
    for phase in phases(run):
        y = bottom - _BAND * phase.items / most
        points.append(f"L{scale.x(phase.begin):.1f} {y:.1f}H{scale.x(phase.end):.1f}")
    points.append(f"V{bottom:.1f}Z")
    peak = max(phases(run), key=lambda phase: phase.items)
    text = Markup('<text class="load" x="{:.1f}" y="{:.1f}">{}</text>').format(
        scale.x(peak.begin) + 3, bottom - _BAND * peak.items / most + 10, peak.items
    )
    return Markup('<path class="band" d="{}"/>').format("".join(points)) + text


_HATCHES = Markup(
    '<defs><pattern id="wait-hatch" width="6" height="6" patternUnits="userSpaceOnUse"'
    ' patternTransform="rotate(45)"><path d="M0 0V6" class="hatch"/></pattern>'
    '<pattern id="break-dots" width="6" height="6" patternUnits="userSpaceOnUse">'
    '<circle cx="3" cy="3" r="1.5" class="dot"/></pattern></defs>'
)

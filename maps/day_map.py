"""The day map: which van, in which order, when it comes, what comes off and what goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from maps import escape, layers, terms
from maps.drawn import DrawnMap, Tiles, corners
from maps.i18n import words
from maps.pages import render, scripts, styles
from maps.stops import shape, stop_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    import folium

    from logistics.operations.view.day_view import DayView, UnservedView
    from logistics.operations.view.place_records import Point
    from logistics.operations.view.run_records import RunView, StopView
    from maps.i18n import Words


def day_map_html(
    view: DayView,
    *,
    language: str = "sv",
    assets: str = "inline",
    nonce: str = "",
    tiles: Tiles | None = None,
    panel: bool = True,
    before: DayView | None = None,
) -> str:
    """
    Draw the map of a day as one page.

    Parameters
    ----------
    view
        The day.
    language
        ``sv`` or ``en``.
    assets
        ``inline`` for a file that opens without any network, or the address below which
        `maps.assets` are served.
    nonce
        Nonce of the content security policy under which the page is served.
    tiles
        A tile server to use as ground; without one the page asks no host for anything.
    panel
        Whether runs and tables stand beside the map; False to frame the map alone, with the
        tables below it.
    before
        The same day as planned before a change; its runs are drawn faint below the new ones.

    Returns
    -------
    str
        HTML.
    """
    w = words(language)
    drawn = draw_day(view, language=language, tiles=tiles, before=before)
    return render(
        "day_map.html",
        w,
        view=view,
        panel=panel,
        map_markup=Markup(drawn.markup),  # noqa: S704 - folium's element
        map_script=Markup(drawn.script),  # noqa: S704 - every text in it passed maps.escape
        styles=styles(assets, "leaflet.css", "theme.css"),
        scripts=scripts(assets, nonce, "leaflet.js", "jquery.js", "map.js"),
        nonce=nonce,
    )


def draw_day(
    view: DayView,
    *,
    language: str = "sv",
    tiles: Tiles | None = None,
    before: DayView | None = None,
) -> DrawnMap:
    """
    Draw the map alone, for a page that sets it among other things.

    Parameters
    ----------
    view
        The day.
    language
        ``sv`` or ``en``.
    tiles
        A tile server to use as ground.
    before
        The same day as planned before a change.

    Returns
    -------
    DrawnMap
        Its ``markup`` goes into an element of class ``map``, its ``script`` after the scripts of
        `maps.assets`. Elements with ``data-key`` show the selection, those with ``data-show``
        make it.
    """
    return _DayMap(view, words(language), tiles, before)


class _DayMap(DrawnMap):
    """The folium map of a day."""

    def __init__(
        self, view: DayView, w: Words, tiles: Tiles | None, before: DayView | None
    ) -> None:
        super().__init__(view.hub.point, tiles)
        for group in layers.ground(view.base_map):
            group.add_to(self.map)
        if before is not None:
            self._before(before, w).add_to(self.map)
        for group in self._groups(view, w):
            group.add_to(self.map)
        self.finish(w, w.t("Map of the day's runs"), bounds(view))

    def _groups(self, view: DayView, w: Words) -> Iterator[folium.FeatureGroup]:
        marked = [view.hub, *(stop.place for run in view.runs for stop in run.stops)]
        marked += [unserved.place for unserved in view.unserved]
        yield layers.names(view.base_map.towns, marked)
        hub = layers.layer(w.t("Hub"), control=False)
        self.markers["hub"] = _hub(view, w).add_to(hub)
        yield hub
        most = max((run.most_items_aboard for run in view.runs), default=0)
        for run in view.runs:
            group = layers.layer(w.t("Run {n}: {van}", n=run.number, van=run.vehicle_name))
            layers.run_lines(run, most, group, view.runs[: run.number - 1])
            for stop in run.stops:
                self.markers[stop_key(run, stop)] = self._stop(run, stop, w).add_to(group)
            yield group
        chips = layers.layer(w.t("Items aboard, in numbers"), show=False)
        for run in view.runs:
            layers.load_chips(run, chips)
        yield chips
        closed = layers.layer(w.t("Not visited today"))
        for unserved in view.unserved:
            self.markers[f"none-{unserved.place.id}"] = _unserved(unserved, w).add_to(closed)
        yield closed

    @staticmethod
    def _before(before: DayView, w: Words) -> folium.FeatureGroup:
        group = layers.layer(w.t("Before the change"))
        for run in before.runs:
            for leg in run.legs:
                layers.RunLine(leg.line, offset=-4, weight=3, css="before").add_to(group)
        return group

    @staticmethod
    def _stop(run: RunView, stop: StopView, w: Words) -> folium.Marker:
        key = stop_key(run, stop)
        sign = (
            f'<span class="marker {shape(run.number)}" data-key="{key}"><b>{stop.number}</b></span>'
        )
        title = w.t(
            "Stop {n}, {place}, {time}",
            n=stop.number,
            place=escape.short(stop.place.short_name, 40),
            time=w.clock(stop.arrive),
        )
        popup = escape.rendered(render("stop_popup.html", w, run=run, stop=stop))
        label = layers.name_tag(stop.place.short_name, 1, 17)
        return layers.spot(stop.place.point, sign + label, title=title, popup=popup, z=200)


def bounds(view: DayView) -> list[Point]:
    """
    Find what the map must show.

    Parameters
    ----------
    view
        The day.

    Returns
    -------
    list[Point]
        South-western and north-eastern corner.
    """
    points = [view.hub.point, *(p for run in view.runs for leg in run.legs for p in leg.line)]
    points += [stop.place.point for run in view.runs for stop in run.stops]
    if len(points) == 1:
        points += [unserved.place.point for unserved in view.unserved]
    return corners(points)


def _unserved(unserved: UnservedView, w: Words) -> folium.Marker:
    name = escape.markup(escape.short(unserved.place.name))
    reason = escape.markup(terms.unserved_reason(w, unserved))
    sign = '<span class="marker none"><b>×</b></span>'  # noqa: RUF001 - drawn, not read
    label = layers.name_tag(unserved.place.short_name, 3, 13, "quiet")
    popup = f'<h2>{name}</h2><p class="why">{reason}</p>'
    title = w.t("Not visited today: {place}", place=escape.short(unserved.place.short_name, 40))
    return layers.spot(unserved.place.point, sign + label, title=title, popup=popup)


def _hub(view: DayView, w: Words) -> folium.Marker:
    sign = '<span class="marker hub"><b>' + layers.HOUSE + "</b></span>"
    label = layers.name_tag(view.hub.short_name, 0, 19, "strong")
    title = w.t("Hub: {place}", place=escape.short(view.hub.short_name, 40))
    popup = escape.rendered(render("hub_popup.html", w, view=view))
    return layers.spot(view.hub.point, sign + label, title=title, popup=popup, z=300)

"""The day map: which van, in which order, when it comes, what comes off and what goes on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import folium
from markupsafe import Markup

from maps import escape, layers, terms
from maps.i18n import words
from maps.pages import render, scripts, styles
from maps.stops import shape, stop_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from branca.element import Element

    from logistics.operations.day_view import DayView, Point, RunView, StopView, UnservedView
    from maps.i18n import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiles:
    """
    A tile server, for those who allow a foreign or own host.

    Attributes
    ----------
    url
        Address with {z}, {x} and {y}.
    attribution
        Whom to thank; any text.
    """

    url: str
    attribution: str


def day_map_html(
    view: DayView,
    *,
    language: str = "sv",
    assets: str = "inline",
    nonce: str = "",
    tiles: Tiles | None = None,
    panel: bool = True,
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
        tables folded below it.

    Returns
    -------
    str
        HTML.
    """
    w = words(language)
    drawn = _Drawn(view, w, tiles)
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


class _Drawn:
    """A folium map taken apart: its element and its script, without folium's page around them."""

    def __init__(self, view: DayView, w: Words, tiles: Tiles | None) -> None:
        self.markers: dict[str, Element] = {}
        self.map = folium.Map(
            location=view.hub.point, tiles=None, zoom_control=False, control_scale=False,
            zoom_snap=0.25, zoom_delta=0.5, min_zoom=7, max_zoom=15,
        )  # fmt: skip
        if tiles is not None:
            thanks = escape.markup(tiles.attribution)
            folium.TileLayer(tiles.url, attr=thanks, control=False).add_to(self.map)
        for group in self._groups(view, w):
            group.add_to(self.map)
        folium.LayerControl(collapsed=False, position="topright").add_to(self.map)
        figure: Any = self.map.get_root()
        figure.render()
        self.markup = figure.html.render()
        config = {"words": _map_words(w), "bounds": bounds(view)}
        known = ", ".join(f"{escape.script(k)}: {m.get_name()}" for k, m in self.markers.items())
        start = (
            f"startMap({self.map.get_name()}, "
            f"Object.assign({escape.script(config)}, {{ markers: {{ {known} }} }}));"
        )
        self.script = figure.script.render() + start
        self._number_names()

    def _groups(self, view: DayView, w: Words) -> Iterator[folium.FeatureGroup]:
        yield from layers.ground(view.base_map)
        named = [view.hub.point, *(s.place.point for r in view.runs for s in r.stops)]
        named += [unserved.place.point for unserved in view.unserved]
        yield layers.names(view.base_map.towns, named)
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
        hub = layers.layer(w.t("Hub"), control=False)
        self.markers["hub"] = _hub(view, w).add_to(hub)
        yield hub

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
        popup = escape_page(render("stop_popup.html", w, run=run, stop=stop))
        label = layers.name_tag(stop.place.short_name, 1, 17)
        return layers.spot(stop.place.point, sign + label, title=title, popup=popup, z=200)

    def _number_names(self) -> None:
        """Give folium's random names numbers, so that the same day makes the same file."""
        ids = dict.fromkeys(element._id for element in _tree(self.map))  # noqa: SLF001
        order = {name: f"{number:x}" for number, name in enumerate(ids)}
        pattern = re.compile(r"(?<=_)[0-9a-f]{32}\b|(?<=_)[0-9a-f]{32}(?=_)")
        for field in ("markup", "script"):
            text: str = getattr(self, field)
            setattr(self, field, pattern.sub(lambda m: order.get(m[0], m[0]), text))


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
    south, north = min(p[0] for p in points), max(p[0] for p in points)
    west, east = min(p[1] for p in points), max(p[1] for p in points)
    return [(south - 0.02, west - 0.04), (north + 0.02, east + 0.04)]


def escape_page(page: str) -> str:
    """
    Make rendered markup safe to travel through folium.

    Parameters
    ----------
    page
        Markup whose texts are escaped for HTML.

    Returns
    -------
    str
        The same markup without what templates and template literals would read.
    """
    return page.translate(escape.UNREAD)


def _unserved(unserved: UnservedView, w: Words) -> folium.Marker:
    name = escape.markup(escape.short(unserved.place.name))
    reason = escape.markup(terms.unserved_reason(w, unserved))
    sign = '<span class="marker none"><b>×</b></span>'  # noqa: RUF001 - drawn, not read
    label = layers.name_tag(unserved.place.short_name, 3, 13, "quiet")
    popup = f'<h2>{name}</h2><p class="why">{reason}</p>'
    title = w.t("Not visited today: {place}", place=escape.short(unserved.place.short_name, 40))
    return layers.spot(unserved.place.point, sign + label, title=title, popup=popup)


def _hub(view: DayView, w: Words) -> folium.Marker:
    sign = '<span class="marker hub"><b>' + _HOUSE + "</b></span>"
    label = layers.name_tag(view.hub.short_name, 0, 19, "strong")
    title = w.t("Hub: {place}", place=escape.short(view.hub.short_name, 40))
    popup = escape_page(render("hub_popup.html", w, view=view))
    return layers.spot(view.hub.point, sign + label, title=title, popup=popup, z=300)


_HOUSE = (
    '<svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">'
    '<path d="M8 1 1 7h2v7h4v-4h2v4h4V7h2z"/></svg>'
)


def _map_words(w: Words) -> dict[str, str]:
    return {
        "map": w.t("Map of the day's runs"),
        "zoomIn": w.t("Zoom in"),
        "zoomOut": w.t("Zoom out"),
        "close": w.t("Close"),
        "layers": w.t("Layers"),
    }


def _tree(element: Element) -> Iterator[Element]:
    yield element
    for child in element._children.values():  # noqa: SLF001 - branca has no public walk
        yield from _tree(child)
    for part in ("html", "icon"):
        inner = getattr(element, part, None)
        if inner is not None and hasattr(inner, "_children"):
            yield from _tree(inner)

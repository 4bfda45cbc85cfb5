"""A folium map taken apart: its element and its script, without folium's page around them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import folium

from maps import escape

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from branca.element import Element

    from logistics.operations.view.place_records import Point
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


class DrawnMap:
    """
    A map to draw on, and then to put into a page of ours.

    Parameters
    ----------
    centre
        Where it stands before it is fitted to its bounds.
    tiles
        A tile server; None for none.
    """

    def __init__(self, centre: Point, tiles: Tiles | None = None) -> None:
        self.markers: dict[str, Element] = {}
        self.markup = self.script = ""
        self.map = folium.Map(
            location=centre, tiles=None, zoom_control=False, control_scale=False,
            zoom_snap=0.25, zoom_delta=0.5, min_zoom=7, max_zoom=15,
        )  # fmt: skip
        if tiles is not None:
            thanks = escape.markup(tiles.attribution)
            folium.TileLayer(tiles.url, attr=thanks, control=False).add_to(self.map)

    def finish(self, w: Words, name: str, bounds: Sequence[Point]) -> None:
        """
        Write element and script; nothing can be drawn afterwards.

        Parameters
        ----------
        w
            The reader's words.
        name
            What the map shows, for assistive technology.
        bounds
            South-western and north-eastern corner.
        """
        folium.LayerControl(collapsed=False, position="topright").add_to(self.map)
        figure: Any = self.map.get_root()
        figure.render()
        config = {"words": _map_words(w, name), "bounds": list(bounds)}
        known = ", ".join(f"{escape.script(k)}: {m.get_name()}" for k, m in self.markers.items())
        start = (
            f"startMap({self.map.get_name()}, "
            f"Object.assign({escape.script(config)}, {{ markers: {{ {known} }} }}));"
        )
        self.markup = figure.html.render()
        self.script = figure.script.render() + start
        self._number_names()

    def _number_names(self) -> None:
        """Give folium's random names numbers, so that the same day makes the same file."""
        ids = dict.fromkeys(element._id for element in _tree(self.map))  # noqa: SLF001
        order = {name: f"{number:x}" for number, name in enumerate(ids)}
        pattern = re.compile(r"(?<=_)[0-9a-f]{32}\b|(?<=_)[0-9a-f]{32}(?=_)")
        for field in ("markup", "script"):
            text: str = getattr(self, field)
            setattr(self, field, pattern.sub(lambda m: order.get(m[0], m[0]), text))


def corners(points: Sequence[Point]) -> list[Point]:
    """
    Find the box around points, with a margin.

    Parameters
    ----------
    points
        At least one point.

    Returns
    -------
    list[Point]
        South-western and north-eastern corner.
    """
    south, north = min(p[0] for p in points), max(p[0] for p in points)
    west, east = min(p[1] for p in points), max(p[1] for p in points)
    return [(south - 0.02, west - 0.04), (north + 0.02, east + 0.04)]


def _map_words(w: Words, name: str) -> dict[str, str]:
    return {
        "map": name,
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

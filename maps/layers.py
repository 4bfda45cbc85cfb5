"""The layers of our maps, drawn with folium: ground, roads, names, runs, loads, markers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import folium
from folium.template import Template
from folium.utilities import JsCode

from maps import escape
from maps.lines import along, arrows, line_width, steps
from maps.theme import style_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logistics.operations.view.place_records import BaseMapView, PlaceView, Point, TownView
    from logistics.operations.view.run_records import RunView

HOUSE = (
    '<svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">'
    '<path d="M8 1 1 7h2v7h4v-4h2v4h4V7h2z"/></svg>'
)
"""The sign of the hub."""

_ROAD_SIDE, _LANE = 5.0, 8.0


class RunLine(folium.PolyLine):
    """
    A line drawn beside its road; see ``static/map.js``.

    Parameters
    ----------
    line
        Its points.
    offset
        How far to the right of the road, in pixels.
    weight
        Its width in pixels.
    css
        Classes of the path.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = L.runLine(
                {{ this.locations|tojson }}, {{ this.options|tojavascript }}
            ).addTo({{ this._parent.get_name() }});
        {% endmacro %}
        """
    )

    def __init__(self, line: Iterable[Point], *, offset: float, weight: float, css: str) -> None:
        super().__init__(list(line), weight=weight, class_name=css)  # type: ignore[no-untyped-call]
        self.options["offset"] = offset
        self.options["interactive"] = False


def icon(markup: str) -> folium.DivIcon:
    """
    Make an icon of nothing but markup, anchored at its point.

    Parameters
    ----------
    markup
        Markup whose texts from data are escaped by `escape.markup`.

    Returns
    -------
    folium.DivIcon
        The icon.
    """
    return folium.DivIcon(html=markup, icon_size=(0, 0), icon_anchor=(0, 0), class_name="spot")


def spot(
    point: Point, markup: str, *, title: str = "", popup: str = "", z: int = 0
) -> folium.Marker:
    """
    Put markup on the map; with a popup it can be reached by keyboard, without it is decoration.

    Parameters
    ----------
    point
        Where.
    markup
        What, escaped by `escape.markup`.
    title
        Its name for assistive technology and on hovering; any text.
    popup
        Content of the popup, escaped; empty for none.
    z
        What lies above others has more.

    Returns
    -------
    folium.Marker
        The marker.
    """
    options: dict[str, Any] = {
        "zIndexOffset": z,
        "interactive": bool(popup),
        "keyboard": bool(popup),
    }
    if title:
        options["title"] = JsCode(escape.script(escape.short(title, 120)))
    content = folium.Popup(popup, max_width=320) if popup else None
    markup = f'<div class="nudge">{markup}</div>' if popup else markup  # what may step aside
    return folium.Marker(point, icon=icon(markup), popup=content, **options)


def layer(name: str, *, show: bool = True, control: bool = True) -> folium.FeatureGroup:
    """
    Open a layer that the layer control names.

    Parameters
    ----------
    name
        Its name; any text.
    show
        Whether it is seen at first.
    control
        Whether the layer control lists it.

    Returns
    -------
    folium.FeatureGroup
        The layer.
    """
    return folium.FeatureGroup(
        name=escape.markup(escape.short(name, 60)), show=show, control=control
    )


def ground(base: BaseMapView) -> list[folium.FeatureGroup]:
    """
    Draw borders and roads.

    Parameters
    ----------
    base
        What lies under the runs.

    Returns
    -------
    list[folium.FeatureGroup]
        The layers, not listed in the layer control.
    """
    borders = layer("borders", control=False)
    for border in base.borders:
        member = "member" if border.member else "neighbour"
        for ring in border.rings:
            folium.Polygon(
                ring, class_name=f"border {member}", weight=1, interactive=False, fill=True
            ).add_to(borders)
    roads = layer("roads", control=False)
    for road in sorted(base.roads, key=lambda road: -road.rank):
        marks = [f"road road-{road.rank}"]
        marks += [] if road.certain else ["unsure"]
        marks += ["closed"] if road.closed else []
        weight = {1: 3.0, 2: 2.2}.get(road.rank, 1.4)
        folium.PolyLine(  # type: ignore[no-untyped-call]
            road.line, class_name=" ".join(marks), weight=weight, interactive=False
        ).add_to(roads)
    return [borders, roads]


def names(towns: Iterable[TownView], marked: Sequence[PlaceView]) -> folium.FeatureGroup:
    """
    Write the names of towns that no marker names already.

    Parameters
    ----------
    towns
        The towns.
    marked
        Places whose markers carry a name.

    Returns
    -------
    folium.FeatureGroup
        The layer, not listed in the layer control.
    """
    named = {place.short_name for place in marked}
    taken = {place.point for place in marked}
    group = layer("names", control=False)
    for town in towns:
        if town.name in named or town.point in taken:
            continue
        dot = f'<span class="town rank-{town.rank}"></span>'
        spot(town.point, dot + name_tag(town.name, 10 + town.rank, 6, "quiet"), z=-500).add_to(
            group
        )
    return group


def name_tag(name: str, rank: int, away: int, css: str = "") -> str:
    """
    Write a name that the browser places where it is free.

    Parameters
    ----------
    name
        Any text.
    rank
        The less, the more important.
    away
        Distance from the point in pixels.
    css
        Further classes.

    Returns
    -------
    str
        Markup.
    """
    text = escape.markup(escape.short(name.split(" (", maxsplit=1)[0], 24))
    return f'<span class="name {css}" data-rank="{rank}" data-away="{away}">{text}</span>'


def run_lines(
    run: RunView, widest_load: int, group: folium.FeatureGroup, others: Iterable[RunView] = ()
) -> None:
    """
    Draw a run along the roads, as wide as its load, with arrows in its direction.

    Parameters
    ----------
    run
        The run.
    widest_load
        The most items on any leg of the day, drawn as the widest line.
    group
        The layer to draw on.
    others
        Runs drawn nearer to the road where they share it.
    """
    number = style_number(run.number)
    taken = [set().union(*(steps(leg) for leg in other.legs)) for other in others]
    lanes = [sum(not steps(leg).isdisjoint(used) for used in taken) for leg in run.legs]
    for css, extra in (("case", 3.0), (f"run-{number}", 0.0)):
        for leg, lane in zip(run.legs, lanes, strict=True):
            weight = line_width(leg.items_aboard, widest_load) + extra
            offset = _ROAD_SIDE + _LANE * lane
            RunLine(leg.line, offset=offset, weight=weight, css=css).add_to(group)
    for leg, lane in zip(run.legs, lanes, strict=True):
        offset = _ROAD_SIDE + _LANE * lane
        for point, bearing in arrows(leg):
            turn = f"rotate({bearing:.0f}deg) translate({offset:.0f}px,0)"
            arrow = f'<span class="arrow run-{number}" style="transform:{turn}"></span>'
            spot(point, arrow, z=-100).add_to(group)


def load_chips(run: RunView, group: folium.FeatureGroup) -> None:
    """
    Write on each leg how many items are aboard.

    Parameters
    ----------
    run
        The run.
    group
        The layer to write on.
    """
    number = style_number(run.number)
    for leg in run.legs:
        point, _ = along(leg.line, 0.5)
        spot(point, f'<span class="chip run-{number}">{leg.items_aboard}</span>').add_to(group)

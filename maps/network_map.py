"""The network map: branches, roads, closures, and how sure each of them is."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from babel import dates
from markupsafe import Markup

from logistics.operations.network.network_view import Sureness
from maps import escape, layers
from maps.drawn import DrawnMap, Tiles, corners
from maps.hours import hours_said
from maps.i18n import words
from maps.pages import render, scripts, styles

if TYPE_CHECKING:
    from collections.abc import Iterator

    import folium

    from logistics.operations.network.network_view import BranchView, NetworkView
    from maps.i18n import Words

_PAIR = 2
_SIGNS = {Sureness.HIGH: "", Sureness.MEDIUM: "~", Sureness.LOW: "?"}


def network_map_html(
    view: NetworkView,
    *,
    language: str = "sv",
    assets: str = "inline",
    nonce: str = "",
    tiles: Tiles | None = None,
    panel: bool = True,
) -> str:
    """
    Draw the network as one page.

    Parameters
    ----------
    view
        The network.
    language
        ``sv`` or ``en``.
    assets
        ``inline`` for a file that opens without any network, or the address below which
        `maps.assets` are served.
    nonce
        Nonce of the content security policy under which the page is served.
    tiles
        A tile server to use as ground.
    panel
        Whether tables stand beside the map.

    Returns
    -------
    str
        HTML.
    """
    w = words(language)
    drawn = _NetworkMap(view, w, tiles)
    return render(
        "network_map.html",
        w,
        view=view,
        panel=panel,
        map_markup=Markup(drawn.markup),  # noqa: S704 - folium's element
        map_script=Markup(drawn.script),  # noqa: S704 - every text in it passed maps.escape
        sure=lambda sureness: sureness_name(w, sureness),
        sign=_SIGNS.__getitem__,
        kind=lambda name: kind_name(w, name),
        days=lambda weekdays: weekday_names(w, weekdays),
        hours=lambda hours: hours_said(w, hours),
        styles=styles(assets, "leaflet.css", "theme.css"),
        scripts=scripts(assets, nonce, "leaflet.js", "jquery.js", "map.js"),
        nonce=nonce,
    )


def draw_network(
    view: NetworkView, *, language: str = "sv", tiles: Tiles | None = None, pages: str = ""
) -> DrawnMap:
    """
    Draw the map alone, for a page that sets it among other things.

    Parameters
    ----------
    view
        The network.
    language
        ``sv`` or ``en``.
    tiles
        A tile server to use as ground.
    pages
        Address below which each branch has a page of its own; empty for none.

    Returns
    -------
    DrawnMap
        Its ``markup`` goes into an element of class ``map``, its ``script`` after the scripts of
        `maps.assets`.
    """
    return _NetworkMap(view, words(language), tiles, pages)


def sureness_name(w: Words, sureness: Sureness) -> str:
    """
    Say how sure a fact is.

    Parameters
    ----------
    w
        The reader's words.
    sureness
        How sure.

    Returns
    -------
    str
        A word or two.
    """
    return {
        Sureness.HIGH: w.t("confirmed"),
        Sureness.MEDIUM: w.t("likely"),
        Sureness.LOW: w.t("not confirmed"),
    }[sureness]


def kind_name(w: Words, kind: str) -> str:
    """
    Name the kind of a branch.

    Parameters
    ----------
    w
        The reader's words.
    kind
        As the network names it.

    Returns
    -------
    str
        A word or two; the kind itself where it is not known here.
    """
    return {
        "main": w.t("Main library"),
        "branch": w.t("Branch library"),
        "bookbus": w.t("Book bus"),
        "depot": w.t("Book depot"),
        "terminal": w.t("Terminal"),
    }.get(kind, kind)


def weekday_names(w: Words, weekdays: tuple[int, ...]) -> str:
    """
    List weekdays.

    Parameters
    ----------
    w
        The reader's words.
    weekdays
        ISO weekdays, 1 is Monday.

    Returns
    -------
    str
        As "mån, ons, fre", days in a row as a span; the sign for nothing without any.
    """
    names = dates.get_day_names("abbreviated", locale=w.locale)
    said = {day: names[day - 1].rstrip(".") for day in weekdays}
    spans: list[list[int]] = []
    for day in sorted(said):
        if spans and spans[-1][-1] == day - 1:
            spans[-1].append(day)
        else:
            spans.append([day])
    parts = [
        f"{said[span[0]]}–{said[span[-1]]}"  # noqa: RUF001  # a span
        if len(span) > _PAIR
        else ", ".join(said[day] for day in span)
        for span in spans
    ]
    return ", ".join(parts) or w.number(None)


class _NetworkMap(DrawnMap):
    """The folium map of a network."""

    def __init__(self, view: NetworkView, w: Words, tiles: Tiles | None, pages: str = "") -> None:
        super().__init__(view.hub.point, tiles)
        self.pages = pages
        for group in self._groups(view, w):
            group.add_to(self.map)
        points = [view.hub.point, *(branch.place.point for branch in view.branches)]
        self.finish(w, w.t("Map of the network"), corners(points))

    def _groups(self, view: NetworkView, w: Words) -> Iterator[folium.FeatureGroup]:
        yield from layers.ground(view.base_map)
        marked = [view.hub, *(branch.place for branch in view.branches)]
        yield layers.names(view.base_map.towns, marked)
        hub = layers.layer(w.t("Hub"), control=False)
        sign = f'<span class="marker hub"><b>{layers.HOUSE}</b></span>'
        label = layers.name_tag(view.hub.short_name, 0, 19, "strong")
        popup = f"<h2>{escape.markup(escape.short(view.hub.name))}</h2>"
        title = w.t("Hub: {place}", place=escape.short(view.hub.short_name, 40))
        marker = layers.spot(view.hub.point, sign + label, title=title, popup=popup, z=300)
        self.markers["hub"] = marker.add_to(hub)
        yield hub
        for sureness in Sureness:
            chosen = [branch for branch in view.branches if branch.sureness is sureness]
            if not chosen:
                continue
            group = layers.layer(f"{w.t('Libraries')}: {sureness_name(w, sureness)}")
            for branch in chosen:
                self.markers[branch.place.id] = _branch(branch, w, self.pages).add_to(group)
            yield group


def _branch(branch: BranchView, w: Words, pages: str) -> folium.Marker:
    closed = not branch.served or bool(branch.closures)
    css = f"branch {branch.sureness.value}" + (" shut" if closed else "")
    key = escape.markup(branch.place.id)
    sign = f'<span class="marker {css}" data-key="{key}"><b>{_SIGNS[branch.sureness]}</b></span>'
    label = layers.name_tag(branch.place.short_name, 1 if branch.kind == "main" else 2, 15)
    name = escape.short(branch.place.short_name, 40)
    title = f"{name}, {sureness_name(w, branch.sureness)}"
    popup = escape.rendered(
        render(
            "branch_popup.html",
            w,
            branch=branch,
            page=f"{pages}/{quote(branch.place.id)}" if pages else "",
            sure=sureness_name(w, branch.sureness),
            kind=kind_name(w, branch.kind),
            days=weekday_names(w, branch.weekdays),
            hours=hours_said(w, branch.hours),
        )
    )
    return layers.spot(branch.place.point, sign + label, title=title, popup=popup, z=200)

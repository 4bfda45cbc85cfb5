"""The map of the network on a page, where a click says where a library shall be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from api.pages import static
from maps.pages import scripts, styles

if TYPE_CHECKING:
    from api.pages.frame import Frame
    from logistics.operations.network.network_view import NetworkView


def map_parts(frame: Frame, view: NetworkView) -> dict[str, Markup]:
    """
    Draw the map for a page to set among other things.

    Parameters
    ----------
    frame
        The page.
    view
        The network.

    Returns
    -------
    dict[str, Markup]
        Its element, its scripts, and what it needs in the head.
    """
    from maps.network_map import draw_network  # noqa: PLC0415  # folium takes a second to import

    drawn = draw_network(view, language=frame.w.language, pages="/natet")
    nonce = frame.request.state.nonce
    names = ("leaflet.js", "jquery.js", "map.js", "network.js")
    script = Markup('<script nonce="{}">\n{}\n</script>').format(
        nonce,
        Markup(drawn.script),  # noqa: S704  # every text in it passed maps.escape
    )
    return {
        "markup": Markup(drawn.markup),  # noqa: S704  # folium's element
        "styles": styles(static.address(), "leaflet.css"),
        "scripts": scripts(static.address(), nonce, *names) + script,
    }

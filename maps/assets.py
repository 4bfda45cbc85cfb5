"""Scripts and style sheets of maps and pages, to be inlined or served by ourselves."""

from __future__ import annotations

import base64
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from logistics.errors import NotFoundError
from maps.theme import stylesheet

if TYPE_CHECKING:
    from collections.abc import Callable

SCRIPTS = ("leaflet.js", "jquery.js", "map.js")
STYLES = ("leaflet.css", "theme.css")
CONTENT_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}

_SOURCE_MAP = re.compile(r"^//[#@] sourceMappingURL=.*$", re.MULTILINE)
_IMAGE = re.compile(r"url\((images/[\w.-]+)\)")
_RULE_WITH_MARKER_ICON = re.compile(r"\.leaflet-default-icon-path\s*\{[^}]*\}")


@cache
def asset(name: str) -> str:
    """
    Give one asset, free of any address of another host.

    Parameters
    ----------
    name
        One of `SCRIPTS` or `STYLES`.

    Returns
    -------
    str
        Its text.

    Raises
    ------
    NotFoundError
        There is no such asset.
    """
    makers: dict[str, Callable[[], str]] = {
        "leaflet.js": lambda: _script(_carried("leaflet", "leaflet.js")),
        "jquery.js": lambda: _script(_carried("jquery", "jquery.min.js")),
        "map.js": lambda: (files("maps") / "static" / "map.js").read_text(encoding="utf-8"),
        "leaflet.css": _leaflet_css,
        "theme.css": stylesheet,
    }
    if name not in makers:
        raise NotFoundError(f"asset is {name!r}, expected one of {', '.join(makers)}")
    return makers[name]()


def _carried(package: str, name: str) -> str:
    folder = files(f"xstatic.pkg.{package}")
    return (folder / "data" / name).read_text(encoding="utf-8")


def _script(text: str) -> str:
    """Drop the source map, and what would end a script element it is written into."""
    return _SOURCE_MAP.sub("", text).replace("</script", "<\\/script")


def _leaflet_css() -> str:
    text = _RULE_WITH_MARKER_ICON.sub("", _carried("leaflet", "leaflet.css"))
    return _IMAGE.sub(lambda found: f"url({_data_address(found[1])})", text)


def _data_address(name: str) -> str:
    image = (files("xstatic.pkg.leaflet") / "data" / name).read_bytes()
    return "data:image/png;base64," + base64.b64encode(image).decode("ascii")

"""Make text from data harmless wherever a map may carry it."""

from __future__ import annotations

import html
import json
import unicodedata

UNREAD = {ord(c): f"&#{ord(c)};" for c in "{}`$\\"}
"""Entities for what a template or a template literal would read."""

_IN_SCRIPT = str.maketrans({c: f"\\u{ord(c):04x}" for c in "<>&'{}`$\u2028\u2029"})


def visible(text: str) -> str:
    """
    Take out what a reader cannot see: control and direction characters, line ends.

    Parameters
    ----------
    text
        Any text from data.

    Returns
    -------
    str
        One line. Characters that turn the reading direction of their surroundings are gone;
        letters of right-to-left scripts stay.
    """
    cleaned = (" " if c in "\n\r\t\v\f\x85\u2028\u2029" else c for c in text)
    return "".join(c for c in cleaned if unicodedata.category(c) not in {"Cc", "Cf", "Cs"}).strip()


def short(text: str, length: int = 80) -> str:
    """
    Cut a text that is too long for its place.

    Parameters
    ----------
    text
        Any text from data.
    length
        The most characters kept, the ellipsis included.

    Returns
    -------
    str
        The text in one line.
    """
    line = visible(text)
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def markup(text: str) -> str:
    """
    Escape text for markup that travels through folium.

    Folium reads what it has rendered as a template once more and puts popups into template
    literals, so braces, back quotes, dollars and backslashes become entities too.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    str
        The same text as markup.
    """
    return html.escape(visible(text), quote=True).translate(UNREAD)


def rendered(page: str) -> str:
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
    return page.translate(UNREAD)


def script(value: object) -> str:
    """
    Write a value as a literal for a script inside a page.

    Parameters
    ----------
    value
        Anything JSON can say.

    Returns
    -------
    str
        JavaScript without any character that could end the script, a string or a template;
        braces of objects stay, those inside strings are escaped.
    """
    if isinstance(value, str):
        return json.dumps(value).translate(_IN_SCRIPT)
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{script(str(k))}: {script(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(script(item) for item in value) + "]"
    return json.dumps(value, allow_nan=False)

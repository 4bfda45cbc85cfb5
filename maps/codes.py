"""Bar codes and QR codes as modules, drawn as vectors in HTML and PDF alike."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import barcode
import segno
from markupsafe import Markup

from logistics.errors import InputError

if TYPE_CHECKING:
    from maps.pdf import Sheet

_QUIET = 4  # modules of empty margin that a QR reader needs
_QUIET_BARS = 10  # and a bar code reader
_PRINTABLE = range(32, 127)
_LONGEST = 40


@lru_cache(maxsize=1024)  # the sheets of one day come in two languages, with the same codes
def qr_modules(text: str) -> tuple[tuple[bool, ...], ...]:
    """
    Encode text as a QR code.

    Parameters
    ----------
    text
        What a reader of the code gets.

    Returns
    -------
    tuple of tuple of bool
        Rows of modules, dark ones true, without the margin.
    """
    rows = segno.make_qr(text, error="m").matrix
    return tuple(tuple(bool(module) for module in row) for row in rows)


def bar_modules(text: str) -> str:
    """
    Encode text as a Code 128 bar code.

    Parameters
    ----------
    text
        Printable ASCII, at most 40 characters.

    Returns
    -------
    str
        Modules from left to right, dark ones "1", without the margin.

    Raises
    ------
    InputError
        The text cannot be a bar code.
    """
    if not text or len(text) > _LONGEST or any(ord(c) not in _PRINTABLE for c in text):
        raise InputError(
            f"bar code is {text!r}, expected 1 to {_LONGEST} printable ASCII characters"
        )
    return str(barcode.get("code128", text).build()[0])


def qr_svg(text: str, label: str) -> Markup:
    """
    Draw a QR code for a page.

    Parameters
    ----------
    text
        What a reader of the code gets.
    label
        What it is, for assistive technology.

    Returns
    -------
    Markup
        An SVG element without a size of its own.
    """
    rows = qr_modules(text)
    side = len(rows) + 2 * _QUIET
    path = "".join(
        f"M{x + _QUIET} {y + _QUIET}h1v1h-1z"
        for y, row in enumerate(rows)
        for x, dark in enumerate(row)
        if dark
    )
    return _svg(path, side, side, label, "qr")


def bar_svg(text: str) -> Markup:
    """
    Draw a bar code for a page.

    Parameters
    ----------
    text
        Printable ASCII.

    Returns
    -------
    Markup
        An SVG element that stretches to its box.
    """
    modules = bar_modules(text)
    path = "".join(f"M{x + _QUIET_BARS} 0h{width}v20h-{width}z" for x, width in _bars(modules))
    return _svg(path, len(modules) + 2 * _QUIET_BARS, 20, text, "bars")


def draw_qr(sheet: Sheet, text: str, x: float, y: float, side: float) -> None:
    """
    Draw a QR code on paper.

    Parameters
    ----------
    sheet
        The document.
    text
        What a reader of the code gets.
    x, y, side
        Its square in millimetres, margin included.
    """
    rows = qr_modules(text)
    module = side / (len(rows) + 2 * _QUIET)
    for line, row in enumerate(rows):
        for column, width in _bars("".join("1" if dark else "0" for dark in row)):
            left, top = x + (column + _QUIET) * module, y + (line + _QUIET) * module
            sheet.rect(left, top, width * module, module, style="F")


def draw_bars(sheet: Sheet, text: str, x: float, y: float, width: float, height: float) -> None:
    """
    Draw a bar code on paper.

    Parameters
    ----------
    sheet
        The document.
    text
        Printable ASCII.
    x, y, width, height
        Its box in millimetres, margin included.
    """
    modules = bar_modules(text)
    module = width / (len(modules) + 2 * _QUIET_BARS)
    for column, count in _bars(modules):
        sheet.rect(x + (column + _QUIET_BARS) * module, y, count * module, height, style="F")


def _bars(modules: str) -> list[tuple[int, int]]:
    """Join neighbouring dark modules: start and width of each bar."""
    bars: list[tuple[int, int]] = []
    for index, module in enumerate(modules):
        if module == "0":
            continue
        if bars and sum(bars[-1]) == index:
            bars[-1] = (bars[-1][0], bars[-1][1] + 1)
        else:
            bars.append((index, 1))
    return bars


def _svg(path: str, width: int, height: int, label: str, css: str) -> Markup:
    stretch = Markup(' preserveAspectRatio="none"') if css == "bars" else Markup("")
    return Markup(
        '<svg class="{}" viewBox="0 0 {} {}" role="img" aria-label="{}"{}'
        ' shape-rendering="crispEdges"><rect width="100%" height="100%" fill="#fff"/>'
        '<path fill="#000" d="{}"/></svg>'
    ).format(css, width, height, label, stretch, path)

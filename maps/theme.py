"""How runs are told apart by every eye and on grey paper: colour, dash and shape."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStyle:
    """
    How one run looks, in three ways at once so that colour is never the only sign.

    Attributes
    ----------
    light, dark
        Colour on light and on dark ground, each at least 3:1 against it.
    dash
        SVG dash pattern of the line; empty for a solid line.
    shape
        Name of the marker's shape, a CSS class.
    """

    light: str
    dark: str
    dash: str
    shape: str


RUN_STYLES = (
    RunStyle(light="#0b4fd6", dark="#6f8cff", dash="", shape="circle"),
    RunStyle(light="#b3500a", dark="#e0701f", dash="12 6", shape="square"),
    RunStyle(light="#0f7d5c", dark="#1fe39a", dash="2 7", shape="diamond"),
    RunStyle(light="#b01aa0", dark="#c07abf", dash="16 5 3 5", shape="petal"),
    RunStyle(light="#3a2408", dark="#ebd300", dash="6 5", shape="arch"),
    RunStyle(light="#1c2a5e", dark="#d6dfff", dash="20 4 3 4 3 4", shape="shield"),
)
"""After six runs the styles begin again; the number of the run still tells them apart."""

PAPER_LIGHT = "#f6f4ee"
PAPER_DARK = "#161a1f"
SHEET, INK, QUIET, RULE = "#ffffff", "#1b2127", "#565e67", "#d9d5ca"
"""What charts are drawn with on light ground, as the style sheet has it."""
_ON_DARK = {
    SHEET: "#1f252c",
    INK: "#eef1f4",
    QUIET: "#aab3bd",
    RULE: "#3a434d",
    **{style.light: style.dark for style in RUN_STYLES},
}
_DARK = "@media screen and (prefers-color-scheme:dark)"


def run_style(number: int) -> RunStyle:
    """
    Look up how a run looks.

    Parameters
    ----------
    number
        Number of the run, from 1.

    Returns
    -------
    RunStyle
        Its colours, dash and shape.
    """
    return RUN_STYLES[(number - 1) % len(RUN_STYLES)]


def style_number(number: int) -> int:
    """
    Give the number of the style of a run, as the style sheet counts them.

    Parameters
    ----------
    number
        Number of the run, from 1.

    Returns
    -------
    int
        From 1 to the number of styles.
    """
    return (number - 1) % len(RUN_STYLES) + 1


def drawing_styles() -> str:
    """
    Give the style sheet of a chart that is a file of its own.

    Returns
    -------
    str
        CSS that gives its colours their counterparts where the screen is dark.
    """
    return f"{_DARK}{{{_recoloured('')}}}"


@cache
def stylesheet() -> str:
    """
    Give the one style sheet of maps, sheets, reports and pages.

    Returns
    -------
    str
        CSS without any address of another host.
    """
    return _run_tokens() + (files("maps") / "static" / "theme.css").read_text(encoding="utf-8")


def _run_tokens() -> str:
    light = "".join(f"--run-{n}:{style.light};" for n, style in enumerate(RUN_STYLES, 1))
    dark = "".join(f"--run-{n}:{style.dark};" for n, style in enumerate(RUN_STYLES, 1))
    rules = "".join(
        f".run-{n}{{--run:var(--run-{n})}}.leaflet-container path.run-{n}"
        f"{{stroke:var(--run-{n});stroke-dasharray:{style.dash.replace(' ', ',') or 'none'}}}\n"
        for n, style in enumerate(RUN_STYLES, 1)
    )
    lit = ":root:not([data-theme=light])"
    night = f"{lit}{{{dark}}}{_recoloured(lit + ' .drawing ')}"
    return f":root{{{light}}}\n{_DARK}{{{night}}}\n{rules}"


def _recoloured(within: str) -> str:
    return "".join(
        f'{within}[{name}="{light}"]{{{name}:{dark}}}'
        for light, dark in _ON_DARK.items()
        for name in ("fill", "stroke")
    )

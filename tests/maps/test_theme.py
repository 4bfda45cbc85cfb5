from __future__ import annotations

import itertools
import math
import re
from importlib.resources import files

import pytest

from maps.theme import (
    INK,
    PAPER_DARK,
    PAPER_LIGHT,
    QUIET,
    RULE,
    RUN_STYLES,
    SHEET,
    drawing_styles,
    run_style,
    style_number,
    stylesheet,
)

# What each kind of colour blindness makes of linear RGB, severity 1.0:
# Machado, Oliveira, Fernandes 2009, "A physiologically-based model", table 1.
EYES = {
    "full colour vision": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def linear(colour: str) -> list[float]:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]


def luminance(colour: str) -> float:
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def lab(colour: str, eye: str) -> tuple[float, float, float]:
    rgb = linear(colour)
    seen = [sum(k * c for k, c in zip(row, rgb, strict=True)) for row in EYES[eye]]
    red, green, blue = (min(1.0, max(0.0, c)) for c in seen)
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883
    fx, fy, fz = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_any_two_runs_differ_for_every_eye(eye: str, scheme: str) -> None:
    # A difference of 20 in CIELAB is seen at a glance; 2.3 is just noticeable.
    colours = [lab(getattr(style, scheme), eye) for style in RUN_STYLES]
    assert min(math.dist(a, b) for a, b in itertools.combinations(colours, 2)) >= 20


def test_runs_stand_out_from_their_ground() -> None:
    assert min(contrast(style.light, PAPER_LIGHT) for style in RUN_STYLES) >= 4.5
    assert min(contrast(style.dark, PAPER_DARK) for style in RUN_STYLES) >= 4.5


def test_numbers_can_be_read_on_markers() -> None:
    assert min(contrast(style.light, "#ffffff") for style in RUN_STYLES) >= 4.5
    assert min(contrast(style.dark, "#0d1115") for style in RUN_STYLES) >= 4.5


def test_no_two_runs_differ_by_colour_alone() -> None:
    assert len({style.dash for style in RUN_STYLES}) == len(RUN_STYLES)
    assert len({style.shape for style in RUN_STYLES}) == len(RUN_STYLES)


def test_styles_begin_again_after_the_last() -> None:
    assert run_style(7) == run_style(1)
    assert style_number(7) == 1


def test_style_sheet_asks_no_host() -> None:
    assert "://" not in stylesheet()
    assert "url(" not in stylesheet().replace("url(#", "")


def test_a_shape_is_no_other_class_of_the_style_sheet() -> None:
    for style in RUN_STYLES:
        assert f".marker.{style.shape} {{" in stylesheet()
        assert f"\n.{style.shape} " not in stylesheet()


def test_charts_are_drawn_in_the_colours_of_the_style_sheet() -> None:
    sheet = (files("maps") / "static" / "theme.css").read_text("utf-8")
    light, dark = sheet.split("@media", 1)[0], sheet.split("@media", 2)[1]
    for name, colour in {"sheet": SHEET, "ink": INK, "quiet": QUIET, "rule": RULE}.items():
        (other,) = re.findall(rf"--{name}: (#[0-9a-f]{{6}});", dark)
        assert f"--{name}: {colour};" in light
        assert f'[fill="{colour}"]{{fill:{other}}}' in drawing_styles()


def test_a_chart_can_be_read_in_the_dark() -> None:
    for style in RUN_STYLES:
        assert f'[stroke="{style.light}"]{{stroke:{style.dark}}}' in drawing_styles()
    assert min(contrast(style.dark, "#1f252c") for style in RUN_STYLES) >= 3

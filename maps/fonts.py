"""Noto Sans in two weights for PDF, cut from the variable font once and kept in a cache."""

from __future__ import annotations

import os
import tempfile
from functools import cache
from io import BytesIO
from pathlib import Path

import fontpkg
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

WEIGHTS = {"": 400, "B": 700}
"""Weights by the style letters of fpdf2."""

_LAYOUT_TABLES = ("GPOS", "GSUB", "GDEF", "STAT", "MVAR", "DSIG")  # fpdf2 sets glyph by glyph
_KEPT = ((0x0, 0x530), (0x1E00, 0x2150), (0x2212, 0x2213), (0xFFFD, 0xFFFE))


@cache
def font_files() -> dict[str, Path]:
    """
    Give the font files for PDF, cutting them if this machine never did.

    Returns
    -------
    dict[str, Path]
        Path by style: regular and bold, about 150 kB each.
    """
    source = fontpkg.path("Noto Sans")
    folder = _cache_folder() / f"noto-sans-{source.stat().st_size}-1"
    paths = {style: folder / f"{weight}.ttf" for style, weight in WEIGHTS.items()}
    if not all(path.is_file() for path in paths.values()):
        folder.mkdir(parents=True, exist_ok=True)
        base = _reduced(source)
        for style, path in paths.items():
            _write(path, _cut(base, WEIGHTS[style]))
    return paths


@cache
def drawable() -> frozenset[int]:
    """
    Give the code points the fonts can draw.

    Returns
    -------
    frozenset[int]
        Unicode code points.
    """
    with TTFont(font_files()[""]) as font:
        return frozenset(font.getBestCmap())


def _reduced(source: Path) -> bytes:
    font = TTFont(source)
    for table in _LAYOUT_TABLES:
        if table in font:
            del font[table]
    options = Options()
    options.hinting = False
    options.notdef_outline = True
    subsetter = Subsetter(options)
    kept = [c for c in font.getBestCmap() if any(low <= c < high for low, high in _KEPT)]
    subsetter.populate(unicodes=kept)
    subsetter.subset(font)
    return _saved(font)


def _cut(base: bytes, weight: int) -> bytes:
    font = TTFont(BytesIO(base))
    place = {"wght": weight, "wdth": 100}
    return _saved(instantiateVariableFont(font, place, inplace=True, optimize=False))


def _saved(font: TTFont) -> bytes:
    file = BytesIO()
    font.save(file)
    return file.getvalue()


def _write(path: Path, content: bytes) -> None:
    """Write in one step, so that a process that reads meanwhile never sees half a font."""
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
    Path(file.name).replace(path)


def _cache_folder() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(base) / "courier-planner"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return Path(tempfile.mkdtemp(prefix="courier-planner-"))
    return folder if os.access(folder, os.W_OK) else Path(tempfile.mkdtemp())

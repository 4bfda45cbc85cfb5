"""Every message that maps can show, as its sources say it."""

from __future__ import annotations

from pathlib import Path

from babel.messages.extract import extract_from_dir

import maps

ROOT = Path(maps.__file__).parent
KEYWORDS = {"t": None, "_": None, "many": (1, 2)}
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]


def messages() -> dict[str, tuple[str, ...]]:
    """Map the key of each message to its English forms."""
    found = extract_from_dir(
        str(ROOT), METHODS, {"**.html": {"trimmed": "true"}}, keywords=KEYWORDS
    )
    forms = [(text,) if isinstance(text, str) else tuple(text) for _, _, text, *_ in found]
    return {form[0]: form for form in sorted(forms, key=len)}

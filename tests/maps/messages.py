"""Every message that a package can show, as its sources say it."""

from __future__ import annotations

import ast
from pathlib import Path

from babel.messages.extract import extract_from_dir

KEYWORDS = {"_": None, "many": (1, 2)}


def messages(package: str = "maps") -> dict[str, tuple[str, ...]]:
    """Map the key of each message of a package to its English forms."""
    root = Path(__file__).parents[2] / package
    in_pages = extract_from_dir(str(root), [("templates/**.html", "jinja2")], keywords=KEYWORDS)
    forms = [(text,) if isinstance(text, str) else tuple(text) for _, _, text, *_ in in_pages]
    for path in sorted(root.rglob("*.py")):
        forms += in_source(path.read_text(encoding="utf-8"))
    return {form[0]: form for form in sorted(forms, key=len)}


def in_source(source: str) -> list[tuple[str, ...]]:
    """List calls of ``.t("...")`` and ``.many("...", "...", n)``, those in f-strings too."""
    counts = {"t": 1, "many": 2}
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    named = [(call, call.func.attr) for call in calls if isinstance(call.func, ast.Attribute)]
    return [
        tuple(ast.literal_eval(argument) for argument in call.args[: counts[name]])
        for call, name in named
        if name in counts
    ]

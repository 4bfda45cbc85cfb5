"""Names that try to be something else than text, and the sample day and report that carry them."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from tests.maps.sample import sample_view

if TYPE_CHECKING:
    from logistics.operations.view.day_view import DayView

SCRIPT = "</script><img src=x onerror=alert(1)>"
TEMPLATE = "{{ 7*7 }}{% raise %}${alert(2)}`+alert(3)+`\\"
RIGHT_TO_LEFT = "\u202eספריית נורה\u202c"  # noqa: RUF001 - Hebrew
EMOJI = "📚 Bibliotek 👩‍👧"
FORMULA = '=HYPERLINK("http://x.example","y")'
LONG = "Å" * 300
QUOTES = "\"'><b onmouseover=alert(4)>"
NAMES = (
    SCRIPT,
    TEMPLATE,
    RIGHT_TO_LEFT,
    EMOJI,
    FORMULA,
    LONG,
    QUOTES,
    "-2+3",
    "@SUM(A1)",
    "\tA\nB\0",
)


def hostile_view() -> DayView:
    """Give every place, vehicle, note and detail of the sample day a hostile text."""
    places = iter(range(10_000))
    known: dict[str, str] = {}

    def name(key: str) -> str:
        return known.setdefault(key, NAMES[next(places) % len(NAMES)])

    def spoil(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(spoil(item) for item in value)
        if not dataclasses.is_dataclass(value) or isinstance(value, type):
            return value
        texts = {"name", "short_name", "address", "municipality", "vehicle_name", "note", "detail"}
        texts |= {"subject", "road"}
        changed = {}
        for field in dataclasses.fields(value):
            old = getattr(value, field.name)
            spoilt = field.name in texts and isinstance(old, str)
            key = f"{field.name}:{getattr(value, 'id', old)}"
            changed[field.name] = name(key) if spoilt else spoil(old)
        return dataclasses.replace(value, **changed)

    view: DayView = spoil(sample_view())
    return dataclasses.replace(view, caveats=NAMES)

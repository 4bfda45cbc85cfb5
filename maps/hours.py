"""Receiving hours as people say them; records hold them in the syntax of opening_hours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from babel import dates

if TYPE_CHECKING:
    from maps.i18n import Words

_WEEK: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_WORD: Final = re.compile(r"[A-Za-z]+")
_SPAN: Final = re.compile(r"(?<=\w)\s*-\s*(?=\w)")


def hours_said(w: Words, hours: str) -> str:
    """
    Say receiving hours in one line.

    Parameters
    ----------
    w
        The reader's words.
    hours
        In opening_hours syntax; empty for any time.

    Returns
    -------
    str
        With the names of days in the reader's language, not escaped.
    """
    if not hours:
        return w.t("any time")
    names = dates.get_day_names("abbreviated", locale=w.locale)
    said = {day: names[number].rstrip(".") for number, day in enumerate(_WEEK)}
    said |= {"PH": w.t("public holidays"), "SH": w.t("school holidays"), "off": w.t("closed")}
    text = _WORD.sub(lambda word: said.get(word[0], word[0]), hours)
    return _SPAN.sub("–", text)  # noqa: RUF001  # a span

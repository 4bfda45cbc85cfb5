"""What the network pages say: receiving hours in words, and what is wrong with those typed."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from babel import dates
from opening_hours import validate

from logistics.network.hours import open_window
from logistics.network.patterns import Weeks
from logistics.network.verify import Topic
from maps.network_map import weekday_names

if TYPE_CHECKING:
    from collections import Counter

    from logistics.storage.tables import ServicePatternRow
    from maps.i18n import Words

_DAYS: Final = {
    "må": "Mo", "ti": "Tu", "on": "We", "to": "Th", "fr": "Fr", "lö": "Sa", "sö": "Su",
    "mon": "Mo", "tue": "Tu", "wed": "We", "thu": "Th", "fri": "Fr", "sat": "Sa", "sun": "Su",
}  # fmt: skip
_RIGHT: Final = frozenset(_DAYS.values())
_DOT_CLOCK: Final = re.compile(r"\b([0-2]?\d)\.(\d\d)\b")
_SHORT_CLOCK: Final = re.compile(r"(?<![\d:])(\d):(\d\d)\b|\b(\d{1,2})\s*-\s*(\d{1,2})(?![\d:])")
_WORD: Final = re.compile(r"[A-Za-zÅÄÖåäö]+")
EXAMPLE: Final = "Mo-Fr 07:30-17:00; PH off"


def hours_fault(w: Words, text: str) -> str:
    """
    Say what is wrong with receiving hours, and how to write them.

    Parameters
    ----------
    w
        The reader's words.
    text
        As they were typed.

    Returns
    -------
    str
        One sentence or two; empty when they can be read.
    """
    if not text or validate(text):
        return ""
    part = next((one.strip() for one in text.split(";") if not validate(one.strip())), text)
    hint = _hint(w, part) or w.t("Write as {example}.", example=EXAMPLE)
    return w.t("“{part}” cannot be read as opening hours.", part=part[:80]) + " " + hint


def _hint(w: Words, part: str) -> str:
    for word in _WORD.findall(part):
        day = _DAYS.get(word.lower()) or _DAYS.get(word.lower()[:2])
        if day and word not in _RIGHT:
            return w.t("Write {day} instead of {word}.", day=day, word=word)
    dotted = _DOT_CLOCK.search(part)
    if dotted:
        clock = f"{int(dotted[1]):02d}:{dotted[2]}"
        return w.t("Write {clock} instead of {wrong}.", clock=clock, wrong=dotted[0])
    if _SHORT_CLOCK.search(part):
        return w.t("Write each time as 07:30, with two digits and a colon.")
    return ""


def hours_week(w: Words, hours: str, day: date) -> list[tuple[str, str]]:
    """
    Say in words when a branch receives in the week of a day.

    Parameters
    ----------
    w
        The reader's words.
    hours
        In opening_hours syntax; empty for any time.
    day
        Any day of the week.

    Returns
    -------
    list[tuple[str, str]]
        Name of each weekday with its times.
    """
    monday = day - timedelta(days=day.weekday())
    names = dates.get_day_names("abbreviated", locale=w.locale)
    week = []
    for number in range(7):
        window = open_window(hours, monday + timedelta(days=number)) if hours else (0, 86_400)
        if window is None:
            said = w.t("closed")
        elif window == (0, 86_400):
            said = w.t("any time")
        else:
            said = f"{w.clock(window[0])}–{w.clock(window[1])}"  # noqa: RUF001  # a span
        week.append((names[number].rstrip("."), said))
    return week


def weeks_name(w: Words, weeks: str) -> str:
    """
    Name in which weeks a branch is served.

    Parameters
    ----------
    w
        The reader's words.
    weeks
        As it is stored.

    Returns
    -------
    str
        A word or two.
    """
    return {
        Weeks.EVERY: w.t("every week"),
        Weeks.ODD: w.t("odd weeks"),
        Weeks.EVEN: w.t("even weeks"),
    }[Weeks(weeks)]


def pattern_said(w: Words, row: ServicePatternRow) -> str:
    """
    Say a service pattern.

    Parameters
    ----------
    w
        The reader's words.
    row
        The pattern.

    Returns
    -------
    str
        As "mån, ons, fre, varje vecka, från 1 december 2026".
    """
    parts = [weekday_names(w, tuple(row.weekdays)), weeks_name(w, row.weeks)]
    if row.valid_from:
        parts.append(w.t("from {day}", day=w.day(row.valid_from, weekday=False)))
    if row.valid_until:
        parts.append(w.t("until {day}", day=w.day(row.valid_until, weekday=False)))
    return ", ".join(parts)


def doubts_said(w: Words, counts: Counter[Topic]) -> list[str]:
    """
    Say how much of the network is uncertain.

    Parameters
    ----------
    w
        The reader's words.
    counts
        How many facts of each kind.

    Returns
    -------
    list[str]
        A few words for each kind.
    """
    said = [
        (Topic.BRANCH, w.many("{n} library", "{n} libraries", counts[Topic.BRANCH])),
        (Topic.POSITION, w.many("{n} position", "{n} positions", counts[Topic.POSITION])),
        (Topic.HOURS, w.t("the hours of {n}", n=counts[Topic.HOURS])),
        (Topic.SERVICE_DAYS, w.t("the service days of {n}", n=counts[Topic.SERVICE_DAYS])),
        (Topic.ROAD, w.many("{n} road", "{n} roads", counts[Topic.ROAD])),
        (Topic.ROAD_NODE, w.many("{n} junction", "{n} junctions", counts[Topic.ROAD_NODE])),
        (Topic.VEHICLE, w.many("{n} van", "{n} vans", counts[Topic.VEHICLE])),
    ]
    return [text for topic, text in said if counts[topic]]

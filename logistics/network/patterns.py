"""When a branch is served by pattern, and when it is closed against the pattern."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from logistics.errors import InputError
from logistics.network.branches import Confidence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: Weekdays as OpenStreetMap writes them, Monday first; ISO weekday 1 is the first.
WEEKDAY_NAMES: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")


class Weeks(StrEnum):
    """
    In which weeks a pattern holds, by the number that the calendar on the wall shows.

    Weeks 53 and 1 are both odd, so a year of 53 weeks has two odd weeks running.

    Attributes
    ----------
    EVERY
        In every week.
    ODD
        In weeks with an odd ISO number.
    EVEN
        In weeks with an even ISO number.
    """

    EVERY = "every"
    ODD = "odd"
    EVEN = "even"

    def includes(self, day: date) -> bool:
        """
        Tell whether a day falls in such a week.

        Parameters
        ----------
        day
            The day.

        Returns
        -------
        bool
            True when its ISO week has the right parity.
        """
        return self is Weeks.EVERY or (self is Weeks.ODD) == bool(day.isocalendar().week % 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicePattern:
    """
    The weekdays on which a branch is served, for a time; a branch may have several.

    Attributes
    ----------
    branch
        Identifier of the branch.
    weekdays
        ISO weekdays, 1 is Monday, in order.
    weeks
        In which weeks it holds.
    valid_from
        First day it holds; None for always.
    valid_until
        Last day it holds; None for ever.
    source
        Where it comes from.
    confidence
        How sure it is.

    Raises
    ------
    InputError
        There is no weekday or a wrong one, or the last day lies before the first.
    """

    branch: str
    weekdays: tuple[int, ...]
    weeks: Weeks = Weeks.EVERY
    valid_from: date | None = None
    valid_until: date | None = None
    source: str = ""
    confidence: Confidence = Confidence.LOW

    def __post_init__(self) -> None:
        problems = [f"service pattern of {self.branch!r}: {fault}" for fault in self._faults()]
        if problems:
            raise InputError(problems)

    def __str__(self) -> str:
        weeks = "" if self.weeks is Weeks.EVERY else f" in {self.weeks} weeks"
        return weekdays_text(self.weekdays) + weeks

    def holds_on(self, day: date) -> bool:
        """
        Tell whether the pattern is valid on a day, whatever the weekday and week.

        Parameters
        ----------
        day
            The day.

        Returns
        -------
        bool
            True between ``valid_from`` and ``valid_until``, both included.
        """
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )

    def _faults(self) -> Iterator[str]:
        if not self.weekdays or not set(self.weekdays) <= set(range(1, 8)):
            yield f"weekdays are {self.weekdays}, expected ISO weekdays 1 to 7"
        yield from order_faults("valid_from", self.valid_from, "valid_until", self.valid_until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """
    Days on which a branch, or the whole service, is closed.

    Attributes
    ----------
    branch
        Identifier of the branch; None closes the whole service.
    first_day
        First closed day.
    last_day
        Last closed day.
    reason
        Why, in words that staff read.
    source
        Who says so.
    confidence
        How sure it is.

    Raises
    ------
    InputError
        The last day lies before the first.
    """

    branch: str | None
    first_day: date
    last_day: date
    reason: str = ""
    source: str = ""
    confidence: Confidence = Confidence.HIGH

    def __post_init__(self) -> None:
        problems = list(order_faults("first_day", self.first_day, "last_day", self.last_day))
        if problems:
            name = "the whole service" if self.branch is None else repr(self.branch)
            raise InputError(f"closure of {name}: {fault}" for fault in problems)

    def covers(self, day: date) -> bool:
        """
        Tell whether a day is closed.

        Parameters
        ----------
        day
            The day.

        Returns
        -------
        bool
            True between the first and the last day, both included.
        """
        return self.first_day <= day <= self.last_day


def order_faults(
    first_name: str, first: date | None, last_name: str, last: date | None
) -> Iterator[str]:
    """
    Say when the end of a time lies before its beginning.

    Parameters
    ----------
    first_name
        What the first day is called.
    first
        The first day, None when open.
    last_name
        What the last day is called.
    last
        The last day, None when open.

    Yields
    ------
    str
        One sentence; nothing when the order is right.
    """
    if first is not None and last is not None and last < first:
        yield f"{last_name} is {last}, expected {first_name} {first} or later"


def parse_weekdays(text: str) -> tuple[int, ...]:
    """
    Read weekdays as OpenStreetMap writes them.

    Parameters
    ----------
    text
        Days and ranges between commas, as ``Mo-We,Fr``.

    Returns
    -------
    tuple of int
        ISO weekdays in order, each once.

    Raises
    ------
    ValueError
        A part is no weekday and no range of them.
    """
    days: set[int] = set()
    for part in text.split(","):
        first, dash, last = (piece.strip() for piece in part.partition("-"))
        start = WEEKDAY_NAMES.index(first)
        end = WEEKDAY_NAMES.index(last) if dash else start
        days |= {day % 7 + 1 for day in range(start, end + 1 + 7 * (end < start))}
    return tuple(sorted(days))


def weekdays_text(weekdays: Iterable[int]) -> str:
    """
    Write weekdays as OpenStreetMap does.

    Parameters
    ----------
    weekdays
        ISO weekdays.

    Returns
    -------
    str
        As ``Mo,We,Fr``; three or more running days as ``Mo-We``.
    """
    groups: list[list[int]] = []
    for day in sorted(set(weekdays)):
        if groups and groups[-1][-1] == day - 1:
            groups[-1].append(day)
        else:
            groups.append([day])
    parts = [
        [f"{WEEKDAY_NAMES[group[0] - 1]}-{WEEKDAY_NAMES[group[-1] - 1]}"]
        if len(group) > 2  # noqa: PLR2004
        else [WEEKDAY_NAMES[day - 1] for day in group]
        for group in groups
    ]
    return ",".join(text for part in parts for text in part)

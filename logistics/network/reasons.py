"""Why a branch is not served on a day, as a word for programs and a sentence for people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from logistics.network.patterns import Weeks
from logistics.network.public_holidays import Language, holiday_name

if TYPE_CHECKING:
    from collections.abc import Mapping

_WEEKDAYS: Final = {
    "sv": ("måndagar", "tisdagar", "onsdagar", "torsdagar", "fredagar", "lördagar", "söndagar"),
    "en": ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"),
}
_SHORT_WEEKDAYS: Final = {
    "sv": ("mån", "tis", "ons", "tors", "fre", "lör", "sön"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}


class WhyNot(StrEnum):
    """
    Why no van calls, in a word that programs read.

    Attributes
    ----------
    HOLIDAY
        A public holiday, or an eve that is kept as one.
    SERVICE_CLOSED
        The whole service is closed.
    BRANCH_CLOSED
        The branch is closed.
    NO_PATTERN
        No service pattern is valid on the day.
    OTHER_WEEKDAY
        The branch is served on other weekdays.
    OTHER_WEEK
        The branch is served on this weekday in other weeks.
    RECEIVES_NOTHING
        The branch has no receiving hours on the day.
    NOBODY_SERVED
        The hub rests because no branch is served.
    """

    HOLIDAY = "holiday"
    SERVICE_CLOSED = "service-closed"
    BRANCH_CLOSED = "branch-closed"
    NO_PATTERN = "no-pattern"
    OTHER_WEEKDAY = "other-weekday"
    OTHER_WEEK = "other-week"
    RECEIVES_NOTHING = "receives-nothing"
    NOBODY_SERVED = "nobody-served"


_TEXTS: Final[Mapping[str, Mapping[WhyNot, str]]] = {
    "sv": {
        WhyNot.HOLIDAY: "helgdag ({detail})",
        WhyNot.SERVICE_CLOSED: "ingen trafik till och med {detail}",
        WhyNot.BRANCH_CLOSED: "stängt till och med {detail}",
        WhyNot.NO_PATTERN: "har inga turdagar",
        WhyNot.OTHER_WEEKDAY: "besöks inte på {weekday}, bara {detail}",
        WhyNot.OTHER_WEEK: "besöks bara {detail} veckor, det här är vecka {week}",
        WhyNot.RECEIVES_NOTHING: "tar inte emot på {weekday}",
        WhyNot.NOBODY_SERVED: "inget bibliotek besöks den här dagen",
    },
    "en": {
        WhyNot.HOLIDAY: "public holiday ({detail})",
        WhyNot.SERVICE_CLOSED: "no service until {detail}",
        WhyNot.BRANCH_CLOSED: "closed until {detail}",
        WhyNot.NO_PATTERN: "has no service days",
        WhyNot.OTHER_WEEKDAY: "not served on {weekday}, only on {detail}",
        WhyNot.OTHER_WEEK: "served in {detail} weeks only, this is week {week}",
        WhyNot.RECEIVES_NOTHING: "receives nothing on {weekday}",
        WhyNot.NOBODY_SERVED: "no branch is served on this day",
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """
    Why a branch is not served on a day.

    Attributes
    ----------
    code
        The reason in a word.
    day
        The day.
    last_day
        Last day of a closure, else None.
    words
        What people wrote about a closure.
    weekdays
        ISO weekdays on which the branch is served instead.
    weeks
        Weeks in which it is served.
    """

    code: WhyNot
    day: date
    last_day: date | None = None
    words: str = ""
    weekdays: tuple[int, ...] = ()
    weeks: Weeks = Weeks.EVERY

    def text(self, language: Language = "sv") -> str:
        """
        Say it in a half-sentence that can follow the branch's name.

        Parameters
        ----------
        language
            Swedish or English.

        Returns
        -------
        str
            As ``besöks inte på tisdagar, bara mån, ons, fre``.
        """
        return _TEXTS[language][self.code].format(
            detail=self._detail(language),
            weekday=_WEEKDAYS[language][self.day.isoweekday() - 1],
            week=self.day.isocalendar().week,
        )

    def _detail(self, language: Language) -> str:
        if self.code is WhyNot.HOLIDAY:
            return holiday_name(self.day, language) or ""
        if self.code in {WhyNot.SERVICE_CLOSED, WhyNot.BRANCH_CLOSED}:
            return f"{self.last_day}: {self.words}" if self.words else f"{self.last_day}"
        if self.code is WhyNot.OTHER_WEEK:
            odd = self.weeks is Weeks.ODD
            return {"sv": ("jämna", "udda"), "en": ("even", "odd")}[language][odd]
        return ", ".join(_SHORT_WEEKDAYS[language][day - 1] for day in self.weekdays)

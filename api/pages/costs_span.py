"""The day, month or year of a cost page, as its address says it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from api.problems import ProblemError
from logistics.operations.reports.report_books import span_of
from logistics.operations.reports.report_data import Period

if TYPE_CHECKING:
    from collections.abc import Iterable

    from maps.i18n import Words

_FORM: Final = re.compile(r"(20\d{2})(?:-(\d{2})(?:-(\d{2}))?)?")
_LENGTHS: Final = {Period.YEAR: 4, Period.MONTH: 7, Period.DAY: 10}


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """
    A day, month or year.

    Attributes
    ----------
    period
        How long it is.
    first
        Its first day.
    """

    period: Period
    first: date

    @property
    def key(self) -> str:
        """As the address says it: 2026, 2026-11 or 2026-11-24."""
        return self.first.isoformat()[: _LENGTHS[self.period]]

    @property
    def last(self) -> date:
        """Its last day."""
        return span_of(self.first, self.period)[1]

    @property
    def before(self) -> Span:
        """The span before it."""
        return spanning(self.first - timedelta(days=1), self.period)

    @property
    def after(self) -> Span:
        """The span after it."""
        return spanning(self.last + timedelta(days=1), self.period)

    def name(self, w: Words) -> str:
        """
        Name it.

        Parameters
        ----------
        w
            The reader's words.

        Returns
        -------
        str
            As "november 2026".
        """
        if self.period is Period.YEAR:
            return self.key
        return w.month(self.first) if self.period is Period.MONTH else w.day(self.first)


def spanning(day: date, period: Period) -> Span:
    """
    Find the span in which a day lies.

    Parameters
    ----------
    day
        The day.
    period
        How long the span is.

    Returns
    -------
    Span
        The span.
    """
    return Span(period=period, first=span_of(day, period)[0])


def parse_span(text: str) -> Span:
    """
    Read a span from an address.

    Parameters
    ----------
    text
        As 2026, 2026-11 or 2026-11-24.

    Returns
    -------
    Span
        The span.

    Raises
    ------
    ProblemError
        There is no such day, month or year.
    """
    match = _FORM.fullmatch(text)
    unknown = ProblemError("not-found", f"{text[:20]!r} is no day, month or year, such as 2026-11")
    if match is None:
        raise unknown
    year, month, day = (int(part) if part else 1 for part in match.groups())
    try:
        first = date(year, month, day)
    except ValueError:
        raise unknown from None
    return Span(period={4: Period.YEAR, 7: Period.MONTH, 10: Period.DAY}[len(text)], first=first)


def spans_with(days: Iterable[date], period: Period) -> list[Span]:
    """
    List the spans in which something happened.

    Parameters
    ----------
    days
        When.
    period
        How long the spans are.

    Returns
    -------
    list[Span]
        Each once, the newest first.
    """
    firsts = {span_of(day, period)[0] for day in days}
    return [Span(period=period, first=first) for first in sorted(firsts, reverse=True)]

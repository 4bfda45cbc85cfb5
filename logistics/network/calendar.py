"""Which branch is served on which day, when it receives, and why it is not served."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from logistics.errors import NotFoundError
from logistics.network.hours import open_window
from logistics.network.public_holidays import Language, holiday_name
from logistics.network.reasons import Reason, WhyNot
from logistics.units import SECONDS_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from logistics.network.patterns import Closure, ServicePattern

#: A branch without a service day within so many days has none in sight.
LONGEST_SEARCH_DAYS: Final = 400


class ServiceCalendar:
    """
    The service days of every branch, asked millions of times in a simulated year.

    Answers are kept, so that each is worked out once.

    Parameters
    ----------
    patterns
        Weekly patterns; a branch is served where any of its own says so.
    closures
        Closures of branches and of the whole service.
    receiving_hours
        Every branch that may be asked about, with its opening_hours text or None for any time.
    hub
        The hub, served whenever any branch is.
    """

    def __init__(
        self,
        *,
        patterns: Iterable[ServicePattern],
        closures: Iterable[Closure],
        receiving_hours: Mapping[str, str | None],
        hub: str,
    ) -> None:
        self.patterns = tuple(patterns)
        self.closures = tuple(closures)
        self.receiving_hours = dict(receiving_hours)
        self.hub = hub
        self._patterns_of: dict[str, list[ServicePattern]] = defaultdict(list)
        for pattern in self.patterns:
            self._patterns_of[pattern.branch].append(pattern)
        self._closures_of: dict[str | None, list[Closure]] = defaultdict(list)
        for closure in self.closures:
            self._closures_of[closure.branch].append(closure)
        self._reasons: dict[tuple[str, date], Reason | None] = {}
        self._windows: dict[tuple[str, date], tuple[int, int] | None] = {}
        self._next: dict[tuple[str, date], date | None] = {}

    @property
    def branches(self) -> tuple[str, ...]:
        """The branches it knows, in the order given."""
        return tuple(self.receiving_hours)

    def is_served(self, branch_id: str, day: date) -> bool:
        """
        Tell whether a van may call at a branch on a day.

        Parameters
        ----------
        branch_id
            Branch or hub.
        day
            The day.

        Returns
        -------
        bool
            True when it is served.

        Raises
        ------
        NotFoundError
            The branch is unknown.
        """
        return self.reason(branch_id, day) is None

    def why_not(self, branch_id: str, day: date, language: Language = "sv") -> str | None:
        """
        Say why a branch is not served on a day.

        Parameters
        ----------
        branch_id
            Branch or hub.
        day
            The day.
        language
            Swedish or English.

        Returns
        -------
        str or None
            A half-sentence, None when it is served.

        Raises
        ------
        NotFoundError
            The branch is unknown.
        """
        reason = self.reason(branch_id, day)
        return None if reason is None else reason.text(language)

    def reason(self, branch_id: str, day: date) -> Reason | None:
        """
        Find why a branch is not served on a day.

        Parameters
        ----------
        branch_id
            Branch or hub.
        day
            The day.

        Returns
        -------
        Reason or None
            The reason, None when it is served.

        Raises
        ------
        NotFoundError
            The branch is unknown.
        """
        key = branch_id, day
        if key not in self._reasons:
            self._reasons[key] = self._find_reason(branch_id, day)
        return self._reasons[key]

    def is_service_day(self, day: date) -> bool:
        """
        Tell whether any branch is served on a day.

        Parameters
        ----------
        day
            The day.

        Returns
        -------
        bool
            True when at least one branch is.
        """
        return self.reason(self.hub, day) is None

    def next_service(self, branch_id: str, after: date) -> date | None:
        """
        Find the first service day after a day.

        Parameters
        ----------
        branch_id
            Branch or hub.
        after
            The day before the first candidate.

        Returns
        -------
        date or None
            The service day, None when there is none within 400 days.

        Raises
        ------
        NotFoundError
            The branch is unknown.
        """
        key = branch_id, after
        if key not in self._next:
            days = (after + timedelta(days=n) for n in range(1, LONGEST_SEARCH_DAYS + 1))
            self._next[key] = next((day for day in days if self.is_served(branch_id, day)), None)
        return self._next[key]

    def service_days_between(self, branch_id: str, after: date, until: date) -> list[date]:
        """
        List the service days of a branch after one day up to another.

        Parameters
        ----------
        branch_id
            Branch or hub.
        after
            The day before the first candidate.
        until
            The last candidate.

        Returns
        -------
        list of date
            In order; empty when ``until`` is not after ``after``.

        Raises
        ------
        NotFoundError
            The branch is unknown.
        """
        days = (after + timedelta(days=n + 1) for n in range((until - after).days))
        return [day for day in days if self.is_served(branch_id, day)]

    def receiving_window(self, branch_id: str, day: date) -> tuple[int, int] | None:
        """
        Find when service at a branch may begin on a day.

        Parameters
        ----------
        branch_id
            Branch or hub.
        day
            The day.

        Returns
        -------
        tuple of int or None
            First and last second since local midnight, ends included; None for any time, and for
            a day on which it receives nothing.

        Raises
        ------
        NotFoundError
            The branch is unknown.
        """
        key = branch_id, day
        if key not in self._windows:
            hours = self._hours(branch_id)
            window = None if hours is None else open_window(hours, day)
            self._windows[key] = None if window == (0, SECONDS_PER_DAY) else window
        return self._windows[key]

    def _hours(self, branch_id: str) -> str | None:
        if branch_id == self.hub:
            return None
        if branch_id not in self.receiving_hours:
            raise NotFoundError(
                f"branch {branch_id!r} is not in the service calendar, "
                f"expected one of {', '.join(sorted(self.receiving_hours))}"
            )
        return self.receiving_hours[branch_id]

    def _find_reason(self, branch_id: str, day: date) -> Reason | None:
        hours = self._hours(branch_id)
        if holiday_name(day, "sv") is not None:
            return Reason(code=WhyNot.HOLIDAY, day=day)
        closed = self._closure(None, day, WhyNot.SERVICE_CLOSED)
        if closed is None and branch_id == self.hub:
            served = any(self.is_served(other, day) for other in self.branches if other != self.hub)
            return None if served else Reason(code=WhyNot.NOBODY_SERVED, day=day)
        closed = closed or self._closure(branch_id, day, WhyNot.BRANCH_CLOSED)
        return closed or self._pattern_reason(branch_id, day) or _hours_reason(hours, day)

    def _closure(self, branch_id: str | None, day: date, code: WhyNot) -> Reason | None:
        covering = [closure for closure in self._closures_of[branch_id] if closure.covers(day)]
        if not covering:
            return None
        last = max(covering, key=lambda closure: closure.last_day)
        return Reason(code=code, day=day, last_day=last.last_day, words=last.reason)

    def _pattern_reason(self, branch_id: str, day: date) -> Reason | None:
        valid = [pattern for pattern in self._patterns_of[branch_id] if pattern.holds_on(day)]
        if not valid:
            return Reason(code=WhyNot.NO_PATTERN, day=day)
        today = [pattern for pattern in valid if day.isoweekday() in pattern.weekdays]
        if not today:
            weekdays = tuple(sorted({weekday for pattern in valid for weekday in pattern.weekdays}))
            return Reason(code=WhyNot.OTHER_WEEKDAY, day=day, weekdays=weekdays)
        if not any(pattern.weeks.includes(day) for pattern in today):
            return Reason(code=WhyNot.OTHER_WEEK, day=day, weeks=today[0].weeks)
        return None


def _hours_reason(hours: str | None, day: date) -> Reason | None:
    if hours is None or open_window(hours, day) is not None:
        return None
    return Reason(code=WhyNot.RECEIVES_NOTHING, day=day)

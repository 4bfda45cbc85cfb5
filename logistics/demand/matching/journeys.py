"""Expected days and kronor from every branch to every branch, from the calendar and the vans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from statistics import fmean
from typing import TYPE_CHECKING

from logistics.demand.matching.calendar_days import expected_days, next_call
from logistics.demand.waiting import DIRECT_SHARE
from logistics.errors import InputError, NotFoundError
from logistics.units import SECONDS_PER_HOUR

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from logistics.demand.matching.planned_calls import Calls
    from logistics.demand.waiting import Calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Journeys:
    """
    Expected days and marginal kronor between places, on one day or for any day.

    Attributes
    ----------
    places
        Branches and the hub.
    days
        Calendar days until an item arrives, by row of origin and column of destination.
    sek
        Marginal SEK of carrying one item more.

    Raises
    ------
    InputError
        A matrix has the wrong shape or a negative entry, or a place stands twice.
    """

    places: tuple[str, ...]
    days: tuple[tuple[float, ...], ...]
    sek: tuple[tuple[float, ...], ...]

    def __post_init__(self) -> None:
        n = len(self.places)
        problems = [] if len(set(self.places)) == n else ["journeys: a place stands twice"]
        for name in ("days", "sek"):
            rows = getattr(self, name)
            if [len(row) for row in rows] != [n] * n:
                problems.append(f"journeys: {name} is not {n} x {n}, expected a row for each place")
            elif not all(0 <= entry < float("inf") for row in rows for entry in row):
                problems.append(f"journeys: {name} has a negative entry, expected 0 or more")
        if problems:
            raise InputError(problems)

    def index(self) -> dict[str, int]:
        """
        Number the places.

        Returns
        -------
        dict
            Row by place.
        """
        return {place: i for i, place in enumerate(self.places)}

    def between(self, origin: str, destination: str) -> tuple[float, float]:
        """
        Look one journey up.

        Parameters
        ----------
        origin
            Where it starts.
        destination
            Where it ends.

        Returns
        -------
        tuple of float
            Expected days and marginal SEK.

        Raises
        ------
        NotFoundError
            A place is unknown.
        """
        index = self.index()
        unknown = [place for place in (origin, destination) if place not in index]
        if unknown:
            raise NotFoundError(f"journeys: place {place!r} is unknown" for place in unknown)
        row, column = index[origin], index[destination]
        return self.days[row][column], self.sek[row][column]


def handling_sek(seconds_per_item: float, sek_per_hour: Sequence[float]) -> float:
    """
    Price taking one item and putting it off, once each.

    Parameters
    ----------
    seconds_per_item
        Time for one of the two.
    sek_per_hour
        What an hour of each van costs.

    Returns
    -------
    float
        SEK, by the mean of the vans; 0 without any.
    """
    mean = sum(sek_per_hour) / len(sek_per_hour) if sek_per_hour else 0.0
    return 2 * seconds_per_item / SECONDS_PER_HOUR * mean


def journeys_on(
    calendar: Calendar,
    places: Sequence[str],
    hub: str,
    on: date,
    *,
    handling_sek: float,
    planned: Calls | None = None,
    typical: Mapping[int, Calls] | None = None,
    sek_per_day: float = 0.0,
) -> Journeys:
    """
    Expect days and kronor between all places for items packed on a day.

    Parameters
    ----------
    calendar
        Service calendar.
    places
        Branches and the hub.
    hub
        The hub.
    on
        The day.
    handling_sek
        SEK for taking one item and putting it off, once each.
    planned
        What a plan says of the day; without one every branch that is served is called at.
    typical
        What plans say of each ISO weekday, for days that ``planned`` does not speak of.
    sek_per_day
        What a day that an item waits costs, for branches that the plan does not call at.

    Returns
    -------
    Journeys
        Days and marginal SEK; over the hub an item is handled twice. Which items ride direct the
        order of the calls says on the day they are fetched, and half of them do where it does not.
        Where no call is planned that day, one item more costs the detour or, where that is less,
        the wait for the next.
    """
    first = {place: on if place == hub else _first_call(calendar, place, on) for place in places}
    calls_on = _Calls(calendar, hub, on, planned, typical or {}, sek_per_day)
    days, sek = [], []
    for origin in places:
        of_days, of_sek = [], []
        for to in places:
            # What waits at the hub rides with the first call at its destination.
            fetched = first[to if origin == hub else origin]
            share, added = calls_on.between(origin, to, fetched)
            handlings = 1 if hub in {origin, to} else 2 - share
            of_days.append(expected_days(calendar, origin, to, hub, on, direct_share=share))
            of_sek.append(0.0 if origin == to else handling_sek * handlings + added)
        days.append(tuple(of_days))
        sek.append(tuple(of_sek))
    return Journeys(places=tuple(places), days=tuple(days), sek=tuple(sek))


def _first_call(calendar: Calendar, place: str, on: date) -> date:
    return on if calendar.is_served(place, on) else next_call(calendar, place, on)


class _Calls:
    """What is known of the calls on each day, with what each branch adds worked out once."""

    def __init__(
        self,
        calendar: Calendar,
        hub: str,
        on: date,
        planned: Calls | None,
        typical: Mapping[int, Calls],
        sek_per_day: float,
    ) -> None:
        self.calendar, self.hub, self.on = calendar, hub, on
        self.planned, self.typical = planned, typical
        self.sek_per_day = sek_per_day
        self.added: dict[tuple[str, date], float] = {}

    def between(self, origin: str, to: str, day: date) -> tuple[float, float]:
        known = self.planned if self.planned and day == self.on else None
        calls = known or self.typical.get(day.isoweekday())
        if calls is None:
            return DIRECT_SHARE, 0.0
        ends = [self._added_sek(calls, end, day) for end in (origin, to)]
        return calls.direct_share(origin, to), sum(ends)

    def _added_sek(self, calls: Calls, place: str, day: date) -> float:
        known = self.added.get((place, day))
        if known is None:
            known = 0.0
            if place != self.hub and self.calendar.is_served(place, day):
                wait = (next_call(self.calendar, place, day) - day).days
                known = calls.added_sek(place, self.sek_per_day * wait)
            self.added[place, day] = known
        return known


def journeys_of_week(
    calendar: Calendar,
    places: Sequence[str],
    hub: str,
    monday: date,
    *,
    handling_sek: float,
    typical: Mapping[int, Calls] | None = None,
    sek_per_day: float = 0.0,
) -> list[Journeys]:
    """
    Expect days and kronor between all places for an item packed on each day of a week.

    Parameters
    ----------
    calendar
        Service calendar.
    places
        Branches and the hub.
    hub
        The hub.
    monday
        First of the seven days; the week should hold no holiday.
    handling_sek
        SEK for taking one item and putting it off, once each.
    typical
        What plans say of each ISO weekday.
    sek_per_day
        What a day that an item waits costs, for branches that plans do not call at.

    Returns
    -------
    list of Journeys
        One for each of the seven days.
    """
    return [
        journeys_on(
            calendar,
            places,
            hub,
            monday + timedelta(days=number),
            handling_sek=handling_sek,
            typical=typical,
            sek_per_day=sek_per_day,
        )
        for number in range(7)
    ]


def mean_journeys(week: Sequence[Journeys]) -> Journeys:
    """
    Expect days and kronor between all places for an item packed on any of some days.

    Parameters
    ----------
    week
        Journeys of each day, between the same places; one day or more.

    Returns
    -------
    Journeys
        Their means.

    Raises
    ------
    InputError
        No day is given, or the places differ.
    """
    if len({day.places for day in week}) != 1:
        raise InputError("journeys: expected one day or more, all between the same places")
    size = range(len(week[0].places))
    return Journeys(
        places=week[0].places,
        days=tuple(tuple(fmean(day.days[i][j] for day in week) for j in size) for i in size),
        sek=tuple(tuple(fmean(day.sek[i][j] for day in week) for j in size) for i in size),
    )

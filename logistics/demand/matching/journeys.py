"""Expected days and kronor from every branch to every branch, from the calendar and the vans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from logistics.demand.matching.calendar_days import expected_days, next_call
from logistics.demand.waiting import DIRECT_SHARE
from logistics.errors import InputError, NotFoundError
from logistics.units import SECONDS_PER_HOUR

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from logistics.demand.matching.planned_calls import PlannedCalls
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
    planned: PlannedCalls | None = None,
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
    sek_per_day
        What a day that an item waits costs, for branches that the plan does not call at.

    Returns
    -------
    Journeys
        Days and marginal SEK; over the hub an item is handled twice. Which items ride direct the
        order of the planned calls says, and half of them do where it does not. Where no call is
        planned, one item more costs the detour or, where that is less, the wait for the next.
    """
    added = _added_sek(calendar, places, on, planned, sek_per_day)
    days, sek = [], []
    for origin in places:
        known = planned if calendar.is_served(origin, on) else None
        shares = [known.direct_share(origin, to) if known else DIRECT_SHARE for to in places]
        ways = list(zip(places, shares, strict=True))
        days.append(
            tuple(
                expected_days(calendar, origin, to, hub, on, direct_share=share)
                for to, share in ways
            )
        )
        sek.append(
            tuple(
                0.0
                if origin == to
                else handling_sek * (1 if hub in (origin, to) else 2 - share)
                + added.get(origin, 0.0)
                + added.get(to, 0.0)
                for to, share in ways
            )
        )
    return Journeys(places=tuple(places), days=tuple(days), sek=tuple(sek))


def _added_sek(
    calendar: Calendar,
    places: Sequence[str],
    on: date,
    planned: PlannedCalls | None,
    sek_per_day: float,
) -> dict[str, float]:
    if planned is None:
        return {}
    return {
        place: min(
            planned.detour_sek[place], sek_per_day * (next_call(calendar, place, on) - on).days
        )
        for place in places
        if place in planned.detour_sek and calendar.is_served(place, on)
    }


def weekly_journeys(
    calendar: Calendar, places: Sequence[str], hub: str, monday: date, *, handling_sek: float
) -> Journeys:
    """
    Expect days and kronor between all places for an item packed on any day of a week.

    Parameters
    ----------
    calendar
        Service calendar.
    places
        Branches and the hub.
    hub
        The hub.
    monday
        First of the seven days.
    handling_sek
        SEK for taking one item and putting it off, once each.

    Returns
    -------
    Journeys
        Means over the seven days; the week should hold no holiday.
    """
    week = [
        journeys_on(calendar, places, hub, monday + timedelta(days=n), handling_sek=handling_sek)
        for n in range(7)
    ]
    size = range(len(places))
    return Journeys(
        places=tuple(places),
        days=tuple(tuple(sum(day.days[i][j] for day in week) / 7 for j in size) for i in size),
        sek=week[0].sek,
    )

"""Expected days and kronor from every branch to every branch, from the calendar and the vans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from logistics.demand.waiting import DIRECT_SHARE, LONGEST_WAIT_DAYS
from logistics.errors import InputError, NotFoundError
from logistics.units import SECONDS_PER_HOUR

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

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


def expected_days(
    calendar: Calendar,
    origin: str,
    destination: str,
    hub: str,
    on: date,
    *,
    direct_share: float = DIRECT_SHARE,
) -> float:
    """
    Expect how many days an item takes that is packed before the vans leave on a day.

    Parameters
    ----------
    calendar
        Service calendar.
    origin
        Where it waits.
    destination
        Where it goes.
    hub
        The hub.
    on
        The first day on which it can be fetched.
    direct_share
        Part of the items that ride direct where both ends are served the same day.

    Returns
    -------
    float
        Calendar days after ``on``; 0 is the same day.
    """
    if origin == destination:
        return 0.0
    fetched = on if origin == hub else _from(calendar, origin, on)
    if destination == hub:
        return float((fetched - on).days)
    if origin == hub:
        return float((_from(calendar, destination, on) - on).days)
    over_night = (_after(calendar, destination, fetched) - on).days
    direct = (fetched - on).days if calendar.is_served(destination, fetched) else over_night
    return direct_share * direct + (1 - direct_share) * over_night


def promised_day(
    calendar: Calendar, origin: str, destination: str, hub: str, on: date
) -> date | None:
    """
    Name the day by which an item arrives that is packed before the vans leave on a day.

    It is the day of those items that do not ride direct, so that a promise made of it can be kept
    whatever the order of the calls.

    Parameters
    ----------
    calendar
        Service calendar.
    origin
        Where it waits.
    destination
        Where it goes.
    hub
        The hub.
    on
        The first day on which it can be fetched.

    Returns
    -------
    date or None
        The day; None where one of the two ends has no service day in sight.
    """
    fetched = on if origin in {hub, destination} else _first(calendar, origin, on)
    if fetched is None or destination in {hub, origin}:
        return fetched
    if origin == hub:
        return _first(calendar, destination, on)
    return calendar.next_service(destination, fetched)


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
    call_sek: Mapping[str, float] | None = None,
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
    call_sek
        SEK that one item more adds by calling at a branch where no van would call otherwise;
        absent branches are called at anyway and add nothing.

    Returns
    -------
    Journeys
        Days and marginal SEK; over the hub an item is handled twice, and half ride direct.
    """
    calls = call_sek or {}
    days, sek = [], []
    for origin in places:
        days.append(tuple(expected_days(calendar, origin, to, hub, on) for to in places))
        sek.append(
            tuple(
                0.0
                if origin == to
                else handling_sek * (1 if hub in (origin, to) else 2 - DIRECT_SHARE)
                + calls.get(origin, 0.0)
                + calls.get(to, 0.0)
                for to in places
            )
        )
    return Journeys(places=tuple(places), days=tuple(days), sek=tuple(sek))


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


def _first(calendar: Calendar, place: str, day: date) -> date | None:
    return day if calendar.is_served(place, day) else calendar.next_service(place, day)


def _from(calendar: Calendar, place: str, day: date) -> date:
    return day if calendar.is_served(place, day) else _after(calendar, place, day)


def _after(calendar: Calendar, place: str, day: date) -> date:
    latest = day + timedelta(days=LONGEST_WAIT_DAYS)
    return min(calendar.next_service(place, day) or latest, latest)

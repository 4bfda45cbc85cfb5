"""A typical week: what goes where, what tours cost, which patterns are allowed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from logistics.errors import InputError
from logistics.planning.records import Vehicle
from logistics.simulation.service_days.patterns import (
    DAYS_A_WEEK,
    Waits,
    waits_of,
    waits_of_hub,
)
from logistics.simulation.service_days.tours import least_tours, subset_sums
from logistics.units import METRES_PER_KILOMETRE, SECONDS_PER_HOUR

Floats = NDArray[np.float64]
Pattern = tuple[int, ...]

_SMALL: Final = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """
    Everything that the choice of service days rests on.

    Attributes
    ----------
    places
        Branches that are decided about.
    hub
        The hub.
    holds
        Items a week that readers wait for, from each place to each; the hub stands last.
    taken, put_off
        Items a week taken and put off at each place, those that go home among them.
    asked
        Part of a week's holds asked for on each weekday, Monday first.
    menus
        Patterns allowed at each place.
    vehicle
        The kind of van; all are alike.
    vans
        How many there are.
    travel_metres, travel_seconds
        Between the places, the hub last.
    stop_seconds
        Time of a stop at each place before an item is handled.
    handling_seconds
        Time for one item put off or taken.
    break_seconds
        Length of the break.
    break_after_seconds
        Longest time without one; 0 for no rule.

    Raises
    ------
    InputError
        A place has no pattern, or there is no van.
    """

    places: tuple[str, ...]
    hub: str
    holds: Floats
    taken: Floats
    put_off: Floats
    asked: Sequence[float]
    menus: tuple[tuple[Pattern, ...], ...]
    vehicle: Vehicle
    vans: int
    travel_metres: Sequence[Sequence[int]]
    travel_seconds: Sequence[Sequence[int]]
    stop_seconds: Sequence[int]
    handling_seconds: int = 0
    break_seconds: int = 0
    break_after_seconds: int = 0
    _waits: dict[Pattern, Waits] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        problems = [
            f"branch {place!r}: no pattern is allowed, expected one or more"
            for place, menu in zip(self.places, self.menus, strict=True)
            if not menu
        ]
        if self.vans < 1:
            problems.append(f"vans is {self.vans}, expected 1 or more")
        if problems:
            raise InputError(problems)

    @property
    def weekdays(self) -> tuple[int, ...]:
        """ISO weekdays that some pattern has."""
        return tuple(sorted({day for menu in self.menus for pattern in menu for day in pattern}))

    @property
    def handling_sek(self) -> float:
        """What handling costs a week, whatever the days."""
        seconds = self.handling_seconds * float(self.taken.sum() + self.put_off.sum())
        return seconds / SECONDS_PER_HOUR * self.vehicle.cost_per_hour

    def waits(self, pattern: Pattern) -> Waits:
        """
        Look up the waits of a pattern.

        Parameters
        ----------
        pattern
            ISO weekdays.

        Returns
        -------
        Waits
            Kept, so that each pattern is worked out once.
        """
        if pattern not in self._waits:
            self._waits[pattern] = waits_of(pattern, self.asked)
        return self._waits[pattern]

    def days_to_reader(self, patterns: Sequence[Pattern]) -> float:
        """
        Expect the days from asking to delivery, mean over all holds.

        Parameters
        ----------
        patterns
            Pattern of each place.

        Returns
        -------
        float
            Calendar days.
        """
        waits = [*(self.waits(one) for one in patterns), waits_of_hub(self.asked)]
        fetched = np.array([one.fetched for one in waits])
        from_hub = np.array([one.from_hub for one in waits])
        until = np.array([one.until_fetched for one in waits])
        days = until[:, None] + fetched @ from_hub.T
        # What starts at the hub waits there from the day it was asked for.
        return float((self.holds * days).sum() / max(self.holds.sum(), _SMALL))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tours:
    """
    What a tour to every set of places costs and takes, handling apart.

    Attributes
    ----------
    sek
        Least cost by set.
    seconds
        Least time by set, break apart.
    most_seconds
        Longest run, break apart.
    """

    sek: Floats
    seconds: Floats
    most_seconds: float

    @property
    def possible_sek(self) -> Floats:
        """Least cost by set, infinite where no run is long enough."""
        return np.where(self.seconds <= self.most_seconds + _SMALL, self.sek, np.inf)


def tours_of(week: Week) -> Tours:
    """
    Price a tour to every set of places.

    Parameters
    ----------
    week
        The week.

    Returns
    -------
    Tours
        Lower bounds on what a run costs and takes: windows and handling are left out, so that no
        tour is dearer or longer here than on the road.
    """
    van = week.vehicle
    metres = np.asarray(week.travel_metres, dtype=float) / METRES_PER_KILOMETRE
    seconds = np.asarray(week.travel_seconds, dtype=float)
    legs = metres * van.cost_per_km + seconds / SECONDS_PER_HOUR * van.cost_per_hour
    at_stops = subset_sums(week.stop_seconds)
    stops = subset_sums(np.ones(len(week.places)))
    sek = (
        least_tours(legs)
        + at_stops / SECONDS_PER_HOUR * van.cost_per_hour
        + stops * van.cost_per_stop
        + van.fixed_cost
    )
    sek[0] = 0.0
    time = least_tours(seconds) + at_stops
    longest = float(min(van.max_seconds, van.shift[1] - van.shift[0]))
    if 0 < week.break_after_seconds < longest:
        longest = max(longest - week.break_seconds, float(week.break_after_seconds))
    return Tours(sek=sek, seconds=time, most_seconds=longest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """
    Days and van of every place.

    Attributes
    ----------
    patterns
        ISO weekdays, place by place.
    van
        Number of the van, place by place.
    """

    patterns: tuple[Pattern, ...]
    van: tuple[int, ...]

    def stops(self) -> Mapping[tuple[int, int], int]:
        """
        Tell who is called at by each van on each weekday.

        Returns
        -------
        dict
            Set of places as bits, by van and ISO weekday.
        """
        sets: dict[tuple[int, int], int] = {}
        for place, (pattern, van) in enumerate(zip(self.patterns, self.van, strict=True)):
            for day in pattern:
                sets[van, day] = sets.get((van, day), 0) | 1 << place
        return sets


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """
    What a choice comes to in a week.

    Attributes
    ----------
    driving_sek
        Cost of the tours, handling included.
    days
        Expected days to the reader.
    overload
        How far tours are too long or too full, as a part of what a van can do; 0 where none is.
    """

    driving_sek: float
    days: float
    overload: float = 0.0


def judge(week: Week, tours: Tours, choice: Choice) -> Verdict:
    """
    Work out what a choice comes to.

    Parameters
    ----------
    week
        The week.
    tours
        Its tours.
    choice
        Days and van of every place.

    Returns
    -------
    Verdict
        Cost and days.
    """
    part = np.array([week.waits(pattern).fetched for pattern in choice.patterns])
    sek, overload = week.handling_sek, 0.0
    for (van, day), stops in choice.stops().items():
        sek += float(tours.sek[stops])
        members = [place for place, one in enumerate(choice.van) if one == van]
        share = part[members, (day - 1) % DAYS_A_WEEK]
        taken, put_off = float(week.taken[members] @ share), float(week.put_off[members] @ share)
        seconds = float(tours.seconds[stops]) + week.handling_seconds * (taken + put_off)
        overload += max(0.0, max(taken, put_off) / (week.vehicle.capacity + _SMALL) - 1)
        overload += max(0.0, seconds / (tours.most_seconds + _SMALL) - 1)
    return Verdict(driving_sek=sek, days=week.days_to_reader(choice.patterns), overload=overload)


def shares_on(week: Week, pattern: Pattern, day: int) -> float:
    """
    Tell what part of a week's items a stop handles.

    Parameters
    ----------
    week
        The week.
    pattern
        Pattern of the place.
    day
        ISO weekday.

    Returns
    -------
    float
        Between 0 and 1; 0 on a day without service.
    """
    return float(week.waits(pattern).fetched[(day - 1) % DAYS_A_WEEK])

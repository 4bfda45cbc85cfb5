"""Random small days at an extreme: no room, no distance, vans alike, breaks, narrow windows."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

from logistics.planning.problem import Break
from logistics.planning.timing import build_plan
from tests.planning.enumeration import optimum
from tests.planning.strategies import random_day

if TYPE_CHECKING:
    from collections.abc import Callable

    from logistics.planning.plan import Plan
    from logistics.planning.problem import Problem, Site


def twisted_day(seed: int) -> Problem:
    """A day of at most five sites and three vans; every tenth seed is twisted alike."""
    day = random_day(seed, shipments=5, vehicles=3 if seed % 3 == 0 else 2)
    return _TWISTS[seed % len(_TWISTS)](day, Random(seed))


def hurried_day(seed: int) -> Problem:
    """A small day of three vans alike, whose runs are too short for most of its sites."""
    day, dice = twisted_day(seed), Random(seed)
    van = replace(day.vehicles[0], max_seconds=dice.randint(20, 150) * 60)
    sites = [replace(one, must_visit=one.must_visit or dice.random() < 0.8) for one in day.sites]
    vans = [replace(van, id=f"van-{number}") for number in range(3)]
    return replace(day, sites=tuple(sites), vehicles=tuple(vans))


def resting_day(seed: int) -> Problem:
    """A small day with windows on whose runs a break fits in few places, or only with waiting."""
    day, dice = twisted_day(seed - seed % 10 + 9), Random(seed)
    first = day.vehicles[0].shift[0]

    def open_for_long(site: Site) -> Site:
        opens = first + dice.randint(0, 16) * 600
        window = None if dice.random() < 0.3 else (opens, opens + dice.choice([600, 3600, 7200]))
        return replace(site, window=window)

    after = dice.randint(15, 120) * 60
    vans = [replace(van, max_seconds=int(after * dice.uniform(1.0, 2.5))) for van in day.vehicles]
    return replace(
        day,
        sites=tuple(open_for_long(site) for site in day.sites),
        vehicles=tuple(vans),
        break_=Break(after_seconds=after, seconds=dice.choice([0, 300, 1800])),
        handling_seconds_per_item=dice.choice([0, 20, 120]),
    )


def full_plan(day: Problem) -> Plan | None:
    """The best plan that calls everywhere: dearer than others where sites may be left out."""
    everywhere = [replace(site, must_visit=site.id != day.hub) for site in day.sites]
    best = optimum(replace(day, sites=tuple(everywhere)))
    return None if best is None else build_plan(day, best.routes)


def _no_room(day: Problem, dice: Random) -> Problem:
    rooms = [replace(van, capacity=dice.choice([0, 1, 3, 5])) for van in day.vehicles]
    return replace(day, vehicles=tuple(rooms))


def _next_door(day: Problem, dice: Random) -> Problem:
    seconds = [[0 if dice.random() < 0.5 else one for one in row] for row in day.travel_seconds]
    return replace(day, travel_seconds=tuple(map(tuple, seconds)))


def _vans_alike(day: Problem, _: Random) -> Problem:
    first = day.vehicles[0]
    more = [replace(first, id=f"twin{number}") for number in range(len(day.vehicles))]
    return replace(day, vehicles=(first, *more))


def _all_compulsory(day: Problem, _: Random) -> Problem:
    return replace(day, sites=tuple(replace(site, must_visit=True) for site in day.sites))


def _slow_handling(day: Problem, dice: Random) -> Problem:
    return replace(day, handling_seconds_per_item=dice.choice([60, 200]))


def _narrow_windows(day: Problem, dice: Random) -> Problem:
    first = day.vehicles[0].shift[0]

    def narrow(site: Site) -> Site:
        opens = first + dice.randint(0, 8) * 600
        return replace(site, window=(opens, opens + dice.choice([0, 300, 1800])))

    return replace(day, sites=tuple(narrow(site) for site in day.sites))


def _breaks(day: Problem, dice: Random) -> Problem:
    sites = [replace(site, must_visit=dice.random() < 0.7) for site in day.sites]
    rule = Break(after_seconds=dice.randint(5, 60) * 60, seconds=dice.choice([0, 600]))
    return replace(day, break_=rule, sites=tuple(sites))


def _odd_prices(day: Problem, dice: Random) -> Problem:
    left, at_hub = [0.0, 5.0, 1e4], [0.0, 5.0, 1e4, 2e4]
    shipments = [
        replace(one, cost_if_left=dice.choice(left), cost_if_at_hub=dice.choice(at_hub))
        for one in day.shipments
    ]
    return replace(day, shipments=tuple(shipments))


def _little_room_for_all(day: Problem, dice: Random) -> Problem:
    rooms = [replace(van, capacity=dice.choice([5, 9, 12])) for van in day.vehicles]
    return _all_compulsory(replace(day, vehicles=tuple(rooms)), dice)


def _as_it_is(day: Problem, _: Random) -> Problem:
    return day


_TWISTS: list[Callable[[Problem, Random], Problem]] = [
    _no_room,
    _next_door,
    _vans_alike,
    _all_compulsory,
    _slow_handling,
    _narrow_windows,
    _breaks,
    _odd_prices,
    _little_room_for_all,
    _as_it_is,
]

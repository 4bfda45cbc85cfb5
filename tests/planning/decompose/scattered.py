"""A day of branches strewn over a square, large enough to be taken apart."""

from __future__ import annotations

import math
import random
from dataclasses import replace

from logistics.planning.problem import Problem, Shipment, Site
from tests.planning.days import VAN, small_day

_SIDE_METRES, _METRES_PER_SECOND = 120_000, 20


def scattered(branches: int, seed: int = 0) -> Problem:
    """A hub in the middle, a van for every eight branches, and five items from each."""
    chance = random.Random(seed)
    places = [(0.5, 0.5), *((chance.random(), chance.random()) for _ in range(branches))]
    metres = [[int(_SIDE_METRES * math.dist(a, b)) for b in places] for a in places]
    names = ["hub", *(f"b{number}" for number in range(1, len(places)))]
    pairs = {(a, b) for a in names[1:] for b in chance.sample(names, 5) if a != b}
    return small_day(
        name="scattered",
        sites=tuple(Site(id=name, stop_seconds=300) for name in names),
        travel_metres=tuple(map(tuple, metres)),
        travel_seconds=tuple(tuple(one // _METRES_PER_SECOND for one in row) for row in metres),
        vehicles=tuple(replace(VAN, id=f"van-{number}") for number in range(max(2, branches // 8))),
        shipments=tuple(
            Shipment(
                id=f"{origin}>{destination}",
                origin=origin,
                destination=destination,
                items=1,
                cost_if_at_hub=chance.uniform(5.0, 20.0),
                cost_if_left=chance.uniform(20.0, 90.0),
            )
            for origin, destination in sorted(pairs)
        ),
        handling_seconds_per_item=4,
    )

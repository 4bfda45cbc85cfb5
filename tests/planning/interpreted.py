"""Search and prove small days and print what comes out: ``python -m tests.planning.interpreted``.

With ``NUMBA_DISABLE_JIT=1`` the kernels run as the Python they are written in.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from logistics.planning.exact.prove import prove
from logistics.planning.improve import Search
from logistics.planning.problem import Shipment, Site
from logistics.planning.timing import build_plan
from tests.planning.days import VAN
from tests.planning.strategies import random_day

if TYPE_CHECKING:
    from logistics.planning.problem import Problem

_SMALL, _LARGE, _PAIRS = 10, 4, 2
_STEPS = 200
_PROVED, _PROOF_SECONDS = 8, 120.0


def days() -> list[Problem]:
    """Days that between them meet every kernel."""
    small = [random_day(seed, sites=6, shipments=10, vehicles=3) for seed in range(_SMALL)]
    large = [random_day(seed, sites=14, shipments=40, vehicles=4) for seed in range(_LARGE)]
    return [*small, *large, *map(paired, range(_PAIRS))]


def paired(seed: int) -> Problem:
    """Eight sites, each with one item for the next or from the one before, none left behind."""
    day = random_day(seed, sites=2, shipments=0)
    stops = (Site(id=f"s{number}", stop_seconds=60, must_visit=True) for number in range(8))
    apart = tuple(tuple(abs(a - b) * (700 + 3 * a) for b in range(9)) for a in range(9))
    items = tuple(
        Shipment(
            id=f"p{number}",
            origin=f"s{number}",
            destination=f"s{number + 1}",
            items=1 + number,
            cost_if_at_hub=1e5,
            cost_if_left=1e5,
            direct_only=True,
        )
        for number in range(0, 8, 2)
    )
    return replace(
        day,
        hub="hub",
        sites=(Site(id="hub", stop_seconds=0), *stops),
        travel_metres=apart,
        travel_seconds=apart,
        vehicles=(replace(VAN, id="a", capacity=6 + seed), replace(VAN, id="b")),
        shipments=items,
        break_=None,
    )


def searched(number: int, day: Problem) -> list[object]:
    """Cost and runs after some hundred steps."""
    search = Search(day, number)
    search.run(iterations=_STEPS)
    routes = [] if search.missing else search.best_routes()
    return [repr(search.cost), [[route.vehicle, *route.sites] for route in routes]]


def proved(seed: int) -> list[object]:
    """Bound of a day whose plan is what some hundred steps found."""
    day = random_day(seed, sites=5, shipments=5)
    search = Search(day, seed)
    search.run(iterations=_STEPS)
    plan = None if search.missing else build_plan(day, search.best_routes())
    return [round(prove(day, incumbent=plan, seconds=_PROOF_SECONDS).bound, 4)]


def results() -> list[list[object]]:
    """What compiled and interpreted kernels must agree on."""
    searches = [searched(number, day) for number, day in enumerate(days())]
    return [*searches, *map(proved, range(_PROVED))]


if __name__ == "__main__":
    # Random numbers wrap around on purpose; only interpreted arithmetic warns of it.
    with np.errstate(over="ignore"):
        sys.stdout.write(json.dumps(results()))

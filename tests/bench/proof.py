"""The proof: bounds of small days against enumeration, and the gaps of whole days in 60 s.

Of days of 60 compulsory sites and five vans in 120 s, which `_national` makes.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from logistics.network.load import DATA_FOLDER
from logistics.planning.exact.prove import prove
from logistics.planning.planner import solve
from logistics.planning.problem import read_problem
from logistics.planning.timing import build_plan
from logistics.units import SECONDS_PER_HOUR
from tests.bench._national import national_day
from tests.planning.enumeration import optimum
from tests.planning.exact.twists import twisted_day

if TYPE_CHECKING:
    from logistics.planning.problem import Problem

DAYS, FIRST_SEED = 2000, 10_000
SECONDS, WORKERS = 60.0, 2
LARGE_SECONDS, LARGE_HOURS = 120.0, (6.0, 8.5)


def main() -> None:
    """Prove small days, then solve every shipped day and print what gap is left."""
    _small_days()
    for path in sorted((DATA_FOLDER / "instances").glob("*.json")):
        _gap(path.stem, read_problem(path), SECONDS)
    for hours in LARGE_HOURS:
        _gap(f"60 sites, five vans of {hours} hours", _large_day(hours), LARGE_SECONDS)


def _large_day(hours: float) -> Problem:
    day = national_day(60)
    vans = [
        replace(day.vehicles[0], id=f"van-{number}", max_seconds=round(hours * SECONDS_PER_HOUR))
        for number in range(1, 6)
    ]
    sites = [replace(site, must_visit=site.id != day.hub) for site in day.sites]
    return replace(day, sites=tuple(sites), vehicles=tuple(vans))


def _small_days() -> None:
    passed = closed = possible = 0
    for seed in range(FIRST_SEED, FIRST_SEED + DAYS):
        day = twisted_day(seed)
        best = optimum(day)
        if best is None:
            continue
        possible += 1
        bound = prove(day, incumbent=build_plan(day, best.routes), seconds=20).bound
        passed += bound > best.cost + 1e-6 * (1 + abs(best.cost))
        closed += best.cost - bound <= 1e-4 * max(1.0, best.cost)
    line = {
        "benchmark": "proof",
        "small_days": possible,
        "bounds_above_the_optimum": passed,
        "share_closed": round(closed / possible, 3),
    }
    sys.stdout.write(json.dumps(line) + "\n")


def _gap(name: str, day: Problem, seconds: float) -> None:
    plan = solve(day, seconds=seconds, workers=WORKERS)
    line = {
        "benchmark": "proof",
        "day": name,
        "gap": None if plan.gap is None else round(plan.gap, 6),
        "status": plan.status,
    }
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()

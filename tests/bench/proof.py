"""The proof: bounds of small days against enumeration, and the gaps of whole days in 60 s."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from logistics.network.load import DATA_FOLDER
from logistics.planning.exact.prove import prove
from logistics.planning.planner import solve
from logistics.planning.problem import read_problem
from logistics.planning.timing import build_plan
from tests.planning.enumeration import optimum
from tests.planning.exact.twists import twisted_day

if TYPE_CHECKING:
    from pathlib import Path

DAYS, FIRST_SEED = 2000, 10_000
SECONDS, WORKERS = 60.0, 2


def main() -> None:
    """Prove small days, then solve every shipped day and print what gap is left."""
    _small_days()
    for path in sorted((DATA_FOLDER / "instances").glob("*.json")):
        _gap(path)


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


def _gap(path: Path) -> None:
    plan = solve(read_problem(path), seconds=SECONDS, workers=WORKERS)
    line = {
        "benchmark": "proof",
        "day": path.stem,
        "gap": None if plan.gap is None else round(plan.gap, 6),
        "status": plan.status,
    }
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()

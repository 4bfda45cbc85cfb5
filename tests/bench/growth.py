"""How the time to a good plan grows with the day: a line a size, and one picture with the exponent.

A plan is good once it costs at most 2 % more than the best found in all the time there was.
Sites and seconds stand in the environment, `SITES` (50,100,200,400,800) and `SECONDS` (100).
"""

from __future__ import annotations

import json
import math
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from matplotlib import rc_context
from matplotlib.figure import Figure

from logistics.planning.planner import solve
from tests.bench._national import national_day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logistics.planning.incumbent import Progress

GOOD, WORKERS, SEED = 1.02, 2, 1
PICTURE = Path(__file__).parents[2] / "docs" / "growth.svg"


def main() -> None:
    """Measure each size, fit the exponent and draw the picture."""
    sizes = [int(one) for one in os.environ.get("SITES", "50,100,200,400,800").split(",")]
    limit = float(os.environ.get("SECONDS", "100"))
    solve(national_day(10), seconds=0.5, workers=1)  # loads what is compiled
    found = []
    for size in sizes:
        seconds, cost = seconds_to_good(size, limit)
        found.append(seconds)
        line = {"sites": size, "seconds_to_2_percent": round(seconds, 2), "cost": round(cost)}
        _tell({**line, "limit_seconds": limit})
    power, factor = fitted(sizes, found)
    _tell({"exponent": round(power, 2), "seconds_at_100": round(factor * 100**power, 2)})
    draw(sizes, found, power, factor)


def _tell(line: dict[str, float]) -> None:
    sys.stdout.write(json.dumps({"benchmark": "growth", **line}) + "\n")
    sys.stdout.flush()


def seconds_to_good(size: int, limit: float) -> tuple[float, float]:
    """Solve a day of so many sites; tell when its plan was good, and the best cost."""
    trace: list[tuple[float, float]] = []
    day = national_day(size)
    began = time.monotonic()

    def note(news: Progress) -> None:
        if news.cost is not None:
            trace.append((time.monotonic() - began, news.cost))

    plan = solve(day, seconds=limit, workers=WORKERS, seed=SEED, on_progress=note, certify=False)
    best = plan.cost.total
    return next(at for at, cost in trace if cost <= GOOD * best), best


def fitted(sizes: Sequence[int], seconds: Sequence[float]) -> tuple[float, float]:
    """Fit seconds = factor x sites^power by least squares of the logarithms."""
    power, constant = np.polyfit(np.log(sizes), np.log(seconds), 1)
    return float(power), math.exp(constant)


def draw(sizes: Sequence[int], seconds: Sequence[float], power: float, factor: float) -> None:
    """Draw both axes by logarithm, the points and the line fitted to them."""
    with rc_context({"svg.hashsalt": "growth", "svg.fonttype": "none"}):
        figure = Figure(figsize=(6.4, 4.0), layout="constrained")
        axes = figure.add_subplot(xscale="log", yscale="log")
        axes.plot(sizes, seconds, "o", label="measured")
        line = [factor * size**power for size in sizes]
        axes.plot(sizes, line, label=f"{factor:.2g} s * sites^{power:.2f}")
        axes.set_xticks(sizes, [str(size) for size in sizes])
        axes.minorticks_off()
        axes.set_xlabel("sites")
        axes.set_ylabel("seconds to within 2 % of the final cost")
        axes.grid(visible=True, alpha=0.3)
        axes.legend()
        figure.savefig(PICTURE, metadata={"Date": None})

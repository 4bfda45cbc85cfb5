"""Days of a national cooperation on our objective, beside PyVRP and VROOM: kronor, items, waiting.

Every solver gets the same day, cores and seconds, and every plan is judged by the day problem.
Sites and seconds stand in the environment, `SITES` (60,100,300) and `SECONDS` (60).
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

from logistics.network.load import DATA_FOLDER
from logistics.planning.benchmark.run import append_results, run
from logistics.planning.problem import problem_to_json
from tests.bench._national import national_day

WORKERS, SEED = 2, 1


def main() -> None:
    """Solve each day with every solver; print a line each, and add it to the table of results."""
    sizes = [int(one) for one in os.environ.get("SITES", "60,100,300").split(",")]
    seconds = float(os.environ.get("SECONDS", "60"))
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            day = national_day(size)
            path = Path(folder) / f"{day.name}.json"
            path.write_text(json.dumps(problem_to_json(day)), encoding="utf-8")
            for result in run(path, seconds=seconds, workers=WORKERS, seed=SEED, peers=True):
                append_results(DATA_FOLDER / "benchmarks" / "results.csv", [result])
                sys.stdout.write(json.dumps(result.to_json(), ensure_ascii=False) + "\n")
                sys.stdout.flush()

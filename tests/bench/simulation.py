"""A simulated year of 25 branches: seconds, plans against a long solve, bytes by any worker.

Eight weeks are lived. The plans of every tenth day are held against the best of a solve of ten
seconds and a search ten times as long. The same weeks of two scenarios are lived by one process,
by two, by four, and by a Dask cluster of two of whose workers one is killed half way.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from logistics.network.load import DATA_FOLDER
from logistics.planning.improve import improve
from logistics.planning.planner import solve
from logistics.planning.timing import build_plan
from logistics.simulation.scenario import Scenario, read_scenario
from logistics.simulation.scenario_parts import NewBranch
from logistics.simulation.setting import build_setting
from logistics.simulation.sweep import checkpoint, sweep
from logistics.simulation.year import day_problem, simulate_day
from tests.simulation.cluster import a_worker_killed, cluster_of

if TYPE_CHECKING:
    from logistics.planning.problem import Problem
    from logistics.simulation.setting import Setting

DAYS, EVERY, LONGER, SOLVE_SECONDS = 56, 10, 10, 10.0


def main() -> None:
    """Print speed and quality, then whether all workers wrote the same."""
    setting = build_setting(_year())
    line = {"benchmark": "simulation", "branches": len(setting.branches) - 1, **_lived(setting)}
    sys.stdout.write(json.dumps(line) + "\n")
    with tempfile.TemporaryDirectory() as folder:
        sys.stdout.write(json.dumps({"benchmark": "simulation", **_bytes(Path(folder))}) + "\n")


def _year() -> Scenario:
    """The largest shipped scenario, 23 branches, and two more villages."""
    joined = read_scenario(DATA_FOLDER / "scenarios" / "karlskoga-degerfors-join.toml")
    more = (
        NewBranch(
            id="bofors",
            municipality="1883",
            kind="branch",
            latitude=59.328,
            longitude=14.537,
            inhabitants=3_000,
            weekdays=(1, 3, 5),
        ),
        NewBranch(
            id="akerby",
            municipality="1862",
            kind="branch",
            latitude=59.21,
            longitude=14.47,
            inhabitants=800,
            weekdays=(2, 4),
        ),
    )
    first = date(2026, 3, 2)
    return joined.model_copy(
        update={
            "joining": (*joined.joining, *more),
            "first": first,
            "last": first + timedelta(days=DAYS - 1),
        }
    )


def _lived(setting: Setting) -> dict[str, object]:
    day, waiting, seconds, driven = setting.first, [], 0.0, 0
    over: list[float] = []
    while day <= setting.last:
        problem = day_problem(setting, day, waiting)
        if problem is not None and driven % EVERY == EVERY // 2:
            over.append(_over(problem.problem, setting.iterations, day.toordinal()))
        began = time.process_time()
        outcome, waiting = simulate_day(setting, day, waiting)
        if outcome.runs:
            seconds, driven = seconds + time.process_time() - began, driven + 1
        day += timedelta(days=1)
    return {
        "processor_seconds_for_250_days": round(seconds / driven * 250, 1),
        "days_compared": len(over),
        "mean_cost_over_long_solve": round(1 + sum(over) / len(over), 5),
        "worst_cost_over_long_solve": round(1 + max(over), 5),
    }


def _over(problem: Problem, iterations: int, seed: int) -> float:
    found, longer = (
        build_plan(problem, improve(problem, iterations=steps, seed=seed)).cost.total
        for steps in (iterations, iterations * LONGER)
    )
    solved = solve(problem, seconds=SOLVE_SECONDS, workers=2).cost.total
    return found / min(longer, solved) - 1


def _bytes(folder: Path) -> dict[str, object]:
    one = _year().model_copy(update={"iterations": 5_000})
    pair = [one.model_copy(update={"name": f"{n} vans", "vans": n}) for n in (2, 3)]
    for workers in (1, 2, 4):
        sweep(pair, folder / str(workers), workers=workers)
    with (
        cluster_of(2, folder) as cluster,
        a_worker_killed(cluster, pair, folder / "dask", after=DAYS // 2) as killed,
    ):
        sweep(pair, folder / "dask", scheduler=cluster.address)
    found = {
        name: "".join(_digest(checkpoint(folder / name, scenario)) for scenario in pair)
        for name in ("1", "2", "4", "dask")
    }
    return {
        "scenario_days": DAYS * len(pair),
        "days_on_disk_when_a_worker_was_killed": sum(killed.days.values()),
        "its_tasks": killed.tasks,
        "same_bytes_from_1_2_4_workers_and_dask": len(set(found.values())) == 1,
    }


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()

"""A simulated year: seconds a day, and the plans of its days against a ten times longer search."""

from __future__ import annotations

import json
import sys
import time
from datetime import date, timedelta

from logistics.network.load import DATA_FOLDER
from logistics.planning.improve import improve
from logistics.planning.timing import build_plan
from logistics.simulation.scenario import read_scenario
from logistics.simulation.setting import build_setting
from logistics.simulation.year import day_problem, simulate_day

DAYS, WARM_UP, LONGER = 21, 8, 10


def main() -> None:
    """Live three weeks of the largest shipped scenario, 23 branches with two new members."""
    path = DATA_FOLDER / "scenarios" / "karlskoga-degerfors-join.toml"
    scenario = read_scenario(path).model_copy(
        update={"first": date(2026, 3, 2), "last": date(2026, 3, 1) + timedelta(days=DAYS)}
    )
    setting = build_setting(scenario)
    day, waiting, seconds, driven = setting.first, [], 0.0, 0
    short = long = 0.0
    while day <= setting.last:
        problem = day_problem(setting, day, waiting)
        if problem is not None and (day - setting.first).days >= WARM_UP:
            costs = [
                build_plan(
                    problem.problem,
                    improve(problem.problem, iterations=steps, seed=day.toordinal()),
                ).cost.total
                for steps in (scenario.iterations, scenario.iterations * LONGER)
            ]
            short, long = short + costs[0], long + costs[1]
        began = time.process_time()
        outcome, waiting = simulate_day(setting, day, waiting)
        if outcome.runs:
            seconds, driven = seconds + time.process_time() - began, driven + 1
        day += timedelta(days=1)
    line = {
        "benchmark": "simulation",
        "branches": len(setting.branches) - 1,
        "cost_over_ten_times_longer_search": round(short / long, 5),
        "processor_seconds_for_250_days": round(seconds / driven * 250, 1),
    }
    sys.stdout.write(json.dumps(line) + "\n")

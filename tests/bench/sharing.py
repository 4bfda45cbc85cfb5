"""Shares of simulated days: every group priced, then only as many as a krona of error allows."""

from __future__ import annotations

import json
import sys
import time
from datetime import date, timedelta
from typing import TYPE_CHECKING

from logistics.costing.sharing.shapley import shapley, shapley_bounds
from logistics.dispatch.coalitions import bounded_game, cost_game
from logistics.dispatch.served_day import served_day
from logistics.network.load import load_network
from logistics.planning.improve import improve
from logistics.planning.timing import build_plan
from logistics.simulation.scenario import Scenario
from logistics.simulation.setting import build_setting
from logistics.simulation.year import day_problem, simulate_day

if TYPE_CHECKING:
    from logistics.dispatch.served_day import Runs, ServedDay

FIRST, DAYS = date(2026, 3, 2), 21


def main() -> None:
    """One day exactly, then days in a row that lend each other their runs."""
    days = _served()
    began = time.perf_counter()
    game = cost_game(days[-1])
    exact_seconds = time.perf_counter() - began
    known: dict[frozenset[str], Runs] = {}
    began = time.perf_counter()
    errors = []
    for day in days:
        bounds = shapley_bounds(bounded_game(day, known, error_sek=1.0, most_searches=512))
        errors.append(max((one.high - one.low) / 2 for one in bounds.values()))
    seconds = time.perf_counter() - began
    line = {
        "benchmark": "sharing",
        "groups_of_a_day": 2 ** len(game.players) - 1,
        "seconds_exact_day": round(exact_seconds, 1),
        "shares_over_total": round(sum(shapley(game).values()) / game.total_sek, 9),
        "days": len(days),
        "seconds_a_day_in_a_row": round(seconds / len(days), 2),
        "largest_error_sek": round(max(errors), 2),
    }
    sys.stdout.write(json.dumps(line) + "\n")


def _served() -> list[ServedDay]:
    last = FIRST + timedelta(days=DAYS - 1)
    setting = build_setting(Scenario(name="now", first=FIRST, last=last, iterations=3_000))
    network = load_network()
    owner = {one.id: one.municipality for one in network.branches if one.municipality}
    found, waiting = [], []
    for number in range(DAYS):
        day = FIRST + timedelta(days=number)
        problem = day_problem(setting, day, waiting)
        if problem is not None:
            routes = improve(problem.problem, iterations=3_000, seed=day.toordinal())
            found.append(served_day(problem.problem, build_plan(problem.problem, routes), owner))
        _, waiting = simulate_day(setting, day, waiting)
    return found

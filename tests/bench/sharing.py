"""Shares of simulated days: what it takes to prove the cost of every group, day after day."""

from __future__ import annotations

import json
import sys
import time
from datetime import date, timedelta
from typing import TYPE_CHECKING

from logistics.costing.sharing.day import Basis, share_day
from logistics.costing.sharing.shapley import shapley_bounds
from logistics.dispatch.coalitions import cost_game
from logistics.dispatch.served_day import served_day
from logistics.network.load import load_network
from logistics.operations.reports.share_games import PROOF_SECONDS
from logistics.planning.exact.subsets import bound_subsets
from logistics.planning.improve import improve
from logistics.planning.timing import build_plan
from logistics.simulation.scenario import Scenario
from logistics.simulation.setting import build_setting
from logistics.simulation.year import day_problem, simulate_day

if TYPE_CHECKING:
    from logistics.dispatch.served_day import Runs, ServedDay

FIRST, DAYS = date(2026, 3, 2), 21


def main() -> None:
    """Days in a row as a year takes them, and the largest of them by itself."""
    days = _served()
    bound_subsets(days[0].problem)  # compiled once, whatever the days
    known: dict[frozenset[str], Runs] = {}
    games, seconds = [], []
    for day in days:
        began = time.perf_counter()
        games.append(cost_game(day, known_runs=known, proof_seconds=PROOF_SECONDS))
        seconds.append(time.perf_counter() - began)
    largest = max(days, key=lambda day: len(day.problem.sites))
    began = time.perf_counter()
    game = cost_game(largest)
    alone = time.perf_counter() - began
    basis = {name: Basis(stops=1, items=1, inhabitants=1) for name in game.players}
    shares = share_day(largest.driving_sek, basis, game=game)
    line = {
        "benchmark": "sharing",
        "days": len(days),
        "groups": sum(one.groups for one in games),
        "proved_groups": sum(one.exact_groups for one in games),
        "lowered_groups": sum(len(one.corrected) for one in games),
        "seconds_a_day_in_a_row": round(sum(seconds) / len(days), 2),
        "seconds_slowest_day": round(max(seconds), 2),
        "calls_of_largest_day": len(largest.problem.sites) - 1,
        "seconds_largest_day": round(alone, 2),
        "shares_over_total": round(sum(shares.by_rule["shapley"].values()) / shares.total_sek, 9),
        "largest_error_sek": round(
            max(
                (one.high - one.low) / 2
                for played in games
                for one in shapley_bounds(played).values()
            ),
            2,
        ),
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

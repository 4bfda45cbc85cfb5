"""Service days decided for a part of the shipped network, and lived for a while."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from logistics.errors import NoPlanError
from logistics.simulation.scenario import Scenario, read_scenario, write_scenario
from logistics.simulation.service_days.decide import Decision, decide
from logistics.simulation.service_days.model import Goal
from logistics.simulation.setting import build_setting
from logistics.simulation.year import simulate

if TYPE_CHECKING:
    from pathlib import Path

SOUTH = Scenario(
    name="south",
    without_municipalities=("Hällefors", "Ljusnarsberg", "Lindesberg", "Nora", "Lekeberg"),
    without_branches=("laxa-rofors", "laxa-hasselfors", "hjortkvarn"),
    first=date(2026, 3, 2),
    last=date(2026, 3, 8),
    iterations=50,
)


def south(goal: Goal) -> Decision:
    return decide(build_setting(SOUTH), goal, vans=1, seconds=20, gap=0.02)


def test_a_budget_is_kept_with_the_hours_in_it() -> None:
    loose = south(Goal(most_days=4.0))
    budget = loose.driving_sek * 1.02

    decision = south(Goal(most_sek=budget))

    assert decision.driving_sek <= budget
    assert decision.chosen.bound <= decision.chosen.verdict.days + 1e-6
    assert decision.chosen.verdict.days <= loose.chosen.verdict.days * 1.03
    said = decision.as_json()
    assert said["bound_of"] == "days to the reader"
    assert said["driving_sek_a_week"] <= budget


def test_a_budget_that_buys_no_day_is_refused() -> None:
    with pytest.raises(NoPlanError, match=r"100\.00 SEK a week"):
        south(Goal(most_sek=100.0))


def test_decided_days_can_be_written_and_lived(tmp_path: Path) -> None:
    decision = south(Goal(most_days=4.0))
    path = tmp_path / "decided.toml"
    path.write_text(write_scenario(decision.as_scenario(SOUTH)), encoding="utf-8")

    lived = simulate(build_setting(read_scenario(path)))

    driven = {day.day.isoweekday() for day in lived if day.runs}
    assert driven
    assert read_scenario(path).vans == 1
    assert driven <= {day for days in decision.days_of.values() for day in days}

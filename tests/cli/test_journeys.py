"""Expected days and kronor for other programs, written as a user writes them."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

import pytest

from logistics.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def answer(name: str, *order: str) -> str:
    """A plan of one run that calls at places in an order."""
    stops = [
        {"site": site, "arrive": time, "begin": time, "depart": time + 1, "unload": [], "load": []}
        for time, site in enumerate(order, start=30_000)
    ]
    run = {"vehicle": "van-1", "start": 29_000, "end": 36_000, "stops": stops}
    cost = dict.fromkeys(("total", "fixed", "stops", "distance", "time", "delay"), 0.0)
    head = {"problem": name, "status": "feasible", "bound": None, "gap": None, "seconds": 0.0}
    return json.dumps({**head, "cost": cost, "runs": [run]})


@pytest.fixture
def written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[dict[str, Any], list[dict[str, str]]]]:
    def write(form: str, *more: object) -> tuple[dict[str, Any], list[dict[str, str]]]:
        output = tmp_path / "journeys"
        words = ("journeys", form, "--output", output, *more)
        assert main([str(word) for word in words]) == 0, capsys.readouterr().err
        with output.open(encoding="utf-8") as file:
            return json.loads(capsys.readouterr().out), list(csv.DictReader(file))

    return write


def way(rows: list[dict[str, str]], origin: str, to: str) -> list[str]:
    (row,) = (row for row in rows if (row["from"], row["to"]) == (origin, to))
    return [row[day] for day in ("Mo", "Tu", "We")]


def test_they_are_written_for_koha_and_who_has_no_code_is_named(
    written: Callable[..., Any],
) -> None:
    told, rows = written("koha")
    assert list(rows[0]) == ["frombranch", "tobranch", "cost", "disable_transfer"]
    assert told["places"] * (told["places"] - 1) == len(rows) > 50
    assert "asbro" in told["without_code"]
    # In kronor a day costs what a hold costs, and carrying comes on top.
    dear = written("koha", "--kronor")[1]
    assert all(float(a["cost"]) > float(b["cost"]) for a, b in zip(dear, rows, strict=True))


def test_a_plan_tells_what_rides_direct_on_its_weekday(
    written: Callable[..., Any], tmp_path: Path
) -> None:
    # Half ride direct where no plan tells; on Tuesday, 24 November, Kumla comes after Nora.
    plain, rows = written("days")
    assert plain["plans"] == {}
    assert way(rows, "nora", "kumla") == ["0.50", "0.50", "0.50"]
    tuesday, any_day = tmp_path / "tuesday.json", tmp_path / "any.json"
    tuesday.write_text(answer("2026-11-24", "nora", "kumla"), encoding="utf-8")
    told, rows = written("days", "--plan", tuesday)
    assert told["plans"] == {"Tu": 1}
    assert way(rows, "nora", "kumla") == ["0.50", "0.00", "0.50"]
    assert way(rows, "kumla", "nora") == ["0.50", "1.00", "0.50"]
    # A plan of any day counts beside it.
    any_day.write_text(answer("nine-mains", "kumla", "nora"), encoding="utf-8")
    told, rows = written("days", "--plan", tuesday, "--plan", any_day)
    assert told["plans"]["Tu"] == 2
    assert way(rows, "nora", "kumla") == ["1.00", "0.50", "1.00"]
    # Direct it is handled once, which is 0.37 SEK; Laxå is not on the way.
    _, rows = written("sek", "--plan", tuesday)
    assert way(rows, "nora", "kumla")[1] == "0.37"
    assert float(way(rows, "nora", "laxa")[1]) > 1


def test_a_plan_of_another_network_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "plan.json"
    file.write_text(answer("x", "atlantis").replace("van-1", "boat"), encoding="utf-8")
    words = ["journeys", "days", "--output", str(tmp_path / "o"), "--plan", str(file)]
    assert main(words) == 2
    told = capsys.readouterr().err
    assert "plan 'x': branch 'atlantis' is not in the network, expected one of asbro" in told
    assert "plan 'x': vehicle 'boat' is not in the network, expected one of van-1, van-2" in told
    assert main([*words, "--database", "some.sqlite"]) == 2
    assert "expected one of --plan, --database and --scenario" in capsys.readouterr().err


def test_a_scenario_is_planned_for_some_weeks(
    written: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("logistics.simulation.typical_plans.WEEKS", 1)
    scenario = tmp_path / "rare.toml"
    scenario.write_text(
        "first = 2026-03-02\niterations = 20\nloans_per_inhabitant = 1.0\n"
        '[service_days]\nmain = ["mon"]\nbranch = ["mon"]\ndepot = ["mon"]\n',
        encoding="utf-8",
    )
    told, rows = written("days", "--scenario", scenario)
    assert told["plans"] == {"Mo": 1}
    # Fetched on the next Monday; that week's plan calls at one of them before the other.
    both = {way(rows, "nora", "kumla")[1], way(rows, "kumla", "nora")[1]}
    assert both == {"6.00", "13.00"}

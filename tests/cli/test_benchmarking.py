"""Instances are measured by command: a JSON line each, and rows that are only ever added."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pytest

from logistics.cli.app import main
from logistics.planning.problem import problem_to_json
from tests.planning.days import small_day

if TYPE_CHECKING:
    from pathlib import Path


def test_each_instance_gives_a_line_and_a_row(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.json").write_text(json.dumps(problem_to_json(small_day())))
    (tmp_path / "optima.csv").write_text("name,cost\none,400\n")
    table = tmp_path / "out" / "results.csv"
    for _ in range(2):
        assert main(["benchmark", str(tmp_path), "--seconds", "0.2", "--output", str(table)]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["instance"] for line in lines] == ["one", "two"] * 2
    assert {line["cost"] for line in lines} == {440.0}
    assert [line["gap_percent"] for line in lines[:2]] == [pytest.approx(10.0), None]
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["instance"] for row in rows] == ["one", "two"] * 2
    assert all(row["date"] and row["machine"] and row["versions"] for row in rows)


def test_what_is_no_instance_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "note.txt").write_text("no instance")
    assert main(["benchmark", str(tmp_path)]) == 2
    assert "no known format" in capsys.readouterr().err

"""The sample week by command: demo, then each command of a day on the database it leaves."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from logistics.cli.app import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DAY = "2026-11-25"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a demo."""
    folder = tmp_path_factory.mktemp("demo")
    assert main(["demo", "--output", str(folder), "--seconds", "0.3", "--workers", "1"]) == 0
    return folder


@pytest.fixture
def run(
    demo: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Callable[..., Any]:
    """Runs a command on the database of the demo and returns the JSON it prints."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LOGISTICS_DATABASE", str(demo / "demo.sqlite"))

    def command(*arguments: str) -> Any:
        capsys.readouterr()
        code = main(list(arguments))
        printed = capsys.readouterr()
        assert code == 0, printed.err
        return json.loads(printed.out)

    return command


def test_the_demo_leaves_what_each_person_needs(demo: Path) -> None:
    written = {path.name for path in demo.iterdir()}
    assert {
        f"map-{DAY}.html",
        f"run-sheets-{DAY}.pdf",
        f"packing-lists-{DAY}-en.html",
        f"labels-{DAY}.pdf",
        "report-2026-11-01-2026-11-30.xlsx",
    } <= written
    text = (demo / f"map-{DAY}.html").read_text(encoding="utf-8")
    assert "onsdag 25 november 2026" in text
    assert "Grythyttan" in text


def test_a_second_demo_starts_anew_over_the_first(
    demo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["demo", "--output", str(demo), "--seconds", "0.1", "--workers", "1"]) == 0
    told = capsys.readouterr().out
    assert re.search(r"Mon 2026-11-23 +driven", told)
    assert f"{demo}/map-{DAY}.html" in told


def test_a_day_is_planned_drawn_and_printed(run: Any, tmp_path: Path) -> None:
    plan = run("plan", DAY, "--seconds", "0.3", "--workers", "1", "--travel", "straight-line")
    assert (plan["date"], plan["version"], plan["state"]) == (DAY, 2, "draft")
    assert plan["runs"] == 1
    drawn = run("map", DAY, "--language", "en", "--version", "2")
    assert drawn == {"files": [f"out/map-{DAY}-en.html"]}
    assert "straight line" in (tmp_path / drawn["files"][0]).read_text(encoding="utf-8")
    sheets = run("sheets", DAY, "--version", "1", "--output", str(tmp_path / "paper"))
    assert len(sheets["files"]) == 5
    assert all((tmp_path / name).stat().st_size > 1000 for name in sheets["files"])


def test_what_was_driven_is_reported_for_a_day(run: Any, tmp_path: Path) -> None:
    files = run("report", "2026-11-23", "--period", "day", "--no-shares")["files"]
    assert [name.rpartition(".")[2] for name in files] == ["html", "pdf", "xlsx", "zip"]
    assert "måndag 23 november 2026" in (tmp_path / files[0]).read_text(encoding="utf-8")


def test_a_day_without_a_plan_says_so(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["map", "2026-12-01", "--database", str(demo / "demo.sqlite")]) == 2
    assert "2026-12-01" in capsys.readouterr().err


def test_what_is_uncertain_is_listed(
    run: Any, demo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    findings = run("network", "verify", "--format", "json")["findings"]
    assert {"confidence", "topic", "subject", "doubt"} <= findings[0].keys()
    assert main(["network", "verify", "--database", str(demo / "demo.sqlite")]) == 0
    assert f"{len(findings)} uncertain facts" in capsys.readouterr().out


def test_a_booked_day_is_shared_by_every_rule(run: Callable[..., Any]) -> None:
    found = run("shares", "2026-11-23", "--searches", "3", "--seconds", "0")
    assert {"shapley", "nucleolus", "per-stop", "mix"} <= set(found["sums_sek"])
    assert set(found["sums_sek"].values()) == {found["total_sek"]}
    # One van drives all day long, so a table of rounds proves every group without a search.
    assert found["how_sure"] == f"all {found['groups']} groups of the day are proved"
    assert found["groups"] == found["proved_groups"] == 2 ** len(found["alone_sek"]) - 1
    assert found["shapley_wrong_at_most_sek"] == {}
    singles = {rule: said["single"] for rule, said in found["pays_more_than_alone"].items()}
    for rule, shares in found["shares_sek"].items():
        alone = found["alone_sek"]
        assert singles[rule] == sum(sek > alone[who] + 0.1 for who, sek in shares.items())

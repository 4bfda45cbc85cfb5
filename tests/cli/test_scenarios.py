"""The commands about the network as a whole, run as a user runs them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from logistics.cli import main
from logistics.network.load import DATA_FOLDER

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

SCENARIOS = DATA_FOLDER / "scenarios"


def run(capsys: pytest.CaptureFixture[str], *words: object) -> dict[str, object]:
    assert main([str(word) for word in words]) == 0
    return dict(json.loads(capsys.readouterr().out))


def test_scenarios_are_compared_and_a_second_call_only_reads(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, days in (("now", ""), ("rare", '[service_days]\nmain = ["mon", "thu"]\n')):
        (tmp_path / f"{name}.toml").write_text(f"iterations = 50\n{days}", encoding="utf-8")
    words = (
        *("simulate", tmp_path / "now.toml", tmp_path / "rare.toml", "--workers", 1),
        *("--output", tmp_path / "out", "--first", "2026-03-02", "--last", "2026-03-08"),
    )

    first = run(capsys, *words)
    stamps = {file: file.stat().st_mtime_ns for file in (tmp_path / "out" / "days").iterdir()}
    again = run(capsys, *words)

    assert first == again
    assert stamps == {file: file.stat().st_mtime_ns for file in stamps}
    assert [row["name"] for row in first["scenarios"]] == ["now", "rare"]  # type: ignore[attr-defined]
    assert (tmp_path / "out" / "comparison.html").exists()
    assert (tmp_path / "out" / "comparison.xlsx").read_bytes()[:2] == b"PK"


def test_service_days_want_a_promise_or_a_budget(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["service-days"]) == 2
    assert "either --promise or --budget" in capsys.readouterr().err

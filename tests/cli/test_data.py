"""The network and demand come in by command, and what is wrong with a file is said at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from logistics.cli.store import shipped

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def filled(run: Callable[..., Any]) -> Callable[..., Any]:
    """Runs commands on a database with the shipped network."""
    counts = run("init")["imported"]
    assert counts["municipalities"] == 9
    assert counts["vehicles"] > 0
    return run


@pytest.mark.parametrize(
    ("kind", "name", "rows"),
    [("branches", "branches.csv", 20), ("vehicles", "vehicles.csv", 2),
     ("roads", "road_edges.csv", 107)],
)  # fmt: skip
def test_a_file_of_the_network_comes_in_again(
    filled: Callable[..., Any], kind: str, name: str, rows: int
) -> None:
    assert filled("import", kind, str(shipped(name))) == {"imported": rows}


def test_transfers_come_in_once(filled: Callable[..., Any], tmp_path: Path) -> None:
    made = filled("sample-week", "--output", str(tmp_path / "week.csv"), "--setting", "floating")
    shipped_week = shipped("sample_week/transfers_floating.csv")
    assert (tmp_path / "week.csv").read_bytes() == shipped_week.read_bytes()
    week = str(tmp_path / "week.csv")
    assert filled("import", "transfers", week) == {"imported": made["transfers"]}
    assert filled("import", "transfers", week) == {"imported": 0}


def test_returns_and_holds_come_in(filled: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "holds.csv").write_text(
        "reference,title,pickup,placed_at,queue_position\nH1,T1,kumla,2026-11-20T09:00:00Z,1\n"
    )
    (tmp_path / "returns.csv").write_text(
        "item,title,owner,at,returned_at\nI1,T1,nora,nora,2026-11-24T09:00:00Z\n"
    )
    assert filled("import", "holds", str(tmp_path / "holds.csv")) == {"imported": 1}
    assert filled("import", "returns", str(tmp_path / "returns.csv")) == {"imported": 1}


def test_each_fault_of_a_file_is_named_by_line(filled: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text(
        "request_id,item,kind,origin,destination,requested_at\n"
        "R1,3300,gift,nora,kumla,2026-11-24T08:00:00Z\n"
        "R2,3301,hold,nora,kumla,yesterday\n"
    )
    told = filled("import", "transfers", str(tmp_path / "bad.csv"), code=2)
    assert "line 2" in told
    assert "gift" in told
    assert "line 3" in told
    assert "yesterday" in told
    assert "is the name right?" in filled("import", "transfers", "nowhere.csv", code=2)


def test_the_hub_moves_by_command(filled: Callable[..., Any]) -> None:
    assert filled("network", "hub", "lindesberg") == {"hub": "lindesberg", "items_carried": 0}
    assert filled("network", "hub", "orebro", "--carry")["items_carried"] == 0
    filled("init")

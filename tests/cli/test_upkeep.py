"""An installation is migrated, backed up, restored and examined by command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from logistics.cli.app import main
from logistics.storage.migrations import head_revision

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

WAITING = (
    "request_id,item,kind,origin,destination,requested_at\n"
    "R1,3300,hold,nora,kumla,2026-11-24T08:00:00Z\n"
)


def test_what_is_backed_up_is_restored(
    run: Callable[..., Any],
    bare_database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "transfers.csv").write_text(WAITING)
    run("init")
    run("import", "transfers", str(tmp_path / "transfers.csv"))
    kept = run("backup", str(tmp_path / "night"))
    assert kept["bytes"] == (tmp_path / "night").stat().st_size
    assert "restore into an empty database" in run("restore", str(tmp_path / "night"), code=2)

    monkeypatch.setenv("LOGISTICS_DATABASE", bare_database_url)
    assert run("restore", str(tmp_path / "night"))["restored"]["transfers"] == 1
    assert "revision 0" in run("doctor")


def test_tables_go_down_and_up_again(run: Callable[..., Any]) -> None:
    assert run("migrate", "--to", "0002") == {"before": head_revision(), "now": "0002"}
    assert "migrate it first" in run("backup", "never", code=2)
    assert "run: logistics migrate" in run("doctor", "--json", code=2)
    assert run("migrate") == {"before": "0002", "now": head_revision()}


def test_a_database_that_does_not_answer_is_a_sentence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "taken").mkdir()
    for command in (["migrate"], ["backup", "b"], ["key", "list"]):
        assert main([*command, "--database", str(tmp_path / "taken")]) == 2
        assert "unable to open database file; check LOGISTICS_DATABASE" in capsys.readouterr().err

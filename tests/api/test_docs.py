"""The guides say what the program does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from api.problems import KINDS
from api.settings import Settings
from logistics.cli.app import main

DOCS = Path("docs")
GUIDES = [DOCS / name for name in ("running.md", "api.md", "security.md")]


def test_every_kind_of_refusal_is_listed() -> None:
    listed = re.findall(r"\| `([a-z-]+)`: (.+) \| (\d+) \|", (DOCS / "api.md").read_text("utf-8"))
    assert listed == [(slug, title, str(status)) for slug, (status, title) in KINDS.items()]


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_every_setting_that_a_guide_names_exists(guide: Path) -> None:
    named = re.findall(r"LOGISTICS_([A-Z_]+)", guide.read_text("utf-8"))
    assert {name.lower() for name in named} <= Settings.model_fields.keys()


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_every_command_that_a_guide_names_exists(
    guide: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    groups = "account|key|webhook|tap|code|koha|folio|import"
    found = re.findall(rf"logistics ((?:{groups}) [a-z-]+|[a-z-]+)", guide.read_text("utf-8"))
    for command in sorted(set(found)):
        assert main([*command.split(), "--help"]) == 0, command
        assert command.split()[-1] in capsys.readouterr().out

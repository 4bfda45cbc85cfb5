"""Every command that a sentence or a guide names is there."""

from __future__ import annotations

import re
from pathlib import Path

import typer.main
from typer.core import TyperGroup

from logistics.cli.app import app

ROOT = Path(__file__).parents[2]
_WORD = "([a-z]+(?:-[a-z]+)*)"
NAMED = re.compile(rf"(?:^|[`:(] ?)logistics {_WORD}(?: {_WORD})?", re.MULTILINE)


def test_every_command_that_is_named_is_there() -> None:
    commands = typer.main.get_command(app)
    assert isinstance(commands, TyperGroup)
    files = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), ROOT / "data" / "README.md"]
    for package in ("logistics", "api", "maps"):
        files += (ROOT / package).rglob("*.py")
    named = 0
    unknown = []
    for file in files:
        for first, second in NAMED.findall(file.read_text("utf-8")):
            named += 1
            command = commands.commands.get(first)
            known = command is not None
            if isinstance(command, TyperGroup) and second:
                known = second in command.commands
            if not known:
                unknown.append((file.relative_to(ROOT).as_posix(), f"logistics {first} {second}"))
    assert named > 50
    assert unknown == []

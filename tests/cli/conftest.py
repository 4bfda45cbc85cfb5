from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from api.security import accounts
from logistics.cli.app import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # No settings of this machine, and a hash that takes no time.
    monkeypatch.chdir(tmp_path)
    cheap = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
    monkeypatch.setattr(accounts, "_hasher", cheap)


@pytest.fixture
def run(
    database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Any]:
    """Runs a command on the test's database and returns what it printed, as JSON if it is."""
    monkeypatch.setenv("LOGISTICS_DATABASE", database_url)

    def command(*arguments: str, code: int = 0) -> Any:
        assert main(list(arguments)) == code, capsys.readouterr()
        printed = capsys.readouterr()
        if code:
            return printed.err or printed.out
        return json.loads(printed.out) if printed.out.startswith("{") else printed.out

    return command

"""The compiled kernels do what their source says, line by line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.planning.interpreted import results

if TYPE_CHECKING:
    import pytest

ROOT = Path(__file__).parents[2]


def test_compiled_and_interpreted_kernels_agree(request: pytest.FixtureRequest) -> None:
    # Coverage cannot look into machine code; it sees the kernels here, where Python runs them.
    measured = request.config.pluginmanager.hasplugin("_cov")
    run = ["coverage", "run", "--parallel-mode", "-m"] if measured else []
    interpreted = subprocess.run(
        [sys.executable, "-m", *run, "tests.planning.interpreted"],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
    )
    assert interpreted.returncode == 0, interpreted.stderr
    assert json.loads(interpreted.stdout) == json.loads(json.dumps(results()))

"""Modules of the tests in a process that runs the kernels as the Python they are written in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pytest

_ROOT = Path(__file__).parents[2]


def printed_by(module: str, config: pytest.Config) -> Any:
    """What a module prints as JSON; coverage sees the kernels only there."""
    run = (
        ["coverage", "run", "--parallel-mode", "-m"]
        if config.pluginmanager.hasplugin("_cov")
        else []
    )
    done = subprocess.run(
        [sys.executable, "-m", *run, module],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        cwd=_ROOT,
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)

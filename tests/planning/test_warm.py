"""No kernel is left to be compiled for the first plan of a fresh install, nor a large one."""

from __future__ import annotations

import json
import subprocess
import sys

_CHECK = """
import json
from numba.core.registry import CPUDispatcher
from logistics.planning import warm
from logistics.planning.exact import first_order, home, labels, subsets

warm.main()
ready = {
    f"{module.__name__}.{name}": bool(value.signatures)
    for module in (first_order, home, labels, subsets)
    for name, value in vars(module).items()
    if isinstance(value, CPUDispatcher) and value.__module__ == module.__name__
}
print(json.dumps(ready))
"""
_CALLED_BY_OTHERS = {
    "logistics.planning.exact.home.least_home",
}


def test_every_kernel_that_is_called_is_compiled_at_set_up() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", _CHECK], capture_output=True, text=True, check=True, timeout=300
    )

    ready = json.loads(ran.stdout)
    assert any(ready.values())
    assert {name for name, done in ready.items() if not done} <= _CALLED_BY_OTHERS

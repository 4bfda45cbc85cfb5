"""Run the benchmarks: ``make bench`` for all, ``make bench ARGS="proof api_throughput"`` for some.

Each module of this folder that has a ``main()`` is a benchmark. It prints JSON lines whose figures
are ratios measured in one run, so that a slow or busy machine does not change what they say.
"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys

import tests.bench


def names() -> list[str]:
    """Names of all benchmarks, sorted."""
    return sorted(
        module.name
        for module in pkgutil.iter_modules(tests.bench.__path__)
        if not module.name.startswith("_")
        and hasattr(importlib.import_module(f"tests.bench.{module.name}"), "main")
    )


def run(argv: list[str]) -> int:
    """Run the benchmarks named in ``argv``, or all."""
    known = names()
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("benchmark", nargs="*", choices=[*known, []], help="default: all")
    for name in parser.parse_args(argv).benchmark or known:
        sys.stderr.write(f"== {name}\n")
        importlib.import_module(f"tests.bench.{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))

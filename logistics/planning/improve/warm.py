"""Compile all kernels into the cache: ``python -m logistics.planning.improve.warm``."""

from __future__ import annotations

import shutil
import sys
import time

from logistics.planning.improve import improve
from logistics.planning.improve.kernel import outdated
from logistics.planning.problem import Problem, Shipment, Site, Vehicle


def smallest_day() -> Problem:
    """
    Make a day with everything the kernels distinguish by type.

    Returns
    -------
    Problem
        A hub, a site, a van and a shipment.
    """
    return Problem(
        name="warm",
        hub="hub",
        sites=(Site(id="hub", stop_seconds=0), Site(id="a", stop_seconds=60, must_visit=True)),
        travel_metres=((0, 1000), (1000, 0)),
        travel_seconds=((0, 60), (60, 0)),
        vehicles=(
            Vehicle(
                id="van",
                capacity=10,
                shift=(0, 3600),
                max_seconds=3600,
                fixed_cost=1.0,
                cost_per_km=1.0,
                cost_per_hour=1.0,
            ),
        ),
        shipments=(
            Shipment(
                id="s", origin="hub", destination="a", items=1, cost_if_at_hub=1, cost_if_left=1
            ),
        ),
        handling_seconds_per_item=1,
    )


def main() -> None:
    """Compile what is not in the cache yet, and remove what no source belongs to any more."""
    began = time.perf_counter()
    improve(smallest_day(), iterations=10)
    for folder in outdated():
        shutil.rmtree(folder, ignore_errors=True)
    sys.stderr.write(f"kernels ready after {time.perf_counter() - began:.1f} s\n")


if __name__ == "__main__":
    main()

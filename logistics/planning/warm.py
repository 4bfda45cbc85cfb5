"""Compile all kernels into the cache: ``python -m logistics.planning.warm``."""

from __future__ import annotations

import shutil
import sys
import time
from dataclasses import replace

import numpy as np

from logistics.planning.exact.arcs import near_arcs
from logistics.planning.exact.duals import nothing
from logistics.planning.exact.fleet import cases
from logistics.planning.exact.pairing import pairs_below
from logistics.planning.exact.prices import price
from logistics.planning.exact.prove import prove
from logistics.planning.exact.read import read_day
from logistics.planning.exact.subsets import bound_subsets
from logistics.planning.exact.tighten import Relaxation
from logistics.planning.exact.walks import by_the_clock
from logistics.planning.improve import improve
from logistics.planning.improve.kernel import outdated
from logistics.planning.problem import Problem, Shipment, Site, Vehicle
from logistics.planning.timing import build_plan

_PROOF_SECONDS = 60.0


def small_day() -> Problem:
    """
    Make a day with everything the kernels distinguish by type.

    Returns
    -------
    Problem
        Three sites that open one after the other, two vans and three shipments.
    """
    places = range(4)
    van = Vehicle(
        id="van",
        capacity=10,
        shift=(0, 36_000),
        max_seconds=18_000,
        fixed_cost=1.0,
        cost_per_km=1.0,
        cost_per_hour=100.0,
    )
    return Problem(
        name="warm",
        hub="s0",
        sites=tuple(
            Site(
                id=f"s{place}",
                stop_seconds=60,
                must_visit=place == 1,
                window=(3_600 * place, 3_600 * place + 900),
            )
            for place in places
        ),
        travel_metres=tuple(tuple(1_000 * abs(a - b) for b in places) for a in places),
        travel_seconds=tuple(tuple(600 * abs(a - b) for b in places) for a in places),
        vehicles=(van, replace(van, id="other", max_seconds=9_000)),
        shipments=tuple(
            Shipment(
                id=f"to {goal}",
                origin=f"s{goal - 1}",
                destination=f"s{goal}",
                items=1,
                cost_if_at_hub=200.0,
                cost_if_left=500.0,
            )
            for goal in places[1:]
        ),
        handling_seconds_per_item=1,
    )


def _tighten(day: Problem) -> None:
    """Compile what only larger days are proved with."""
    tables = read_day(day)
    relaxation = Relaxation(tables, near_arcs(tables), [], None)
    relaxation.run(100, np.zeros(1, dtype=np.bool_))


def _walk(day: Problem) -> None:
    """Compile what only plans of one run are proved with."""
    tables = read_day(replace(day, vehicles=day.vehicles[:1]))
    going = np.zeros(1, dtype=np.bool_)
    case, *_ = cases(tables, _PROOF_SECONDS, going)
    by_the_clock(case, price(tables, nothing(tables), []), 1e4, going)


def _pair() -> None:
    """Compile what only plans of two runs are proved with."""
    none, alike = np.zeros(0), np.zeros(1, dtype=np.bool_)
    numbers = none.astype(np.int64)
    pairs_below(
        none.astype(np.uint64), none, none, numbers, alike, np.uint64(0), 0.0, 0.0, 1, alike
    )


def main() -> None:
    """Compile what is not in the cache yet, and remove what no source belongs to any more."""
    began = time.perf_counter()
    day = small_day()
    found = build_plan(day, improve(day, iterations=100))
    prove(day, incumbent=found, seconds=_PROOF_SECONDS)
    _tighten(day)
    _walk(day)
    _pair()
    unlike = (replace(day.vehicles[0], id="unlike", capacity=11), *day.vehicles)
    if table := bound_subsets(replace(day, vehicles=unlike)):
        table.routes([site.id for site in day.sites[1:]])
    for folder in outdated():
        shutil.rmtree(folder, ignore_errors=True)
    sys.stderr.write(f"kernels ready after {time.perf_counter() - began:.1f} s\n")


if __name__ == "__main__":
    main()

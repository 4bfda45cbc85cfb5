"""Vehicles that may take too much on the way to a plan in which none does."""

from __future__ import annotations

import math
import random

import pytest

from logistics.planning.check import check
from logistics.planning.improve import Search, search
from logistics.planning.improve.layout import COST, MISSING, OVERLOAD, STOPS, TOTAL
from logistics.planning.problem import Problem, Shipment, Site
from logistics.planning.timing import build_plan
from tests.planning.days import HOUR, small_day, with_van

#: Items to and from each of eight stops, by cluster: a van holds two clusters, paired one way only.
CLUSTERS = (3, 9, 4, 8, 5, 7)


def clusters(seed: int, loads: tuple[int, ...] = CLUSTERS, room: float = 1.0) -> Problem:
    """Stops in clusters of eight on a circle, and half as many vans that are full with two each."""
    chance = random.Random(seed)
    points, items = [(0.0, 0.0)], [0]
    order = list(loads)
    chance.shuffle(order)
    for number, load in enumerate(order):
        turn = 2 * math.pi * number / len(order)
        for _ in range(8):
            points.append((
                20_000 * math.cos(turn) + chance.uniform(-2_000, 2_000),
                20_000 * math.sin(turn) + chance.uniform(-2_000, 2_000),
            ))  # fmt: skip
            items.append(load)
    metres = tuple(tuple(round(math.dist(a, b)) for b in points) for a in points)
    names = ["hub", *(f"s{number}" for number in range(1, len(points)))]
    vans = tuple(
        with_van(
            small_day(),
            id=f"van-{number}",
            capacity=math.floor(16 * sum(order) / len(order) * room),
            shift=(0, 24 * HOUR),
            max_seconds=24 * HOUR,
            fixed_cost=0.0,
        ).vehicles[0]
        for number in range(len(order) // 2)
    )
    sites = tuple(Site(id=name, stop_seconds=0, must_visit=name != "hub") for name in names)
    shipments = [
        Shipment(
            id=f"{name}-{way}", items=count, cost_if_at_hub=0.0, cost_if_left=1e6,
            origin="hub" if way == "to" else name, destination=name if way == "to" else "hub",
        )
        for name, count in zip(names, items, strict=True) if count
        for way in ("to", "from")
    ]  # fmt: skip
    return small_day(
        sites=sites,
        vehicles=vans,
        shipments=tuple(shipments),
        travel_metres=metres,
        travel_seconds=tuple(tuple(far // 15 for far in row) for row in metres),
    )


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Searches begin anew from nothing within a few thousand steps."""
    monkeypatch.setattr(search, "_FIRST_STEPS_A_SITE", 4)
    monkeypatch.setattr(search, "_LONG_RUNS", (24, 0.3, 32))


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize("seed", range(4))
def test_what_comes_out_is_never_overloaded_and_costs_what_it_says(seed: int) -> None:
    day = clusters(seed, room=1.05)
    found = Search(day, seed)
    prices: list[float] = []

    def watch() -> bool:
        state = found.state
        prices.append(float(state.sum[OVERLOAD]))
        absent = sum(int(run) < 0 for run in state.at[1:, 0])
        runs = math.fsum(state.cost[state.run[:, STOPS] > 0, COST].tolist())
        told = state.sum[TOTAL] - absent * found.data.limit[MISSING]
        assert told == pytest.approx(runs, rel=1e-6, abs=1e-3)
        return False

    found.run(iterations=30_000, stop=watch)

    assert max(prices) > 0
    assert prices[-1] == 0.0
    assert not found.missing
    plan = build_plan(day, found.best_routes())
    assert check(day, plan) == []
    assert plan.cost.total == pytest.approx(found.cost)

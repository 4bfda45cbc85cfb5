"""Flows that turn back are found, and the rows that forbid it; paths break none."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import numpy as np
import pytest

from logistics.planning.exact.arcs import Arcs, near_arcs
from logistics.planning.exact.flows import Flows
from logistics.planning.exact.paths import Detour, detours, prices_of_detours, row_of
from logistics.planning.exact.programme import Rows
from logistics.planning.exact.read import read_day
from tests.planning.strategies import random_day

if TYPE_CHECKING:
    from logistics.planning.exact.day import Day, Floats

ARC = tuple[int, int]


def day_of_six() -> Day:
    return next(
        day
        for day in (read_day(random_day(seed, sites=6)) for seed in range(1_000))
        if day.size == 6 and day.kinds
    )


def tails_of(day: Day) -> tuple[Flows, int]:
    """The flows of what each stop sends after itself, and how many columns there are."""
    rows = Rows()
    tail, head = np.nonzero(near_arcs(day))
    arcs = Arcs(day, rows, tail, head, [])
    flows = Flows(rows, arcs, tail, head, np.zeros((day.size, day.size)))
    return flows, rows.columns


def spread(flows: Flows, columns: int, amounts: dict[tuple[int, ARC], float]) -> Floats:
    """Put amounts of flow where an origin and an arc say."""
    primal = np.zeros(columns)
    for (origin, (tail, head)), amount in amounts.items():
        at = (flows.origin == origin) & (flows.tail == tail) & (flows.head == head)
        primal[flows.columns[at]] = amount
    return primal


def places(flows: Flows) -> np.ndarray:
    return flows.table(flows.columns.astype(np.float64) + 1.0).astype(np.int64) - 1


def test_a_flow_that_goes_there_and_back_is_a_detour() -> None:
    flows, columns = tails_of(day_of_six())
    there_and_back = {
        (1, (1, 2)): 0.5,
        (1, (2, 3)): 0.5,
        (1, (3, 2)): 0.5,
        (1, (2, 4)): 0.5,
        (1, (4, 0)): 0.5,
        (1, (1, 0)): 0.5,
    }
    primal = spread(flows, columns, there_and_back)

    found = detours(flows, primal)

    assert [(one.origin, one.goal) for one in found] == [(1, 2)]
    inside = np.frombuffer(found[0].inside, dtype=np.bool_)
    assert inside[2]
    assert inside[3]
    assert not inside[[0, 1]].any()
    numbers, values = row_of(places(flows), found[0])
    assert values @ primal[numbers] == pytest.approx(0.5)


@pytest.mark.parametrize("seed", range(20))
def test_a_mixture_of_paths_keeps_every_row(seed: int) -> None:
    dice, day = Random(seed), day_of_six()
    flows, columns = tails_of(day)
    primal = np.zeros(columns)
    for _ in range(4):
        others = list(range(1, day.size))
        dice.shuffle(others)
        way = [*others, 0]
        for place, origin in enumerate(others):
            steps = list(zip(way[place:], way[place + 1 :], strict=False))
            primal += 0.25 * spread(flows, columns, {(origin, step): 1.0 for step in steps})

    assert detours(flows, primal) == []
    for origin in range(1, day.size):
        inside = np.array([row not in {0, origin} and dice.random() < 0.6 for row in range(6)])
        for goal in np.flatnonzero(inside):
            numbers, values = row_of(places(flows), Detour(origin, int(goal), inside.tobytes()))
            assert values @ primal[numbers] <= 1e-9


def test_the_price_of_a_detour_is_paid_within_and_given_back_at_the_entrance() -> None:
    inside = np.array([False, False, True, True, False])
    twisted = prices_of_detours(5, [(Detour(1, 2, inside.tobytes()), 3.0)])

    assert twisted[1, 3, 2] == 3.0
    assert twisted[1, 1, 3] == -3.0
    assert twisted[1, 1, 2] == twisted[1, 2, 3] == 0.0
    assert not twisted[[0, 2, 3, 4]].any()

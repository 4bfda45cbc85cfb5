"""Two stops that share a run with a third share it with each other."""

from __future__ import annotations

import numpy as np

from logistics.planning.exact.arcs import Arcs, near_arcs
from logistics.planning.exact.flows import Flows
from logistics.planning.exact.pairs import Pairs, broken_triangles, prices_of_triangles
from logistics.planning.exact.programme import TWICE, Rows
from logistics.planning.exact.read import read_day
from tests.planning.strategies import random_day


def together(size: int, *pairs: tuple[int, int, float]) -> np.ndarray:
    both = np.zeros((size, size))
    for one, other, share in pairs:
        both[one, other] = both[other, one] = share
    return both


def test_favourites_that_never_meet_are_found_the_worst_first() -> None:
    both = together(6, (1, 2, 1.0), (2, 3, 1.0), (4, 5, 0.9), (3, 5, 0.4))

    assert broken_triangles(both) == [(1, 2, 3), (2, 3, 5), (3, 5, 4)]


def test_sets_break_nothing() -> None:
    both = together(6, (1, 2, 1.0), (2, 3, 1.0), (1, 3, 1.0), (4, 5, 0.5))

    assert broken_triangles(both) == []


def test_the_row_of_a_triangle_holds_who_is_on_whose_run() -> None:
    day = next(
        day
        for day in (read_day(random_day(seed, sites=6)) for seed in range(1_000))
        if day.size == 6 and day.kinds
    )
    rows = Rows()
    tail, head = np.nonzero(near_arcs(day))
    arcs = Arcs(day, rows, tail, head, [])
    flows = Flows(rows, arcs, tail, head, np.zeros((day.size, day.size)))
    pairs = Pairs(day, rows, arcs, flows)
    primal = np.zeros(rows.columns)
    for number, (one, other) in enumerate(zip(pairs.first, pairs.second, strict=True)):
        primal[pairs.both[number]] = (10.0 * one + other) / TWICE
    primal[arcs.columns[:, head == 2]] = 0.25

    numbers, values = pairs.row_of((3, 2, 1))

    into = 0.25 * arcs.columns.shape[0] * (head == 2).sum()
    assert values @ primal[numbers] == 23.0 + 12.0 - 13.0 - into
    assert pairs.together(primal)[3, 1] == pairs.together(primal)[1, 3] == 13.0


def test_the_price_of_a_triangle_falls_on_its_pairs_and_on_its_middle() -> None:
    prices, alone = prices_of_triangles(4, [((1, 2, 3), 5.0)])

    assert prices[1, 2] == prices[2, 1] == prices[2, 3] == prices[3, 2] == 5.0
    assert prices[1, 3] == prices[3, 1] == -5.0
    assert alone.tolist() == [0.0, 0.0, 5.0, 0.0]

"""Pairs of runs: all that make a plan together, and none that do not."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from logistics.planning.exact.pairing import STOPPED, pairs_below

ON = np.zeros(1, dtype=np.bool_)
RUNS = st.lists(
    st.tuples(
        st.integers(min_value=1, max_value=31),
        st.integers(min_value=-20, max_value=20),
        st.integers(min_value=0, max_value=20),
        st.integers(min_value=0, max_value=1),
    ),
    max_size=40,
)


def pairs(
    runs: list[tuple[int, int, int, int]],
    *,
    must: int,
    room: float,
    limit: float,
    most: int = 1000,
    stop: np.ndarray = ON,
) -> tuple[float, list[list[int]]]:
    sets, cost, extra, kind = (np.array([run[place] for run in runs]) for place in range(4))
    reached, found = pairs_below(
        sets.astype(np.uint64),
        cost.astype(np.float64),
        extra.astype(np.float64),
        kind.astype(np.int64),
        np.array([True, False]),
        np.uint64(must),
        room,
        limit,
        most,
        stop,
    )
    return reached, found.tolist()


def every_pair(
    runs: list[tuple[int, int, int, int]], *, must: int, room: float, limit: float
) -> dict[tuple[int, int], int]:
    """What each pair costs that makes a plan; the second kind has one vehicle."""
    return {
        (a, b): one[1] + other[1]
        for (a, one), (b, other) in combinations(enumerate(runs), 2)
        if not one[0] & other[0]
        and (one[0] | other[0]) & must == must
        and (one[3], other[3]) != (1, 1)
        and one[2] + other[2] <= room
        and one[1] + other[1] < limit
    }


@given(
    runs=RUNS,
    must=st.integers(min_value=0, max_value=31),
    room=st.integers(min_value=0, max_value=40),
    limit=st.integers(min_value=-20, max_value=40),
)
def test_every_pair_that_makes_a_plan_is_found_the_cheapest_first(
    runs: list[tuple[int, int, int, int]], must: int, room: int, limit: int
) -> None:
    runs = sorted(runs, key=lambda run: run[2])
    wanted = every_pair(runs, must=must, room=room, limit=limit)

    reached, found = pairs(runs, must=must, room=room, limit=limit)

    assert reached == limit
    assert {(a, b) for a, b in found} == wanted.keys()
    costs = [wanted[a, b] for a, b in found]
    assert costs == sorted(costs)


@given(runs=RUNS, most=st.integers(min_value=2, max_value=8))
def test_where_pairs_are_too_many_none_lacks_below_the_limit_told(
    runs: list[tuple[int, int, int, int]], most: int
) -> None:
    runs = sorted(runs, key=lambda run: run[2])
    wanted = every_pair(runs, must=0, room=40, limit=100)

    reached, found = pairs(runs, must=0, room=40, limit=100, most=most)

    assert len(found) <= most
    kept = {(a, b) for a, b in found}
    assert kept <= wanted.keys()
    assert all(pair in kept for pair, cost in wanted.items() if cost < reached)


def test_a_search_that_is_stopped_tells_nothing() -> None:
    runs = [(1, 1, 1, 0), (2, 1, 1, 0)]
    assert pairs(runs, must=3, room=9, limit=9)[1] == [[0, 1]]

    reached, found = pairs(runs, must=3, room=9, limit=9, stop=np.ones(1, dtype=np.bool_))

    assert reached == STOPPED
    assert found == []

"""Every place of every run against the one the search calls cheapest.

``NUMBA_DISABLE_JIT=1 python -m tests.planning.improve.cheapest`` prints how many sites were placed,
how many of them where not all goods have time or room, each that would go elsewhere, and each run
whose goods cost less once they are chosen than the price that was asked for them.
"""

from __future__ import annotations

import json
import sys

import numpy as np

from logistics.planning.improve import Search
from logistics.planning.improve.act import TAKE_UP, act
from logistics.planning.improve.book import enlist
from logistics.planning.improve.insert import cheapest
from logistics.planning.improve.layout import (
    COST,
    LEAVING,
    MATE,
    PLACE,
    PLAIN,
    RUN,
    SHEDDING,
    SHORT,
    STOPS,
)
from logistics.planning.improve.leave import choose_loads
from logistics.planning.improve.place import NOWHERE, lift, tried
from tests.planning.strategies import random_day

_DAYS, _STEPS = 400, 30


def judged(search: Search, x: int) -> tuple[float, float]:
    """What the search says that an absent site costs at least more, and what it really costs."""
    data, state = search.data, search.state
    told, _, _ = cheapest(data, state, x, NOWHERE, 0.0)
    real = NOWHERE
    for run in range(len(state.run)):
        for place in range(state.run[run, STOPS] + 1):
            real = min(real, tried(data, state, x, run, np.int64(place)))
    return float(told), float(real)


def goods_at_a_price(search: Search) -> None:
    """Let a search price goods instead of choosing them, beginning with its best plan."""
    data, state = search.data, search.state
    state.tally[SHEDDING] = 1
    act(data, state, TAKE_UP, 0, np.zeros(5), np.zeros(len(data.ship), np.int64))
    state.tally[LEAVING] = 0


def overpriced(search: Search) -> list[list[float]]:
    """Runs that ask more for goods without time or room than leaving them costs."""
    data, state = search.data, search.state
    found = []
    for run in range(len(state.run)):
        if state.run[run, STOPS] and state.run[run, PLAIN] == SHORT:
            asked = state.cost[run, COST]
            least = choose_loads(data, state, run, True)  # noqa: FBT003 - a kernel
            if asked > least + 1e-6 * (1 + abs(least)):
                found.append([run, float(asked), float(least)])
    return found


def main() -> None:
    """Take each site of a plan out of it and look where it would go."""
    placed = short = 0
    astray, dearer = [], []
    for seed in range(_DAYS):
        search = Search(random_day(seed, sites=8, shipments=25, vehicles=2), seed)
        search.run(iterations=_STEPS)
        goods_at_a_price(search)
        dearer += [[seed, *one] for one in overpriced(search)]
        data, state = search.data, search.state
        for x in range(len(state.at)):
            run = state.at[x, RUN]
            if run < 0 or data.site[x, MATE] >= 0:
                continue
            lift(data, state, x, run, state.at[x, PLACE])
            enlist(state, run)
            told, real = judged(search, x)
            if abs(told - real) > 1e-6 * (1 + abs(real)):
                astray.append([seed, x, told, real])
            placed += 1
            short += int((state.run[:, PLAIN] == SHORT).any())
    seen = {"placed": placed, "short": short, "astray": astray, "dearer": dearer}
    sys.stdout.write(json.dumps(seen))


if __name__ == "__main__":
    # Random numbers wrap around on purpose; only interpreted arithmetic warns of it.
    with np.errstate(over="ignore"):
        main()

"""The search itself: ruin, recreate, accept by simulated annealing, remember the best."""

from __future__ import annotations

import numpy as np

from logistics.planning.improve.book import accept, begin, keep, reject, total
from logistics.planning.improve.chance import draw
from logistics.planning.improve.kernel import part
from logistics.planning.improve.layout import (
    BEST,
    HEAT,
    LEAVING,
    MAY_LEAVE,
    ORDER,
    PLAIN,
    TOTAL,
    USED,
    Data,
    State,
)
from logistics.planning.improve.moves import small_move
from logistics.planning.improve.recreate import BLINK, recreate
from logistics.planning.improve.ruin import ruin_strings

LONGEST_STRING = 10
TOLERANCE = 1e-11


@part
def anneal(
    data: Data,
    state: State,
    steps: int,
    hot: float,
    cold: float,
    removed: float,
    small: float,
) -> None:
    """
    Make `steps` steps while the temperature falls from `hot` to `cold` SEK.

    A share `small` of them are moves of one or two runs, the others ruin and recreate.
    """
    heat = hot
    factor = (cold / hot) ** (1.0 / max(steps, 1)) if hot > 0 else 1.0
    for _ in range(steps):
        heat *= factor
        state.sum[HEAT] = heat
        begin(state)
        state.tally[LEAVING] = 0
        if data.rule[MAY_LEAVE]:
            # what is left behind is costly to judge: mostly look where nothing needs to be
            often = 0.05
            for rank in range(state.tally[USED]):
                if not state.run[state.run[rank, ORDER], PLAIN]:
                    often = 0.5
            state.tally[LEAVING] = draw(state.random) < often
        if draw(state.random) < small:
            small_move(data, state)
        else:
            ruin_strings(data, state, removed, LONGEST_STRING)
            recreate(data, state, BLINK)
        cost = total(data, state)
        if cost < state.sum[TOTAL] - heat * np.log(1.0 - draw(state.random)):
            accept(state, cost)
            if cost < state.sum[BEST] - TOLERANCE * (1.0 + abs(cost)):
                keep(data, state)
        else:
            reject(data, state)

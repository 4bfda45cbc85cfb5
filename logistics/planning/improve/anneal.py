"""The search itself: ruin, recreate, accept by simulated annealing, remember the best."""

from __future__ import annotations

import numpy as np

from logistics.planning.improve.book import accept, begin, keep, reject, total
from logistics.planning.improve.chance import draw
from logistics.planning.improve.kernel import part
from logistics.planning.improve.layout import (
    ABSENCES,
    ABSENT,
    ABSENTEES,
    BEST,
    BIG,
    CAPACITY,
    COST,
    HEAT,
    LEAVING,
    MAY_LEAVE,
    MISSING,
    MOST_RUNS,
    MUST,
    OLD_ABSENT,
    ORDER,
    OVERLOAD,
    PLAIN,
    SHEDDING,
    SHORT,
    SQUEEZE,
    STOPS,
    TOP_LOAD,
    TOTAL,
    UNDO_ABSENT,
    USED,
    VERSION,
    VERSIONS,
    Data,
    State,
)
from logistics.planning.improve.leave import choose_loads
from logistics.planning.improve.moves import small_move
from logistics.planning.improve.recreate import BLINK, recreate
from logistics.planning.improve.ruin import ruin_run, ruin_strings, ruin_whole

TOLERANCE = 1e-11
WHOLE_RUN = 0.01


@part
def judge_absence(data: Data, state: State, gain: float) -> float:
    """
    Judge a step by how often its compulsory absentees have been absent, and count that on.

    Sites that are hard to place come to outweigh any number of easy ones (the absences of
    Christiaens & Vanden Berghe 2020, p. 424; ejections in Nagata & Bräysy 2009, Operations
    Research Letters 37, p. 333).
    """
    before, after, fewer = 0.0, 0.0, 0
    for k in range(state.tally[OLD_ABSENT]):
        x = state.lists[UNDO_ABSENT, k]
        if data.site[x, MUST]:
            before += 1.0 + state.score[x, ABSENCES]
            fewer += 1
            gain -= data.limit[MISSING]
    for k in range(state.tally[ABSENT]):
        x = state.lists[ABSENTEES, k]
        if data.site[x, MUST]:
            after += 1.0 + state.score[x, ABSENCES]
            fewer -= 1
            gain += data.limit[MISSING]
            state.score[x, ABSENCES] += 1.0
    if after < before or fewer > 0:
        return float(BIG)
    return -float(BIG) if after > before else gain


@part
def price_overload(data: Data, state: State, overload: float) -> None:
    """Let each item more than a vehicle holds cost so many SEK from now on."""
    for rank in range(state.tally[USED]):
        run = state.run[rank, ORDER]
        items = state.run[run, TOP_LOAD] - data.van[run, CAPACITY]
        if items > 0 and state.run[run, PLAIN]:
            more = (overload - state.sum[OVERLOAD]) * items
            state.cost[run, COST] += more
            state.sum[TOTAL] += more
            state.tally[VERSIONS] += 1
            state.run[run, VERSION] = state.tally[VERSIONS]
    state.sum[OVERLOAD] = overload


@part
def is_overloaded(data: Data, state: State) -> bool:
    """Tell whether a vehicle takes more than it holds."""
    for rank in range(state.tally[USED]):
        run = state.run[rank, ORDER]
        if state.run[run, PLAIN] and state.run[run, TOP_LOAD] > data.van[run, CAPACITY]:
            return True
    return False


@part
def settled_cost(data: Data, state: State, cost: float) -> float:
    """Tell what the present plan costs once every run chose what to leave behind."""
    for rank in range(state.tally[USED]):
        run = state.run[rank, ORDER]
        if state.run[run, PLAIN] == SHORT:
            cost += choose_loads(data, state, run, False) - state.cost[run, COST]
    return cost


@part
def squeeze(data: Data, state: State) -> None:
    """Where every compulsory site has its call, dissolve a run, never to have so many again."""
    used = state.tally[USED]
    for k in range(state.tally[ABSENT]):
        if data.site[state.lists[ABSENTEES, k], MUST]:
            return
    if used < 2:
        return
    chosen, least = -1, np.inf
    for rank in range(used):
        run = state.run[rank, ORDER]
        hardness = draw(state.random)
        for k in range(state.run[run, STOPS]):
            hardness += 1.0 + state.score[state.way[run, k], ABSENCES]
        if hardness < least:
            chosen, least = run, hardness
    begin(state)
    ruin_whole(data, state, chosen)
    accept(state, total(data, state))
    state.tally[MOST_RUNS] = used - 1


@part
def anneal(
    data: Data,
    state: State,
    steps: int,
    hot: float,
    cold: float,
    removed: float,
    small: float,
    overload: float,
) -> None:
    """
    Make `steps` steps while the temperature falls from `hot` to `cold` SEK.

    A share `small` of them are moves of one or two runs, the others ruin and recreate. An item
    more than a vehicle holds costs `overload` SEK; with zero there is none.
    """
    price_overload(data, state, overload)
    heat = hot
    factor = (cold / hot) ** (1.0 / max(steps, 1)) if hot > 0 else 1.0
    for _ in range(steps):
        heat *= factor
        state.sum[HEAT] = heat
        if state.tally[SQUEEZE]:
            squeeze(data, state)
        begin(state)
        state.tally[LEAVING] = 0
        if data.rule[MAY_LEAVE] and not state.tally[SHEDDING]:
            # what is left behind is costly to judge: mostly look where nothing needs to be
            often = 0.05
            for rank in range(state.tally[USED]):
                if not state.run[state.run[rank, ORDER], PLAIN]:
                    often = 0.5
            state.tally[LEAVING] = draw(state.random) < often
        if draw(state.random) < small:
            small_move(data, state)
        else:
            if draw(state.random) < WHOLE_RUN:
                ruin_run(data, state)
            else:
                ruin_strings(data, state, removed)
            recreate(data, state, BLINK)
        cost = total(data, state)
        gain = state.sum[TOTAL] - cost
        if state.tally[SQUEEZE]:
            gain = judge_absence(data, state, gain)
        if gain > heat * np.log(1.0 - draw(state.random)):
            before = state.sum[TOTAL]
            accept(state, cost)
            best = state.sum[BEST] - TOLERANCE * (1.0 + abs(cost))
            if cost >= best or (overload > 0.0 and is_overloaded(data, state)):
                continue
            if state.tally[SHEDDING]:
                # a step that changed nothing has been looked at when its plan was new
                if cost == before:
                    continue
                cost = settled_cost(data, state, cost)
            if cost < best:
                keep(data, state)
                state.sum[BEST] = cost
        else:
            reject(data, state)

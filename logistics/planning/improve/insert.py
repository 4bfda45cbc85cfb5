"""Where one more site costs least: every place of every run, judged against the true objective."""

from __future__ import annotations

import numpy as np

from logistics.planning.improve.chance import draw
from logistics.planning.improve.evaluate import derive
from logistics.planning.improve.kernel import part
from logistics.planning.improve.layout import (
    BIG,
    CAPACITY,
    COST,
    FIRST_PAIR,
    FOR,
    HUB,
    KIND,
    KINDS,
    LAST_PAIR,
    LEAST,
    LEAVING,
    LOAD_AFTER,
    LOAD_BEFORE,
    MARK,
    MARKS,
    MOST_RUNS,
    N_ITEMS,
    OFF,
    ONLY,
    ORDER,
    OVERLOAD,
    PER_SECOND,
    PER_STOP,
    PLAIN,
    PRICES,
    RUN,
    SHEDDING,
    STALE,
    START_LOAD,
    STOP,
    STOPS,
    TAKEN,
    TIE,
    TIE_ITEMS,
    TIE_WORTH,
    TIES,
    TIMED,
    TOP_LOAD,
    USED,
    VERSION,
    WHERE,
    Data,
    State,
)
from logistics.planning.improve.place import NOWHERE, gather, judge, spread, tried

MANY, NEAR = 16, 60


@part
def mark_near(data: Data, state: State, x: int) -> None:
    """Mark the runs that call near a site; of many runs the others are not worth a look."""
    state.tally[MARKS] += 1
    for k in range(min(NEAR, data.near.shape[1])):
        run = state.at[data.near[x, k], RUN]
        if run >= 0:
            state.run[run, MARK] = state.tally[MARKS]


@part
def scan(data: Data, state: State, x: int, run: int, best: float, avoid: int) -> tuple[float, int]:
    """Find where in a run a site costs least, less than `best`; else a bound of it, and -1."""
    if state.run[run, STALE]:
        derive(data, state, run)
    stops = state.run[run, STOPS]
    c = data.van[run, PRICES]
    to, on = data.price_to[c, x], data.price[c, x]
    way, leg = state.way[run], state.leg[run]
    off, taken = data.items[c, x, OFF], data.items[c, x, TAKEN]
    tied = state.run[run, TIES] > 0
    low, high = 0, stops
    free = state.tally[LEAVING] or state.tally[SHEDDING] or state.sum[OVERLOAD] > 0.0
    if not (tied or free):
        # places before `low` overload the van later on, those after `high` before
        room = data.van[run, CAPACITY]
        if state.run[run, TOP_LOAD] + taken > room:
            low = 1
            while low <= stops and state.at[way[low - 1], LOAD_AFTER] + taken > room:
                low += 1
        if state.run[run, TOP_LOAD] + off > room:
            while high > 0 and state.at[way[high - 1], LOAD_BEFORE] + off > room:
                high -= 1
            if high == 0 and state.run[run, START_LOAD] + off > room:
                high = -1
    slack = state.cost[run, LEAST] - state.cost[run, COST]
    if not (state.run[run, PLAIN] or state.run[run, TIMED]):
        # what a full van leaves behind it leaves behind with one more stop, too
        slack = 0.0
    flat = (
        data.van_cost[run, PER_STOP]
        + data.van_cost[run, PER_SECOND] * data.site[x, STOP]
        - data.gain[c, x]
        - state.cost[run, TIE_WORTH]
    )
    items = off + taken + state.run[run, TIE_ITEMS]
    where, bound = -1, NOWHERE
    before = way[low - 1] if low > 0 else data.rule[HUB]
    for place in range(low, high + 1):
        after = way[place]
        least = to[before] + on[after] - leg[place] + flat
        if least + slack >= best or place == avoid:
            bound = min(bound, least + slack)
        else:
            cost = judge(data, state, x, run, place, least, items, best)
            if cost < best:
                best, where = cost, place
            else:
                bound = min(bound, cost)
        if tied:
            flat -= state.score[after, TIE]
            items += state.at[after, N_ITEMS]
        before = after
    return best if where >= 0 else bound, where


@part
def cheapest(data: Data, state: State, x: int, best: float, blink: float) -> tuple[float, int, int]:
    """
    Find the run and place where a site costs least more, and that cost.

    Only places cheaper than `best` count; the best of a run is overlooked with probability `blink`
    (after Christiaens & Vanden Berghe 2020, Transportation Science 54(2), p. 423). What a version
    of a run would cost more with a site is remembered, for most runs stay as they are in a step.
    """
    best_run, best_place = -1, -1
    only = data.site[x, ONLY]
    leaving = state.tally[LEAVING]
    all_runs = leaving or state.tally[SHEDDING]
    overlook = np.log1p(-blink) if blink > 0 else -1e-300
    skip = int(np.log(1.0 - draw(state.random)) / overlook) if blink > 0 else BIG
    noted = data.site[x, FIRST_PAIR] == data.site[x, LAST_PAIR]
    ties = not noted
    memo, known = state.memo[x], state.memo_cost[x]
    many = state.tally[USED] > MANY
    if many:
        mark_near(data, state, x)
    mark = state.tally[MARKS]
    for turn in range(3):
        if turn == 2 and (best_run >= 0 or not many):
            break
        # first what is known, so that the rest need only be searched for what is better still
        for rank in range(state.tally[USED]):
            run = state.run[rank, ORDER]
            if (only >= 0 and run != only) or not (state.run[run, PLAIN] or all_runs):
                continue
            if many and turn < 2 and state.run[run, MARK] != mark:
                continue
            version = 2 * state.run[run, VERSION] + leaving
            fresh = memo[run, FOR] == version and (memo[run, WHERE] >= 0 or known[run] >= best)
            if turn < 2 and fresh != (turn == 0):
                continue
            if not fresh:
                if not noted:
                    spread(data, state, x)
                    noted = True
                known[run], memo[run, WHERE] = scan(data, state, x, run, best, -1)
                memo[run, FOR] = version
            cost, place = known[run], memo[run, WHERE]
            if cost < best and place >= 0:
                if skip == 0:
                    skip = int(np.log(1.0 - draw(state.random)) / overlook)
                    if not noted:
                        spread(data, state, x)
                        noted = True
                    cost, place = scan(data, state, x, run, best, place)
                else:
                    skip -= 1
                if place >= 0:
                    best, best_run, best_place = cost, run, place
    if ties and noted:
        gather(data, state, x)
    seen, alone = 0, leaving - 2 * state.tally[SHEDDING]
    idle = state.tally[USED] < state.tally[MOST_RUNS]
    for rank in range(state.tally[USED], len(state.run) if idle else 0):
        run = state.run[rank, ORDER]
        kind = np.int64(1) << min(data.van[run, KIND], 62)
        if (only >= 0 and run != only) or (seen & kind and data.van[run, KIND] < 62):
            continue
        seen |= kind
        if memo[run, FOR] != alone:
            known[run] = tried(data, state, x, run, np.int64(0))
            memo[run, FOR] = alone
        if known[run] < best:
            best, best_run, best_place = known[run], run, 0
        if seen == (np.int64(1) << data.rule[KINDS]) - 1:
            break
    return best, best_run, best_place

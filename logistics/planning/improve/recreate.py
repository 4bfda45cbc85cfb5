"""Give absent sites a call again, one after the other, each where it costs least just then."""

from __future__ import annotations

import numpy as np

from logistics.planning.improve.book import enlist, touch
from logistics.planning.improve.chance import below, draw
from logistics.planning.improve.insert import cheapest
from logistics.planning.improve.kernel import part
from logistics.planning.improve.layout import (
    ABSENT,
    ABSENTEES,
    BIG,
    CLOSE,
    HEAT,
    HUB,
    KEY,
    MATE,
    MOST_RUNS,
    MUST,
    OFF,
    ONLY,
    OPEN,
    ORDER,
    PICKUP,
    SORTED,
    TAKEN,
    USED,
    Data,
    State,
)
from logistics.planning.improve.pairs import cheapest_pair, settle_pair, tried_pair
from logistics.planning.improve.place import NOWHERE, settle

BLINK = 0.01
FORCE = 0.05
RANDOM, BULK, FAR, CLOSE_BY, NARROW, EARLY, LATE, WORTH = range(8)


@part
def sort_absent(data: Data, state: State) -> None:
    """Put the absent sites in one of several orders, drawn at random."""
    count = state.tally[ABSENT]
    hub = data.rule[HUB]
    order = below(state.random, 13)
    timed = False
    for k in range(count):
        x = state.lists[ABSENTEES, k]
        timed |= data.site[x, OPEN] > -BIG or data.site[x, CLOSE] < BIG
    for k in range(count):
        x = state.lists[ABSENTEES, k]
        if order < 4 or (order > 6 and not timed):
            value = draw(state.random)
        elif order == 4:
            value = -float(data.items[0, x, OFF] + data.items[0, x, TAKEN])
        elif order == 5:
            value = -data.price[0, hub, x] - data.price[0, x, hub]
        elif order == 6:
            value = data.price[0, hub, x] if draw(state.random) < 0.5 else -data.gain[0, x]
        elif order < 9:
            value = float(data.site[x, CLOSE] - max(data.site[x, OPEN], 0))
        elif order < 11:
            value = float(data.site[x, OPEN])
        else:
            value = -float(data.site[x, CLOSE])
        state.score[x, KEY] = value
    for k in range(1, count):
        x = state.lists[ABSENTEES, k]
        value = state.score[x, KEY]
        j = k - 1
        while j >= 0 and state.score[state.lists[ABSENTEES, j], KEY] > value:
            state.lists[ABSENTEES, j + 1] = state.lists[ABSENTEES, j]
            j -= 1
        state.lists[ABSENTEES, j + 1] = x


@part
def force_two(data: Data, state: State) -> None:
    """Open a run with two absent sites, where neither may pay, or fit a run, alone."""
    count, used = state.tally[ABSENT], state.tally[USED]
    idle = min(len(state.run), state.tally[MOST_RUNS]) - used
    if count < 2 or idle < 1:
        return
    run = state.run[used + below(state.random, len(state.run) - used), ORDER]
    one, other = below(state.random, count), below(state.random, count)
    x, y = state.lists[ABSENTEES, one], state.lists[ABSENTEES, other]
    free = data.site[x, MATE] < 0 and data.site[y, MATE] < 0
    if x == y or not free or max(data.site[x, ONLY], data.site[y, ONLY]) >= 0:
        return
    if tried_pair(data, state, x, y, run, np.int64(0), np.int64(0)) >= NOWHERE:
        return
    touch(state, run)
    settle_pair(data, state, x, y, run, np.int64(0), np.int64(0))
    enlist(state, run)
    left = 0
    for k in range(count):
        if k not in (one, other):
            state.lists[ABSENTEES, left] = state.lists[ABSENTEES, k]
            left += 1
    state.tally[ABSENT] = left


@part
def recreate(data: Data, state: State, blink: float) -> None:
    """
    Insert absent sites greedily.

    A compulsory site goes in wherever it can; another only where that pays, or, now and then, where
    it costs no more than the present temperature allows.
    """
    if draw(state.random) < FORCE:
        force_two(data, state)
    sort_absent(data, state)
    count = state.tally[ABSENT]
    for k in range(count):
        state.lists[SORTED, k] = state.lists[ABSENTEES, k]
    # sites that pay only together come in only if the first of them are forced in
    forced = 0
    if count > 0 and draw(state.random) < (FORCE if state.tally[USED] else 0.5):
        forced = 1 + below(state.random, min(8, count))
    left = 0
    for k in range(count):
        x = state.lists[SORTED, k]
        mate = data.site[x, MATE]
        if mate >= 0 and not data.site[x, PICKUP]:
            # goes in with its pickup
            continue
        limit = NOWHERE
        if not data.site[x, MUST] and k >= forced:
            limit = 0.0
            chance = draw(state.random)
            if chance < 0.05:
                limit = -NOWHERE
            elif chance < 0.25:
                limit = -state.sum[HEAT] * np.log(1.0 - draw(state.random))
        if mate >= 0:
            _, run, first, second = cheapest_pair(data, state, x, mate, limit, blink)
            if run >= 0:
                touch(state, run)
                settle_pair(data, state, x, mate, run, first, second)
                enlist(state, run)
                continue
            state.lists[ABSENTEES, left] = x
            state.lists[ABSENTEES, left + 1] = mate
            left += 2
            continue
        _, run, place = cheapest(data, state, x, limit, blink)
        if run >= 0:
            touch(state, run)
            settle(data, state, x, run, place)
            enlist(state, run)
        else:
            state.lists[ABSENTEES, left] = x
            left += 1
    state.tally[ABSENT] = left

"""What a run costs, remembered stop by stop, so that a change is judged without driving it all."""

from __future__ import annotations

from logistics.planning.improve.clock import walk
from logistics.planning.improve.kernel import part
from logistics.planning.improve.layout import (
    ARR_ADD,
    ARR_FLOOR,
    ARR_HIGH,
    BIG,
    CAPACITY,
    CLOSE,
    COST,
    D_ADD,
    D_ARR_ADD,
    D_ARR_FLOOR,
    D_ARR_HIGH,
    D_FLOOR,
    D_HIGH,
    D_SERVICE,
    D_SITE,
    DEP_ADD,
    DEP_FLOOR,
    DEP_HIGH,
    FIRST,
    FIRST_OFF,
    FIRST_PAIR,
    FIXED,
    HANDLED,
    HANDLING,
    HUB,
    LAST_PAIR,
    LATER_TAKEN,
    LEAST,
    LEAVING,
    LENGTH,
    LOAD,
    LOAD_AFTER,
    LOAD_BEFORE,
    OFF,
    OPEN,
    PARTNER,
    PER_SECOND,
    PER_STOP,
    PLACE,
    PLAIN,
    PRICES,
    RUN,
    SENSITIVE,
    SERVICE,
    START_LOAD,
    STOP,
    STOPS,
    TAKEN,
    TIMED,
    TOP_LOAD,
    Data,
    State,
)
from logistics.planning.improve.leave import choose_loads


@part
def refresh(data: Data, state: State, run: int) -> None:
    """Recompute all that is remembered of one run from the order of its stops."""
    way, at, draft = state.way, state.at, state.draft
    stops = state.run[run, STOPS]
    length = 0
    handled = 0
    prices = data.van[run, PRICES]
    hub, handling = data.rule[HUB], data.rule[HANDLING]
    state.run[run, PLAIN] = 1
    state.run[run, TIMED] = 0
    state.run[run, LENGTH] = 0
    state.cost[run, COST] = 0.0
    state.cost[run, LEAST] = 0.0
    state.run[run, START_LOAD] = 0
    state.run[run, TOP_LOAD] = 0
    if stops == 0:
        return
    load = 0
    for k in range(stops):
        s = way[run, k]
        at[s, RUN] = run
        at[s, PLACE] = k
        load += data.items[prices, s, OFF]
    top = load
    state.run[run, START_LOAD] = load
    per_second = data.van_cost[run, PER_SECOND]
    least = data.van_cost[run, FIXED] + data.van_cost[run, PER_STOP] * stops
    before = hub
    for k in range(stops):
        s = way[run, k]
        off = data.items[prices, s, OFF]
        taken = data.items[prices, s, TAKEN]
        worth = data.gain[prices, s]
        for e in range(data.site[s, FIRST_PAIR], data.site[s, LAST_PAIR]):
            y = data.moved[0, e, PARTNER]
            if at[y, RUN] == run:
                if at[y, PLACE] < k:
                    off += data.moved[prices, e, FIRST_OFF]
                    worth += data.worth[prices, e, FIRST]
                else:
                    taken += data.moved[prices, e, LATER_TAKEN]
        load += taken - off
        least += data.price[prices, before, s] + per_second * data.site[s, STOP] - worth
        at[s, LOAD] = load
        at[s, LOAD_BEFORE] = top
        top = max(top, load)
        at[s, SERVICE] = data.site[s, STOP] + handling * (off + taken)
        draft[k, D_SITE] = s
        draft[k, D_SERVICE] = at[s, SERVICE]
        if data.site[s, OPEN] > -BIG or data.site[s, CLOSE] < BIG:
            state.run[run, TIMED] = 1
        handled += off + taken
        before = s
    state.run[run, HANDLED] = handled
    least += data.price[prices, before, hub]
    state.run[run, TOP_LOAD] = top
    state.cost[run, LEAST] = least
    paid = walk(data, draft, run, stops, True)
    if paid >= 0:
        length = draft[stops - 1, D_ADD] + data.seconds[before, hub]
        state.run[run, LENGTH] = length
        state.cost[run, COST] = least + per_second * (paid - length)
    if paid < 0 or top > data.van[run, CAPACITY]:
        state.run[run, PLAIN] = 0
        state.cost[run, COST] = (
            choose_loads(data, state, run, False) if state.tally[LEAVING] else BIG
        )
        return
    if data.rule[SENSITIVE] and paid > length:
        full = choose_loads(data, state, run, False)
        if full < state.cost[run, COST]:
            state.cost[run, COST] = full
            state.run[run, PLAIN] = 0
            return
    top = 0
    for k in range(stops - 1, -1, -1):
        s = way[run, k]
        top = max(top, at[s, LOAD])
        at[s, LOAD_AFTER] = top
        at[s, LOAD_BEFORE] = max(at[s, LOAD_BEFORE], at[s, LOAD])
        at[s, DEP_ADD] = draft[k, D_ADD]
        at[s, DEP_FLOOR] = draft[k, D_FLOOR]
        at[s, DEP_HIGH] = draft[k, D_HIGH]
        at[s, ARR_ADD] = draft[k, D_ARR_ADD]
        at[s, ARR_FLOOR] = draft[k, D_ARR_FLOOR]
        at[s, ARR_HIGH] = draft[k, D_ARR_HIGH]

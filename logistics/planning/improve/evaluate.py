"""What a run costs, remembered stop by stop, so that a change is judged without driving it all."""

from __future__ import annotations

from logistics.planning.improve.clock import hurry, rested
from logistics.planning.improve.kernel import part
from logistics.planning.improve.layout import (
    ARR_ADD,
    ARR_FLOOR,
    ARR_HIGH,
    BIG,
    CAPACITY,
    CLOCKED,
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
    END,
    FIRST_PAIR,
    FIXED,
    HANDLED,
    HANDLING,
    HUB,
    LAST_PAIR,
    LEAST,
    LEAVING,
    LENGTH,
    LOAD,
    LOAD_AFTER,
    LOAD_BEFORE,
    LONGEST,
    OFF,
    OPEN,
    OVERLOAD,
    PARTNER,
    PER_SECOND,
    PER_STOP,
    PLACE,
    PLAIN,
    PRICES,
    PUT,
    REST,
    REST_AFTER,
    RIDE_OFF,
    RIDE_TAKEN,
    RUN,
    SENSITIVE,
    SERVICE,
    SHEDDING,
    SHORT,
    STALE,
    START,
    START_LOAD,
    STOP,
    STOPS,
    TAKEN,
    TIMED,
    TOOK,
    TOP_LOAD,
    VERSION,
    VERSIONS,
    Data,
    State,
)
from logistics.planning.improve.leave import choose_loads


@part
def refresh(data: Data, state: State, run: int) -> None:
    """Recompute all that is remembered of one run, whose stops have changed."""
    if state.run[run, STOPS] == 0:
        state.run[run, VERSION] = 0
    else:
        state.tally[VERSIONS] += 1
        state.run[run, VERSION] = state.tally[VERSIONS]
    derive(data, state, run)


@part
def freight(data: Data, state: State, run: int) -> float:
    """Note what is put off and taken at each stop; return the least that the run can cost."""
    way, at = state.way, state.at
    stops = state.run[run, STOPS]
    c = data.van[run, PRICES]
    per_second = data.van_cost[run, PER_SECOND]
    least = data.van_cost[run, FIXED] + data.van_cost[run, PER_STOP] * stops
    before = data.rule[HUB]
    way[run, stops] = before
    for k in range(stops):
        s = way[run, k]
        at[s, RUN] = run
        at[s, PLACE] = k
        at[s, PUT] = data.items[c, s, OFF]
        at[s, TOOK] = data.items[c, s, TAKEN]
        leg = data.price[c, before, s]
        state.leg[run, k] = leg
        state.road[run, k] = data.seconds[before, s]
        least += leg + per_second * data.site[s, STOP] - data.gain[c, s]
        before = s
    leg = data.price[c, before, data.rule[HUB]]
    state.leg[run, stops] = leg
    state.road[run, stops] = data.seconds[before, data.rule[HUB]]
    least += leg
    if data.ride_worth.shape[1] == 0:
        return least
    for k in range(1, stops):
        s = way[run, k]
        first, last = data.site[s, FIRST_PAIR], data.site[s, LAST_PAIR]
        # whichever is shorter: the stops before this one, or the sites it exchanges with
        listed = last - first <= k
        for e in range(first if listed else 0, last if listed else k):
            y = data.moved[0, e, PARTNER] if listed else way[run, e]
            ride = data.ride[y, s]
            if ride >= 0 and (not listed or (at[y, RUN] == run and at[y, PLACE] < k)):
                at[s, PUT] += data.ride_items[c, ride, RIDE_OFF]
                at[y, TOOK] += data.ride_items[c, ride, RIDE_TAKEN]
                least -= data.ride_worth[c, ride]
    return least


@part
def shed(
    data: Data, state: State, run: int, stops: int, timed: bool, length: int, top: int, handled: int
) -> float:
    """Price the waiting of a drafted run, and the goods that it has no time or no room for."""
    per_second = data.van_cost[run, PER_SECOND]
    paid, late = length, 0
    longest = data.van[run, LONGEST]
    if timed:
        paid, late = hurry(data, state.draft, run, stops)
    else:
        longest = min(longest, data.van[run, END] - data.van[run, START])
    lasts = paid - late
    if data.rule[REST_AFTER] >= 0 and lasts > data.rule[REST_AFTER]:
        lasts += data.rule[REST]
    late += max(0, lasts - longest)
    over = max(0, top - data.van[run, CAPACITY])
    if late > data.rule[HANDLING] * handled or late >= len(data.shed_seconds):
        return float(BIG)
    if over >= len(data.shed_items):
        return float(BIG)
    price = max(0.0, data.shed_seconds[late] - per_second * late, data.shed_items[over])
    return per_second * (paid - length) + price


@part
def rest_on_the_way(data: Data, state: State, run: int) -> int:
    """Time a run that needs a break, from what is remembered of its stops."""
    at, draft = state.at, state.draft
    stops = state.run[run, STOPS]
    for k in range(stops):
        s = state.way[run, k]
        draft[k, D_SITE] = s
        draft[k, D_SERVICE] = at[s, SERVICE]
        draft[k, D_ADD] = at[s, DEP_ADD]
        draft[k, D_FLOOR] = at[s, DEP_FLOOR]
        draft[k, D_HIGH] = at[s, DEP_HIGH]
        draft[k, D_ARR_ADD] = at[s, ARR_ADD]
        draft[k, D_ARR_FLOOR] = at[s, ARR_FLOOR]
        draft[k, D_ARR_HIGH] = at[s, ARR_HIGH]
    return rested(data, draft, run, stops)


@part
def hurried_cost(data: Data, state: State, run: int) -> float:
    """Price a run, known stop by stop, that takes all although it has no time or no room for it."""
    stops = state.run[run, STOPS]
    for k in range(stops):
        s = state.way[run, k]
        state.draft[k, D_SITE] = s
        state.draft[k, D_SERVICE] = state.at[s, SERVICE]
    timed, length = state.run[run, TIMED] == 1, state.run[run, LENGTH]
    top, handled = state.run[run, TOP_LOAD], state.run[run, HANDLED]
    cost = shed(data, state, run, stops, timed, length, top, handled)
    return min(float(BIG), state.cost[run, LEAST] + cost)


@part
def derive(data: Data, state: State, run: int) -> None:
    """Recompute what is remembered of one run from the order of its stops."""
    way, at, site, roads = state.way, state.at, data.site, state.road[run]
    stops = state.run[run, STOPS]
    hub, handling, clocked = data.rule[HUB], data.rule[HANDLING], data.rule[CLOCKED]
    state.run[run, PLAIN] = 1
    state.run[run, TIMED] = 0
    state.run[run, STALE] = 0
    state.run[run, LENGTH] = 0
    state.cost[run, COST] = 0.0
    state.cost[run, LEAST] = 0.0
    state.run[run, START_LOAD] = 0
    state.run[run, TOP_LOAD] = 0
    state.run[run, HANDLED] = 0
    if stops == 0:
        way[run, 0] = hub
        return
    least = freight(data, state, run)
    state.cost[run, LEAST] = least
    load = 0
    for k in range(stops):
        load += data.items[data.van[run, PRICES], way[run, k], OFF]
    state.run[run, START_LOAD] = load
    top, handled = load, 0
    first, latest = data.van[run, START], data.van[run, END]
    add, floor, high = 0, -BIG, latest
    fits = True
    for k in range(stops):
        s = way[run, k]
        off, taken = at[s, PUT], at[s, TOOK]
        load += taken - off
        top = max(top, load)
        at[s, LOAD] = load
        at[s, LOAD_BEFORE] = top
        handled += off + taken
        service = site[s, STOP] + handling * (off + taken)
        at[s, SERVICE] = service
        road = roads[k]
        add += road
        if clocked:
            opens, closes = site[s, OPEN], site[s, CLOSE]
            if opens > -BIG or closes < BIG:
                state.run[run, TIMED] = 1
            floor += road
            fits &= floor <= closes
            high = min(high, closes - add)
            floor = max(floor, opens) + service
            at[s, DEP_ADD] = add + service
            at[s, DEP_FLOOR] = floor
            at[s, DEP_HIGH] = high
        add += service
    state.run[run, HANDLED] = handled
    state.run[run, TOP_LOAD] = top
    road = roads[stops]
    length = add + road
    floor += road
    high = min(high, latest - length)
    paid = max(length, floor - high)
    fits &= floor <= latest and high >= first and paid <= data.van[run, LONGEST]
    rests = data.rule[REST_AFTER] >= 0 and paid > data.rule[REST_AFTER]
    top, add, floor, high = 0, 0, -BIG, latest
    for k in range(stops - 1, -1, -1):
        s = way[run, k]
        top = max(top, at[s, LOAD])
        at[s, LOAD_AFTER] = top
        if clocked:
            spent = at[s, SERVICE] + roads[k + 1]
            add += spent
            floor = max(floor, max(site[s, OPEN], -BIG // 2) + add)
            high = min(site[s, CLOSE], high - spent)
            at[s, ARR_ADD] = add
            at[s, ARR_FLOOR] = floor
            at[s, ARR_HIGH] = high
    if fits and rests:
        paid = rest_on_the_way(data, state, run)
        fits = paid >= 0
    if fits:
        state.run[run, LENGTH] = length
        state.cost[run, COST] = least + data.van_cost[run, PER_SECOND] * (paid - length)
    over = state.run[run, TOP_LOAD] - data.van[run, CAPACITY]
    if fits and over > 0 and state.sum[OVERLOAD] > 0.0:
        state.cost[run, COST] += state.sum[OVERLOAD] * over
    elif state.tally[SHEDDING] and (not fits or over > 0):
        state.run[run, LENGTH] = length
        state.run[run, PLAIN] = SHORT
        state.cost[run, COST] = hurried_cost(data, state, run)
    elif not fits or over > 0:
        state.run[run, PLAIN] = 0
        state.cost[run, COST] = (
            choose_loads(data, state, run, False) if state.tally[LEAVING] else BIG
        )
    elif data.rule[SENSITIVE] and paid > length:
        full = choose_loads(data, state, run, False)
        if full < state.cost[run, COST]:
            state.cost[run, COST] = full
            state.run[run, PLAIN] = 0

"""Where a pickup and its delivery cost least together: both places of every run."""

from __future__ import annotations

import numpy as np

from logistics.planning.improve.chance import draw
from logistics.planning.improve.evaluate import derive, refresh
from logistics.planning.improve.insert import MANY, mark_near
from logistics.planning.improve.kernel import part
from logistics.planning.improve.layout import (
    ARR_ADD,
    ARR_FLOOR,
    ARR_HIGH,
    BIG,
    CAPACITY,
    CLOSE,
    COST,
    DEP_ADD,
    DEP_FLOOR,
    DEP_HIGH,
    END,
    FIRST_PAIR,
    FOR,
    HANDLING,
    HUB,
    KIND,
    KINDS,
    LATER,
    LATER_OFF,
    LATER_TAKEN,
    LEAST,
    LEAVING,
    LOAD,
    LOAD_AFTER,
    LOAD_BEFORE,
    LONGEST,
    MARK,
    MARKS,
    MOST_RUNS,
    OFF,
    ONLY,
    OPEN,
    ORDER,
    PARTNER,
    PER_SECOND,
    PER_STOP,
    PLAIN,
    PRICES,
    REST_AFTER,
    RUN,
    SERVICE,
    STALE,
    START,
    START_LOAD,
    STOP,
    STOPS,
    TAKEN,
    TOP_LOAD,
    USED,
    VERSION,
    WHERE,
    Data,
    State,
)
from logistics.planning.improve.place import NOWHERE


@part
def settle_pair(
    data: Data, state: State, x: int, mate: int, run: int, first: int, second: int
) -> None:
    """Put a pickup before the stop that has place `first`, its delivery before that of `second`."""
    way = state.way
    stops = state.run[run, STOPS]
    for k in range(stops - 1, second - 1, -1):
        way[run, k + 2] = way[run, k]
    for k in range(second - 1, first - 1, -1):
        way[run, k + 1] = way[run, k]
    way[run, first] = x
    way[run, second + 1] = mate
    state.run[run, STOPS] = stops + 2
    refresh(data, state, run)


@part
def tried_pair(
    data: Data, state: State, x: int, mate: int, run: int, first: int, second: int
) -> float:
    """Tell what a run costs more with a pair, by really putting it there and back."""
    way = state.way
    old, version = state.cost[run, COST], state.run[run, VERSION]
    settle_pair(data, state, x, mate, run, first, second)
    new = state.cost[run, COST]
    stops = state.run[run, STOPS] - 2
    for k in range(first, second):
        way[run, k] = way[run, k + 1]
    for k in range(second, stops):
        way[run, k] = way[run, k + 2]
    state.at[x, RUN] = -1
    state.at[mate, RUN] = -1
    state.run[run, STOPS] = stops
    refresh(data, state, run)
    state.run[run, VERSION] = version
    return NOWHERE if new >= NOWHERE / 2 else new - old


@part
def scan_pair(
    data: Data, state: State, x: int, mate: int, run: int, best: float, avoid: int
) -> tuple[float, int]:
    """Find where in a run a pair costs least, less than `best`; else a bound of it, and -1."""
    if state.run[run, STALE]:
        derive(data, state, run)
    hub, handling, rest_after = data.rule[HUB], data.rule[HANDLING], data.rule[REST_AFTER]
    site, at, roads = data.site, state.at, state.road[run]
    on_x_in, to_x_in = data.seconds[x], data.seconds_to[x]
    on_mate_in, to_mate_in = data.seconds[mate], data.seconds_to[mate]
    width, where, bound = state.way.shape[1], -1, NOWHERE
    tie = data.site[x, FIRST_PAIR]
    while data.moved[0, tie, PARTNER] != mate:
        tie += 1
    stops = state.run[run, STOPS]
    if not state.run[run, PLAIN]:
        for first in range(stops + 1):
            for second in range(first, stops + 1):
                cost = tried_pair(data, state, x, mate, run, first, second)
                if cost < best and first * width + second != avoid:
                    best, where = cost, first * width + second
                else:
                    bound = min(bound, cost)
        return best if where >= 0 else bound, where
    c = data.van[run, PRICES]
    price, to_x, to_mate = data.price[c], data.price_to[c, x], data.price_to[c, mate]
    on_x, on_mate, leg = price[x], price[mate], state.leg[run]
    per_second = data.van_cost[run, PER_SECOND]
    starts, latest, longest = data.van[run, START], data.van[run, END], data.van[run, LONGEST]
    room = data.van[run, CAPACITY]
    off_x, off_y = data.items[c, x, OFF], data.items[c, mate, OFF]
    aboard = data.moved[c, tie, LATER_TAKEN] + data.items[c, x, TAKEN] + off_y
    behind = data.items[c, x, TAKEN] + data.items[c, mate, TAKEN]
    serve_x = site[x, STOP] + handling * (off_x + aboard - off_y)
    put_off = data.moved[c, tie, LATER_OFF] + off_y
    serve_y = site[mate, STOP] + handling * (put_off + data.items[c, mate, TAKEN])
    flat = (
        2 * data.van_cost[run, PER_STOP]
        + per_second * (site[x, STOP] + site[mate, STOP])
        - data.gain[c, x]
        - data.gain[c, mate]
        - data.worth[c, tie, LATER]
        + state.cost[run, LEAST]
        - state.cost[run, COST]
    )
    # the least that the delivery alone adds, to pass over hopeless pickups
    cheap = np.inf
    before = hub
    for place in range(stops + 1):
        after = state.way[run, place]
        cheap = min(cheap, to_mate[before] + on_mate[after] - leg[place])
        before = after
    before = hub
    for first in range(stops + 1):
        after = state.way[run, first]
        there = to_x_in[before]
        if first == 0:
            add, floor, high = there, -BIG, latest
            load, top = state.run[run, START_LOAD], state.run[run, START_LOAD]
            over = state.run[run, TOP_LOAD]
        else:
            add = at[before, DEP_ADD] + there
            floor = at[before, DEP_FLOOR] + there
            high = at[before, DEP_HIGH]
            load, top, over = at[before, LOAD], at[before, LOAD_BEFORE], at[before, LOAD_AFTER]
        if top + off_x + off_y > room:
            break
        extra = to_x[before] - leg[first] + flat
        close = extra + on_x[mate] + on_mate[after]
        hope = min(close, extra + on_x[after] + cheap)
        before = after
        if hope >= best:
            bound = min(bound, hope)
            continue
        if load + aboard > room or max(floor, starts + add) > site[x, CLOSE]:
            continue
        high = min(high, site[x, CLOSE] - add)
        floor = max(floor, site[x, OPEN]) + serve_x
        add += serve_x
        last = x
        for second in range(first, stops + 1):
            following = state.way[run, second]
            go, on = to_mate_in[last], on_mate_in[following]
            least = close
            if second > first:
                way_round = to_mate[last] + on_mate[following]
                least = extra + way_round - leg[second]
            a, f = add + go, floor + go
            if least >= best:
                bound = min(bound, least)
            elif max(f, starts + a) <= site[mate, CLOSE]:
                h = min(high, site[mate, CLOSE] - a)
                f = max(f, site[mate, OPEN]) + serve_y + on
                a += serve_y + on
                if second == stops:
                    fine = f <= latest
                    h = min(h, latest - a)
                else:
                    fine = f <= at[following, ARR_HIGH]
                    h = min(h, at[following, ARR_HIGH] - a)
                    a += at[following, ARR_ADD]
                    f = max(f + at[following, ARR_ADD], at[following, ARR_FLOOR])
                if fine and h >= starts and (behind == 0 or over + behind <= room):
                    paid = max(a, f - h)
                    cost = least + per_second * (paid - a)
                    if rest_after >= 0 and paid > rest_after:
                        cost = tried_pair(data, state, x, mate, run, first, second)
                    elif paid > longest:
                        cost = NOWHERE
                    if cost < best and first * width + second != avoid:
                        best, where = cost, first * width + second
                    else:
                        bound = min(bound, cost)
            if second == stops:
                break
            # drive on to the next stop with the pickup aboard
            go = on_x_in[following] if second == first else roads[second]
            if second == first:
                extra += on_x[following]
            add += go
            floor += go
            if max(floor, starts + add) > site[following, CLOSE]:
                break
            if at[following, LOAD] + aboard > room:
                break
            high = min(high, site[following, CLOSE] - add)
            floor = max(floor, site[following, OPEN]) + at[following, SERVICE]
            add += at[following, SERVICE]
            over = at[following, LOAD_AFTER]
            last = following
    return best if where >= 0 else bound, where


@part
def cheapest_pair(
    data: Data, state: State, x: int, mate: int, best: float, blink: float
) -> tuple[float, int, int, int]:
    """Find the run and the two places where a pair costs least more, and that cost."""
    best_run, best_place, width = -1, 0, state.way.shape[1]
    only, leaving = data.site[x, ONLY], state.tally[LEAVING]
    overlook = np.log1p(-blink) if blink > 0 else -1e-300
    skip = int(np.log(1.0 - draw(state.random)) / overlook) if blink > 0 else BIG
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
            if (only >= 0 and run != only) or not (state.run[run, PLAIN] or leaving):
                continue
            if many and turn < 2 and state.run[run, MARK] != mark:
                continue
            version = 2 * state.run[run, VERSION] + leaving
            fresh = memo[run, FOR] == version and (memo[run, WHERE] >= 0 or known[run] >= best)
            if turn < 2 and fresh != (turn == 0):
                continue
            if not fresh:
                known[run], memo[run, WHERE] = scan_pair(data, state, x, mate, run, best, -1)
                memo[run, FOR] = version
            cost, place = known[run], memo[run, WHERE]
            if cost < best and place >= 0:
                if skip == 0:
                    skip = int(np.log(1.0 - draw(state.random)) / overlook)
                    cost, place = scan_pair(data, state, x, mate, run, best, place)
                else:
                    skip -= 1
                if place >= 0:
                    best, best_run, best_place = cost, run, place
    seen = 0
    idle = state.tally[USED] < state.tally[MOST_RUNS]
    for rank in range(state.tally[USED], len(state.run) if idle else 0):
        run = state.run[rank, ORDER]
        kind = np.int64(1) << min(data.van[run, KIND], 62)
        if (only >= 0 and run != only) or (seen & kind and data.van[run, KIND] < 62):
            continue
        seen |= kind
        if memo[run, FOR] != leaving:
            known[run] = tried_pair(data, state, x, mate, run, np.int64(0), np.int64(0))
            memo[run, FOR] = leaving
        if known[run] < best:
            best, best_run, best_place = known[run], run, 0
        if seen == (np.int64(1) << data.rule[KINDS]) - 1:
            break
    return best, best_run, best_place // width, best_place % width

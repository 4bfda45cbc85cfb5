"""What one more stop really costs at a place: from what is remembered, or put there and back."""

from __future__ import annotations

import numpy as np

from logistics.planning.improve.clock import walk
from logistics.planning.improve.evaluate import refresh, shed
from logistics.planning.improve.kernel import inner, part
from logistics.planning.improve.layout import (
    ARR_ADD,
    ARR_FLOOR,
    ARR_HIGH,
    BIG,
    CAPACITY,
    CLOSE,
    COST,
    D_SERVICE,
    D_SITE,
    DEP_ADD,
    DEP_FLOOR,
    DEP_HIGH,
    END,
    EXTRA,
    FIRST,
    FIRST_OFF,
    FIRST_PAIR,
    FIRST_TAKEN,
    HANDLED,
    HANDLING,
    HUB,
    LAST_PAIR,
    LATER,
    LATER_OFF,
    LATER_TAKEN,
    LEAST,
    LEAVING,
    LENGTH,
    LOAD_AFTER,
    LOAD_BEFORE,
    LONGEST,
    N_FIRST_OFF,
    N_FIRST_TAKEN,
    N_ITEMS,
    N_LATER_OFF,
    N_LATER_TAKEN,
    OFF,
    OPEN,
    OVERLOAD,
    PARTNER,
    PER_ITEM,
    PER_SECOND,
    PER_SHIP,
    PLAIN,
    PRICES,
    REST_AFTER,
    RUN,
    SERVICE,
    SHEDDING,
    START,
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
    VERSION,
    Data,
    State,
)

NOWHERE = float(BIG)


@part
def spread(data: Data, state: State, x: int) -> None:
    """Note at every partner of an absent site, and at its run, what riding direct would change."""
    for e in range(data.site[x, FIRST_PAIR], data.site[x, LAST_PAIR]):
        y = data.moved[0, e, PARTNER]
        run = state.at[y, RUN]
        if run < 0:
            continue
        c = data.van[run, PRICES]
        later = data.worth[c, e, LATER]
        state.score[y, TIE] = data.worth[c, e, FIRST] - later
        moved = data.moved[c, e]
        items = moved[LATER_OFF] + moved[LATER_TAKEN]
        state.at[y, N_FIRST_OFF] = moved[FIRST_OFF]
        state.at[y, N_FIRST_TAKEN] = moved[FIRST_TAKEN]
        state.at[y, N_LATER_OFF] = moved[LATER_OFF]
        state.at[y, N_LATER_TAKEN] = moved[LATER_TAKEN]
        state.at[y, N_ITEMS] = moved[FIRST_OFF] + moved[FIRST_TAKEN] - items
        state.cost[run, TIE_WORTH] += later
        state.run[run, TIE_ITEMS] += items
        state.run[run, TIES] += 1


@part
def gather(data: Data, state: State, x: int) -> None:
    """Wipe out what :func:`spread` noted."""
    for e in range(data.site[x, FIRST_PAIR], data.site[x, LAST_PAIR]):
        y = data.moved[0, e, PARTNER]
        run = state.at[y, RUN]
        if run >= 0:
            state.score[y, TIE] = 0.0
            state.at[y, N_FIRST_OFF:] = 0
            state.cost[run, TIE_WORTH] = 0.0
            state.run[run, TIE_ITEMS] = 0
            state.run[run, TIES] = 0


@part
def sketch(data: Data, state: State, x: int, run: int, place: int) -> None:
    """Draft a run with one more stop, services changed by direct rides included."""
    stops, handling = state.run[run, STOPS], data.rule[HANDLING]
    draft, at = state.draft, state.at
    c = data.van[run, PRICES]
    mine = data.items[c, x, OFF] + data.items[c, x, TAKEN]
    for k in range(stops):
        y = state.way[run, k]
        if k < place:
            draft[k, D_SITE] = y
            draft[k, D_SERVICE] = at[y, SERVICE] + handling * at[y, N_FIRST_TAKEN]
            mine += at[y, N_FIRST_OFF]
        else:
            draft[k + 1, D_SITE] = y
            draft[k + 1, D_SERVICE] = at[y, SERVICE] + handling * at[y, N_LATER_OFF]
            mine += at[y, N_LATER_TAKEN]
    draft[place, D_SITE] = x
    draft[place, D_SERVICE] = data.site[x, STOP] + handling * mine


@part
def hurried_delta(
    data: Data, state: State, x: int, run: int, place: int, top: int, items: int
) -> float:
    """Return SEK for waiting and shed goods of a run with one more stop, where they do not fit."""
    stops = state.run[run, STOPS]
    before = state.way[run, place - 1] if place > 0 else data.rule[HUB]
    there, on = data.seconds_to[x, before], data.seconds[x, state.way[run, place]]
    service = data.site[x, STOP] + data.rule[HANDLING] * items
    length = state.run[run, LENGTH] - state.road[run, place] + there + on + service
    timed = state.run[run, TIMED] == 1 or data.site[x, OPEN] > -BIG or data.site[x, CLOSE] < BIG
    if timed:
        sketch(data, state, x, run, place)
    handled = state.run[run, HANDLED] + items
    return shed(data, state, run, stops + 1, timed, length, top, handled)


@part
def settle(data: Data, state: State, x: int, run: int, place: int) -> None:
    """Put a site into a run before the stop that now has this place."""
    way = state.way
    for k in range(state.run[run, STOPS], place, -1):
        way[run, k] = way[run, k - 1]
    way[run, place] = x
    state.run[run, STOPS] += 1
    refresh(data, state, run)


@part
def lift(data: Data, state: State, x: int, run: int, place: int) -> None:
    """Take a site out of a run."""
    way = state.way
    last = state.run[run, STOPS] - 1
    for k in range(place, last):
        way[run, k] = way[run, k + 1]
    state.run[run, STOPS] = last
    state.at[x, RUN] = -1
    refresh(data, state, run)


@part
def tried(data: Data, state: State, x: int, run: int, place: int) -> float:
    """Tell what a run costs more with one more stop, by really putting it there and back."""
    before, version = state.cost[run, COST], state.run[run, VERSION]
    plain, leaving = state.run[run, PLAIN], state.tally[LEAVING]
    settle(data, state, x, run, place)
    after = state.cost[run, COST]
    # what the run leaves behind without the site is known already
    state.tally[LEAVING] = 0
    lift(data, state, x, run, place)
    state.tally[LEAVING] = leaving
    state.cost[run, COST], state.run[run, PLAIN] = before, plain
    state.run[run, VERSION] = version
    return NOWHERE if after >= NOWHERE / 2 else after - before


@inner
def timed_delta(
    data: Data, state: State, x: int, run: int, place: int, before: int, after: int, items: int
) -> float:
    """Return the seconds of waiting in the run with one more stop, negative if it keeps no rule."""
    site, at = data.site, state.at
    service = site[x, STOP] + data.rule[HANDLING] * items
    there, on = data.seconds_to[x, before], data.seconds[x, after]
    length = state.run[run, LENGTH] - state.road[run, place] + there + on + service
    rest_after = data.rule[REST_AFTER]
    free = not state.run[run, TIMED] and site[x, OPEN] == -BIG and site[x, CLOSE] == BIG
    longest = min(data.van[run, LONGEST], data.van[run, END] - data.van[run, START])
    if length > longest:
        handled = data.rule[HANDLING] * (state.run[run, HANDLED] + items)
        return longest - length if length - handled <= longest else -BIG
    if rest_after < 0 or length <= rest_after:
        if free:
            return 0
        if state.run[run, TIES] == 0 or data.rule[HANDLING] == 0:
            if before == data.rule[HUB]:
                add, floor, high = there, -BIG, data.van[run, END]
            else:
                add = at[before, DEP_ADD] + there
                floor = at[before, DEP_FLOOR] + there
                high = at[before, DEP_HIGH]
            if floor > site[x, CLOSE]:
                return -1
            high = min(high, site[x, CLOSE] - add)
            floor = max(floor, site[x, OPEN]) + service + on
            add += service + on
            if after == data.rule[HUB]:
                if floor > data.van[run, END]:
                    return -1
                high = min(high, data.van[run, END] - add)
            else:
                if floor > at[after, ARR_HIGH]:
                    return -1
                high = min(high, at[after, ARR_HIGH] - add)
                add += at[after, ARR_ADD]
                floor = max(floor + at[after, ARR_ADD], at[after, ARR_FLOOR])
            if high < data.van[run, START]:
                return -1
            paid = max(add, floor - high)
            if rest_after < 0 or paid <= rest_after:
                return -1 if paid > data.van[run, LONGEST] else paid - add
    sketch(data, state, x, run, place)
    paid = walk(data, state.draft, run, state.run[run, STOPS] + 1)
    return -1 if paid < 0 else paid - length


@inner
def judge(
    data: Data, state: State, x: int, run: int, place: int, least: float, items: int, best: float
) -> float:
    """Return what one more stop really costs, given its cost without waiting, or NOWHERE."""
    stops = state.run[run, STOPS]
    before = state.way[run, place - 1] if place > 0 else data.rule[HUB]
    after = state.way[run, place] if place < stops else data.rule[HUB]
    slack = state.cost[run, LEAST] - state.cost[run, COST]
    excess = 0.0
    if state.run[run, PLAIN]:
        c = data.van[run, PRICES]
        off, taken = data.items[c, x, OFF], data.items[c, x, TAKEN]
        room = data.van[run, CAPACITY]
        sure = True
        if state.run[run, TOP_LOAD] + off + taken + data.site[x, EXTRA] > room:
            ahead = state.at[before, LOAD_BEFORE] if place > 0 else state.run[run, START_LOAD]
            behind = state.at[before, LOAD_AFTER] if place > 0 else state.run[run, TOP_LOAD]
            if state.run[run, TIES] == 0:
                excess = max(ahead + off, behind + taken) - room
            else:
                sure = False
        overload = state.sum[OVERLOAD]
        if sure and (excess <= 0 or overload > 0.0):
            waiting = timed_delta(data, state, x, run, place, before, after, items)
            if waiting >= 0:
                paid = data.van_cost[run, PER_SECOND] * waiting
                return least + slack + paid + overload * max(excess, 0.0)
            if state.tally[SHEDDING]:
                return least + slack + hurried_delta(data, state, x, run, place, room, items)
            if not state.tally[LEAVING] or data.rule[HANDLING] == 0 or waiting <= -BIG:
                return NOWHERE
            excess = -waiting / (2 * data.rule[HANDLING])
        elif sure and state.tally[SHEDDING]:
            top = room + np.int64(excess)
            return least + slack + hurried_delta(data, state, x, run, place, top, items)
        if sure:
            if not state.tally[LEAVING]:
                return NOWHERE
            slack += max(data.limit[PER_SHIP], data.limit[PER_ITEM] * excess)
        if least + slack >= best:
            return NOWHERE
    return tried(data, state, x, run, place)

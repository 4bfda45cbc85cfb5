"""Where one more site costs least: every place of every run, judged against the true objective."""

from __future__ import annotations

import numpy as np

from logistics.planning.improve.chance import draw
from logistics.planning.improve.clock import walk
from logistics.planning.improve.evaluate import derive, refresh
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
    FOR,
    HANDLED,
    HANDLING,
    HUB,
    KIND,
    KINDS,
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
    MARK,
    MARKS,
    MOST_RUNS,
    N_FIRST_OFF,
    N_FIRST_TAKEN,
    N_ITEMS,
    N_LATER_OFF,
    N_LATER_TAKEN,
    OFF,
    ONLY,
    OPEN,
    ORDER,
    PARTNER,
    PER_ITEM,
    PER_SECOND,
    PER_SHIP,
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

NOWHERE = float(BIG)
MANY, NEAR = 16, 60


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
def probe(data: Data, state: State, x: int, run: int, place: int) -> int:
    """Time a run with one more stop, services changed by direct rides included; -1: none."""
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
    return walk(data, draft, run, stops + 1, False)


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
    paid = probe(data, state, x, run, place)
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
        if sure and excess <= 0:
            waiting = timed_delta(data, state, x, run, place, before, after, items)
            if waiting >= 0:
                return least + slack + data.van_cost[run, PER_SECOND] * waiting
            if not state.tally[LEAVING] or data.rule[HANDLING] == 0 or waiting <= -BIG:
                return NOWHERE
            excess = -waiting / (2 * data.rule[HANDLING])
        if sure:
            if not state.tally[LEAVING]:
                return NOWHERE
            slack += max(data.limit[PER_SHIP], data.limit[PER_ITEM] * excess)
        if least + slack >= best:
            return NOWHERE
    return tried(data, state, x, run, place)


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
    if not (tied or state.tally[LEAVING]):
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
            if (only >= 0 and run != only) or not (state.run[run, PLAIN] or leaving):
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
    seen = 0
    idle = state.tally[USED] < state.tally[MOST_RUNS]
    for rank in range(state.tally[USED], len(state.run) if idle else 0):
        run = state.run[rank, ORDER]
        kind = np.int64(1) << min(data.van[run, KIND], 62)
        if (only >= 0 and run != only) or (seen & kind and data.van[run, KIND] < 62):
            continue
        seen |= kind
        if memo[run, FOR] != leaving:
            known[run] = tried(data, state, x, run, np.int64(0))
            memo[run, FOR] = leaving
        if known[run] < best:
            best, best_run, best_place = known[run], run, 0
        if seen == (np.int64(1) << data.rule[KINDS]) - 1:
            break
    return best, best_run, best_place

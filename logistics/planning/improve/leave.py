"""Choose what a run leaves behind when it cannot carry, or has no time to handle, everything."""

from __future__ import annotations

import numpy as np

from logistics.planning.improve.clock import walk
from logistics.planning.improve.kernel import part
from logistics.planning.improve.layout import (
    BIG,
    CAPACITY,
    D_SERVICE,
    D_SITE,
    FIXED,
    HUB,
    PER_SECOND,
    PER_STOP,
    PLAIN,
    PRICES,
    STOP,
    STOPS,
    WORK,
    Data,
    Longs,
    State,
)
from logistics.planning.improve.loads import (
    P_ITEMS,
    P_OFF,
    P_ON,
    P_SHIP,
    P_TAKEN,
    fits,
    list_loads,
    put,
)

FEW_CHOICES, MANY_CHOICES = 7, 12
NO_ROOM = -1


@part
def unload_for_room(data: Data, state: State, run: int, found: int) -> None:
    """Leave the cheapest shipments until no leg carries more than the capacity."""
    stops = state.run[run, STOPS]
    pick, work = state.pick, state.lists[WORK]
    capacity = data.van[run, CAPACITY]
    while True:
        worst = 0
        for leg in range(stops + 1):
            if work[leg] > work[worst]:
                worst = leg
        excess = work[worst] - capacity
        if excess <= 0:
            return
        chosen, best = -1, np.inf
        for row in range(found):
            items = pick[row, P_ITEMS]
            if pick[row, P_TAKEN] and items > 0 and pick[row, P_ON] <= worst <= pick[row, P_OFF]:
                room = 0
                for leg in range(pick[row, P_ON], pick[row, P_OFF] + 1):
                    room += max(0, min(items, work[leg] - capacity))
                score = state.pick_cost[row] / room
                if score < best or (score == best and items < pick[chosen, P_ITEMS]):
                    chosen, best = row, score
        if chosen < 0:
            return
        put(data, state, chosen, stops, np.int64(-1))


@part
def unload_for_time(data: Data, state: State, run: int, found: int) -> int:
    """Leave the cheapest shipments until the run keeps its times; return the paid seconds or -1."""
    stops = state.run[run, STOPS]
    pick = state.pick
    paid = walk(data, state.draft, run, stops)
    while paid < 0:
        chosen, best = -1, np.inf
        for row in range(found):
            items = pick[row, P_ITEMS]
            if pick[row, P_TAKEN] and items > 0:
                # only what is handled on the way to where the run is late helps
                there = -1 - paid
                times = int(0 < pick[row, P_ON] <= there) + int(pick[row, P_OFF] < there)
                if times > 0 and state.pick_cost[row] / (times * items) < best:
                    chosen, best = row, state.pick_cost[row] / (times * items)
        if chosen < 0:
            return -1
        put(data, state, chosen, stops, np.int64(-1))
        paid = walk(data, state.draft, run, stops)
    return paid


@part
def take_more(data: Data, state: State, run: int, found: int, paid: int) -> int:
    """Take again, the most valuable first, what fits and pays for its time; return paid seconds."""
    stops = state.run[run, STOPS]
    pick, value = state.pick, state.pick_cost
    per_second = data.van_cost[run, PER_SECOND]
    bound = np.inf
    last = -1
    # what has no room now has none later either: from here on the run only gets fuller
    for row in range(found):
        if not pick[row, P_TAKEN] and not fits(data, state, row, run):
            pick[row, P_TAKEN] = NO_ROOM
    while True:
        chosen = -1
        for row in range(found):
            if pick[row, P_TAKEN] or value[row] > bound or (value[row] == bound and row <= last):
                continue
            if chosen < 0 or value[row] > value[chosen]:
                chosen = row
        if chosen < 0:
            break
        bound, last = value[chosen], chosen
        if not fits(data, state, chosen, run):
            continue
        put(data, state, chosen, stops, np.int64(1))
        longer = walk(data, state.draft, run, stops)
        if longer >= 0 and per_second * (longer - paid) <= value[chosen]:
            paid = longer
        else:
            put(data, state, chosen, stops, np.int64(-1))
    for row in range(found):
        if pick[row, P_TAKEN] == NO_ROOM:
            pick[row, P_TAKEN] = 0
    return paid


@part
def swap_loads(data: Data, state: State, run: int, found: int, paid: int) -> int:
    """Exchange a shipment aboard for a better one left behind while that helps."""
    stops = state.run[run, STOPS]
    pick, value = state.pick, state.pick_cost
    per_second = data.van_cost[run, PER_SECOND]
    better = True
    while better:
        better = False
        for out in range(found):
            if not pick[out, P_TAKEN]:
                continue
            put(data, state, out, stops, np.int64(-1))
            swapped = False
            for into in range(found):
                if pick[into, P_TAKEN] or into == out or not fits(data, state, into, run):
                    continue
                put(data, state, into, stops, np.int64(1))
                longer = walk(data, state.draft, run, stops)
                profit = value[into] - value[out] - per_second * (longer - paid)
                if longer >= 0 and profit > 1e-9:
                    paid = longer
                    swapped = True
                    break
                put(data, state, into, stops, np.int64(-1))
            if swapped:
                better = True
            else:
                put(data, state, out, stops, np.int64(1))
    return paid


@part
def few_to_choose(state: State, found: int, most: int) -> bool:
    """Tell whether so few shipments are listed that every choice of them can be tried."""
    count = 0
    for row in range(found):
        count += state.pick[row, P_ITEMS] > 0
    return count <= most


@part
def try_all_loads(data: Data, state: State, run: int, found: int) -> int:
    """Take the best of all choices of the listed shipments; return the paid seconds or -1."""
    stops = state.run[run, STOPS]
    pick, work = state.pick, state.lists[WORK]
    per_second, capacity = data.van_cost[run, PER_SECOND], data.van[run, CAPACITY]
    count = 0
    for row in range(found):
        pick[row, P_TAKEN] = pick[row, P_ITEMS] == 0
        count += pick[row, P_ITEMS] > 0
    best, best_choice, best_paid = np.inf, -1, -1
    value = 0.0
    for number in range(1 << count):
        if number > 0:
            # from one choice to the next a single shipment changes sides (Gray's code)
            bit = 0
            while not (number >> bit) & 1:
                bit += 1
            row = -1
            while bit >= 0:
                row += 1
                bit -= pick[row, P_ITEMS] > 0
            aboard = pick[row, P_TAKEN] == 1
            put(data, state, row, stops, np.int64(-1 if aboard else 1))
            value += -state.pick_cost[row] if aboard else state.pick_cost[row]
        fits_all = True
        for leg in range(stops + 1):
            fits_all &= work[leg] <= capacity
        if fits_all:
            paid = walk(data, state.draft, run, stops)
            if paid >= 0 and per_second * paid - value < best - 1e-12:
                best, best_choice, best_paid = per_second * paid - value, number, paid
    chosen = best_choice ^ (best_choice >> 1) if best_choice >= 0 else 0
    bit = 0
    for row in range(found):
        if pick[row, P_ITEMS] > 0:
            wanted = (chosen >> bit) & 1
            if wanted != pick[row, P_TAKEN]:
                put(data, state, row, stops, np.int64(1 if wanted else -1))
            bit += 1
    return best_paid


@part
def choose_loads(data: Data, state: State, run: int, thorough: bool) -> float:
    """
    Decide shipment by shipment what a run takes, and return what the run then costs.

    Its stops must be in place. The decision stays in State.pick, the services in State.draft. First
    everything that pays for its handling at the driver's price is taken, then what is in the way of
    capacity or time is left, cheapest first, then what still fits is taken. Where there is little
    to choose from, all choices are tried.
    """
    stops, hub = state.run[run, STOPS], data.rule[HUB]
    draft, work, pick = state.draft, state.lists[WORK], state.pick
    per_second = data.van_cost[run, PER_SECOND]
    cost = data.van_cost[run, FIXED] + data.van_cost[run, PER_STOP] * stops
    prices = data.van[run, PRICES]
    before = hub
    for k in range(stops):
        s = state.way[run, k]
        draft[k, D_SITE] = s
        draft[k, D_SERVICE] = data.site[s, STOP]
        work[k] = 0
        cost += data.price[prices, before, s] - per_second * data.seconds[before, s]
        before = s
    work[stops] = 0
    cost += data.price[prices, before, hub] - per_second * data.seconds[before, hub]
    found = list_loads(data, state, run)
    if few_to_choose(state, found, MANY_CHOICES if thorough else FEW_CHOICES):
        paid = try_all_loads(data, state, run, found)
    else:
        if walk(data, draft, run, stops) < 0:
            return float(BIG)
        for row in range(found):
            if pick[row, P_TAKEN]:
                put(data, state, row, stops, np.int64(1))
        unload_for_room(data, state, run, found)
        paid = unload_for_time(data, state, run, found)
        if paid >= 0:
            paid = take_more(data, state, run, found, paid)
            if thorough:
                paid = swap_loads(data, state, run, found, paid)
                paid = take_more(data, state, run, found, paid)
    if paid < 0:
        return float(BIG)
    for row in range(found):
        if pick[row, P_TAKEN]:
            cost -= state.pick_cost[row]
    state.pick[found, P_SHIP] = -1
    return cost + per_second * paid


@part
def final_loads(data: Data, state: State, run: int, taken: Longs) -> None:
    """Mark in `taken` every shipment that a run carries, chosen with all care."""
    if state.run[run, PLAIN]:
        state.pick[list_loads(data, state, run), P_SHIP] = -1
    else:
        choose_loads(data, state, run, True)
    row = 0
    while state.pick[row, P_SHIP] >= 0:
        taken[state.pick[row, P_SHIP]] = state.pick[row, P_TAKEN]
        row += 1

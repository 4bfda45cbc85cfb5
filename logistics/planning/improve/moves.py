"""Small changes of one or two runs that taking strings out and greedy insertion rarely find."""

from __future__ import annotations

from logistics.planning.improve.book import enlist, touch
from logistics.planning.improve.chance import below, draw
from logistics.planning.improve.evaluate import refresh
from logistics.planning.improve.kernel import part
from logistics.planning.improve.layout import (
    BIG,
    COST,
    KIND,
    ONLY,
    ORDER,
    PLACE,
    RUN,
    STOPS,
    USED,
    WORK,
    Data,
    State,
)

SHORT, FEW, TURNED = 0.5, 4, 0.3


@part
def reverse(state: State, run: int, low: int, high: int) -> None:
    """Drive the stops from `low` to `high` the other way round."""
    way = state.way
    while low < high:
        way[run, low], way[run, high] = way[run, high], way[run, low]
        low += 1
        high -= 1


@part
def shift_string(state: State, run: int) -> None:
    """Move a string of up to four stops elsewhere in its run, either way round (or-opt)."""
    stops = state.run[run, STOPS]
    way, work = state.way, state.lists[WORK]
    length = 1 + below(state.random, min(4, stops - 1))
    low = below(state.random, stops - length + 1)
    turned = draw(state.random) < 0.5
    for k in range(length):
        work[k] = way[run, low + (length - 1 - k if turned else k)]
    for k in range(low, stops - length):
        way[run, k] = way[run, k + length]
    place = below(state.random, stops - length + 1)
    for k in range(stops - 1, place + length - 1, -1):
        way[run, k] = way[run, k - length]
    for k in range(length):
        way[run, place + k] = work[k]


@part
def swap_vehicles(state: State, one: int, other: int) -> None:
    """Let two vehicles, one of which may be idle, drive each other's stops."""
    way = state.way
    a, b = state.run[one, STOPS], state.run[other, STOPS]
    for k in range(max(a, b)):
        way[one, k], way[other, k] = way[other, k], way[one, k]
    state.run[one, STOPS], state.run[other, STOPS] = b, a


@part
def swap_tails(data: Data, state: State, one: int, other: int) -> None:
    """Exchange what two runs do after a place in each (2-opt*)."""
    way, work = state.way, state.lists[WORK]
    a, b = state.run[one, STOPS], state.run[other, STOPS]
    x = way[one, below(state.random, a)]
    cut = state.at[x, PLACE]
    # the stop of the other run that comes best after x, among those near it
    place = below(state.random, b + 1)
    for k in range(min(20, data.near.shape[1])):
        y = data.near[x, k]
        if state.at[y, RUN] == other and draw(state.random) < 0.5:
            place = state.at[y, PLACE]
            break
    cut += 1
    tail = a - cut
    for k in range(tail):
        work[k] = way[one, cut + k]
    for k in range(b - place):
        way[one, cut + k] = way[other, place + k]
    for k in range(tail):
        way[other, place + k] = work[k]
    state.run[one, STOPS] = cut + b - place
    state.run[other, STOPS] = place + tail


@part
def draw_length(state: State, most: int) -> int:
    """Draw how long a string is: mostly short, now and then up to all there is."""
    if draw(state.random) < SHORT:
        most = min(most, FEW)
    return below(state.random, most + 1)


@part
def swap_strings(data: Data, state: State, one: int, other: int) -> None:
    """Exchange a string of each of two runs, one of them perhaps empty, either way round."""
    way, work = state.way, state.lists[WORK]
    a, b = state.run[one, STOPS], state.run[other, STOPS]
    x = way[one, below(state.random, a)]
    place = below(state.random, b)
    for k in range(min(20, data.near.shape[1])):
        y = data.near[x, k]
        if state.at[y, RUN] == other and draw(state.random) < 0.5:
            place = state.at[y, PLACE]
            break
    cut = state.at[x, PLACE] + 1
    mine = draw_length(state, a - cut)
    theirs = draw_length(state, b - place)
    if mine + theirs == 0:
        return
    for k in range(a):
        work[k] = way[one, k]
    turned = draw(state.random) < TURNED
    tail = a - cut - mine
    for k in range(theirs):
        way[one, cut + k] = way[other, place + (theirs - 1 - k if turned else k)]
    for k in range(tail):
        way[one, cut + theirs + k] = work[cut + mine + k]
    shift = mine - theirs
    if shift > 0:
        for k in range(b - 1, place + theirs - 1, -1):
            way[other, k + shift] = way[other, k]
    elif shift < 0:
        for k in range(place + theirs, b):
            way[other, k + shift] = way[other, k]
    turned = draw(state.random) < TURNED
    for k in range(mine):
        way[other, place + k] = work[cut + (mine - 1 - k if turned else k)]
    state.run[one, STOPS] = a - mine + theirs
    state.run[other, STOPS] = b + mine - theirs


@part
def may_ride(data: Data, state: State, run: int) -> bool:
    """Tell whether every stop of a run accepts its vehicle."""
    for k in range(state.run[run, STOPS]):
        only = data.site[state.way[run, k], ONLY]
        if only >= 0 and only != run:
            return False
    return True


@part
def small_move(data: Data, state: State) -> None:
    """Change one or two runs at random; a run that breaks a rule costs too much to be accepted."""
    used = state.tally[USED]
    if used == 0:
        return
    one = state.run[below(state.random, used), ORDER]
    other = one
    stops = state.run[one, STOPS]
    chance = draw(state.random)
    if chance < 0.35 or (used == 1 and chance < 0.9):
        if stops < 2:
            return
        touch(state, one)
        if draw(state.random) < 0.3:
            reverse(state, one, 0, stops - 1)
        elif draw(state.random) < 0.5:
            low = below(state.random, stops - 1)
            reverse(state, one, low, low + 1 + below(state.random, stops - 1 - low))
        else:
            shift_string(state, one)
    elif chance < 0.9:
        x = state.way[one, below(state.random, stops)]
        for k in range(data.near.shape[1]):
            found = state.at[data.near[x, k], RUN]
            if found >= 0 and found != one:
                other = found
                break
        if other == one:
            return
        touch(state, one)
        touch(state, other)
        if draw(state.random) < 0.5:
            swap_tails(data, state, one, other)
        else:
            swap_strings(data, state, one, other)
    else:
        other = state.run[below(state.random, len(state.run)), ORDER]
        if other == one or data.van[other, KIND] == data.van[one, KIND]:
            return
        touch(state, one)
        touch(state, other)
        swap_vehicles(state, one, other)
    # every stop must know where it is now before either run is judged
    for pair in range(2):
        run = other if pair else one
        for k in range(state.run[run, STOPS]):
            state.at[state.way[run, k], RUN] = run
    for pair in range(1 if one == other else 2):
        run = other if pair else one
        refresh(data, state, run)
        enlist(state, run)
        if not may_ride(data, state, run):
            state.cost[run, COST] = float(BIG)

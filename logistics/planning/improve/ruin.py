"""Take strings of neighbouring stops out of neighbouring runs, so that there is slack to fill.

Christiaens & Vanden Berghe 2020, "Slack Induction by String Removals for Vehicle Routing Problems",
Transportation Science 54(2), pp. 417-433: equations (5) to (9) for how many and how long.
"""

from __future__ import annotations

from logistics.planning.improve.book import enlist, touch
from logistics.planning.improve.chance import below, draw
from logistics.planning.improve.evaluate import refresh
from logistics.planning.improve.kernel import part
from logistics.planning.improve.layout import (
    ABSENT,
    ABSENTEES,
    BIG,
    CHANGED,
    COST,
    LEAVING,
    MATE,
    MAY_LEAVE,
    ORDER,
    PLACE,
    RUN,
    STOPS,
    TOUCHED,
    UNDO_RUN,
    USED,
    Data,
    State,
)

SPLIT = 0.5
PRESERVE = 0.01
LONGEST_STRING = 10


@part
def drop(data: Data, state: State, x: int) -> None:
    """Mark a site as without a call; :func:`close_gaps` takes it out of its run."""
    touch(state, state.at[x, RUN])
    state.at[x, RUN] = -1
    state.lists[ABSENTEES, state.tally[ABSENT]] = x
    state.tally[ABSENT] += 1
    mate = data.site[x, MATE]
    if mate >= 0 and state.at[mate, RUN] >= 0:
        touch(state, state.at[mate, RUN])
        state.at[mate, RUN] = -1
        state.lists[ABSENTEES, state.tally[ABSENT]] = mate
        state.tally[ABSENT] += 1


@part
def close_gaps(data: Data, state: State) -> None:
    """Take the dropped sites out of their runs; a run that cannot be driven then is dissolved."""
    leaving = state.tally[LEAVING]
    state.tally[LEAVING] = data.rule[MAY_LEAVE]
    for k in range(state.tally[CHANGED]):
        run = state.run[k, UNDO_RUN]
        left = 0
        for place in range(state.run[run, STOPS]):
            x = state.way[run, place]
            if state.at[x, RUN] == run:
                state.way[run, left] = x
                left += 1
        state.run[run, STOPS] = left
        refresh(data, state, run)
        if state.cost[run, COST] >= BIG / 2:
            for place in range(left):
                x = state.way[run, place]
                state.at[x, RUN] = -1
                state.lists[ABSENTEES, state.tally[ABSENT]] = x
                state.tally[ABSENT] += 1
            state.run[run, STOPS] = 0
            refresh(data, state, run)
        enlist(state, run)
    state.tally[LEAVING] = leaving


@part
def cut_string(data: Data, state: State, x: int, length: int) -> None:
    """Drop a string of stops that holds a site, whole or with a part of it preserved."""
    run = state.at[x, RUN]
    stops = state.run[run, STOPS]
    place = state.at[x, PLACE]
    preserved = 0
    if length > 1 and length < stops and draw(state.random) < SPLIT:
        preserved = 1
        while length + preserved < stops and draw(state.random) < PRESERVE:
            preserved += 1
    span = length + preserved
    low = max(0, place - span + 1)
    high = min(place, stops - span)
    first = low + below(state.random, high - low + 1)
    hole = first + 1 + below(state.random, length - 1) if preserved else first + span
    for k in range(first, first + span):
        if k < hole or k >= hole + preserved:
            y = state.way[run, k]
            if state.at[y, RUN] == run:
                drop(data, state, y)


@part
def ruin_whole(data: Data, state: State, run: int) -> None:
    """Drop all stops of a run."""
    for k in range(state.run[run, STOPS]):
        x = state.way[run, k]
        if state.at[x, RUN] == run:
            drop(data, state, x)
    close_gaps(data, state)


@part
def ruin_run(data: Data, state: State) -> None:
    """Drop all stops of the shorter of two random runs, so that vehicles can be done without."""
    used = state.tally[USED]
    if used == 0:
        return
    run = state.run[below(state.random, used), ORDER]
    other = state.run[below(state.random, used), ORDER]
    if state.run[other, STOPS] < state.run[run, STOPS]:
        run = other
    if state.run[run, STOPS] <= 3 * LONGEST_STRING:
        ruin_whole(data, state, run)


@part
def ruin_strings(data: Data, state: State, removed: float) -> None:
    """Drop about `removed` sites in short strings, all near one random site."""
    used = state.tally[USED]
    visited = 0
    for rank in range(used):
        visited += state.run[state.run[rank, ORDER], STOPS]
    if visited == 0:
        return
    average = visited / used
    string = min(float(LONGEST_STRING), average)
    most = 4.0 * removed / (1.0 + string) - 1.0
    strings = int(1.0 + draw(state.random) * max(most, 0.0))
    run = state.run[below(state.random, used), ORDER]
    seed = state.way[run, below(state.random, state.run[run, STOPS])]
    for k in range(-1, data.near.shape[1]):
        x = seed if k < 0 else data.near[seed, k]
        if strings == 0:
            break
        run = state.at[x, RUN]
        if run < 0 or state.run[run, TOUCHED]:
            continue
        limit = min(float(state.run[run, STOPS]), string)
        cut_string(data, state, x, int(1.0 + draw(state.random) * limit))
        strings -= 1
    close_gaps(data, state)

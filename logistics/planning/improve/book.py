"""Keep the books of one step: which runs it touched, how they were, what all of it costs."""

from __future__ import annotations

from logistics.planning.improve.evaluate import refresh
from logistics.planning.improve.kernel import part
from logistics.planning.improve.layout import (
    ABSENT,
    ABSENTEES,
    BEST,
    BIG,
    CHANGED,
    COST,
    HUB,
    KEPT,
    KEPT_MISSED,
    KEPT_STOPS,
    LEAST,
    LEAVING,
    MAY_LEAVE,
    MISSING,
    MUST,
    NEWS,
    OLD_ABSENT,
    OLD_COST,
    OLD_LEAST,
    ORDER,
    OVERLOAD,
    PLACE,
    RANK,
    RUN,
    STALE,
    STOPS,
    TOTAL,
    TOUCHED,
    UNDO,
    UNDO_ABSENT,
    UNDO_RUN,
    UNDONE,
    USED,
    Data,
    State,
)


@part
def begin(state: State) -> None:
    """Open a step: from here on every touched run can be put back."""
    state.tally[CHANGED] = 0
    absent = state.tally[ABSENT]
    state.tally[OLD_ABSENT] = absent
    for k in range(absent):
        state.lists[UNDO_ABSENT, k] = state.lists[ABSENTEES, k]


@part
def touch(state: State, run: int) -> None:
    """Remember a run as it is before its first change in this step."""
    if state.run[run, TOUCHED]:
        return
    state.run[run, TOUCHED] = 1
    place = state.tally[CHANGED]
    state.tally[CHANGED] += 1
    stops = state.run[run, STOPS]
    state.run[place, UNDO_RUN] = run
    for k in range(UNDONE):
        state.undo[place, k] = state.run[run, k]
    state.cost[run, OLD_COST] = state.cost[run, COST]
    state.cost[run, OLD_LEAST] = state.cost[run, LEAST]
    for k in range(stops):
        state.old[UNDO, place, k] = state.way[run, k]


@part
def enlist(state: State, run: int) -> None:
    """Keep the runs that have stops at the front of the order."""
    rank = state.run[run, RANK]
    used = state.tally[USED]
    if state.run[run, STOPS] > 0 and rank >= used:
        swap_rank(state, rank, used)
        state.tally[USED] += 1
    elif state.run[run, STOPS] == 0 and rank < used:
        swap_rank(state, rank, used - 1)
        state.tally[USED] -= 1


@part
def swap_rank(state: State, one: int, other: int) -> None:
    """Exchange two places in the order of runs."""
    a, b = state.run[one, ORDER], state.run[other, ORDER]
    state.run[one, ORDER], state.run[other, ORDER] = b, a
    state.run[a, RANK], state.run[b, RANK] = other, one


@part
def total(data: Data, state: State) -> float:
    """Return the cost of the plan as the step has made it so far."""
    cost = state.sum[TOTAL]
    for k in range(state.tally[CHANGED]):
        run = state.run[k, UNDO_RUN]
        cost += state.cost[run, COST] - state.cost[run, OLD_COST]
    for k in range(state.tally[ABSENT]):
        if data.site[state.lists[ABSENTEES, k], MUST]:
            cost += data.limit[MISSING]
    for k in range(state.tally[OLD_ABSENT]):
        if data.site[state.lists[UNDO_ABSENT, k], MUST]:
            cost -= data.limit[MISSING]
    return cost


@part
def accept(state: State, cost: float) -> None:
    """Close a step and keep what it did."""
    state.sum[TOTAL] = cost
    for k in range(state.tally[CHANGED]):
        state.run[state.run[k, UNDO_RUN], TOUCHED] = 0
    state.tally[CHANGED] = 0


@part
def reject(data: Data, state: State) -> None:
    """Close a step and put everything back; what was known of single stops is recomputed later."""
    changed = state.tally[CHANGED]
    for k in range(changed):
        run = state.run[k, UNDO_RUN]
        for place in range(state.run[run, STOPS]):
            state.at[state.way[run, place], RUN] = -1
    hub = data.rule[HUB]
    for k in range(changed):
        run = state.run[k, UNDO_RUN]
        for column in range(UNDONE):
            state.run[run, column] = state.undo[k, column]
        stops = state.run[run, STOPS]
        state.run[run, STALE] = stops > 0
        state.run[run, TOUCHED] = 0
        state.cost[run, COST] = state.cost[run, OLD_COST]
        state.cost[run, LEAST] = state.cost[run, OLD_LEAST]
        for place in range(stops):
            x = state.old[UNDO, k, place]
            state.way[run, place] = x
            state.at[x, RUN] = run
            state.at[x, PLACE] = place
        state.way[run, stops] = hub
        enlist(state, run)
    state.tally[CHANGED] = 0
    state.tally[ABSENT] = state.tally[OLD_ABSENT]
    for k in range(state.tally[ABSENT]):
        state.lists[ABSENTEES, k] = state.lists[UNDO_ABSENT, k]


@part
def keep(data: Data, state: State) -> None:
    """Copy the present plan as the best one."""
    state.sum[BEST] = state.sum[TOTAL]
    state.tally[NEWS] += 1
    state.run[:, KEPT_STOPS] = 0
    for rank in range(state.tally[USED]):
        run = state.run[rank, ORDER]
        state.run[run, KEPT_STOPS] = state.run[run, STOPS]
        for k in range(state.run[run, STOPS]):
            state.old[KEPT, run, k] = state.way[run, k]
    state.tally[KEPT_MISSED] = 0
    for k in range(state.tally[ABSENT]):
        if data.site[state.lists[ABSENTEES, k], MUST]:
            state.tally[KEPT_MISSED] += 1


@part
def restore(data: Data, state: State) -> None:
    """Take up the kept plan again, or what was written over it; drop runs that cannot be."""
    hub = data.rule[HUB]
    state.sum[OVERLOAD] = 0.0
    runs, sites = len(state.run), len(state.at)
    for x in range(sites):
        state.at[x, RUN] = -1
    state.tally[USED] = 0
    state.tally[LEAVING] = data.rule[MAY_LEAVE]
    cost = 0.0
    for run in range(runs):
        state.run[run, ORDER] = run
        state.run[run, RANK] = run
        state.run[run, TOUCHED] = 0
    for run in range(runs):
        state.run[run, STOPS] = state.run[run, KEPT_STOPS]
        for k in range(state.run[run, KEPT_STOPS]):
            state.way[run, k] = state.old[KEPT, run, k]
        refresh(data, state, run)
        if state.cost[run, COST] >= BIG / 2:
            for k in range(state.run[run, STOPS]):
                state.at[state.way[run, k], RUN] = -1
            state.run[run, STOPS] = 0
            refresh(data, state, run)
        enlist(state, run)
        cost += state.cost[run, COST]
    state.tally[ABSENT] = 0
    for x in range(sites):
        if x != hub and state.at[x, RUN] < 0:
            state.lists[ABSENTEES, state.tally[ABSENT]] = x
            state.tally[ABSENT] += 1
            if data.site[x, MUST]:
                cost += data.limit[MISSING]
    state.tally[CHANGED] = 0
    state.sum[TOTAL] = cost

"""What a run could take, and one shipment put aboard or taken off a drafted run."""

from __future__ import annotations

from logistics.planning.improve.kernel import part
from logistics.planning.improve.layout import (
    AT_HUB,
    CAPACITY,
    D_SERVICE,
    DIRECT,
    FIRST_SHIP,
    HANDLING,
    HUB,
    ITEMS,
    LAST_SHIP,
    LEFT,
    LISTED,
    ORIGIN,
    PER_SECOND,
    PLACE,
    RUN,
    STOPS,
    TARGET,
    WORK,
    Data,
    State,
)

# State.pick: one row for each shipment that the run could take
P_SHIP, P_ON, P_OFF, P_ITEMS, P_TAKEN = range(5)


@part
def list_loads(data: Data, state: State, run: int) -> int:
    """List every shipment that could be aboard, from which leg to which, and what it is worth."""
    stops, hub = state.run[run, STOPS], data.rule[HUB]
    price = data.rule[HANDLING] * data.van_cost[run, PER_SECOND]
    at, pick = state.at, state.pick
    found = 0
    for k in range(stops):
        s = state.way[run, k]
        for e in range(data.site[s, FIRST_SHIP], data.site[s, LAST_SHIP]):
            one = data.ship[e, LISTED]
            items = data.ship[one, ITEMS]
            left = data.ship_cost[one, LEFT]
            target = data.ship[one, TARGET]
            handled = items
            if data.ship[one, ORIGIN] == hub:
                on, off, worth = 0, k, left
            elif target == hub:
                on, off, worth = k + 1, stops, left
            elif at[target, RUN] == run and at[target, PLACE] > k:
                on, off, worth = k + 1, at[target, PLACE], left
                handled = 2 * items
            elif data.ship[one, DIRECT]:
                continue
            else:
                on, off, worth = k + 1, stops, left - data.ship_cost[one, AT_HUB]
            if worth < 0 or (worth == 0 and items > 0):
                continue
            pick[found, P_SHIP] = one
            pick[found, P_ON] = on
            pick[found, P_OFF] = off
            pick[found, P_ITEMS] = items
            pick[found, P_TAKEN] = 1 if worth >= handled * price else 0
            state.pick_cost[found] = worth
            found += 1
    return found


@part
def put(data: Data, state: State, row: int, stops: int, sign: int) -> None:
    """Load, or with a negative sign unload, one listed shipment in the drafted run."""
    pick, work, draft = state.pick, state.lists[WORK], state.draft
    items = sign * pick[row, P_ITEMS]
    pick[row, P_TAKEN] = 1 if sign > 0 else 0
    on, off = pick[row, P_ON], pick[row, P_OFF]
    for leg in range(on, off + 1):
        work[leg] += items
    if on > 0:
        draft[on - 1, D_SERVICE] += data.rule[HANDLING] * items
    if off < stops:
        draft[off, D_SERVICE] += data.rule[HANDLING] * items


@part
def fits(data: Data, state: State, row: int, run: int) -> bool:
    """Tell whether the legs of a listed shipment have room for it."""
    pick = state.pick
    room = data.van[run, CAPACITY] - pick[row, P_ITEMS]
    for leg in range(pick[row, P_ON], pick[row, P_OFF] + 1):
        if state.lists[WORK, leg] > room:
            return False
    return True

"""How long a run takes, from its stops and the service at each of them.

A stretch turns the time S at its start into max(S + add, floor) at its end and can be driven only
if S <= high (Savelsbergh 1992, ORSA Journal on Computing 4, p. 146; in the form of Vidal et al.
2013, Computers & Operations Research 40, p. 475). Stretches are kept from the hub to each stop and
from each stop to the hub, so a site between two stops is judged in constant time.
"""

from __future__ import annotations

from logistics.planning.improve.kernel import part
from logistics.planning.improve.layout import (
    BIG,
    CLOSE,
    D_ADD,
    D_ARR_ADD,
    D_ARR_FLOOR,
    D_ARR_HIGH,
    D_FLOOR,
    D_HIGH,
    D_SERVICE,
    D_SITE,
    END,
    HUB,
    LONGEST,
    OPEN,
    REST,
    REST_AFTER,
    START,
    Data,
    Longs,
)


@part
def rested(data: Data, draft: Longs, van: int, stops: int) -> int:
    """Time a drafted run with one break after the stop where that costs least; -1 if none fits."""
    seconds, site = data.seconds, data.site
    longest, rest = data.rule[REST_AFTER], data.rule[REST]
    first, last = data.van[van, START], data.van[van, END]
    best = -1
    for k in range(stops):
        s = draft[k, D_SITE]
        if k + 1 < stops:
            road = seconds[s, draft[k + 1, D_SITE]]
            add = road + draft[k + 1, D_ARR_ADD]
            floor = draft[k + 1, D_ARR_FLOOR]
            high = draft[k + 1, D_ARR_HIGH] - road - rest
        else:
            add = seconds[s, data.rule[HUB]]
            floor = -BIG
            high = last - add - rest
        if add > longest or draft[k, D_FLOOR] > high:
            continue
        start = min(draft[k, D_HIGH], high - draft[k, D_ADD])
        if start < first:
            continue
        earliest = max(start + draft[k, D_ADD], draft[k, D_FLOOR], floor - rest - longest)
        latest = min(start + longest, high, site[s, CLOSE] + draft[k, D_SERVICE])
        if earliest > latest:
            continue
        whole = max(
            draft[k, D_ADD] + rest + add, max(draft[k, D_FLOOR] + rest + add, floor) - start
        )
        if whole <= data.van[van, LONGEST] and (best < 0 or whole - rest < best):
            best = whole - rest
    return best


@part
def walk(data: Data, draft: Longs, van: int, stops: int) -> int:
    """
    Time the draft; return the least paid seconds.

    If no timing keeps the rules it is -1 less the first stop that is late, or less their number
    where only the whole run takes too long.
    """
    seconds, site = data.seconds, data.site
    hub = data.rule[HUB]
    first, last = data.van[van, START], data.van[van, END]
    add, floor, high = 0, -BIG, last
    before = hub
    for k in range(stops):
        s = draft[k, D_SITE]
        road = seconds[before, s]
        add += road
        floor += road
        if floor > site[s, CLOSE] or first + add > site[s, CLOSE]:
            return -1 - k
        high = min(high, site[s, CLOSE] - add)
        floor = max(floor, site[s, OPEN])
        service = draft[k, D_SERVICE]
        add += service
        floor += service
        draft[k, D_ADD] = add
        draft[k, D_FLOOR] = floor
        draft[k, D_HIGH] = high
        before = s
    road = seconds[before, hub]
    add += road
    floor += road
    high = min(high, last - add)
    if floor > last or high < first:
        return -1 - stops
    paid = max(add, floor - high)
    if paid > data.van[van, LONGEST]:
        return -1 - stops
    rests = data.rule[REST_AFTER] >= 0 and paid > data.rule[REST_AFTER]
    if not rests:
        return paid
    add, floor, high = 0, -BIG, last
    after = hub
    for k in range(stops - 1, -1, -1):
        s = draft[k, D_SITE]
        spent = draft[k, D_SERVICE] + seconds[s, after]
        add += spent
        floor = max(floor, max(site[s, OPEN], -BIG // 2) + add)
        high = min(site[s, CLOSE], high - spent)
        draft[k, D_ARR_ADD] = add
        draft[k, D_ARR_FLOOR] = floor
        draft[k, D_ARR_HIGH] = high
        after = s
    paid = rested(data, draft, van, stops)
    return paid if paid >= 0 else -1 - stops


@part
def hurry(data: Data, draft: Longs, van: int, stops: int) -> tuple[int, int]:
    """
    Time the draft as if it could be as quick as its windows want, breaks apart.

    Wherever a stop would be late the run has been quicker until then (the time warps of Vidal et
    al. 2013, p. 480). Returned are the paid seconds, those that had to be saved among them, and
    these alone.
    """
    site, hub = data.site, data.rule[HUB]
    first, last = data.van[van, START], data.van[van, END]
    add, floor, high, late = 0, -BIG, last, 0
    before = hub
    for k in range(stops + 1):
        s = draft[k, D_SITE] if k < stops else hub
        closes = min(site[s, CLOSE], last) if k < stops else last
        road = data.seconds[before, s]
        add += road
        floor += road
        over = max(floor - closes, first + add - closes)
        if over > 0:
            late += over
            add -= over
            floor = min(floor, closes)
        high = min(high, closes - add)
        if k < stops:
            floor = max(floor, site[s, OPEN]) + draft[k, D_SERVICE]
            add += draft[k, D_SERVICE]
        before = s
    return max(add, floor - high) + late, late

"""Compiled: all runs whose steps cost no more extra than allowed, the cheapest for each set.

Labels grow stop by stop, all of one length before the next (Irnich and Desaulniers 2005, "Shortest
path problems with resource constraints"). A label knows the set of stops behind it, so what rides
direct is known when a stop is added; of two labels with the same stops and the same last one, the
one that is nowhere better goes.
"""

# ruff: noqa: C901, PLR0912, PLR0913, PLR0915, PLR0917, N806
# mypy: disable-error-code="misc, untyped-decorator, no-any-return"
from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from logistics.planning.exact.home import TICK, least_home
from logistics.planning.exact.thin import DEAD, ONE, bit, chain, half, purge, slot

if TYPE_CHECKING:
    from logistics.planning.exact.day import Flags, Floats, Integers

DONE, FULL, STOPPED = 0, 1, 2
_FEW_ROWS = 20
"""Up to so many rows the sets of stops with a last one and a rest may be fewer than the labels."""


@njit(cache=True, nogil=True)
def grow(
    travel: Integers,
    service: Integers,
    windows: Integers,
    arcs: Floats,
    saved: Floats,
    handled: Integers,
    outbound: Integers,
    inbound: Integers,
    first: Floats,
    behind: Floats,
    slack: Floats,
    by_work: Floats,
    next_work: np.ndarray,
    by_work_free: Floats,
    by_clock: Floats,
    next_clock: np.ndarray,
    back: Integers,
    pay: float,
    least_pay: float,
    capacity: int,
    opens: int,
    closes: int,
    longest: int,
    after: int,
    pause: int,
    rests: bool,
    windowed: bool,
    late_cost: Floats,
    late_paid: float,
    item_price: float,
    item_extra: float,
    duty: Integers,
    reach: Integers,
    whole: bool,
    allowance: float,
    dear: int,
    most: int,
    thin: bool,
    orders: bool,
    stop: Flags,
) -> tuple[int, float, np.ndarray, Floats, Floats, Integers, np.ndarray, np.ndarray]:
    """
    Return status, allowance, and for each set its cost, extra cost and label; parents and stops.

    With `orders` every order of the stops counts as a set of its own, and no label beats another.
    Where the labels of one length are more than `most`, the search ends, or, to `thin`, the
    allowance falls until half of them go. What is found is whole up to the allowance returned; some
    dearer runs are found besides.
    """
    n = travel.shape[0]
    most_late = dear + 1
    columns = by_work.shape[1]
    parted = rests and windowed
    keys = float(most) if n > _FEW_ROWS else min(float(most), 2.0 * n * 2.0 ** (n - 1))
    slots = 1
    while slots < 2 * keys:
        slots *= 2
    mask = np.uint64(slots - 1)
    S = np.empty((2, most), np.uint64)
    last = np.empty((2, most), np.int8)
    rested = np.empty((2, most), np.int8)
    prices = np.empty((3, 2, most))
    cost, extra, key = prices[0], prices[1], prices[2]
    # Work and earliest end, latest start, seconds late; after the break its work and latest end.
    clocks = np.empty((6, 2, most), np.int64)
    A, B, L, V, P, Q = clocks[0], clocks[1], clocks[2], clocks[3], clocks[4], clocks[5]
    older = np.empty((2, most), np.int32)
    link = np.empty((2, most), np.int32)
    heads = np.empty(slots, np.int32)
    total_most = 12 * most
    parent = np.empty(total_most, np.int32)
    where = np.empty(total_most, np.int8)
    sets = np.empty(most, np.uint64)
    set_cost = np.empty(most)
    set_extra = np.empty(most)
    set_label = np.empty(most, np.int64)
    set_heads = np.full(slots, -1, np.int32)
    steps = np.empty(n)
    gains = np.empty(n)
    works = np.empty(n, np.int64)
    found = 0
    total = 0
    cur = 0
    asked = kept = allowance
    # The empty run at the hub.
    S[0, 0] = 0
    last[0, 0] = 0
    rested[0, 0] = 0
    cost[0, 0] = 0.0
    extra[0, 0] = 0.0
    A[0, 0] = 0
    B[0, 0] = opens
    L[0, 0] = closes
    V[0, 0] = 0
    P[0, 0] = 0
    Q[0, 0] = closes
    older[0, 0] = -1
    key[0, 0] = -DEAD
    count = 1
    status = DONE
    while count > 0 and status == DONE:
        if total + count > total_most:
            status = FULL
            break
        base = total
        for k in range(count):
            parent[base + k] = older[cur, k]
            where[base + k] = last[cur, k]
        total += count
        nxt = 1 - cur
        m = 0
        heads[:] = -1
        for k in range(count):
            if (k & 255) == 0 and stop[0]:
                status = STOPPED
                break
            if extra[cur, k] > DEAD or key[cur, k] > allowance:
                continue
            s = S[cur, k]
            i = last[cur, k]
            if i > 0:
                # Back to the hub.
                e = extra[cur, k] + first[i, 0]
                out = 0
                into = 0
                fits = True
                for o in range(1, n):
                    if whole and duty[o] >= 0 and not s & bit(o):
                        fits = False
                    if s & bit(o):
                        e += behind[i, o, 0]
                        out += outbound[o]
                        into += inbound[o]
                        for apart in range(1, o):
                            if not s & bit(apart):
                                e += slack[apart, o]
                a = A[cur, k] + travel[i, 0]
                b = B[cur, k] + travel[i, 0]
                paid = max(a, b - L[cur, k])
                v = V[cur, k]
                if rests:
                    if rested[cur, k]:
                        p = P[cur, k] + travel[i, 0]
                        v = max(v, p - after, (b - Q[cur, k] - after + 1) // 2)
                        if paid <= after:
                            fits = False
                    elif windowed:
                        v = max(v, (paid - after + 1) // 2)
                    elif paid > after:
                        with_rest = max(paid + pause - longest, b + pause - closes)
                        v = max(v, min(paid - after, with_rest))
                v = max(v, b - closes, a - longest)
                v = max(v, (paid - longest + 1) // 2) if v > 0 else max(v, paid - longest)
                if fits and v < most_late:
                    c = cost[cur, k] + arcs[i, 0] + pay * travel[i, 0] + pay * (paid - a)
                    over = max(out, into) - capacity
                    penalty = late_cost[min(max(0, v), most_late)]
                    c += max(penalty + late_paid * max(0, v), item_price * max(0, over))
                    e += pay * (paid - a) + max(penalty, item_extra * max(0, over))
                    if e <= asked:
                        h = slot(s, 0) & mask
                        while not orders and set_heads[h] >= 0 and sets[set_heads[h]] != s:
                            h = (h + ONE) & mask
                        q = -1 if orders else set_heads[h]
                        if q < 0:
                            if found >= most and not thin:
                                status = FULL
                                break
                            if found >= most:
                                if e <= allowance:
                                    kept = allowance = min(kept, e)
                                continue
                            set_heads[h] = found
                            sets[found] = s
                            set_cost[found] = c
                            set_extra[found] = e
                            set_label[found] = base + k
                            found += 1
                        else:
                            set_extra[q] = min(set_extra[q], e)
                            if c < set_cost[q]:
                                set_cost[q] = c
                                set_label[q] = base + k
            steps[:] = first[i] + extra[cur, k]
            gains[:] = 0.0
            works[:] = 0
            for o in range(1, n):
                if s & bit(o):
                    steps += behind[i, o]
                    gains += saved[o]
                    works += handled[o]
            for j in range(1, n):
                if s & bit(j):
                    continue
                more = works[j]
                e = steps[j] + (pay - least_pay) * more
                at = (A[cur, k] + travel[i, j]) // TICK
                if at >= columns or e + by_work[j, at, 0] > allowance:
                    continue
                gain = gains[j]
                spent = service[j] + more
                a = A[cur, k] + travel[i, j]
                late = min(L[cur, k], windows[j, 1] - a)
                b = B[cur, k] + travel[i, j]
                v = max(V[cur, k], b - windows[j, 1])
                b = max(b, windows[j, 0]) + spent
                a += spent
                if whole:
                    rest = 0
                    for o in range(1, n):
                        if o != j and duty[o] >= 0 and not s & bit(o):
                            rest += duty[o]
                            v = max(v, b + reach[j, o] - windows[o, 1])
                    v = max(v, a + rest - longest, b + rest - closes)
                v = max(v, a + back[j] - longest, b + back[j] - closes)
                paid = max(a, b - late)
                if v > 0:
                    v = max(v, (paid + back[j] - longest + 1) // 2)
                else:
                    v = max(v, paid + back[j] - longest)
                p = 0
                until = closes
                if rested[cur, k]:
                    p = P[cur, k] + travel[i, j]
                    until = min(Q[cur, k], windows[j, 1] - p)
                    p += spent
                    v = max(v, p + back[j] - after, (b + back[j] - until - after + 1) // 2)
                elif parted:
                    v = max(v, a - after, (paid - after + 1) // 2)
                if v >= most_late:
                    continue
                grown = cost[cur, k] + arcs[i, j] - gain + pay * (travel[i, j] + spent)
                ns = s | bit(j)
                at = a // TICK
                if at >= columns:
                    continue
                rest_cost = max(
                    least_home(by_work, next_work, j, at, ns),
                    by_work_free[j, at, 0] + late_cost[max(0, v)],
                )
                if windowed:
                    at = (b - opens) // TICK
                    if at >= by_clock.shape[1]:
                        continue
                    rest_cost = max(rest_cost, least_home(by_clock, next_clock, j, at, ns))
                whole_cost = e + pay * (paid - a) + rest_cost
                if whole_cost > allowance:
                    continue
                turns = 2 if parted and not rested[cur, k] else 1
                for turn in range(turns):
                    flag = 1 if (turn == 1 or rested[cur, k]) else 0
                    if turn == 1:
                        p = 0
                        until = min(late + after, windows[j, 1] + spent) + pause
                        a += pause
                        b += pause
                        v = max(v, a + back[j] - longest, b + back[j] - closes)
                        v = max(v, back[j] - after, (b + back[j] - until - after + 1) // 2)
                        if v >= most_late:
                            continue
                        paid = max(a, b - late)
                        at = a // TICK
                        if at >= columns:
                            continue
                        rest_cost = max(
                            least_home(by_work, next_work, j, at, ns),
                            by_work_free[j, at, 0] + late_cost[max(0, v)],
                        )
                        at = (b - opens) // TICK
                        if at >= by_clock.shape[1]:
                            continue
                        rest_cost = max(rest_cost, least_home(by_clock, next_clock, j, at, ns))
                        whole_cost = e + pay * (paid - a) + rest_cost
                        if whole_cost > allowance:
                            continue
                    h = slot(ns, 2 * j + flag) & mask
                    while heads[h] >= 0:
                        q = heads[h]
                        if S[nxt, q] == ns and last[nxt, q] == j and rested[nxt, q] == flag:
                            break
                        h = (h + ONE) & mask
                    q = heads[h]
                    free = -1
                    beaten = False
                    # Where waiting makes up for work, what the time costs is no advantage.
                    own = grown - pay * a if windowed else grown
                    while q >= 0 and not orders:
                        other = cost[nxt, q] - pay * A[nxt, q] if windowed else cost[nxt, q]
                        if extra[nxt, q] > DEAD:
                            free = q
                        elif (
                            other <= own
                            and A[nxt, q] <= a
                            and B[nxt, q] <= b
                            and L[nxt, q] >= late
                            and V[nxt, q] <= v
                            and P[nxt, q] <= p
                            and Q[nxt, q] >= until
                        ):
                            beaten = True
                            break
                        elif (
                            own <= other
                            and a <= A[nxt, q]
                            and b <= B[nxt, q]
                            and late >= L[nxt, q]
                            and v <= V[nxt, q]
                            and p <= P[nxt, q]
                            and until >= Q[nxt, q]
                        ):
                            extra[nxt, q] = 1e18
                            free = q
                        q = link[nxt, q]
                    if beaten:
                        continue
                    if free < 0:
                        if m >= most and not thin:
                            status = FULL
                            break
                        if m >= most:
                            allowance = min(allowance, half(key[nxt], extra[nxt], m))
                            kept = min(kept, allowance)
                            made = S[nxt], last[nxt], rested[nxt], older[nxt]
                            m = purge(allowance, m, prices[:, nxt], clocks[:, nxt], *made)
                            chain(m, mask, S[nxt], last[nxt], rested[nxt], heads, link[nxt])
                            h = slot(ns, 2 * j + flag) & mask
                            while heads[h] >= 0:
                                q = heads[h]
                                if S[nxt, q] == ns and last[nxt, q] == j and rested[nxt, q] == flag:
                                    break
                                h = (h + ONE) & mask
                            if whole_cost > allowance:
                                continue
                            if m >= most:
                                status = FULL
                                break
                        free = m
                        m += 1
                        link[nxt, free] = heads[h]
                        heads[h] = free
                    S[nxt, free] = ns
                    last[nxt, free] = j
                    rested[nxt, free] = flag
                    cost[nxt, free] = grown
                    extra[nxt, free] = e
                    A[nxt, free] = a
                    B[nxt, free] = b
                    L[nxt, free] = late
                    V[nxt, free] = v
                    P[nxt, free] = p
                    Q[nxt, free] = until
                    older[nxt, free] = base + k
                    key[nxt, free] = whole_cost
                if status != DONE:
                    break
            if status != DONE:
                break
        cur = nxt
        count = m
    return (
        status,
        kept,
        sets[:found].copy(),
        set_cost[:found].copy(),
        set_extra[:found].copy(),
        set_label[:found].copy(),
        parent[:total].copy(),
        where[:total].copy(),
    )

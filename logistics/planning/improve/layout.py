"""Where the kernels find what: names of columns, and the two bundles of arrays they work on.

Few wide arrays instead of many narrow ones: a kernel gets them as arguments, and all that is known
of one site lies in one line of the processor's cache.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Words = NDArray[np.uint64]

BIG = 1 << 60

# Data.site
OPEN, CLOSE, STOP, MUST, MATE, PICKUP, ONLY, EXTRA = range(8)
FIRST_PAIR, LAST_PAIR, FIRST_SHIP, LAST_SHIP = range(8, 12)
# Data.items, by class and site: from the hub, taken here when nothing rides direct
OFF, TAKEN = range(2)
# Data.worth, by class and pair: what it is worth that the partner comes first, or later
FIRST, LATER = range(2)
# Data.moved, by class and pair: more items put off and taken when the pair rides direct
FIRST_OFF, FIRST_TAKEN, LATER_OFF, LATER_TAKEN, PARTNER = range(5)
# Data.van
CAPACITY, START, END, LONGEST, PRICES, KIND = range(6)
# Data.van_cost
FIXED, PER_STOP, PER_SECOND = range(3)
# Data.ship
ORIGIN, TARGET, ITEMS, DIRECT, LISTED = range(5)
# Data.ship_cost
AT_HUB, LEFT = range(2)
# Data.rule
HUB, HANDLING, REST_AFTER, REST, MAY_LEAVE, SENSITIVE, KINDS, CLOCKED = range(8)
# Data.limit
MISSING, PER_ITEM, PER_SHIP = range(3)

# State.at, by site
RUN, PLACE, DEP_ADD, DEP_FLOOR, DEP_HIGH, ARR_ADD, ARR_FLOOR, ARR_HIGH = range(8)
LOAD, LOAD_BEFORE, LOAD_AFTER, SERVICE, PUT, TOOK = range(8, 14)
N_FIRST_OFF, N_FIRST_TAKEN, N_LATER_OFF, N_LATER_TAKEN, N_ITEMS = range(14, 19)
# State.run, by vehicle
STOPS, LENGTH, START_LOAD, TOP_LOAD, PLAIN, TIMED, HANDLED, VERSION, STALE = range(9)
RANK, TOUCHED, ORDER, KEPT_STOPS, UNDO_RUN, TIE_ITEMS, TIES, MARK = range(9, 17)
# State.run[PLAIN], where the run takes all, but has no time or room for it
SHORT = 2
# State.undo, by place in the list of changed runs: the columns of State.run up to STALE
UNDONE = 9
# State.cost, by vehicle
COST, LEAST, OLD_COST, OLD_LEAST, TIE_WORTH = range(5)
# State.memo, by site and run
FOR, WHERE = range(2)
# Data.ride_items, by class and pair: put off at its end, taken beyond what is taken anyway
RIDE_OFF, RIDE_TAKEN = range(2)
# State.score, by site
TIE, KEY, ABSENCES = range(3)
# State.lists
ABSENTEES, UNDO_ABSENT, SORTED, WORK = range(4)
# State.old
KEPT, UNDO = range(2)
# State.tally
(
    USED,
    ABSENT,
    CHANGED,
    OLD_ABSENT,
    NEWS,
    KEPT_MISSED,
    LEAVING,
    VERSIONS,
    MARKS,
    MOST_RUNS,
    SQUEEZE,
    SHEDDING,
) = range(12)
# State.sum
TOTAL, BEST, HEAT, OVERLOAD = range(4)
# State.draft, by position
D_SITE, D_SERVICE, D_ADD, D_FLOOR, D_HIGH, D_ARR_ADD, D_ARR_FLOOR, D_ARR_HIGH = range(8)


class Data(NamedTuple):
    """
    One day as the kernels see it; nothing here changes while they run.

    Attributes
    ----------
    price
        SEK from site to site, metres and seconds, for each class of vehicles with equal prices.
    price_to
        The same with rows and columns exchanged.
    seconds, seconds_to
        Travel time from site to site; the second with rows and columns exchanged.
    site
        Window, stop seconds, compulsory, mate of an inseparable pair and who of them is picked up,
        the one vehicle that may call (-1: any), most items that direct rides can add, and where
        its pairs and shipments are listed.
    gain
        SEK that a call at a site is worth before anything rides direct, by class and site.
    items
        Items put off and taken at such a call.
    worth, moved
        For each class and each site the others it exchanges shipments with, as a list of lists.
    ride, ride_worth, ride_items
        The same once more: the number of the pair from site to site, -1 where nothing rides, and
        by class and number what riding direct is worth and moves.
    van, van_cost
        Of each vehicle.
    near
        For each site the others by distance.
    ship, ship_cost
        Shipments, and for each site a list of those that are taken there or come from the hub.
    rule
        The hub, handling seconds, the break, and what kinds of trouble can come up at all.
    limit
        SEK for a compulsory site without a call, more than any plan; and the least that leaving one
        more item, and one more shipment, can cost.
    shed_seconds, shed_items
        By the seconds or items of which a run has too many: SEK that leaving the cheapest goods of
        the day costs at least; the driver's pay that it saves is taken off in the second alone.
    """

    price: Floats
    price_to: Floats
    seconds: Longs
    seconds_to: Longs
    site: Longs
    gain: Floats
    items: Longs
    worth: Floats
    moved: Longs
    ride: Ints
    ride_worth: Floats
    ride_items: Longs
    van: Longs
    van_cost: Floats
    near: Longs
    ship: Longs
    ship_cost: Floats
    rule: Longs
    limit: Floats
    shed_seconds: Floats
    shed_items: Floats


class State(NamedTuple):
    """
    One plan and everything the kernels remember of it.

    Attributes
    ----------
    way
        Sites in the order of the stops, by vehicle.
    at
        By site: run, place in it, times from the start and to the end, loads, service; and, while
        another site is being inserted, items that would ride direct with it.
    run, cost
        By vehicle: stops, length, loads, whether all is taken, which version of itself it is and
        whether what is known of its stops belongs to another; its cost and a lower bound of it.
        Columns from ORDER on are lists of their own.
    leg, road
        SEK and seconds from the stop before, by run and place.
    memo, memo_cost
        By site and run: for which version of the run the cheapest place is known, the place, and
        what it costs; place -1 where it is only known to cost no less.
    old, undo
        The best plan so far, and runs as they were before the present step.
    lists, score
        Sites without a call, now and before the step; scratch paper.
    draft, pick, pick_cost
        The run being timed; the shipments it chooses from.
    tally, sum, random
        Counters, sums of SEK, state of the random numbers.
    """

    way: Longs
    at: Longs
    run: Longs
    cost: Floats
    leg: Floats
    road: Longs
    memo: Longs
    memo_cost: Floats
    old: Longs
    undo: Longs
    lists: Longs
    score: Floats
    draft: Longs
    pick: Longs
    pick_cost: Floats
    tally: Longs
    sum: Floats
    random: Words

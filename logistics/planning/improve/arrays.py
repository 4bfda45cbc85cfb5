"""Turn a day problem into the flat arrays that the kernels read."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from logistics.planning.improve import layout as at
from logistics.planning.improve.goods import Goods
from logistics.units import METRES_PER_KILOMETRE, SECONDS_PER_HOUR

if TYPE_CHECKING:
    from collections.abc import Mapping

    from logistics.planning.problem import Problem

_MOST_NEIGHBOURS = 256
_CLOCK, _NO_CLOCK = (at.OPEN, at.CLOSE, at.MATE), (-at.BIG, at.BIG, -1)


def data_of(problem: Problem, only: Mapping[int, int] | None = None) -> at.Data:
    """
    Build the arrays of a day.

    Parameters
    ----------
    problem
        The day.
    only
        For some sites the one vehicle that may call there, by position.

    Returns
    -------
    Data
        What the kernels read.
    """
    seconds = np.array(problem.travel_seconds, np.int64).reshape(len(problem.sites), -1)
    metres = np.array(problem.travel_metres, np.float64).reshape(len(problem.sites), -1)
    vans = problem.vehicles
    prices = sorted({(van.cost_per_km, van.cost_per_hour) for van in vans}) or [(0.0, 0.0)]
    price = np.stack(
        [
            km / METRES_PER_KILOMETRE * metres + hour / SECONDS_PER_HOUR * seconds
            for km, hour in prices
        ]
    )
    ship, ship_cost = _shipments(problem)
    handling = [problem.handling_seconds_per_item * hour / SECONDS_PER_HOUR for _, hour in prices]
    policy = [_Policy(problem, ship, ship_cost, each) for each in handling]
    gain, items = np.stack([p.gain for p in policy]), np.stack([p.items for p in policy])
    first, worth, moved = _pairs(len(problem.sites), policy)
    ride, ride_worth, ride_items = _rides(len(problem.sites), policy)
    far = float(price.max(initial=0.0))
    dearest = max((van.fixed_cost + van.cost_per_stop for van in vans), default=0.0)
    site = _sites(problem, only or {})
    site[:, at.FIRST_PAIR], site[:, at.LAST_PAIR] = first[:-1], first[1:]
    _pair_up(problem, site, dearest + 4 * far)
    for s in range(len(site)):
        span = moved[:, first[s] : first[s + 1], :]
        extra = span[:, :, at.FIRST_TAKEN].sum(1) + span[:, :, at.LATER_TAKEN].sum(1)
        site[s, at.EXTRA] = extra.max(initial=0)
    van, van_cost, kinds = _vehicles(problem, prices)
    _list_shipments(site, ship, problem.hub_index)
    goods = Goods(problem, ship, ship_cost, max(handling))
    rest = problem.break_
    rule = np.array(
        [
            problem.hub_index,
            problem.handling_seconds_per_item,
            -1 if rest is None else rest.after_seconds,
            0 if rest is None else rest.seconds,
            goods.per_shipment < dearest + 4 * far or not _all_fits(problem, items),
            any(p.sensitive for p in policy),
            kinds,
            rest is not None or bool((site[:, _CLOCK] != _NO_CLOCK).any()),
        ],
        np.int64,
    )
    return at.Data(
        price=price,
        price_to=np.ascontiguousarray(price.transpose(0, 2, 1)),
        seconds=seconds,
        seconds_to=np.ascontiguousarray(seconds.T),
        site=site,
        gain=gain,
        items=items,
        worth=worth,
        moved=moved,
        ride=ride,
        ride_worth=ride_worth,
        ride_items=ride_items,
        van=van,
        van_cost=van_cost,
        near=_near(price, problem.hub_index),
        ship=ship,
        ship_cost=ship_cost,
        rule=rule,
        limit=np.array([_more_than_any_plan(problem, far), goods.per_item, goods.per_shipment]),
        shed_seconds=goods.by_second(),
        shed_items=goods.by_item(),
    )


def _more_than_any_plan(problem: Problem, far: float) -> float:
    vans = sum(van.fixed_cost for van in problem.vehicles)
    stop = max((van.cost_per_stop for van in problem.vehicles), default=0.0)
    hour = max((van.cost_per_hour for van in problem.vehicles), default=0.0)
    longest = sum(van.max_seconds for van in problem.vehicles[: len(problem.sites)])
    delay = sum(max(one.cost_if_left, one.cost_if_at_hub) for one in problem.shipments)
    road = (stop + 2 * far) * len(problem.sites)
    most = vans + delay + road + hour * min(longest, 10 * 86_400) / SECONDS_PER_HOUR
    return float(np.ceil(1000.0 + most))


def _shipments(problem: Problem) -> tuple[at.Longs, at.Floats]:
    index = problem.site_index
    ship = np.array(
        [
            (index[one.origin], index[one.destination], one.items, one.direct_only, 0)
            for one in problem.shipments
        ],
        np.int64,
    ).reshape(-1, 5)
    cost = np.array(
        [(one.cost_if_at_hub, one.cost_if_left) for one in problem.shipments], np.float64
    )
    ship[ship[:, at.TARGET] == problem.hub_index, at.DIRECT] = 0
    return ship, cost.reshape(-1, 2)


class _Policy:
    """What is taken where time costs a fixed price a second: what pays for its own handling."""

    def __init__(
        self, problem: Problem, ship: at.Longs, cost: at.Floats, price_per_item: float
    ) -> None:
        size, hub = len(problem.sites), problem.hub_index
        self.gain = np.zeros(size)
        self.items = np.zeros((size, 2), np.int64)
        self.pairs: dict[tuple[int, int], list[float]] = defaultdict(lambda: [0.0, 0, 0])
        self.sensitive = False
        for (origin, target, items, direct, _), (at_hub, left) in zip(
            ship.tolist(), cost.tolist(), strict=True
        ):
            each = price_per_item * items
            if hub in {origin, target}:
                end = target if origin == hub else origin
                column = at.OFF if origin == hub else at.TAKEN
                self._take(end, column, items, left - each, left)
                continue
            alone = -1.0 if direct else left - at_hub
            taken = self._take(origin, at.TAKEN, items, alone - each, alone)
            rides = left - 2 * each >= 0
            self.sensitive |= left > 0 and not rides
            pair = self.pairs[origin, target]
            pair[0] += (left - 2 * each if rides else 0.0) - (alone - each if taken else 0.0)
            pair[1] += items if rides else 0
            pair[2] += (items if rides else 0) - (items if taken else 0)

    def _take(self, site: int, column: int, items: int, net: float, gross: float) -> bool:
        if net < 0:
            self.sensitive |= gross > 0
            return False
        self.gain[site] += net
        self.items[site, column] += items
        return True


def _pairs(size: int, policies: list[_Policy]) -> tuple[at.Longs, at.Floats, at.Longs]:
    partners: list[set[int]] = [set() for _ in range(size)]
    for origin, target in policies[0].pairs:
        partners[origin].add(target)
        partners[target].add(origin)
    first = np.concatenate([[0], np.cumsum([len(p) for p in partners])]).astype(np.int64)
    partner = np.array([p for group in partners for p in sorted(group)], np.int64)
    worth = np.zeros((len(policies), len(partner), 2))
    moved = np.zeros((len(policies), len(partner), 5), np.int64)
    for c, policy in enumerate(policies):
        for s in range(size):
            for e in range(first[s], first[s + 1]):
                y = int(partner[e])
                before = policy.pairs.get((y, s), (0.0, 0, 0))
                after = policy.pairs.get((s, y), (0.0, 0, 0))
                worth[c, e] = before[0], after[0]
                moved[c, e] = before[1], before[2], after[1], after[2], y
    return first, worth, moved


def _rides(size: int, policies: list[_Policy]) -> tuple[at.Ints, at.Floats, at.Longs]:
    pairs = sorted(policies[0].pairs)
    ride = np.full((size, size), -1, np.int32)
    for number, (origin, target) in enumerate(pairs):
        ride[origin, target] = number
    listed = np.array([[policy.pairs[pair] for pair in pairs] for policy in policies])
    listed = listed.reshape(len(policies), len(pairs), 3)
    return ride, np.ascontiguousarray(listed[:, :, 0]), listed[:, :, 1:].astype(np.int64)


def _sites(problem: Problem, only: Mapping[int, int]) -> at.Longs:
    starts = min((van.shift[0] for van in problem.vehicles), default=0)
    ends = max((van.shift[1] for van in problem.vehicles), default=0)
    site = np.zeros((len(problem.sites), 12), np.int64)
    for position, one in enumerate(problem.sites):
        opens, closes = one.window or (0, at.BIG)
        site[position] = (
            -at.BIG if opens <= starts else opens,
            at.BIG if closes >= ends else closes,
            one.stop_seconds,
            one.must_visit and position != problem.hub_index,
            -1,
            0,
            only.get(position, -1),
            *[0] * 5,
        )
    return site


def _pair_up(problem: Problem, site: at.Longs, dear: float) -> None:
    """Mark pairs of sites that exchange nothing but what must ride direct, at any cost."""
    others: dict[int, set[int]] = defaultdict(set)
    value: dict[tuple[int, int], float] = defaultdict(float)
    loose: set[int] = set()
    for one in problem.shipments:
        a, b = problem.site_index[one.origin], problem.site_index[one.destination]
        if problem.hub_index in {a, b}:
            continue
        others[a].add(b)
        others[b].add(a)
        value[a, b] += one.cost_if_left
        if not one.direct_only:
            loose |= {a, b}
    for (a, b), left in value.items():
        if others[a] == {b} and others[b] == {a} and not {a, b} & loose and left >= dear:
            same = site[a, at.MUST] == site[b, at.MUST] and site[a, at.ONLY] == site[b, at.ONLY]
            if same and (b, a) not in value:
                site[a, at.MATE], site[b, at.MATE] = b, a
                site[a, at.PICKUP] = 1


def _vehicles(
    problem: Problem, prices: list[tuple[float, float]]
) -> tuple[at.Longs, at.Floats, int]:
    kinds: dict[object, int] = {}
    rows, costs = [], []
    for van in problem.vehicles:
        same = (
            van.capacity, van.shift, van.max_seconds, van.fixed_cost,
            van.cost_per_stop, van.cost_per_km, van.cost_per_hour, van.max_runs > 0,
        )  # fmt: skip
        kind = kinds.setdefault(same, len(kinds))
        price = prices.index((van.cost_per_km, van.cost_per_hour))
        # one without runs gets a shift that nothing fits into
        shift = van.shift if van.max_runs > 0 else (1, 0)
        rows.append((van.capacity, *shift, van.max_seconds, price, kind))
        costs.append((van.fixed_cost, van.cost_per_stop, van.cost_per_hour / SECONDS_PER_HOUR))
    return (
        np.array(rows, np.int64).reshape(-1, 6),
        np.array(costs, np.float64).reshape(-1, 3),
        len(kinds),
    )


def _list_shipments(site: at.Longs, ship: at.Longs, hub: int) -> None:
    """List for each site the shipments taken there and those that come to it from the hub."""
    end = np.where(ship[:, at.ORIGIN] == hub, ship[:, at.TARGET], ship[:, at.ORIGIN])
    ship[:, at.LISTED] = np.argsort(end, kind="stable")
    last = np.cumsum(np.bincount(end, minlength=len(site)))
    site[:, at.FIRST_SHIP], site[:, at.LAST_SHIP] = np.concatenate([[0], last[:-1]]), last


def _all_fits(problem: Problem, items: at.Longs) -> bool:
    """Tell whether every site must be visited and any van takes all of any one of them."""
    room = min((van.capacity for van in problem.vehicles), default=0)
    others = [site.must_visit for site in problem.sites if site.id != problem.hub]
    return all(others) and int(items.max(initial=0)) <= room


def _near(price: at.Floats, hub: int) -> at.Longs:
    size = price.shape[1]
    both = price[0] + price[0].T
    np.fill_diagonal(both, -1.0)
    both[:, hub] = np.inf
    order = np.argsort(both, axis=1, kind="stable")[:, : min(size - 1, _MOST_NEIGHBOURS)]
    return np.ascontiguousarray(order.astype(np.int64))

"""From the prices of the relaxation to a proved bound, and to what each step of a run costs extra.

Whatever a solver leaves as dual prices is made good here by plain arithmetic: signs are clipped,
links raised until no flow is paid to run, and visits lowered until no arc is. Weak duality then
holds by construction, with no tolerance of the solver in it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from logistics.planning.exact.day import Floats, direct_gain
from logistics.planning.exact.duals import Cut, Duals
from logistics.planning.exact.limits import late_rate, longest_work

if TYPE_CHECKING:
    from logistics.planning.exact.day import Day
    from logistics.planning.exact.limits import Work

_FAR = 1e15


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """
    A dual solution: the bound it proves, and what every step of a run costs beyond it.

    Attributes
    ----------
    bound
        SEK: no plan costs less.
    first
        For each kind and arc what the step costs where none of the other stops lies behind.
    behind
        For arc and site: what is added where the site lies behind.
    slack
        For two stops, the first before the second in the table: what a run pays that makes the
        second without the first.
    visit, runs
        What a visit to each site and a run of each kind are worth.
    cuts, cut_prices
        Sets that take several runs, and what a run into each is worth.
    crowd
        For two sites on the same run, a run pays twice the product of what stands here, which the
        bound has given away.
    time
        What each second that a run of each kind works costs extra at most, and each second short of
        the longest gives back; never more than lateness costs.
    """

    bound: float
    first: Floats
    behind: Floats
    slack: Floats
    visit: Floats
    runs: Floats
    cuts: list[Cut]
    cut_prices: list[float]
    crowd: Floats
    time: Floats


def price(day: Day, duals: Duals, cuts: list[Cut], work: Work | None = None) -> Prices:
    """
    Make prices good and draw their consequences.

    Parameters
    ----------
    day
        The day.
    duals
        What a solver left.
    cuts
        The cuts that its relaxation held.
    work
        What each site adds to the work of a run, as its relaxation knew it.

    Returns
    -------
    Prices
        For any plan, what its runs' steps cost extra sums to its cost less the bound at most.
    """
    size = day.size
    duals = _in_time(day, duals, cuts, work)
    flow, link = _flow_costs(day, duals, work)
    ahead, ahead_link = _ahead(duals)
    extra = _arc_costs(day, duals, cuts, work) - link.sum(axis=0) - ahead_link.sum(axis=0)
    visit = np.where(day.must, duals.visit, np.minimum(0.0, duals.visit))
    extra -= visit
    runs = np.minimum(0.0, duals.runs)
    extra[:, 0, 1:] -= runs[:, np.newaxis]
    extra[:, np.arange(size), np.arange(size)] = _FAR
    lowest = extra.min(axis=(0, 1))
    shift = np.where(day.must, lowest, np.minimum(lowest, -visit))
    shift[0] = 0.0
    visit, extra = visit + shift, extra - shift
    back = np.minimum(extra[:, :, 0].min(axis=1), -runs)
    runs = runs + back
    extra[:, :, 0] -= back[:, np.newaxis]
    bound = day.constant + float(visit[1:].sum())
    bound += float(sum(kind.runs * value for kind, value in zip(day.kinds, runs, strict=True)))
    prices = [max(0.0, float(value)) for cut, value in zip(cuts, duals.cuts, strict=True)]
    bound += sum(cut.runs * value for cut, value in zip(cuts, prices, strict=True))
    extra = np.maximum(0.0, extra)
    first = extra + link.sum(axis=0)
    first[:, 0, :] = extra[:, 0, :]
    behind = flow - link
    if duals.order is not None:
        # A site that lies behind is not ahead; any other may be, but for the one that comes next.
        either = np.minimum(ahead, ahead_link)
        own = np.arange(size)
        first += either.sum(axis=0) + (ahead - either)[own, :, own].T
        behind = behind + ahead_link - either
    late = duals.time + duals.company.sum() + duals.cuts @ _each_second(cuts)
    crowd = np.zeros(size)
    if work is not None:
        crowd = np.sqrt(duals.crowd) * work.each
        longest = _longest(day)
        bound -= duals.crowd * work.crowd(longest)
        late += duals.crowd * work.crowd_late(longest, day.late.size)
    return Prices(
        bound=bound - _rounding(bound, day.constant),
        first=first,
        behind=np.ascontiguousarray(np.transpose(behind, (1, 2, 0))),
        slack=duals.pair,
        visit=visit,
        runs=runs,
        cuts=cuts,
        cut_prices=prices,
        crowd=crowd,
        time=late,
    )


def price_of_fewest(prices: Prices, fewest: int) -> float:
    """
    Tell what a run is paid for being one of as many as there must be, where every run is.

    Parameters
    ----------
    prices
        A dual solution.
    fewest
        Runs that leave the hub at least.

    Returns
    -------
    float
        SEK.
    """
    priced = zip(prices.cuts, prices.cut_prices, strict=True)
    return sum(price for cut, price in priced if cut.runs == fewest and cut.everywhere)


def free(size: int) -> Prices:
    """
    Price nothing at all.

    Parameters
    ----------
    size
        Rows, the hub among them.

    Returns
    -------
    Prices
        Zeros.
    """
    return Prices(
        bound=0.0,
        first=np.zeros((1, size, size)),
        behind=np.zeros((size, size, size)),
        slack=np.zeros((size, size)),
        visit=np.zeros(size),
        runs=np.zeros(1),
        cuts=[],
        cut_prices=[],
        crowd=np.zeros(size),
        time=np.zeros(1),
    )


def _rounding(*amounts: float) -> float:
    """What double precision may have lost in sums of this size."""
    return 1e-9 * (1.0 + sum(abs(amount) for amount in amounts))


def _flow_costs(day: Day, duals: Duals, work: Work | None) -> tuple[Floats, Floats]:
    """Price one unit of flow of each origin on each arc, and the link that makes it no gain."""
    pair = duals.pair + duals.pair.T
    inflow = pair - direct_gain(day) + duals.potential
    if work is not None:
        company = np.outer(duals.company, work.each)
        inflow += company + company.T + 2 * duals.crowd * np.outer(work.each, work.each)
    if duals.order is None:
        return _linked(inflow, duals.potential, 0.0, duals.link)
    inflow += duals.order.together - duals.order.before
    return _linked(inflow, duals.potential, duals.order.tails, duals.link)


def _ahead(duals: Duals) -> tuple[Floats, Floats]:
    """Do the same for head flows; by the site ahead, and the arc as it is driven."""
    if duals.order is None:
        return np.zeros((1, 1, 1)), np.zeros((1, 1, 1))
    order = duals.order
    inflow = order.potential + order.before.T
    flow, link = _linked(inflow, order.potential, order.heads, order.link)
    return np.transpose(flow, (0, 2, 1)), np.transpose(link, (0, 2, 1))


def _linked(
    inflow: Floats, potential: Floats, twisted: Floats | float, link: Floats
) -> tuple[Floats, Floats]:
    """Sum what a unit of flow costs on each arc, and raise links until none is paid to run."""
    inflow[:, 0] = 0.0
    flow = inflow[:, np.newaxis, :] - potential[:, :, np.newaxis] + twisted
    link = np.maximum(link, -flow)
    flow = flow + link
    own = np.arange(len(inflow))
    for table in (flow, link):
        table[own, :, own] = 0.0
        table[:, own, own] = 0.0
        table[:, 0, :] = 0.0
        table[0] = 0.0
    return flow, link


def _longest(day: Day) -> int:
    return max(max(1, longest_work(day, kind)) for kind in day.kinds)


def _in_time(day: Day, duals: Duals, cuts: list[Cut], work: Work | None) -> Duals:
    """Clip the prices of time: being late must never pay, whatever stops a run makes."""
    time = np.clip(duals.time, 0.0, late_rate(day))
    company, crowd = np.maximum(0.0, duals.company), max(0.0, duals.crowd)
    entries = np.maximum(0.0, duals.cuts)
    left = late_rate(day) - time.max(initial=0.0)
    asked = company.sum() + entries @ _each_second(cuts)
    if work is not None:
        asked += crowd * work.crowd_late(_longest(day), day.late.size)
    if asked > left:
        share = left / asked
        company, crowd = company * share, crowd * share
        entries = np.where(_each_second(cuts) > 0, entries * share, entries)
    return replace(duals, time=time, company=company, crowd=crowd, cuts=entries)


def _each_second(cuts: list[Cut]) -> Floats:
    """Tell what share of a run into each set a second of lateness makes up for."""
    return np.array([1.0 / cut.lacking for cut in cuts])


def _arc_costs(day: Day, duals: Duals, cuts: list[Cut], work: Work | None) -> Floats:
    size = day.size
    seconds = day.travel + day.service * (np.arange(size) > 0)
    cost = np.stack([kind.arcs + kind.pay * seconds for kind in day.kinds])
    cost += duals.time[:, np.newaxis, np.newaxis] * seconds
    for layer, kind, time in zip(cost, day.kinds, duals.time, strict=True):
        longest = max(1, longest_work(day, kind))
        layer[0] -= time * longest
        if work is not None:
            layer[:, 1:] -= (duals.company * work.room(longest))[1:]
    cost = cost - duals.balance[:, np.newaxis, :] + duals.balance[:, :, np.newaxis]
    cost += np.diag(duals.potential)[np.newaxis, :, np.newaxis]
    cost -= np.where(np.arange(size) > 0, duals.pair.sum(axis=0), 0.0)
    if duals.order is not None:
        cost += np.diag(duals.order.potential) - duals.order.alone
    for cut, value in zip(cuts, duals.cuts, strict=True):
        cost -= max(0.0, float(value)) * (~cut.inside[:, np.newaxis] & cut.inside[np.newaxis, :])
    return cost

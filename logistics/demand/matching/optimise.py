"""The best copy for every hold: fewest days and kronor, in the order of the queues."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from logistics.demand.matching.explain import choices_of
from logistics.demand.matching.network import CopyGroup, HoldGroup, Network, solve
from logistics.demand.matching.policy import Policy, Prices
from logistics.demand.matching.queues import by_title, served
from logistics.demand.matching.records import Choice, refuse_doubles
from logistics.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from logistics.demand.matching.records import Copy
    from logistics.demand.returns import Hold


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """
    A decision about every returned item, and the shelf copies that are sent for.

    Attributes
    ----------
    choices
        One for each returned item, and one for each shelf copy that is lent.
    filled
        References of the holds that get a copy.
    cost_sek
        What all of it costs: days of waiting and kronor of carrying, there and home again.
    """

    choices: tuple[Choice, ...]
    filled: frozenset[str]
    cost_sek: float


def match(copies: Sequence[Copy], holds: Iterable[Hold], on: date, policy: Policy) -> Matching:
    """
    Decide which copy fills which hold, and which books go home, at the least cost.

    Holds compete only for copies of their title, so the problem falls apart by title but for the
    room of branches that float; one flow of least cost solves it all exactly.

    Parameters
    ----------
    copies
        Returned items, and shelf copies that could be sent for.
    holds
        The queues.
    on
        The day.
    policy
        Costs and rules.

    Returns
    -------
    Matching
        The best decision, each choice with its reason.

    Raises
    ------
    InputError
        A barcode or reference stands twice, or a branch is unknown to the journeys.
    """
    holds = list(holds)
    refuse_doubles(copies, holds)
    prices = Prices(policy, on)
    _refuse_unknown(prices, copies, holds)
    of_title: defaultdict[str, list[Copy]] = defaultdict(list)
    for copy in copies:
        of_title[copy.title].append(copy)
    queues = by_title(holds)
    network = Network(room=dict(policy.float_room))
    for title, own in of_title.items():
        _add_title(network, own, queues.get(title, []), prices)
    flow = solve(network)
    choices = choices_of(network, flow, prices)
    return Matching(
        choices=tuple(choices),
        filled=frozenset(choice.hold for choice in choices if choice.hold is not None),
        cost_sek=flow.cost_oere / 100,
    )


def _add_title(network: Network, copies: list[Copy], queue: list[Hold], prices: Prices) -> None:
    waiting = bool(queue)
    if not waiting:
        copies = [copy for copy in copies if copy.returned]
    wanted = {hold.item for hold in queue if hold.item is not None}
    alike: defaultdict[tuple[object, ...], list[Copy]] = defaultdict(list)
    for copy in copies:
        rule = prices.lending_class(copy)
        own = copy.item if copy.item in wanted else None
        alike[copy.at, copy.owner, copy.returned, rule, own].append(copy)
    plain = not wanted and not any(key[3] for key in alike)
    groups = list(alike.values())
    if prices.policy.strict_queue:
        queue = served(queue, groups, None if plain else prices.may_have)
    holds: defaultdict[tuple[str, float, str | None], list[Hold]] = defaultdict(list)
    for hold in queue:
        holds[hold.pickup, prices.rate(hold), hold.item].append(hold)
    first_hold = len(network.holds)
    network.holds += [HoldGroup(members) for members in holds.values()]
    for members in groups:
        number, copy = len(network.copies), members[0]
        network.copies.append(_copy_group(members, prices, waiting=waiting))
        for i, ((pickup, rate, _), wishes) in enumerate(holds.items(), start=first_hold):
            if plain or prices.may_have(copy, wishes[0]):
                network.arcs.append((number, i, prices.fill_oere(copy, pickup, rate)))


def _copy_group(copies: list[Copy], prices: Prices, *, waiting: bool) -> CopyGroup:
    one = copies[0]
    if not one.returned:
        return CopyGroup(copies, home_oere=None, waiting=waiting)
    room = prices.policy.float_room.get(one.at, 0)
    return CopyGroup(
        copies,
        home_oere=prices.home_oere(one.at, one.owner),
        floats_at=one.at if room and one.at != one.owner else None,
        waiting=waiting,
    )


def _refuse_unknown(prices: Prices, copies: Iterable[Copy], holds: Iterable[Hold]) -> None:
    used = {place for copy in copies for place in (copy.at, copy.owner)}
    used |= {hold.pickup for hold in holds}
    unknown = sorted(used - prices.index.keys())
    if unknown:
        raise InputError(
            f"matching: branch {place!r} is not among the journeys; add it" for place in unknown
        )

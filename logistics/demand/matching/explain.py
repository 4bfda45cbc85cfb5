"""Each choice of a matching with its reason, in one sentence."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from logistics.demand.matching.records import Choice

if TYPE_CHECKING:
    from logistics.demand.matching.network import CopyGroup, Flow, Network
    from logistics.demand.matching.policy import Prices
    from logistics.demand.matching.records import Copy
    from logistics.demand.returns import Hold


def choices_of(network: Network, flow: Flow, prices: Prices) -> list[Choice]:
    """
    Name the copy and the hold of every unit of flow, and say why.

    Parameters
    ----------
    network
        The network that was solved.
    flow
        Its best flow.
    prices
        The costs of single decisions.

    Returns
    -------
    list of Choice
        Copies that are lent, in the order of the titles; then returned items that are not.
    """
    next_hold = [0] * len(network.holds)
    next_copy = [0] * len(network.copies)
    best, places = _best_copies(network)
    may_fill = {a for a, _, _ in network.arcs}
    choices = []
    for a, b, count in flow.lent:
        copies, holds = network.copies[a].copies, network.holds[b].holds
        why = _why_lent(network, (a, b), best[b], places[b], prices)
        for _ in range(count):
            copy, hold = copies[next_copy[a]], holds[next_hold[b]]
            choices.append(_lend(copy, hold, why))
            next_copy[a] += 1
            next_hold[b] += 1
    for number, group in enumerate(network.copies):
        if group.home_oere is None:
            continue
        rest = group.copies[next_copy[number] :]
        stays = flow.stays.get(number, 0)
        cause = _why_not_lent(group, may_fill=number in may_fill)
        choices += [_keep(copy, cause) for copy in rest[:stays]]
        choices += [_send_home(copy, cause, prices) for copy in rest[stays:]]
    return choices


def _best_copies(network: Network) -> tuple[dict[int, tuple[int, int]], Counter[int]]:
    best: dict[int, tuple[int, int]] = {}
    for a, b, cost in network.arcs:
        # A returned copy that is lent here need not be sent home from where it is.
        offer = cost - (network.copies[a].home_oere or 0)
        if b not in best or offer < best[b][0]:
            best[b] = offer, a
    return best, Counter(b for _, b, _ in network.arcs)


def _why_lent(
    network: Network, pair: tuple[int, int], best: tuple[int, int], places: int, prices: Prices
) -> str:
    copy, hold = network.copies[pair[0]].copies[0], network.holds[pair[1]].holds[0]
    own = prices.fill_oere(copy, hold.pickup, prices.rate(hold))
    days = prices.days(copy.at, hold.pickup)
    reach = (
        "the reader waits where the copy is"
        if copy.at == hold.pickup
        else f"{days:.1f} days to a reader at {hold.pickup}, {own / 100:.2f} SEK there and home"
    )
    if places == 1:
        return f"{reach}; no other copy may fill this hold"
    offer, cheapest = best
    if own - (network.copies[pair[0]].home_oere or 0) == offer:
        return f"{reach}; the cheapest of {places} places with a copy"
    other = network.copies[cheapest].copies[0]
    return f"{reach}; a copy at {other.at} costs less here but serves the queue better elsewhere"


def _lend(copy: Copy, hold: Hold, why: str) -> Choice:
    return Choice(item=copy.item, at=copy.at, goes_to=hold.pickup, hold=hold.reference, why=why)


def _why_not_lent(group: CopyGroup, *, may_fill: bool) -> str:
    if not group.waiting:
        return "nobody waits"
    if not may_fill:
        return "no reader who waits may have it"
    return "other copies serve those who wait better"


def _keep(copy: Copy, cause: str) -> Choice:
    why = f"{cause}, and {copy.at} has room to keep it"
    return Choice(item=copy.item, at=copy.at, goes_to=copy.at, hold=None, why=why)


def _send_home(copy: Copy, cause: str, prices: Prices) -> Choice:
    if copy.at == copy.owner:
        why = f"{cause}, and it is at home"
    else:
        days = prices.days(copy.at, copy.owner)
        why = f"{cause}, so it goes home to {copy.owner} in {days:.1f} days"
    return Choice(item=copy.item, at=copy.at, goes_to=copy.owner, hold=None, why=why)

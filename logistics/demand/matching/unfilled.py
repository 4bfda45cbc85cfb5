"""Why a hold gets no copy, in one sentence each."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from logistics.demand.matching.policy import Policy, Prices

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    from logistics.demand.matching.records import Copy
    from logistics.demand.returns import Hold


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfilled:
    """
    A hold that goes on waiting.

    Attributes
    ----------
    hold
        Reference of the hold.
    why
        The reason in one sentence.
    """

    hold: str
    why: str


def unfilled(
    copies: Iterable[Copy],
    holds: Iterable[Hold],
    filled: Collection[str],
    on: date,
    policy: Policy,
) -> list[Unfilled]:
    """
    Say of each hold that a matching did not fill why it goes on waiting.

    Parameters
    ----------
    copies
        The copies that were matched.
    holds
        The queues.
    filled
        References of the holds that get a copy.
    on
        The day.
    policy
        Costs and rules.

    Returns
    -------
    list of Unfilled
        In the order given.
    """
    prices = Prices(policy, on)
    # Copies of a title that the rules look at alike are one; a queue is long, its kinds are few.
    kinds: defaultdict[str, dict[tuple[str, ...], Copy]] = defaultdict(dict)
    by_item: dict[str, Copy] = {}
    for copy in copies:
        kinds[copy.title].setdefault(prices.lending_class(copy), copy)
        by_item[copy.item] = copy
    found = []
    for hold in holds:
        if hold.reference in filled:
            continue
        asked = list(kinds[hold.title].values())
        if hold.item is not None:
            own = by_item.get(hold.item)
            asked = [own] if own is not None and own.title == hold.title else []
        found.append(Unfilled(hold=hold.reference, why=_why(hold, asked, prices)))
    return found


def _why(hold: Hold, asked: list[Copy], prices: Prices) -> str:
    if not asked:
        return "no copy of the title is here" if hold.item is None else "this very copy is not here"
    if not any(prices.policy.rules.allow(copy, hold.pickup, prices.on) for copy in asked):
        return f"the rules let no copy of the title be lent at {hold.pickup}"
    who = "readers before it in the queue" if prices.policy.strict_queue else "others, for less"
    return f"each copy that it may have goes to {who}"

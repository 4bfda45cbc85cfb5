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
    of_title: defaultdict[str, list[Copy]] = defaultdict(list)
    for copy in copies:
        of_title[copy.title].append(copy)
    return [
        Unfilled(hold=hold.reference, why=_why(hold, of_title[hold.title], prices))
        for hold in holds
        if hold.reference not in filled
    ]


def _why(hold: Hold, copies: list[Copy], prices: Prices) -> str:
    asked = [copy for copy in copies if hold.item in {None, copy.item}]
    if not asked:
        return "no copy of the title is here" if hold.item is None else "this very copy is not here"
    places = len({copy.at for copy in asked if prices.may_have(copy, hold)})
    if not places:
        return f"the rules let no copy of the title be lent at {hold.pickup}"
    who = "readers before it in the queue" if prices.policy.strict_queue else "others, for less"
    return f"each copy that it may have goes to {who}"

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

from hypothesis import given

from logistics.demand.matching.policy import Policy, Prices
from logistics.demand.matching.queues import in_queue_order, served
from logistics.demand.matching.records import Copy
from tests.demand.conftest import TUESDAY, hold
from tests.demand.matching.cases import copy_lists, hold_lists, policies

if TYPE_CHECKING:
    from logistics.demand.returns import Hold


def can_fill(holds: list[Hold], copies: list[Copy], prices: Prices) -> bool:
    """Whether all holds can be filled at once, by trying every way."""
    return any(
        all(prices.may_have(copy, hold) for copy, hold in zip(way, holds, strict=True))
        for way in permutations(copies, len(holds))
    )


@given(copy_lists(), hold_lists(), policies())
def test_each_in_turn_is_taken_exactly_when_there_is_room(
    copies: list[Copy], holds: list[Hold], wanted: Policy
) -> None:
    prices = Prices(wanted, TUESDAY)
    queue = in_queue_order(holds)
    taken: list[Hold] = []
    for one in queue:
        if can_fill([*taken, one], copies, prices):
            taken.append(one)
    assert served(queue, [[copy] for copy in copies], prices.may_have) == taken


def test_without_rules_the_first_so_many_are_served() -> None:
    copies = [Copy(item=str(n), title="t", owner="nora", at="nora") for n in range(2)]
    queue = [hold(f"h{n}", position=n) for n in (1, 2, 3)]
    assert served(queue, [copies], None) == queue[:2]

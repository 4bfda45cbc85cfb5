"""Small matchings, and a plain mixed-integer model of the same decision to check against."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from hypothesis import strategies as st
from ortools.sat.python import cp_model

from logistics.demand.matching.journeys import Journeys
from logistics.demand.matching.policy import Policy, Prices
from logistics.demand.matching.queues import by_title, served
from logistics.demand.matching.records import Copy, LendingRules
from logistics.demand.returns import Hold
from tests.demand.conftest import MORNING, TUESDAY, FlatRates

if TYPE_CHECKING:
    from collections.abc import Sequence

PLACES = ("askersund", "kumla", "laxa", "nora")

branches = st.sampled_from(PLACES)
small = st.integers(0, 40).map(lambda number: number / 10)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    square = st.lists(
        st.lists(small, min_size=len(PLACES), max_size=len(PLACES)).map(tuple),
        min_size=len(PLACES),
        max_size=len(PLACES),
    ).map(tuple)
    pairs = st.tuples(st.sampled_from((*PLACES, "*")), branches, st.sampled_from(("book", "*")))
    return Policy(
        journeys=Journeys(places=PLACES, days=draw(square), sek=draw(square)),
        rates=FlatRates(),
        rules=LendingRules(
            home_only_materials=draw(st.sampled_from((frozenset(), frozenset({"dvd"})))),
            forbidden=draw(st.frozensets(pairs, max_size=2)),
        ),
        strict_queue=draw(st.booleans()),
        float_room=draw(st.dictionaries(branches, st.integers(0, 2), max_size=2)),
        lender_price_sek=draw(st.dictionaries(branches, small, max_size=2)),
    )


@st.composite
def copy_lists(draw: st.DrawFn) -> list[Copy]:
    titles = st.sampled_from(("emma", "moby"))
    return [
        Copy(
            item=f"i{number}",
            title=draw(titles),
            owner=draw(branches),
            at=draw(branches),
            returned=draw(st.booleans()),
            material=draw(st.sampled_from(("book", "dvd"))),
            leaves_home=draw(st.integers(0, 4)) > 0,
        )
        for number in range(draw(st.integers(0, 6)))
    ]


@st.composite
def hold_lists(draw: st.DrawFn) -> list[Hold]:
    return [
        Hold(
            reference=f"h{number}",
            title=draw(st.sampled_from(("emma", "moby"))),
            pickup=draw(branches),
            placed_at=MORNING - timedelta(days=draw(st.sampled_from((0, 9)))),
            queue_position=draw(st.integers(1, 9)),
            item=draw(st.sampled_from((None, None, None, "i0", "i1"))),
        )
        for number in range(draw(st.integers(0, 6)))
    ]


def least_cost(copies: Sequence[Copy], holds: Sequence[Hold], policy: Policy) -> float:
    """The optimum by CP-SAT: one yes-or-no for each copy and hold, and for each copy that stays."""
    prices, model = Prices(policy, TUESDAY), cp_model.CpModel()
    if policy.strict_queue:
        queues = by_title(holds)
        holds = [
            hold
            for title, queue in queues.items()
            for hold in served(queue, [[c] for c in copies if c.title == title], prices.may_have)
        ]
    lends = {
        (i, j): model.new_bool_var(f"{i} {j}")
        for i, copy in enumerate(copies)
        for j, hold in enumerate(holds)
        if copy.title == hold.title and prices.may_have(copy, hold)
    }
    stays = {i: model.new_bool_var(f"{i}") for i, copy in enumerate(copies) if copy.returned}
    for place in PLACES:
        here = [stays[i] for i in stays if copies[i].at == place != copies[i].owner]
        model.add(sum(here) <= policy.float_room.get(place, 0))
    for j in range(len(holds)):
        model.add_at_most_one(var for (_, b), var in lends.items() if b == j)
    cost: list[cp_model.LinearExprT] = []
    for i, copy in enumerate(copies):
        lent = sum(var for (a, _), var in lends.items() if a == i)
        model.add(lent + stays.get(i, 0) <= 1)
        if copy.returned:
            cost.append(prices.home_oere(copy.at, copy.owner) * (1 - lent - stays[i]))
    for (i, j), var in lends.items():
        fill = prices.fill_oere(copies[i], holds[j].pickup, prices.rate(holds[j]))
        cost.append((fill - 10**7) * var)
    model.minimize(sum(cost))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    assert solver.solve(model) == cp_model.OPTIMAL
    filled = sum(solver.value(var) for var in lends.values())
    return (solver.objective_value + 10**7 * filled) / 100

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings

from logistics.demand.matching.journeys import Journeys, journeys_on
from logistics.demand.matching.optimise import match
from logistics.demand.matching.plain import first_in_queue
from logistics.demand.matching.policy import Policy, Prices, lender_prices
from logistics.demand.matching.records import Copy, LendingRules, returned_copies
from logistics.demand.matching.unfilled import unfilled
from logistics.errors import InputError
from tests.demand.conftest import MORNING, TUESDAY, FlatRates, WeekCalendar, hold, returned
from tests.demand.matching.cases import copy_lists, hold_lists, least_cost, policies

if TYPE_CHECKING:
    from logistics.demand.matching.records import Choice
    from logistics.demand.returns import Hold

PLACES = ("orebro", "kumla", "laxa", "nora", "stora")


def policy(**changes: object) -> Policy:
    journeys = journeys_on(WeekCalendar(), PLACES, "orebro", TUESDAY, handling_sek=0.4)
    return replace(Policy(journeys=journeys, rates=FlatRates()), **changes)  # type: ignore[arg-type]


def shelf(
    item: str, at: str, *, owner: str | None = None, title: str = "moby", **more: object
) -> Copy:
    return Copy(item=item, title=title, at=at, owner=owner or at, **more)  # type: ignore[arg-type]


@settings(max_examples=150, deadline=None)
@given(copy_lists(), hold_lists(), policies())
def test_it_is_as_cheap_as_a_plain_integer_model(
    copies: list[Copy], holds: list[Hold], wanted: Policy
) -> None:
    found = match(copies, holds, TUESDAY, wanted)
    assert found.cost_sek == pytest.approx(least_cost(copies, holds, wanted))
    assert_sound(copies, holds, wanted, found.choices)


def assert_sound(
    copies: list[Copy], holds: list[Hold], wanted: Policy, choices: tuple[Choice, ...]
) -> None:
    """Every returned item once, every hold at most once, only where the rules allow it."""
    prices = Prices(wanted, TUESDAY)
    by_item = {copy.item: copy for copy in copies}
    by_reference = {one.reference: one for one in holds}
    items = [choice.item for choice in choices]
    assert len(set(items)) == len(items)
    assert {copy.item for copy in copies if copy.returned} <= set(items)
    references = [c.hold for c in choices if c.hold]
    assert len(set(references)) == len(references)
    for choice in choices:
        copy = by_item[choice.item]
        reference = choice.hold
        if reference is None:
            assert choice.goes_to in {copy.owner, copy.at}
        else:
            filled = by_reference[reference]
            assert prices.may_have(copy, filled)
            assert (copy.title, choice.goes_to) == (filled.title, filled.pickup)


@settings(max_examples=100, deadline=None)
@given(copy_lists(), hold_lists(), policies())
def test_nobody_is_overtaken_who_could_have_had_the_copy(
    copies: list[Copy], holds: list[Hold], wanted: Policy
) -> None:
    wanted = replace(wanted, strict_queue=True)
    prices = Prices(wanted, TUESDAY)
    found = match(copies, holds, TUESDAY, wanted)
    lent = {c.hold: c.item for c in found.choices}
    place = {one.reference: (one.queue_position, one.placed_at, one.reference) for one in holds}
    for before, behind in combinations(sorted(holds, key=lambda h: place[h.reference]), 2):
        if before.title == behind.title and before.reference not in lent:
            item = next((c for c in copies if c.item == lent.get(behind.reference)), None)
            assert item is None or not prices.may_have(item, before)


@settings(max_examples=60, deadline=None)
@given(hold_lists(), policies())
def test_it_never_costs_more_than_the_plain_rule(holds: list[Hold], wanted: Policy) -> None:
    wanted = replace(wanted, strict_queue=True, float_room={}, rules=LendingRules())
    items = [
        returned(f"i{n}", title, at=at, owner=owner)
        for n, (title, at, owner) in enumerate(
            [("moby", "nora", "kumla"), ("moby", "laxa", "laxa"), ("emma", "kumla", "nora")]
        )
    ]
    prices = Prices(wanted, TUESDAY)
    by_item = {copy.item: copy for copy in returned_copies(items)}
    by_reference = {one.reference: one for one in holds}
    plain = first_in_queue(items, holds)
    plain_oere = 0
    for choice in plain:
        copy = by_item[choice.item]
        one = by_reference.get(choice.hold or "")
        if one is None:
            plain_oere += prices.home_oere(copy.at, copy.owner)
        else:
            plain_oere += prices.fill_oere(copy, one.pickup, prices.rate(one))
    best = match(list(by_item.values()), holds, TUESDAY, wanted)
    served_alike = best.filled == {c.hold for c in plain if c.hold}
    assert len(best.filled) >= sum(choice.hold is not None for choice in plain)
    assert best.cost_sek <= plain_oere / 100 + 1e-9 or not served_alike


def test_the_copy_where_the_reader_is_needs_no_van() -> None:
    found = match([shelf("far", "nora"), shelf("near", "laxa")], [hold()], TUESDAY, policy())
    (choice,) = found.choices
    assert (choice.item, choice.travels, found.cost_sek) == ("near", False, 0.0)
    assert choice.why == (
        "the reader waits where the copy is; the cheapest of 2 places with a copy"
    )


def test_a_book_that_would_go_home_anyway_is_lent_first() -> None:
    # Both are as far from Laxå; the returned one is on its way home to Kumla in any case.
    copies = [shelf("shelf", "nora"), shelf("back", "nora", owner="kumla", returned=True)]
    (choice,) = match(copies, [hold()], TUESDAY, policy()).choices
    assert choice.item == "back"


def test_two_readers_get_the_better_of_two_ways() -> None:
    # First come takes Nora's copy although Laxå's is there: Laxå's own reader is served by it.
    copies = [shelf("a", "laxa"), shelf("b", "nora")]
    queue = [hold("h1", pickup="stora"), hold("h2", pickup="laxa", position=2)]
    found = match(copies, queue, TUESDAY, policy())
    assert {c.hold: c.item for c in found.choices} == {"h1": "b", "h2": "a"}


def test_home_and_floating() -> None:
    back = [shelf(f"i{n}", "nora", owner="kumla", returned=True) for n in range(2)]
    home = match(back, [], TUESDAY, policy())
    assert [c.why for c in home.choices] == [
        "nobody waits, so it goes home to kumla in 0.5 days"
    ] * 2
    floating = match(back, [], TUESDAY, policy(float_room={"nora": 1}))
    assert sorted(c.goes_to for c in floating.choices) == ["kumla", "nora"]
    assert floating.choices[0].why == "nobody waits, and nora has room to keep it"
    at_home = match([shelf("i", "nora", returned=True)], [], TUESDAY, policy())
    assert at_home.choices[0].why == "nobody waits, and it is at home"


def test_a_book_that_goes_home_past_readers_says_why() -> None:
    back = shelf("back", "nora", owner="kumla", returned=True)
    new = policy(rules=LendingRules(home_only_materials=frozenset({"book"})))
    (choice,) = match([back], [hold()], TUESDAY, new).choices
    assert choice.why == "no reader who waits may have it, so it goes home to kumla in 0.5 days"
    near = shelf("near", "laxa")
    choices = match([back, near], [hold()], TUESDAY, policy()).choices
    assert {choice.item: choice.why.partition(",")[0] for choice in choices} == {
        "near": "the reader waits where the copy is; the cheapest of 2 places with a copy",
        "back": "other copies serve those who wait better",
    }


@pytest.mark.parametrize(
    ("one", "wanted", "why"),
    [
        pytest.param(
            hold("h", title="emma"), policy(), "no copy of the title is here", id="no copy"
        ),
        pytest.param(
            hold("h", item="other"), policy(), "this very copy is not here", id="another copy"
        ),
        pytest.param(
            hold("h"),
            policy(rules=LendingRules(forbidden=frozenset({("*", "laxa", "book")}))),
            "the rules let no copy of the title be lent at laxa",
            id="rules",
        ),
        pytest.param(
            hold("h", position=9),
            policy(),
            "each copy that it may have goes to readers before it in the queue",
            id="queue",
        ),
        pytest.param(
            hold("h"),
            policy(strict_queue=False),
            "each copy that it may have goes to others, for less",
            id="any order",
        ),
    ],
)
def test_a_hold_that_goes_on_waiting_says_why(one: Hold, wanted: Policy, why: str) -> None:
    copies, near = [shelf("a", "nora")], hold("first", pickup="nora", position=2)
    found = match(copies, [one, near], TUESDAY, wanted)
    assert found.filled == {"first"}
    (waits,) = unfilled(copies, [one, near], found.filled, TUESDAY, wanted)
    assert (waits.hold, waits.why) == ("h", why)


def test_a_lender_that_gave_much_is_spared() -> None:
    copies = [shelf("a", "kumla"), shelf("b", "nora")]
    prices = lender_prices({"kumla": 30, "nora": 10, "laxa": 0}, {"kumla": 10, "nora": 20}, sek=6)
    # Kumla's net is 20 of 30 lent: two thirds of 6 SEK; Nora borrows more than it lends.
    assert prices == {"kumla": pytest.approx(4.0), "nora": 0.0, "laxa": 0.0}
    (choice,) = match(copies, [hold()], TUESDAY, policy(lender_price_sek=prices)).choices
    assert choice.item == "b"


def test_new_copies_and_films_stay_at_home() -> None:
    rules = LendingRules(home_only_materials=frozenset({"dvd"}), home_only_days=30)
    wanted = policy(rules=rules)
    new = shelf("new", "nora", acquired=date(2026, 11, 1))
    film = shelf("film", "kumla", material="dvd")
    old = shelf("old", "stora", acquired=date(2026, 10, 25))
    (choice,) = match([new, film, old], [hold()], TUESDAY, wanted).choices
    assert choice.item == "old"
    assert choice.why.endswith("; no other copy may fill this hold")
    assert match([new, film], [hold()], TUESDAY, wanted).choices == ()
    assert match([new], [hold(pickup="nora")], TUESDAY, wanted).filled == {"h1"}


def test_the_queue_counts_unless_the_policy_says_otherwise() -> None:
    copies = [shelf("a", "laxa")]
    queue = [hold("first", pickup="stora"), hold("near", pickup="laxa", position=2)]
    assert match(copies, queue, TUESDAY, policy()).filled == {"first"}
    assert match(copies, queue, TUESDAY, policy(strict_queue=False)).filled == {"near"}


def test_a_late_hold_gets_the_faster_copy() -> None:
    slow = tuple(tuple(3.0 if {i, j} == {1, 2} else 1.0 for j in range(5)) for i in range(5))
    wanted = policy(journeys=Journeys(places=PLACES, days=slow, sek=((0.0,) * 5,) * 5))
    queue = [
        hold("late", pickup="laxa", placed_at=MORNING - timedelta(days=9)),
        hold("new", pickup="laxa", position=2),
    ]
    found = match([shelf("slow", "kumla"), shelf("fast", "nora")], queue, TUESDAY, wanted)
    assert {c.hold: c.item for c in found.choices} == {"late": "fast", "new": "slow"}


def test_doubles_and_unknown_branches_are_refused() -> None:
    copy = shelf("a", "narnia")
    with pytest.raises(InputError, match="copy 'a' is given twice, expected once"):
        match([copy, copy], [], TUESDAY, policy())
    with pytest.raises(InputError, match="hold 'h1' is given twice"):
        match([], [hold(), hold()], TUESDAY, policy())
    with pytest.raises(InputError, match="branch 'narnia' is not among the journeys; add it"):
        match([copy], [], TUESDAY, policy())

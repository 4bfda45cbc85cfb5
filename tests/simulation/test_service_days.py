"""Chosen days and vans against every choice there is; hours that are regular for staff."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from logistics.errors import InputError, NoPlanError
from logistics.planning.records import Vehicle
from logistics.simulation.service_days.choose import choose
from logistics.simulation.service_days.hours import spreads, timed
from logistics.simulation.service_days.minorants import Envelope
from logistics.simulation.service_days.model import Goal
from logistics.simulation.service_days.patterns import spread_patterns, waits_of
from logistics.simulation.service_days.search import score
from logistics.simulation.service_days.tours import least_tours, subset_sums
from logistics.simulation.service_days.week import Choice, Tours, Week, judge, tours_of

EVEN = (1 / 7,) * 7


def week(seed: int, places: int, vans: int = 1, hours: float = 9.0) -> Week:
    chance = np.random.default_rng(seed)
    spots = chance.random((places + 1, 2)) * 60
    km = np.linalg.norm(spots[:, None] - spots[None], axis=2)
    holds = chance.random((places + 1, places + 1)) * 20
    np.fill_diagonal(holds, 0)
    holds[places] = holds[:, places] = 0
    both = holds.sum(axis=1)[:places] + holds.sum(axis=0)[:places]
    return Week(
        places=tuple("abcdefgh"[:places]),
        hub="hub",
        holds=holds,
        taken=both,
        put_off=both,
        asked=(0.2, 0.16, 0.15, 0.15, 0.13, 0.08, 0.13),
        menus=(spread_patterns((1, 3, 5)),) * places,
        vehicle=Vehicle(
            id="van",
            capacity=400,
            shift=(0, 86_400),
            max_seconds=round(hours * 3600),
            fixed_cost=165,
            cost_per_km=3.5,
            cost_per_hour=330,
        ),
        vans=vans,
        travel_metres=(km * 1000).round().astype(int).tolist(),
        travel_seconds=(km * 60).round().astype(int).tolist(),
        stop_seconds=(400,) * places,
        handling_seconds=2,
    )


def best_by_trying_all(one: Week, tours: Tours, goal: Goal) -> float:
    options = [[(p, v) for p in menu for v in range(one.vans)] for menu in one.menus]
    values = []
    for picked in itertools.product(*options):
        choice = Choice(patterns=tuple(p for p, _ in picked), van=tuple(v for _, v in picked))
        missed, value = score(goal, judge(one, tours, choice))
        if missed == 0:
            values.append(value)
    return min(values, default=float("inf"))


@pytest.mark.parametrize(
    ("seed", "places", "vans", "hours", "goal"),
    [
        (0, 4, 1, 9.0, Goal(most_days=4.0)),
        (1, 4, 1, 9.0, Goal(most_sek=5_000.0)),
        (0, 3, 2, 3.5, Goal(most_days=4.0)),
    ],
)
def test_no_choice_is_better_than_the_one_found_nor_than_the_bound(
    seed: int, places: int, vans: int, hours: float, goal: Goal
) -> None:
    one = week(seed, places, vans, hours)
    tours = tours_of(one)

    found = choose(one, goal, tours=tours, seconds=60)

    best = best_by_trying_all(one, tours, goal)
    assert found.value == pytest.approx(best, rel=2e-4)
    assert found.bound <= best + 1e-6
    assert found.gap <= 2e-4


def test_a_promise_that_no_days_keep_is_refused() -> None:
    with pytest.raises(NoPlanError, match=r"no choice .* 0\.5 days to the reader with 1 vans"):
        choose(week(0, 3), Goal(most_days=0.5), seconds=20)


def test_tours_are_those_of_all_orders() -> None:
    chance = np.random.default_rng(3)
    legs = chance.random((6, 6))
    least = least_tours(legs)

    for stops in range(1, 32):
        members = [place for place in range(5) if stops >> place & 1]
        lengths = (
            sum(legs[a, b] for a, b in itertools.pairwise((5, *order, 5)))
            for order in itertools.permutations(members)
        )
        assert least[stops] == pytest.approx(min(lengths), rel=1e-5)


def test_more_branches_than_a_table_holds_are_refused() -> None:
    with pytest.raises(InputError, match="21 branches to decide about, expected at most 20"):
        least_tours(np.zeros((22, 22)))


def test_an_envelope_lies_below_every_tour_and_meets_the_one_asked_for() -> None:
    table = least_tours(np.random.default_rng(5).random((7, 7)))
    envelope = Envelope(table)

    for stops in range(1, 64):
        point = np.array([float(stops >> place & 1) for place in range(6)])
        below = envelope.touch(point)
        assert (below.base + subset_sums(below.weights) <= table + 1e-6)[1:].all()
        assert below.at(point) == pytest.approx(table[stops], abs=1e-3)


def test_what_is_asked_for_is_fetched_on_the_next_service_day() -> None:
    # Monday only: asked on Monday waits seven days, on Sunday one; four days in the mean.
    waits = waits_of((1,), EVEN)

    assert waits.until_fetched == pytest.approx(4.0)
    assert waits.fetched.tolist() == pytest.approx([1, 0, 0, 0, 0, 0, 0])
    # Fetched on Monday too, half of it rides direct and half waits for the next Monday.
    assert waits.from_hub[0] == pytest.approx(3.5)
    assert waits.from_hub[6] == pytest.approx(1.0)


def test_two_days_are_never_next_to_each_other_and_three_never_in_a_row() -> None:
    patterns = spread_patterns((1, 2, 3, 4, 5))

    assert (1, 2) not in patterns
    assert (1, 2, 3) not in patterns
    assert {(1,), (2, 4), (1, 3, 5), (1, 2, 4), (1, 2, 3, 4, 5)} <= set(patterns)


def test_each_branch_sees_its_van_at_a_similar_hour() -> None:
    one = week(2, 5)
    choice = Choice(patterns=((1, 3, 5), (1, 3, 5), (1,), (3,), (5,)), van=(0,) * 5)

    loose = timed(one, choice, {}, spread_minutes=1_440)
    tight = timed(one, choice, {}, spread_minutes=60)

    assert max(spreads(tight).values()) <= 60 * 60
    assert sum(t.driving_sek for t in tight) >= sum(t.driving_sek for t in loose) - 0.01
    assert [(t.van, t.weekday) for t in tight] == [(0, 1), (0, 3), (0, 5)]

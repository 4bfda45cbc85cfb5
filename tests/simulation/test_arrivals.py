from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

from logistics.simulation.arrivals import Arrivals, DemandModel, snow_days, weeks

MODEL = DemandModel(
    branches=("askersund", "kumla", "nora"),
    inhabitants=(10_000, 20_000, 10_000),
    metres=((0, 40_000, 90_000), (40_000, 0, 60_000), (90_000, 60_000, 0)),
    seed=3,
    moved={},
)
MONTH = [date(2026, 3, 1) + timedelta(days=number) for number in range(31)]


def names(model: DemandModel) -> list[str]:
    arrivals = Arrivals(model)
    return [transfer.id for day in MONTH for transfer in arrivals.on(day)]


def test_volumes_follow_loans_per_inhabitant() -> None:
    # 40 000 inhabitants x 5 loans x 5 % = 10 000 a year, March 1.06 of the average month: some
    # 900 holds; about as many items go home.
    kinds = Counter(t.kind for day in MONTH for t in Arrivals(MODEL).on(day))

    assert 800 < kinds["hold"] < 1_000
    assert 800 < kinds["return"] < 1_000


def test_the_same_seed_gives_the_same_days_in_any_order() -> None:
    forwards, backwards = Arrivals(MODEL), Arrivals(MODEL)
    there = {day: forwards.on(day) for day in MONTH}
    back = {day: backwards.on(day) for day in reversed(MONTH)}

    assert there == back


def test_more_demand_keeps_the_readers_of_less() -> None:
    today, more = set(names(MODEL)), set(names(replace(MODEL, factor=1.3)))

    assert today < more
    assert 1.2 < len(more) / len(today) < 1.4


def test_a_book_goes_home_from_where_it_was_borrowed() -> None:
    arrivals = Arrivals(MODEL)
    lent = {t.id: t for day in MONTH for t in arrivals.on(day - timedelta(days=40))}
    homes = [t for day in MONTH for t in arrivals.on(day) if t.id.removesuffix("R") in lent]
    returns = [t for t in homes if t.id.endswith("R")]

    assert returns
    for back in returns:
        out = lent[back.id.removesuffix("R")]
        assert (back.origin, back.destination) == (out.destination, out.origin)


def test_floating_sends_nothing_home() -> None:
    kinds = {t.kind for day in MONTH for t in Arrivals(replace(MODEL, floating=True)).on(day)}

    assert kinds == {"hold"}


def test_readers_of_a_closed_branch_move_and_leavers_vanish() -> None:
    moved = Arrivals(replace(MODEL, moved={"nora": "kumla", "askersund": None}))

    # Only Kumla is left, and nothing travels from a branch to itself.
    assert [t for day in MONTH for t in moved.on(day)] == []


def test_snow_falls_in_winter_and_more_of_it_never_elsewhere() -> None:
    first, last = date(2026, 1, 1), date(2026, 12, 31)
    few = snow_days(first, last, per_year=10, seed=1)
    many = snow_days(first, last, per_year=40, seed=1)

    assert few < many
    assert {day.month for day in many} <= {1, 2, 3, 11, 12}
    assert snow_days(first, last, per_year=0, seed=1) == frozenset()


def test_weeks_are_cut_on_mondays_across_the_year() -> None:
    days = [date(2026, 12, 30) + timedelta(days=number) for number in range(8)]

    # Wednesday to Sunday of week 53, then the Monday to Wednesday of week 1.
    assert weeks(days) == [(0, 5), (5, 8)]

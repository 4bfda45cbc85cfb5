from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from logistics.errors import InputError
from logistics.simulation.compare import Interval, compare, interval, quantile, student_quantile
from logistics.simulation.outcome import DayOutcome, Delivery

MONDAY = date(2026, 3, 2)


def days(costs: list[float], wait: int = 2) -> list[DayOutcome]:
    """One day a week carries the week's cost, so that weekly sums are what is written here."""
    return [
        DayOutcome(
            day=MONDAY + timedelta(days=number),
            arrived=0,
            consumption={},
            driving_sek=costs[number // 7] if number % 7 == 0 else 0.0,
            deliveries=(
                Delivery(kind="hold", origin="kumla", destination="nora", days=wait, items=3),
            ),
        )
        for number in range(7 * len(costs))
    ]


@pytest.mark.parametrize(("freedom", "table"), [(4, 2.776), (10, 2.228), (30, 2.042), (51, 2.008)])
def test_students_quantile_is_that_of_the_tables(freedom: int, table: float) -> None:
    assert student_quantile(0.95, freedom) == pytest.approx(table, rel=0.005)


def test_a_constant_difference_has_no_spread_however_the_weeks_vary() -> None:
    # Weeks of 100 to 300 kronor vary wildly; the second scenario costs 10 more in each of them.
    base, dear = days([100.0, 300.0, 200.0]), days([110.0, 310.0, 210.0])

    first, second = compare({"base": base, "dear": dear}, warm_up_days=0)

    assert first.difference == {}
    assert second.difference["driving_sek"] == Interval(mean=pytest.approx(10.0), half_width=0.0)
    assert second.difference["driving_sek"].certain
    assert first.per_week["driving_sek"].half_width > 100


def test_fill_is_load_times_road_over_room_times_road() -> None:
    half = DayOutcome(
        day=MONDAY, arrived=0, consumption={}, item_metres=50_000, capacity_metres=100_000
    )
    full = DayOutcome(
        day=MONDAY + timedelta(days=1),
        arrived=0,
        consumption={},
        item_metres=300_000,
        capacity_metres=300_000,
    )

    (summary,) = compare({"base": [half, full]}, warm_up_days=0)

    # A long road weighs more than a short one: 350 of 400, not the mean of 50 % and 100 %.
    assert summary.per_week["fill_percent"].mean == pytest.approx(87.5)
    assert "item_metres" not in summary.per_week


def test_days_to_the_reader_and_what_waits_have_intervals_of_their_own() -> None:
    quick, slow = days([1.0, 1.0, 1.0]), days([1.0, 1.0, 1.0], wait=5)
    slow = [replace(one, backlog=number) for number, one in enumerate(slow)]
    _, other = compare({"base": quick, "slow": slow}, warm_up_days=0)
    assert other.per_week["days_per_hold"] == Interval(mean=5.0, half_width=0.0)
    assert other.difference["days_per_hold"] == Interval(mean=3.0, half_width=0.0)
    # Evenings 0 to 6, 7 to 13 and 14 to 20: their weeks' means are 3, 10 and 17.
    assert other.per_week["backlog"].mean == 10
    assert other.difference["backlog"].half_width == pytest.approx(17.39, abs=0.5)
    assert not {"holds", "days"} & set(other.per_week)


def test_an_interval_that_holds_zero_is_not_certain() -> None:
    assert not interval([-5.0, 5.0, 1.0, -1.0]).certain


def test_days_to_the_reader_are_counted_by_pair_of_municipalities() -> None:
    (summary,) = compare(
        {"base": days([1.0])}, municipality={"kumla": "Kumla", "nora": "Nora"}, warm_up_days=0
    )

    assert summary.pairs == {("Kumla", "Nora"): {2: 21}}
    assert summary.quantile(0.5) == 2


def test_periods_must_agree() -> None:
    with pytest.raises(InputError, match="'b': its days are not those of 'a'"):
        compare({"a": days([1.0, 2.0]), "b": days([1.0])})


def test_a_quantile_is_the_first_number_that_enough_do_not_exceed() -> None:
    counts = {1: 5, 2: 4, 9: 1}

    assert [quantile(counts, part) for part in (0.5, 0.51, 0.9, 0.91)] == [1, 2, 2, 9]
    assert quantile({}, 0.5) == 0

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from logistics.costing.bookings import RunBooking, StopBooking
from logistics.costing.costs import CostBreakdown
from logistics.costing.emissions import (
    EmissionFactor,
    emission,
    factor_on,
    grams_by_municipality,
    read_factors,
)
from logistics.errors import InputError

SHIPPED = Path(__file__).parents[2] / "data" / "emission_factors.csv"
DAY = date(2026, 11, 24)


def factor(valid_from: date, grams: float = 2_500.0) -> EmissionFactor:
    return EmissionFactor(
        energy="diesel",
        unit="litre",
        grams_co2e_per_unit=grams,
        valid_from=valid_from,
        scope="well-to-wheel",
        source="test",
    )


def run(*stops: StopBooking, grams: float | None = 900.0) -> RunBooking:
    return RunBooking(
        day=DAY,
        run=1,
        vehicle="van-1",
        stops=stops,
        distance_metres=100_000,
        paid_seconds=3_600,
        cost=CostBreakdown(),
        energy="diesel",
        energy_units=8.0,
        co2e_grams=grams,
    )


def stop(municipality: str, items: int, hub_kilometres: int) -> StopBooking:
    return StopBooking(
        branch=f"b-{municipality}",
        municipality=municipality,
        items_off=items,
        items_on=0,
        hub_metres=hub_kilometres * 1_000,
    )


def test_shipped_factors_are_old_and_say_so() -> None:
    factors = read_factors(SHIPPED.read_bytes())
    found = emission(100_000, "diesel", 0.08, DAY, factors)
    # 100 km x 0.08 l/km x 2,853 g/l (Energimyndigheten, deliveries of 2016)
    assert found.energy_units == pytest.approx(8.0)
    assert found.co2e_grams == pytest.approx(22_824)
    assert found.caveats[0].startswith("the emission factor for diesel is of 2016-01-01, more than")


@pytest.mark.parametrize(
    ("valid_from", "caveats"),
    [
        pytest.param(date(2024, 11, 24), 0, id="two years to the day"),
        pytest.param(date(2024, 11, 23), 1, id="one day older"),
    ],
)
def test_a_factor_older_than_two_years_warns(valid_from: date, caveats: int) -> None:
    assert len(emission(1_000, "diesel", 0.08, DAY, [factor(valid_from)]).caveats) == caveats


def test_without_a_factor_the_grams_are_unknown_not_zero() -> None:
    found = emission(1_000, "biogas", 0.08, DAY, [factor(date(2026, 1, 1))])
    assert found.co2e_grams is None
    assert found.caveats == (
        "no emission factor for biogas holds on 2026-11-24, so its CO2e is not counted",
    )


def test_the_latest_factor_that_holds_is_used() -> None:
    factors = [
        factor(date(2027, 1, 1), 1),
        factor(date(2025, 1, 1), 2),
        factor(date(2026, 1, 1), 3),
    ]
    assert factor_on(factors, "diesel", DAY) == factors[2]


def test_a_round_trip_is_divided_by_distance_times_items() -> None:
    # 10 items x 60 km = 600, 30 items x 10 km = 300: two thirds and one third.
    shares = grams_by_municipality([run(stop("far", 10, 60), stop("near", 30, 10))])
    assert shares == {"far": pytest.approx(600), "near": pytest.approx(300)}


def test_empty_runs_are_divided_by_distance_then_alike() -> None:
    assert grams_by_municipality([run(stop("a", 0, 20), stop("b", 0, 10))])["a"] == pytest.approx(
        600
    )
    assert grams_by_municipality([run(stop("a", 0, 0), stop("b", 0, 0))])["a"] == pytest.approx(450)


def test_runs_without_figures_add_nothing() -> None:
    assert grams_by_municipality([run(stop("a", 1, 1), grams=None), run()]) == {}
    assert run(stop("a", 3, 1), stop("b", 4, 1)).items == 7


def test_faults_are_refused() -> None:
    with pytest.raises(InputError, match="-1 g, expected 0 or more"):
        factor(DAY, -1)
    with pytest.raises(InputError, match="items_off is -1, expected 0 or more"):
        stop("a", -1, 0)

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from logistics.costing.rates import WAITING_CLASSES, Rates, rates_on, read_rates
from logistics.demand.waiting import Urgency
from logistics.errors import InputError, NotFoundError

SHIPPED = Path(__file__).parents[2] / "data" / "rates.csv"


def rates(**changes: object) -> Rates:
    values = {
        "valid_from": date(2026, 1, 1),
        "waiting_sek_per_item_day": dict.fromkeys(WAITING_CLASSES, 1.0),
        "promise_days": 4,
        "stop_seconds": 360,
        "handling_seconds_per_item": 2,
        "items_per_crate": 20,
        "break_after_seconds": 18_000,
        "break_seconds": 1_800,
    }
    return Rates(**(values | changes))  # type: ignore[arg-type]


def test_the_classes_are_those_of_demand() -> None:
    assert {urgency.value for urgency in Urgency} == set(WAITING_CLASSES)


def test_the_shipped_rates_hold_on_the_sample_day() -> None:
    found = rates_on(read_rates(SHIPPED.read_bytes()), date(2026, 11, 24))
    waiting = found.waiting_sek_per_item_day
    assert waiting["late"] > waiting["hold"] > waiting["return"] > 0
    # Arbetstidslagen 15 section: nobody works more than five hours in a row.
    assert found.break_after_seconds == 5 * 3600


def test_the_latest_row_holds() -> None:
    old, new = rates(), rates(valid_from=date(2026, 7, 1), promise_days=3)
    assert rates_on([new, old], date(2026, 6, 30)) is old
    assert rates_on([new, old], date(2026, 7, 1)) is new
    with pytest.raises(NotFoundError, match="no rates hold on 2025-12-31; add a row"):
        rates_on([old, new], date(2025, 12, 31))


def test_all_faults_of_a_set_of_rates() -> None:
    with pytest.raises(InputError) as caught:
        rates(
            waiting_sek_per_item_day={"hold": -1.0, "someday": 1.0}
            | dict.fromkeys(("late", "supply", "rebalance"), 1.0),
            items_per_crate=0,
        )
    assert caught.value.problems == [
        "rates from 2026-01-01: no waiting rate for class 'return', expected SEK per item and day",
        "rates from 2026-01-01: waiting rate of 'hold' is -1.0, expected 0 or more SEK",
        (
            "rates from 2026-01-01: waiting class 'someday' is unknown, "
            "expected late, hold, supply, rebalance, return"
        ),
        "rates from 2026-01-01: items_per_crate is 0, expected 1 or more",
    ]


def test_a_file_says_its_faults_by_line_and_wants_one_row_a_day() -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    with pytest.raises(InputError, match=r"rates.csv line 2: promise_days is 'soon', expected a w"):
        read_rates(text.replace(",4,360,", ",soon,360,").encode())
    head, row = text.strip().split("\n")
    with pytest.raises(InputError, match="two rows are valid from 2025-01-01, expected one"):
        read_rates(f"{head}\n{row}\n{row}\n".encode())


def test_rates_can_be_changed_for_a_what_if() -> None:
    assert replace(rates(), promise_days=2).promise_days == 2

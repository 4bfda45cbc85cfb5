"""What runs really cost, as the choice among them asks for it."""

from __future__ import annotations

from time import monotonic

import pytest

from logistics.planning.exact.duals import nothing
from logistics.planning.exact.ledger import Ledger
from logistics.planning.exact.prices import price
from logistics.planning.exact.read import read_day
from logistics.planning.exact.state import State
from tests.planning.days import small_day

ROUND = 440.0 - 60.0
"""SEK by north and south: what the day costs less what the book at north costs where it stays."""


def ledger() -> Ledger:
    problem = small_day()
    day = read_day(problem)
    search = State(problem=problem, day=day, until=monotonic() + 20, cost=1000.0)
    return Ledger(search, day, price(day, nothing(day), []))


def test_a_run_that_the_tables_take_for_cheaper_is_told_at_its_price() -> None:
    entry = ledger().entry(0, (2, 1), ROUND - 100.0)

    assert entry.bound == pytest.approx(ROUND, abs=1e-2)
    assert entry.route is not None
    assert entry.route.sites == (1, 2)


def test_what_a_narrow_search_found_dearer_does_not_stand_for_a_wider_one() -> None:
    known = ledger()

    assert known.entry(0, (1, 2), ROUND + 50.0).bound == ROUND + 50.0
    assert known.entry(0, (1, 2), ROUND).bound == pytest.approx(ROUND, abs=1e-2)

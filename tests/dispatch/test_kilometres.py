"""How far each group would drive by itself, on two roads that meet at the hub."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from logistics.costing.sharing.shapley import shapley
from logistics.dispatch.coalitions import cost_game
from logistics.dispatch.kilometres import kilometre_game
from logistics.errors import InputError
from tests.dispatch.test_coalitions import day

if TYPE_CHECKING:
    from logistics.dispatch.served_day import Runs


def test_who_lives_further_out_shares_the_road_and_pays_the_rest_alone() -> None:
    served = day()
    known: dict[frozenset[str], Runs] = {}
    cost_game(served, iterations=50, known_runs=known)

    far = kilometre_game(served, known)

    # 1.2 km a minute: north 30 and 45 minutes out, south 30 and 60.
    assert far.exact
    assert far.alone_sek() == pytest.approx({"n": 72.0, "l": 108.0, "k": 72.0, "a": 144.0})
    assert shapley(far) == pytest.approx({"n": 36.0, "l": 72.0, "k": 36.0, "a": 108.0})


def test_groups_that_were_not_priced_are_bounded_and_singles_must_be() -> None:
    served = day()
    known: dict[frozenset[str], Runs] = {}
    cost_game(served, iterations=50, known_runs=known)
    singles = {calls: known[calls] for calls in served.sites_of.values()}

    far = kilometre_game(served, singles)

    assert not far.exact
    assert far.value(far.mask("nl")).low <= 108.0 <= far.value(far.mask("nl")).high
    with pytest.raises(InputError, match="no value for"):
        kilometre_game(served, {})

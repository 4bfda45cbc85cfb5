from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logistics.costing.sharing.keys import Mix, equally, proportional
from logistics.costing.sharing.rounding import to_the_oere
from logistics.errors import InputError

weights = st.dictionaries(
    st.sampled_from("abcdefghi"), st.floats(0, 1e6, allow_subnormal=False), min_size=1
)
totals = st.integers(0, 10**9).map(lambda oere: oere / 100)


def test_in_proportion_and_alike_where_nothing_was_done() -> None:
    assert proportional(90.0, {"a": 1, "b": 2}) == {"a": 30.0, "b": 60.0}
    assert proportional(90.0, {"a": 0, "b": 0}) == equally(90.0, {"a": 0, "b": 0})


def test_the_mix_takes_aid_off_first() -> None:
    # 1000 - 100 aid = 900: 450 by items 1:2, 360 by stops 1:1, 90 alike.
    mix = Mix(aid_sek=100)
    found = mix.divide(1000, items={"a": 10, "b": 20}, stops={"a": 3, "b": 3})
    assert found == {"a": 150 + 180 + 45, "b": 300 + 180 + 45}


def test_faulty_keys_are_refused() -> None:
    with pytest.raises(InputError, match="weight of 'a' is -1, expected 0 or more"):
        proportional(1.0, {"a": -1})
    with pytest.raises(InputError, match="nobody to share the cost"):
        proportional(1.0, {})
    with pytest.raises(InputError, match="expected parts from 0 that sum to 1"):
        Mix(by_volume=0.9)
    with pytest.raises(InputError, match="expected aid within the cost and the same names"):
        Mix(aid_sek=2).divide(1, items={"a": 1}, stops={"a": 1})


def test_the_largest_remainder_gets_the_oere() -> None:
    # 100.00 in three: 33.33 each, one öre left, equal remainders: the first name takes it.
    third = 100 / 3
    shares = to_the_oere({"a": third, "b": third, "c": third}, 100.0)
    assert shares == {"a": 33.34, "b": 33.33, "c": 33.33}


@given(weights, totals)
def test_every_key_sums_to_the_oere(weights: dict[str, float], total: float) -> None:
    exact = proportional(total, weights)
    rounded = to_the_oere(exact, total)
    assert sum(round(share * 100) for share in rounded.values()) == round(total * 100)
    for name, share in rounded.items():
        assert abs(Fraction(share) - Fraction(exact[name])) < Fraction(11, 1000)
        assert share == round(share, 2)


def test_shares_that_miss_the_total_are_refused() -> None:
    with pytest.raises(InputError, match=r"shares sum to 90\.0 SEK, expected 100\.0"):
        to_the_oere({"a": 90.0}, 100.0)
    with pytest.raises(InputError, match=r"expected 0\.0"):
        to_the_oere({}, 0.0)

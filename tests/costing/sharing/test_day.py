from __future__ import annotations

from dataclasses import replace

import pytest

from logistics.costing.sharing.day import Basis, share_day, share_span
from logistics.costing.sharing.game import CostGame, Value, exactly
from logistics.costing.sharing.keys import Mix
from logistics.costing.sharing.stability import objections
from logistics.errors import InputError

BASIS = {
    "kumla": Basis(stops=1, items=40, inhabitants=22_000),
    "laxa": Basis(stops=3, items=20, inhabitants=5_400),
    "nora": Basis(stops=2, items=30, inhabitants=10_600),
}


def game(**values: float) -> CostGame:
    full = {"k": 900.0, "l": 1_000.0, "n": 800.0, "kl": 1_500.0, "kn": 1_400.0, "ln": 1_700.0}
    names = {"k": "kumla", "l": "laxa", "n": "nora"}
    return CostGame(
        tuple(BASIS),
        {
            frozenset(names[letter] for letter in group): exactly(value)
            for group, value in (full | {"kln": 2_000.0} | values).items()
        },
    )


def test_every_rule_sums_to_the_oere() -> None:
    shares = share_day(2_000.01, BASIS, game=game())
    assert set(shares.by_rule) == {
        *("per-stop", "per-item", "inhabitants", "equal", "mix"),
        *("shapley", "nucleolus", "stand-alone"),
    }
    for by_name in shares.by_rule.values():
        assert round(sum(by_name.values()), 2) == 2_000.01
    assert shares.by_rule["per-stop"]["nora"] == 666.67
    assert shares.alone_sek == {"kumla": 900.0, "laxa": 1_000.0, "nora": 800.0}
    assert shares.objections == ()
    assert shares.remarks == (
        (
            "the game's runs cost 2000.00 SEK and those driven 2000.01; "
            "shares by the game are scaled to what was driven"
        ),
    )


def test_who_pays_more_than_alone_is_named() -> None:
    # By inhabitants Kumla pays 22,000 / 38,000 of 2,000 SEK, and 900 for runs of its own.
    by_inhabitants = share_day(2_000.0, BASIS).by_rule["inhabitants"]
    found = objections(game(), by_inhabitants)
    assert [sorted(one.group) for one in found] == [["kumla", "nora"], ["kumla"]]
    assert found[1].excess_sek == pytest.approx(2_000 * 22 / 38 - 900, abs=0.01)


def test_without_a_game_the_plain_keys_remain() -> None:
    shares = share_day(300.0, BASIS)
    assert "shapley" not in shares.by_rule
    assert (shares.alone_sek, shares.objections, shares.error_sek) == ({}, (), {})


def test_bounded_values_say_how_wrong_a_share_can_be() -> None:
    loose = game().with_value(frozenset({"laxa", "nora"}), Value(1_600.0, 1_700.0))
    shares = share_day(2_000.0, BASIS, game=loose)
    # laxa+nora weighs 1/6 for each of its members' additions and 1/3 for Kumla's.
    assert shares.error_sek == pytest.approx({"kumla": 50 / 3, "laxa": 50 / 6, "nora": 50 / 6})
    assert "6 of 7 groups are proved, the others bounded" in shares.remarks
    span = share_span([shares, share_day(2_000.0, BASIS, game=game())])
    assert span.total_sek == 4_000.0
    assert span.how_sure() == [
        (
            "13 of 14 groups of 2 days are proved; the bounds of the others leave no share more "
            "than 16.67 SEK uncertain (kumla)"
        ),
    ]
    assert share_span([shares]).how_sure({"kumla": "Kumla"}) == [
        (
            "6 of 7 groups of the day are proved; the bounds of the others leave no share more "
            "than 16.67 SEK uncertain (Kumla)"
        ),
    ]
    # Of a day that was priced before groups were proved, only that is known.
    before = replace(shares, groups=0, proved_groups=0, error_sek={})
    assert share_span([shares, before, before]).how_sure() == [
        (
            "6 of 7 groups of 1 day are proved; the bounds of the others leave no share more "
            "than 16.67 SEK uncertain (kumla)"
        ),
        "2 of 3 days were priced without proofs",
    ]
    # What was booked is half of what the runs cost, and so is the error of what is booked.
    half = share_day(1_000.0, BASIS, game=loose)
    assert half.error_sek["kumla"] == pytest.approx(25 / 3)


def test_days_add_up() -> None:
    played = share_day(2_000.0, BASIS, game=game())
    span = share_span([played, share_day(500.0, BASIS)])
    assert "shapley" not in span.by_rule
    assert round(sum(span.by_rule["mix"].values()), 2) == span.total_sek == 2_500.0
    assert share_span([played]).how_sure() == ["all 7 groups of the day are proved"]
    assert share_span([played, played]).how_sure() == ["all 14 groups of 2 days are proved"]
    assert span.monotony == "no group was planned more dearly than a larger one"
    assert share_span([]).total_sek == 0


def test_corrected_groups_are_mentioned() -> None:
    shares = share_day(2_000.0, BASIS, game=game(k=1_600.0))
    assert shares.remarks[0] == share_span([shares]).monotony
    assert shares.remarks[0].startswith("1 group was planned more dearly than a larger one; its")
    assert share_span([shares, shares]).monotony.startswith("2 groups were planned more dearly")


def test_the_game_must_be_of_the_same_day() -> None:
    with pytest.raises(InputError, match="expected a game of"):
        share_day(100.0, {"kumla": BASIS["kumla"]}, game=game())
    with pytest.raises(InputError, match="take aid off a year's cost"):
        share_day(100.0, BASIS, mix=Mix(aid_sek=1))

"""How good a plan is, in words and by a sign, each degree otherwise than the others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from logistics.operations.view.day_view import RemedyView
from logistics.operations.view.kinds import Kind, Remedy
from maps import terms
from maps.i18n import Words
from maps.terms import Proof
from tests.maps.sample import sample_view


@pytest.mark.parametrize(
    ("gap", "proof", "said"),
    [
        (0.0, Proof.OPTIMAL, "Bevisat: ingen plan är billigare."),
        (0.004, Proof.CLOSE, "Bevisat högst 0,4\xa0% från bästa möjliga plan."),
        (0.31, Proof.LOOSE, "Inte bevisat nära bästa möjliga plan"),
        (0.7, Proof.NONE, "Hur långt planen är från den bästa är inte bevisat."),
        (None, Proof.NONE, "Hur långt planen är från den bästa är inte bevisat."),
    ],
)
def test_each_degree_of_proof_has_words_of_its_own(
    gap: float | None, proof: Proof, said: str
) -> None:
    totals = replace(sample_view().totals, gap=gap)
    assert terms.proof(totals) is proof
    assert terms.certificate(Words("sv"), totals).startswith(said)


def test_what_would_bring_a_shipment_is_one_change_with_its_price() -> None:
    said = {
        one: terms.remedy(
            Words("sv"),
            RemedyView(change=one, subject="Kumla", other="Nora", cost_sek=212.0, amount=15),
        )
        for one in Remedy
    }
    assert said[Remedy.VISIT] == "I dag: +212\xa0kr (besök Kumla)"
    assert said[Remedy.STOP_LATER] == "I dag: +212\xa0kr (ta Kumla efter Nora)"
    assert said[Remedy.WINDOW_LATER] == "I dag: +212\xa0kr (om Kumla tar emot 15 min längre)"
    assert len(set(said.values())) == len(Remedy)


def test_holds_that_wait_too_long_are_named_apart() -> None:
    w = Words("sv")
    assert terms.kind_name(w, Kind.HOLD, 2) == "2 reservationer"
    assert terms.kind_name(w, Kind.HOLD, 2, overdue=True) == "2 försenade reservationer"
    assert terms.kind_name(Words("en"), Kind.HOLD, 1, overdue=True) == "1 overdue hold"

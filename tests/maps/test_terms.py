"""How good a plan is, in words and by a sign, each degree otherwise than the others."""

from __future__ import annotations

from dataclasses import replace

import pytest

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

"""A booked day by every rule side by side: each sums, and who pays too much is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from logistics.errors import InputError
from logistics.operations.day.close import close_day
from logistics.operations.day.plan_day import plan_day
from logistics.operations.day.publish import publish
from logistics.operations.reports.compare_shares import TRANSPORT, compare_shares
from logistics.storage.session import reading, writing
from tests.operations.helpers import TUESDAY

if TYPE_CHECKING:
    from sqlalchemy import Engine

RULES = {
    "equal",
    "inhabitants",
    "mix",
    "nucleolus",
    "per-item",
    "per-stop",
    "shapley",
    "stand-alone",
}


def test_a_day_is_shared_by_every_rule(sample: Engine) -> None:
    plan_day(sample, TUESDAY, seconds=1)
    with writing(sample) as session:
        publish(session, TUESDAY)
        close_day(session, TUESDAY, as_planned=True)
    with reading(sample) as session:
        table = compare_shares(session, TUESDAY, TUESDAY)

    assert set(table.sek.by_rule) == RULES
    assert table.co2e_kg is not None
    assert set(table.co2e_kg) == RULES | {TRANSPORT}
    emitted = round(sum(table.co2e_kg[TRANSPORT].values()), 2)
    assert emitted > 0
    for rule in RULES:
        oere = sum(round(100 * share) for share in table.sek.by_rule[rule].values())
        assert oere == round(100 * table.sek.total_sek)
        assert round(sum(table.co2e_kg[rule].values()), 2) == emitted
    for rule, found in table.dearer.items():
        paid = table.sek.by_rule[rule]
        assert {next(iter(one.group)) for one in found if len(one.group) == 1} == {
            code for code, sek in paid.items() if sek > table.alone_sek[code] + 0.1
        }
    said = table.as_json()
    assert said["how_sure"] == f"all {said['groups']} groups of the day are proved"
    assert said["proved_groups"] == said["groups"] == 2 ** len(said["alone_sek"]) - 1
    assert said["sums_sek"]["shapley"] == said["total_sek"]
    assert set(said["shares_sek"]["shapley"]) == set(said["alone_sek"])


def test_a_span_without_books_is_refused(sample: Engine) -> None:
    with (
        reading(sample) as session,
        pytest.raises(InputError, match=r"expected booked days .* /v1/plans/DATE/close"),
    ):
        compare_shares(session, TUESDAY, TUESDAY)

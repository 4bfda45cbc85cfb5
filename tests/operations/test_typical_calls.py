"""How vans drive on each weekday, by the plans that were in force."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from logistics.operations.intake.typical_calls import MOST_PLANS, typical_calls
from logistics.operations.network.load_network import read_network
from logistics.storage.session import reading, writing
from tests.operations.test_match_returns import in_force

if TYPE_CHECKING:
    from sqlalchemy import Engine

TUESDAY = date(2026, 11, 24)


def test_the_newest_plans_of_each_weekday_count(network: Engine) -> None:
    kumla_first, nora_first = ("kumla", "nora"), ("nora", "kumla")
    with writing(network) as session:
        for weeks in range(MOST_PLANS + 1):
            order = nora_first if weeks in {1, MOST_PLANS} else kumla_first
            plan = in_force(TUESDAY - timedelta(weeks=weeks), order)
            plan.answer["runs"][0]["vehicle"] = "van-1"
            session.add(plan)
        draft = in_force(TUESDAY + timedelta(days=1), nora_first)
        draft.state = "draft"
        session.add(draft)
        session.add(in_force(TUESDAY + timedelta(days=2), nora_first))  # a van that is gone
    with reading(network) as session:
        found = typical_calls(session, read_network(session), stop_seconds=300)
    assert set(found) == {2}
    assert len(found[2].plans) == MOST_PLANS
    assert found[2].direct_share("nora", "kumla") == 1 / MOST_PLANS
    # Only one branch is called at besides, and the rest is priced as a detour or as the wait.
    assert found[2].added_sek("kumla", 100.0) == 0
    assert 0 < found[2].added_sek("laxa", 1_000.0) < 1_000

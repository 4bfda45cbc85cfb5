"""Shares of a booked day that rest on what groups of municipalities would pay by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logistics.operations.day.close import close_day
from logistics.operations.day.plan_day import plan_day
from logistics.operations.day.publish import publish
from logistics.operations.reports.report import build_report
from logistics.operations.reports.report_data import Rule
from logistics.operations.reports.share_games import share_games
from logistics.storage.session import reading, writing
from tests.operations.helpers import TUESDAY

if TYPE_CHECKING:
    from sqlalchemy import Engine


def test_a_booked_day_is_shared_by_its_cost_game(sample: Engine) -> None:
    plan_day(sample, TUESDAY, seconds=1)
    with writing(sample) as session:
        publish(session, TUESDAY)
        close_day(session, TUESDAY, as_planned=True)
    told: list[tuple[int, int]] = []
    with reading(sample) as session:
        games = share_games(
            session,
            TUESDAY,
            TUESDAY,
            on_day=lambda done, of: told.append((done, of)),
        )
        report = build_report(session, TUESDAY, games=games)
        plain = build_report(session, TUESDAY)
    assert told == [(1, 1)]
    for rule in (Rule.SHAPLEY, Rule.STAND_ALONE):
        assert round(sum(row.share(rule) or 0.0 for row in report.shares), 2) == round(
            report.totals.cost_sek, 2
        )
    assert len(report.shares) == len(games[TUESDAY].players)
    for row in report.shares:
        assert row.alone_sek is not None
        assert row.alone_sek > 0
    groups = games[TUESDAY].groups
    assert f"shares by the game: all {groups} groups of the day are proved" in report.caveats
    assert plain.shares[0].share(Rule.SHAPLEY) is None
    assert plain.shares[0].alone_sek is None

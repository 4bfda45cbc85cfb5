"""A change of the network is tried on a copy, kept once, and felt from its day on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from logistics.errors import ConflictError, InputError, NotFoundError
from logistics.network.patterns import Closure, Weeks
from logistics.operations.network.load_network import read_network
from logistics.operations.network.network_changes import (
    NewBranch,
    NewClosure,
    NewHours,
    NewServiceDays,
    changed,
    first_day_of,
    keep,
    open_again,
)
from logistics.operations.network.preview_week import WeekEffect, preview_week
from logistics.storage.session import reading, writing
from logistics.storage.tables import BranchRow, ClosureRow, RoadEdgeRow, ServicePatternRow
from tests.operations.helpers import TUESDAY

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from logistics.network.network import Network

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MONDAY = TUESDAY + timedelta(days=6)


def stored(engine: Engine) -> Network:
    with reading(engine) as session:
        return read_network(session)


def gyttorp(network: Network, **more: object) -> NewBranch:
    like = network.branch("nora")
    branch = replace(
        like, id="gyttorp", name="Gyttorps bibliotek", locality="Gyttorp", latitude=59.49,
        longitude=14.93, road_node="?", inhabitants=900, **more,
    )  # fmt: skip
    return NewBranch(branch=branch, weekdays=(1, 3))


def test_other_hours_hold_for_plans_and_say_who_said_so(network: Engine) -> None:
    change = NewHours(branch="nora", hours="Mo-Fr 13:00-15:00")
    before = stored(network)

    after = changed(before, change)
    with writing(network) as session:
        keep(session, change, revision=1, actor="coordinator")

    assert before.calendar.receiving_window("nora", TUESDAY) == (27_000, 61_200)
    for one in (after, stored(network)):
        assert one.calendar.receiving_window("nora", TUESDAY) == (46_800, 54_000)
    assert stored(network).branch("nora").hours_source == "coordinator"
    with pytest.raises(ConflictError, match="has changed since"), writing(network) as session:
        keep(session, change, revision=1)


def test_new_service_days_end_the_old_ones_on_the_eve(network: Engine) -> None:
    change = NewServiceDays(
        branch="hjortkvarn", weekdays=(2, 4), weeks=Weeks.EVERY, valid_from=MONDAY
    )
    with writing(network) as session:
        keep(session, change, actor="coordinator")

    calendar = stored(network).calendar
    served = [
        day
        for day in (TUESDAY + timedelta(days=n) for n in range(14))
        if calendar.is_served("hjortkvarn", day)
    ]
    assert [day.isoweekday() for day in served] == [3, 5, 2, 4]
    with writing(network) as session:  # a later thought replaces one that has not begun
        keep(session, replace(change, weekdays=(), valid_from=TUESDAY + timedelta(days=1)))
    with reading(network) as session:
        rows = select(ServicePatternRow).where(ServicePatternRow.branch == "hjortkvarn")
        assert [row.valid_until for row in session.scalars(rows)] == [TUESDAY]


def test_a_closure_is_kept_and_taken_back(network: Engine) -> None:
    closure = Closure(branch="nora", first_day=MONDAY, last_day=MONDAY, reason="golv")
    with writing(network) as session:
        keep(session, NewClosure(closure=closure), actor="coordinator")
    assert "golv" in (stored(network).calendar.why_not("nora", MONDAY) or "")
    with writing(network) as session:
        row = session.scalars(select(ClosureRow).where(ClosureRow.reason == "golv")).one()
        assert row.source == "coordinator"
        open_again(session, row.id or 0)
    assert stored(network).calendar.is_served("nora", MONDAY)
    with pytest.raises(NotFoundError, match="none of this number"), writing(network) as session:
        open_again(session, 99_999)


def test_a_new_branch_stands_on_the_roads(network: Engine) -> None:
    before = stored(network)
    with writing(network) as session:
        keep(session, gyttorp(before), actor="coordinator")

    after = stored(network)
    assert after.branch("gyttorp").service_days == (1, 3)
    assert after.calendar.is_served("gyttorp", MONDAY)
    assert len(after.roads.edges) - len(before.roads.edges) in {0, 1}
    with reading(network) as session:
        assert len(session.scalars(select(RoadEdgeRow)).all()) == len(after.roads.edges)
        assert session.get_one(BranchRow, "gyttorp").road_node != "?"
    with pytest.raises(InputError, match="gyttorp"), writing(network) as session:
        keep(session, gyttorp(after))


def test_what_does_not_fit_is_refused(network: Engine) -> None:
    now = stored(network)
    with pytest.raises(InputError, match="opening hours are 'whenever'"):
        changed(now, NewHours(branch="nora", hours="whenever"))
    with pytest.raises(InputError, match="opening hours"):
        changed(now, gyttorp(now, receiving_hours="never"))
    for change in (
        NewHours(branch="nowhere", hours=""),
        NewServiceDays(branch="nowhere", weekdays=(1,), weeks=Weeks.EVERY, valid_from=MONDAY),
        NewClosure(closure=Closure(branch="nowhere", first_day=MONDAY, last_day=MONDAY)),
    ):
        with pytest.raises(NotFoundError, match="nowhere"):
            changed(now, change)


def test_a_change_is_felt_tomorrow_or_on_its_own_first_day(network: Engine) -> None:
    late = date(2027, 1, 4)
    closure = NewClosure(closure=Closure(branch=None, first_day=late, last_day=late))
    assert first_day_of(closure, TUESDAY) == late
    assert first_day_of(NewHours(branch="nora", hours=""), TUESDAY) == TUESDAY + timedelta(days=1)
    assert first_day_of(closure, late) == late + timedelta(days=1)
    assert stored(network).branch("nora")


def week(engine: Engine, change: object, **how: float) -> WeekEffect:
    with reading(engine) as session:
        return preview_week(session, change, TUESDAY, iterations=40, **{"seconds": 600.0} | how)  # type: ignore[arg-type]


def test_a_week_is_planned_with_a_change_and_without(sample: Engine) -> None:
    closure = Closure(branch="askersund", first_day=MONDAY, last_day=MONDAY + timedelta(days=1))
    shut = week(sample, NewClosure(closure=closure))

    assert [one.day for one in shut.days][:2] == [MONDAY, MONDAY + timedelta(days=1)]
    assert len(shut.days) == 5
    assert not shut.estimated
    assert shut.complete
    assert shut.sek_after < shut.sek_before
    for day in shut.days[:2]:
        assert "askersund" in {one.destination for one in day.before.deliveries}
        assert "askersund" not in {one.destination for one in day.after.deliveries}
    same = week(sample, NewHours(branch="nora", hours="Mo-Fr 07:30-17:00"))
    assert same.days[0].day == TUESDAY + timedelta(days=1)
    assert [one.before for one in same.days] == [one.after for one in same.days]
    assert same.items_after == same.items_before > 0


def test_without_a_last_week_the_demand_is_an_estimate_and_time_is_bounded(
    network: Engine,
) -> None:
    added = week(network, gyttorp(stored(network)))
    assert added.estimated
    assert added.items_before > 0
    assert added.metres_after != added.metres_before
    stopped = week(network, NewHours(branch="nora", hours=""), seconds=-1.0)
    assert not stopped.complete
    assert stopped.days == ()
    assert stopped.waiting_after == stopped.waiting_before == 0

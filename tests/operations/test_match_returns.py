"""Returned items go where days and kronor are fewest, and each journey keeps its reason and day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from logistics.demand.matching.records import lending_rules
from logistics.demand.returns import Hold, ReturnedItem
from logistics.demand.transfers import Transfer, TransferKind, transfer_id
from logistics.operations.day.cut_off import DEFAULT_CUT_OFF_SECONDS, plan_at
from logistics.operations.intake import turn_round
from logistics.operations.intake.lending import lend_by
from logistics.operations.intake.match_returns import MatchBy
from logistics.operations.intake.promises import packing_day, read_timetable
from logistics.operations.intake.receive import accept, receive_transfers
from logistics.operations.intake.receive_returns import receive_holds, receive_returns
from logistics.planning.plan import Route, plan_to_json
from logistics.planning.problem import Problem, Site, Vehicle, problem_to_json
from logistics.planning.timing import build_plan
from logistics.storage.session import reading, writing
from logistics.storage.tables import EventRow, PlanRow, TransferRow

if TYPE_CHECKING:
    from sqlalchemy import Engine

NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)


def back(item: str, at: str, minute: int) -> ReturnedItem:
    moment = NOON.replace(minute=minute)
    return ReturnedItem(item=item, title="t", owner="hallsberg", at=at, returned_at=moment)


def waits(reference: str, pickup: str, position: int) -> Hold:
    return Hold(
        reference=reference, title="t", pickup=pickup, placed_at=NOON, queue_position=position
    )


def take_in(network: Engine, by: MatchBy) -> dict[str, tuple[str, str]]:
    with writing(network) as session:
        receive_holds(session, [waits("first", "kumla", 1), waits("second", "nora", 2)], by=by)
        items = [back("at-nora", "nora", 1), back("at-kumla", "kumla", 2)]
        receive_returns(session, items, by=by)
    with reading(network) as session:
        rows = session.scalars(select(TransferRow))
        return {row.item: (row.origin, row.destination) for row in rows}


def test_copies_that_are_where_readers_wait_do_not_cross_on_the_road(network: Engine) -> None:
    assert take_in(network, MatchBy.BEST) == {}


def test_the_plain_rule_sends_the_first_copy_to_the_first_reader(network: Engine) -> None:
    assert take_in(network, MatchBy.PLAIN) == {
        "at-nora": ("nora", "kumla"),
        "at-kumla": ("kumla", "nora"),
    }


def test_what_libraries_do_not_lend_elsewhere_goes_home_and_not_to_the_reader(
    network: Engine,
) -> None:
    lend_by(network, lending_rules(["dvd"], ["hallsberg:kumla:game"]))
    with writing(network) as session:
        receive_holds(session, [waits("first", "kumla", 1), waits("second", "laxa", 2)])
        items = [
            replace(back("film", "nora", 1), material="dvd"),
            replace(back("dice", "nora", 2), material="game"),
        ]
        receive_returns(session, items)
    with reading(network) as session:
        rows = session.scalars(select(TransferRow))
        assert {row.item: row.destination for row in rows} == {"film": "hallsberg", "dice": "laxa"}


def test_the_reason_is_kept_with_the_journey(network: Engine) -> None:
    with writing(network) as session:
        receive_holds(session, [waits("first", "kumla", 1)])
        (receipt,) = receive_returns(session, [back("b", "nora", 1)])
    with reading(network) as session:
        cause = session.scalars(
            select(EventRow.cause).where(EventRow.transfer_id == receipt.transfer_id)
        ).one()
    assert cause == receipt.why
    assert "days to a reader at kumla" in cause
    assert "SEK there and home" in cause


@pytest.mark.parametrize(
    ("asked", "day"),
    [
        (datetime(2026, 11, 24, 4, 59, tzinfo=UTC), date(2026, 11, 24)),
        (datetime(2026, 11, 24, 5, 0, tzinfo=UTC), date(2026, 11, 25)),
    ],
)
def test_what_is_asked_before_six_may_ride_the_same_day(asked: datetime, day: date) -> None:
    assert packing_day(asked, DEFAULT_CUT_OFF_SECONDS) == day


# Nora and Hallsberg are served every weekday. Asked for at half past ten on Monday: a van planned
# later still fetches it, and has it there by Tuesday; one planned earlier comes on Tuesday.
@pytest.mark.parametrize(
    ("cut_off_seconds", "promised"),
    [
        (None, date(2026, 11, 25)),
        (37_800, date(2026, 11, 25)),
        (37_801, date(2026, 11, 24)),
    ],
)
def test_the_hour_of_planning_moves_the_promise(
    network: Engine, cut_off_seconds: int | None, promised: date
) -> None:
    with writing(network) as session:
        accept(receive_transfers(session, [asked("before")]))  # remembers the calendar
    if cut_off_seconds is not None:
        plan_at(network, cut_off_seconds)
    with writing(network) as session:
        (receipt,) = accept(receive_transfers(session, [asked("r1")]))
    with reading(network) as session:
        assert session.get_one(TransferRow, receipt.transfer_id).promised_on == promised


def asked(request: str) -> Transfer:
    return Transfer(
        id=transfer_id(request),
        request_id=request,
        item=request,
        kind=TransferKind.HOLD,
        origin="nora",
        destination="hallsberg",
        requested_at=datetime(2026, 11, 23, 9, 30, tzinfo=UTC),
    )


def test_each_journey_is_promised_a_day_of_the_calendar(network: Engine) -> None:
    with writing(network) as session:
        (receipt,) = receive_returns(session, [back("b", "nora", 1)])
    with reading(network) as session:
        row = session.get_one(TransferRow, receipt.transfer_id)
        timetable = read_timetable(session)
    assert timetable is not None
    calendar = timetable.calendar
    assert row.promised_on is not None
    assert calendar.is_served("hallsberg", row.promised_on)
    first = calendar.next_service("nora", date(2026, 11, 23))
    assert first is not None
    assert row.promised_on > first
    assert timetable.promise("nora", "atlantis", NOON) is None


# Noon is after the hour of planning, so the books ride on Tuesday 24 November at the earliest.
@pytest.mark.parametrize(
    ("order", "service_date", "lent"),
    [
        pytest.param(("nora", "kumla"), date(2026, 11, 24), "nora", id="only one is called at"),
        pytest.param(("lekeberg", "kumla"), date(2026, 11, 24), "lekeberg", id="only the other"),
        pytest.param(
            ("nora", "kumla", "lekeberg"), date(2026, 11, 17), "nora", id="last week's order"
        ),
        pytest.param(
            ("lekeberg", "kumla", "nora"), date(2026, 11, 17), "lekeberg", id="the other way round"
        ),
    ],
)
def test_the_plan_in_force_tells_which_copy_is_on_its_way(
    network: Engine, order: tuple[str, ...], service_date: date, lent: str
) -> None:
    with writing(network) as session:
        session.add(in_force(service_date, order))
    with writing(network) as session:
        receive_holds(session, [waits("first", "kumla", 1)])
        at_home = [back("b", "nora", 1), back("a", "lekeberg", 2)]
        receive_returns(session, [replace(item, owner=item.at) for item in at_home])
    with reading(network) as session:
        (row,) = session.scalars(select(TransferRow))
    assert row.origin == lent


@pytest.mark.parametrize(
    ("asked", "lent"),
    [
        pytest.param(NOON.replace(minute=5), "lekeberg", id="the same day"),
        pytest.param(NOON.replace(day=30), "nora", id="a week later"),
    ],
)
def test_a_book_is_turned_round_by_the_plan_of_the_day_it_is_asked_for(
    network: Engine, monkeypatch: pytest.MonkeyPatch, asked: datetime, lent: str
) -> None:
    monkeypatch.setattr(turn_round, "now", lambda: asked)
    with writing(network) as session:
        session.add(in_force(date(2026, 11, 24), ("lekeberg", "kumla", "nora")))
        session.add(in_force(date(2026, 12, 1), ("nora", "kumla", "lekeberg")))
        receive_returns(session, [back("b", "nora", 1), back("a", "lekeberg", 2)])
        receive_holds(session, [waits("first", "kumla", 1)])
    with reading(network) as session:
        (row,) = session.scalars(select(TransferRow).where(TransferRow.kind == "hold"))
    assert row.origin == lent


def in_force(day: date, order: tuple[str, ...]) -> PlanRow:
    places = ("orebro", *order)
    van = Vehicle(
        id="van",
        capacity=10,
        shift=(0, 60_000),
        max_seconds=40_000,
        fixed_cost=0.0,
        cost_per_km=3.5,
        cost_per_hour=330.0,
    )
    square = tuple(tuple(600 * (i != j) for j in range(len(places))) for i in range(len(places)))
    problem = Problem(
        name=day.isoformat(),
        hub="orebro",
        sites=tuple(Site(id=place, stop_seconds=300) for place in places),
        travel_metres=square,
        travel_seconds=square,
        vehicles=(van,),
        shipments=(),
        handling_seconds_per_item=2,
        break_=None,
    )
    plan = build_plan(problem, [Route(vehicle=0, sites=tuple(range(1, len(places))))])
    return PlanRow(
        service_date=day,
        version=1,
        state="published",
        problem=problem_to_json(problem),
        answer=plan_to_json(plan),
        cost_sek=plan.cost.total,
        status="feasible",
        solve_seconds=0.0,
        travel_source="road-graph",
    )

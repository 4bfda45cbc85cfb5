from __future__ import annotations

import pytest

from logistics.demand.matching.calendar_days import expected_days, promised_day
from logistics.demand.matching.journeys import (
    Journeys,
    journeys_of_week,
    journeys_on,
    mean_journeys,
)
from logistics.demand.matching.planned_calls import Call, PlannedCalls, TypicalCalls
from logistics.errors import InputError, NotFoundError
from tests.demand.conftest import FRIDAY, TUESDAY, WeekCalendar

MONDAY = TUESDAY.replace(day=23)
PLACES = ("orebro", "kumla", "nora")


@pytest.mark.parametrize(
    ("origin", "destination", "expected"),
    [
        pytest.param("nora", "nora", 0.0, id="already there"),
        pytest.param("nora", "orebro", 0.0, id="to the hub with today's van"),
        pytest.param("orebro", "nora", 0.0, id="from the hub with today's van"),
        pytest.param("nora", "kumla", 1.5, id="direct today has half, else Friday's van"),
    ],
)
def test_friday(origin: str, destination: str, expected: float) -> None:
    assert expected_days(WeekCalendar(), origin, destination, "orebro", FRIDAY) == expected


def test_a_branch_served_on_mondays_waits_for_it() -> None:
    calendar = WeekCalendar({"nora": {0}})
    # Tuesday: fetched Monday 30 (6 days); half direct, half on Tuesday 1 December (7 days).
    assert expected_days(calendar, "nora", "kumla", "orebro", TUESDAY) == 6.5
    assert expected_days(calendar, "orebro", "nora", "orebro", TUESDAY) == 6
    # No common day: fetched Monday, delivered Thursday.
    apart = WeekCalendar({"nora": {0}, "kumla": {3}})
    assert expected_days(apart, "nora", "kumla", "orebro", MONDAY) == 3


@pytest.mark.parametrize(
    ("origin", "destination", "day"),
    [
        pytest.param("nora", "nora", 27, id="already there"),
        pytest.param("nora", "orebro", 27, id="to the hub with today's van"),
        pytest.param("orebro", "nora", 27, id="from the hub with today's van"),
        pytest.param("nora", "kumla", 30, id="over the hub with Monday's van"),
        pytest.param("kumla", "laxa", None, id="nobody ever calls there"),
        pytest.param("laxa", "kumla", None, id="nobody ever fetches it"),
    ],
)
def test_the_promise_holds_for_those_that_do_not_ride_direct(
    origin: str, destination: str, day: int | None
) -> None:
    found = promised_day(WeekCalendar({"laxa": set()}), origin, destination, "orebro", FRIDAY)
    assert found == (None if day is None else FRIDAY.replace(day=day))
    if found is not None:
        expected = expected_days(WeekCalendar(), origin, destination, "orebro", FRIDAY)
        assert expected <= (found - FRIDAY).days


def test_days_and_kronor_between_all_places() -> None:
    found = journeys_on(WeekCalendar(), PLACES, "orebro", TUESDAY, handling_sek=0.4)
    assert found.between("nora", "kumla") == pytest.approx((0.5, 0.4 * 1.5))
    assert found.between("orebro", "kumla") == pytest.approx((0.0, 0.4))
    assert found.between("nora", "nora") == (0.0, 0.0)
    with pytest.raises(NotFoundError, match="place 'narnia' is unknown"):
        found.between("narnia", "nora")


@pytest.mark.parametrize(
    ("detour", "sek"),
    [
        pytest.param(20.0, 4.5, id="Wednesday's van is cheaper than the detour"),
        pytest.param(3.0, 3.0, id="the detour is cheaper than to wait for Wednesday"),
    ],
)
def test_a_call_that_is_not_planned_costs_the_detour_or_the_wait(detour: float, sek: float) -> None:
    planned = PlannedCalls(calls={"kumla": call(0, 0)}, detour_sek={"nora": detour})
    found = journeys_on(
        WeekCalendar(),
        PLACES,
        "orebro",
        TUESDAY,
        handling_sek=0.4,
        planned=planned,
        sek_per_day=4.5,
    )
    assert found.between("nora", "kumla") == pytest.approx((0.5, 0.6 + sek))
    assert found.between("kumla", "nora") == pytest.approx((0.5, 0.6 + sek))
    assert found.between("orebro", "kumla") == pytest.approx((0.0, 0.4))


def test_a_detour_counts_only_where_a_van_may_call_that_day() -> None:
    closed = WeekCalendar({"nora": {3}})
    planned = PlannedCalls(calls={"kumla": call(0, 0)}, detour_sek={"nora": 3.0})
    alike = [
        journeys_on(closed, PLACES, "orebro", TUESDAY, handling_sek=0.4, **more)
        for more in ({}, {"planned": planned, "sek_per_day": 4.5})
    ]
    assert alike[0] == alike[1]


@pytest.mark.parametrize(
    ("nora", "kumla", "days", "handlings"),
    [
        pytest.param((0, 0), (0, 1), 0.0, 1, id="later on the same run"),
        pytest.param((0, 1), (0, 0), 1.0, 2, id="earlier on the same run"),
        pytest.param((0, 0), (1, 0), 1.0, 2, id="on a run at the same time"),
        pytest.param((0, 0), (2, 0), 0.0, 1, id="on a run after the first is back"),
    ],
)
def test_the_order_of_planned_calls_tells_what_rides_direct(
    nora: tuple[int, int], kumla: tuple[int, int], days: float, handlings: int
) -> None:
    planned = PlannedCalls(calls={"nora": call(*nora), "kumla": call(*kumla)})
    found = journeys_on(
        WeekCalendar(), PLACES, "orebro", TUESDAY, handling_sek=0.4, planned=planned
    )
    assert found.between("nora", "kumla") == pytest.approx((days, 0.4 * handlings))


def call(run: int, number: int) -> Call:
    start, end = (40_000, 60_000) if run == 2 else (25_000, 40_000)
    return Call(run=run, number=number, run_start=start, run_end=end)


def test_a_week_is_the_mean_of_its_days() -> None:
    week = journeys_of_week(WeekCalendar(), PLACES, "orebro", MONDAY, handling_sek=0.4)
    # Nora to Kumla from Monday to Sunday: 0.5 four times, Friday 1.5, Saturday 2.5, Sunday 1.5.
    found = mean_journeys(week)
    assert found.between("nora", "kumla") == pytest.approx(((4 * 0.5 + 1.5 + 2.5 + 1.5) / 7, 0.6))
    with pytest.raises(InputError, match="expected one day or more, all between the same places"):
        mean_journeys([])


def test_a_typical_week_tells_what_rides_direct_on_the_day_it_is_fetched() -> None:
    # On Tuesdays half of the plans reach Kumla after Nora, on Mondays every plan does.
    after = PlannedCalls(calls={"nora": call(0, 0), "kumla": call(0, 1)})
    before = PlannedCalls(calls={"nora": call(0, 1), "kumla": call(0, 0)})
    missed = PlannedCalls(calls={"kumla": call(0, 0)}, detour_sek={"nora": 3.0})
    tuesdays = TypicalCalls(plans=(after, before, before, missed))
    typical = {1: TypicalCalls(plans=(after,)), 2: tuesdays}
    week = journeys_of_week(
        WeekCalendar(),
        PLACES,
        "orebro",
        MONDAY,
        handling_sek=0.4,
        typical=typical,
        sek_per_day=4.5,
    )
    assert week[0].between("nora", "kumla") == pytest.approx((0.0, 0.4))
    # A quarter calls at Kumla later, another one not at Nora, of which half is taken to be direct.
    direct = (1 + 0.5) / 4
    expected = (1 - direct, 0.4 * (2 - direct) + 3.0 / 4)
    assert week[1].between("nora", "kumla") == pytest.approx(expected)
    # Wednesday has no plan. What is packed on Saturday is fetched on Monday, by Monday's plans.
    assert week[2].between("nora", "kumla") == pytest.approx((0.5, 0.6))
    assert week[5].between("nora", "kumla") == pytest.approx((2.0, 0.4))
    # The plan of the day itself weighs more than those of its weekday.
    found = journeys_on(
        *(WeekCalendar(), PLACES, "orebro", TUESDAY),
        handling_sek=0.4,
        planned=after,
        typical=typical,
    )
    assert found.between("nora", "kumla") == pytest.approx((0.0, 0.4))
    with pytest.raises(InputError, match="typical calls: no plan is given"):
        TypicalCalls(plans=())


def test_where_no_van_has_the_time_one_item_more_waits() -> None:
    planned = PlannedCalls(calls={"kumla": call(0, 0)})
    found = journeys_on(
        *(WeekCalendar(), PLACES, "orebro", FRIDAY),
        handling_sek=0.4,
        planned=planned,
        sek_per_day=4.5,
    )
    # From Friday to Monday; the hub itself costs nothing.
    assert found.between("nora", "orebro")[1] == pytest.approx(0.4 + 3 * 4.5)
    assert found.between("kumla", "orebro")[1] == pytest.approx(0.4)


def test_faulty_matrices_are_refused() -> None:
    with pytest.raises(InputError) as caught:
        Journeys(places=("a", "a"), days=((0.0, 1.0),), sek=((0.0, -1.0), (0.0, 0.0)))
    assert caught.value.problems == [
        "journeys: a place stands twice",
        "journeys: days is not 2 x 2, expected a row for each place",
        "journeys: sek has a negative entry, expected 0 or more",
    ]

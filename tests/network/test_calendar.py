from __future__ import annotations

import time as clock
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logistics.errors import InputError, NotFoundError
from logistics.network.calendar import ServiceCalendar
from logistics.network.hours import open_window
from logistics.network.patterns import (
    Closure,
    ServicePattern,
    Weeks,
    parse_weekdays,
    weekdays_text,
)
from logistics.network.public_holidays import holiday_name

if TYPE_CHECKING:
    from logistics.network.network import Network

TUESDAY = date(2026, 11, 24)
H = 3_600


def calendar(
    *patterns: ServicePattern,
    closures: tuple[Closure, ...] = (),
    hours: str | None = None,
) -> ServiceCalendar:
    return ServiceCalendar(
        patterns=patterns, closures=closures, receiving_hours={"nora": hours}, hub="hub"
    )


def weekly(weekdays: str = "Mo-Fr", **more: object) -> ServicePattern:
    return ServicePattern(branch="nora", weekdays=parse_weekdays(weekdays), **more)  # type: ignore[arg-type]


class TestWeekdays:
    def test_small_branches_are_not_served_on_tuesdays(self, shipped: Network) -> None:
        own = shipped.calendar
        assert own.is_served("nora", TUESDAY)
        assert not own.is_served("asbro", TUESDAY)
        assert own.why_not("asbro", TUESDAY) == "besöks inte på tisdagar, bara mån, ons, fre"
        assert (
            own.why_not("asbro", TUESDAY, "en") == "not served on Tuesdays, only on Mon, Wed, Fri"
        )
        assert own.next_service("asbro", TUESDAY) == date(2026, 11, 25)

    @pytest.mark.parametrize(
        ("text", "days"),
        [
            ("Mo-Fr", (1, 2, 3, 4, 5)),
            ("Mo,We,Fr", (1, 3, 5)),
            ("Fr", (5,)),
            ("Sa-Mo", (1, 6, 7)),
            ("Mo-Su", (1, 2, 3, 4, 5, 6, 7)),
        ],
    )
    def test_weekdays_are_read_as_openstreetmap_writes_them(
        self, text: str, days: tuple[int, ...]
    ) -> None:
        assert parse_weekdays(text) == days
        assert parse_weekdays(weekdays_text(days)) == days

    @given(st.sets(st.integers(1, 7), min_size=1))
    def test_weekdays_survive_writing_and_reading(self, days: set[int]) -> None:
        assert parse_weekdays(weekdays_text(days)) == tuple(sorted(days))

    @pytest.mark.parametrize("text", ["", "mo", "Mo-", "Monday", "Mo;We", "1-5"])
    def test_junk_is_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match="not in tuple"):
            parse_weekdays(text)

    @pytest.mark.parametrize("days", [(), (0,), (8,)])
    def test_pattern_without_a_weekday_is_refused(self, days: tuple[int, ...]) -> None:
        with pytest.raises(InputError, match="expected ISO weekdays 1 to 7"):
            ServicePattern(branch="nora", weekdays=days)


class TestWeekParity:
    def test_odd_weeks_run_twice_where_week_53_meets_week_1(self) -> None:
        # 2026 has 53 ISO weeks, and 53 and 1 are both odd: Tuesdays 29 December and 5 January.
        odd = calendar(weekly("Tu", weeks=Weeks.ODD))
        assert date(2026, 12, 29).isocalendar().week == 53
        assert odd.service_days_between("nora", date(2026, 12, 14), date(2027, 1, 20)) == [
            date(2026, 12, 15),
            date(2026, 12, 29),
            date(2027, 1, 5),
            date(2027, 1, 19),
        ]

    def test_even_weeks_wait_three_weeks_at_the_turn_of_such_a_year(self) -> None:
        # Week 52 is followed by 53, 1 and 2.
        even = calendar(weekly("Tu", weeks=Weeks.EVEN))
        assert even.is_served("nora", date(2026, 12, 22))
        assert even.next_service("nora", date(2026, 12, 22)) == date(2027, 1, 12)

    def test_parity_goes_by_iso_week_not_by_the_year_of_the_date(self) -> None:
        # 1 January 2027 is a Friday of week 53 of 2026.
        assert Weeks.ODD.includes(date(2027, 1, 1))
        assert not Weeks.EVEN.includes(date(2027, 1, 1))
        assert Weeks.EVERY.includes(date(2027, 1, 1))

    def test_reason_names_the_week(self) -> None:
        even = calendar(weekly("We", weeks=Weeks.EVEN))
        day = date(2026, 12, 2)
        assert even.why_not("nora", day) == "besöks bara jämna veckor, det här är vecka 49"
        assert even.why_not("nora", day, "en") == "served in even weeks only, this is week 49"
        odd = calendar(weekly("We", weeks=Weeks.ODD))
        assert odd.why_not("nora", date(2026, 11, 25)) == (
            "besöks bara udda veckor, det här är vecka 48"
        )

    def test_any_of_several_patterns_serves(self) -> None:
        both = calendar(weekly("Mo"), weekly("We", weeks=Weeks.ODD))
        assert both.service_days_between("nora", date(2026, 11, 22), date(2026, 12, 6)) == [
            date(2026, 11, 23),
            date(2026, 11, 30),
            date(2026, 12, 2),
        ]


class TestHolidays:
    @pytest.mark.parametrize(
        ("day", "name"),
        [
            (date(2026, 6, 19), "Midsommarafton"),
            (date(2026, 12, 24), "Julafton"),
            (date(2026, 12, 31), "Nyårsafton"),
            (date(2027, 1, 6), "Trettondedag jul"),
            (date(2027, 5, 6), "Kristi himmelsfärdsdag"),
            (date(2028, 6, 6), "Nationaldagen"),
        ],
    )
    def test_holidays_and_eves_are_not_served(self, day: date, name: str) -> None:
        daily = calendar(weekly("Mo-Su"))
        assert daily.why_not("nora", day) == f"helgdag ({name})"
        assert not daily.is_service_day(day)

    @pytest.mark.parametrize("day", [date(2026, 12, 23), date(2026, 6, 18), date(2027, 4, 30)])
    def test_the_day_before_and_half_days_are_served(self, day: date) -> None:
        assert calendar(weekly("Mo-Su")).is_served("nora", day)

    def test_a_sunday_is_no_holiday_of_its_own(self) -> None:
        assert calendar(weekly("Su")).is_served("nora", date(2026, 11, 29))

    def test_names_come_in_both_languages(self) -> None:
        assert holiday_name(date(2026, 12, 24), "en") == "Christmas Eve"
        assert holiday_name(TUESDAY) is None

    def test_christmas_2026_stops_service_from_thursday_to_monday(self) -> None:
        # 24 December is a Thursday; 25 and 26 are holidays, 27 a Sunday.
        daily = calendar(weekly())
        assert daily.next_service("nora", date(2026, 12, 23)) == date(2026, 12, 28)


class TestClosures:
    CLOSED = Closure(
        branch="nora",
        first_day=date(2026, 11, 24),
        last_day=date(2026, 11, 26),
        reason="flytt",
    )

    @pytest.mark.parametrize(
        ("day", "served"),
        [
            (date(2026, 11, 23), True),
            (date(2026, 11, 24), False),
            (date(2026, 11, 26), False),
            (date(2026, 11, 27), True),
        ],
    )
    def test_both_ends_are_closed(self, day: date, served: bool) -> None:
        assert calendar(weekly(), closures=(self.CLOSED,)).is_served("nora", day) is served

    def test_reason_says_until_when_and_why(self) -> None:
        closed = calendar(weekly(), closures=(self.CLOSED,))
        assert closed.why_not("nora", TUESDAY) == "stängt till och med 2026-11-26: flytt"
        assert closed.why_not("nora", TUESDAY, "en") == "closed until 2026-11-26: flytt"
        assert closed.next_service("nora", date(2026, 11, 23)) == date(2026, 11, 27)

    def test_overlapping_closures_tell_the_later_end(self) -> None:
        longer = Closure(branch="nora", first_day=TUESDAY, last_day=date(2026, 12, 4))
        closed = calendar(weekly(), closures=(self.CLOSED, longer))
        assert closed.why_not("nora", TUESDAY) == "stängt till och med 2026-12-04"

    def test_closing_the_service_closes_hub_and_branches(self) -> None:
        everything = Closure(branch=None, first_day=TUESDAY, last_day=TUESDAY, reason="snö")
        closed = calendar(weekly(), closures=(everything,))
        assert closed.why_not("nora", TUESDAY) == "ingen trafik till och med 2026-11-24: snö"
        assert closed.why_not("hub", TUESDAY, "en") == "no service until 2026-11-24: snö"

    def test_closure_that_ends_before_it_begins_is_refused(self) -> None:
        with pytest.raises(InputError, match="closure of the whole service: last_day is"):
            Closure(branch=None, first_day=TUESDAY, last_day=TUESDAY - timedelta(days=1))


class TestHours:
    def test_window_is_in_seconds_since_midnight_both_ends_included(self) -> None:
        own = calendar(weekly(), hours="Mo-Fr 07:30-17:00")
        assert own.receiving_window("nora", TUESDAY) == (7.5 * H, 17 * H)

    @pytest.mark.parametrize("hours", [None, "24/7"])
    def test_no_hours_and_all_hours_are_no_window(self, hours: str | None) -> None:
        assert calendar(weekly(), hours=hours).receiving_window("nora", TUESDAY) is None

    def test_the_longest_opening_counts_and_of_equal_ones_the_first(self) -> None:
        assert open_window("Mo-Fr 08:00-11:30,12:30-17:00", TUESDAY) == (12.5 * H, 17 * H)
        assert open_window("Mo-Fr 08:00-10:00,12:00-14:00", TUESDAY) == (8 * H, 10 * H)

    def test_touching_openings_are_one(self) -> None:
        assert open_window("Mo-Fr 08:00-12:00; Tu 12:00-13:00 open", TUESDAY) is not None
        assert open_window("Tu 08:00-12:00,12:00-17:00", TUESDAY) == (8 * H, 17 * H)

    def test_public_holidays_of_sweden_are_known(self) -> None:
        assert open_window("Mo-Fr 08:00-17:00; PH off", date(2026, 12, 24)) is None
        assert open_window("Mo-Fr 08:00-17:00; PH off", date(2026, 12, 23)) == (8 * H, 17 * H)

    @pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
    def test_clock_times_stay_clock_times_when_the_clock_changes(self, day: date) -> None:
        assert open_window("Mo-Su 01:00-17:00", day) == (1 * H, 17 * H)

    def test_opening_past_midnight_ends_with_the_day(self) -> None:
        assert open_window("Tu 20:00-26:00", TUESDAY) == (20 * H, 24 * H)

    def test_a_branch_that_receives_nothing_is_not_served(self) -> None:
        own = calendar(weekly(), hours="Mo,We 08:00-17:00")
        assert own.why_not("nora", TUESDAY) == "tar inte emot på tisdagar"
        assert own.receiving_window("nora", TUESDAY) is None
        assert own.is_served("nora", date(2026, 11, 25))

    def test_junk_is_refused(self) -> None:
        with pytest.raises(InputError, match="opening hours are 'Mon-Fri', expected OpenStreetMap"):
            open_window("Mon-Fri", TUESDAY)


class TestHub:
    def test_hub_rests_when_no_branch_is_served(self) -> None:
        own = calendar(weekly("Mo"))
        assert own.is_service_day(date(2026, 11, 23))
        assert own.is_served("hub", date(2026, 11, 23))
        assert own.receiving_window("hub", date(2026, 11, 23)) is None
        assert own.why_not("hub", TUESDAY) == "inget bibliotek besöks den här dagen"

    def test_unknown_branch_is_told(self) -> None:
        with pytest.raises(NotFoundError, match="branch 'narnia' is not in the service calendar"):
            calendar(weekly()).is_served("narnia", TUESDAY)

    def test_branch_without_a_pattern_is_never_served(self) -> None:
        never = calendar()
        assert never.why_not("nora", TUESDAY) == "har inga turdagar"
        assert never.next_service("nora", TUESDAY) is None

    def test_pattern_holds_between_its_dates_both_included(self) -> None:
        some = calendar(weekly(valid_from=TUESDAY, valid_until=date(2026, 11, 25)))
        days = some.service_days_between("nora", date(2026, 11, 1), date(2026, 12, 31))
        assert days == [TUESDAY, date(2026, 11, 25)]

    def test_no_days_between_a_day_and_itself(self) -> None:
        assert calendar(weekly()).service_days_between("nora", TUESDAY, TUESDAY) == []


@given(
    weekdays=st.sets(st.integers(1, 7), min_size=1),
    weeks=st.sampled_from(Weeks),
    start=st.dates(date(2024, 1, 1), date(2035, 12, 31)),
)
def test_next_service_is_the_first_served_day(
    weekdays: set[int], weeks: Weeks, start: date
) -> None:
    own = calendar(ServicePattern(branch="nora", weekdays=tuple(sorted(weekdays)), weeks=weeks))
    found = own.next_service("nora", start)
    assert found is not None
    assert own.service_days_between("nora", start, found) == [found]


def test_a_million_questions_take_a_second_or_so(shipped: Network) -> None:
    # A simulated year asks some 250 days x 1,000 transfers x a few questions.
    own, days = shipped.calendar, [TUESDAY + timedelta(days=n) for n in range(100)]
    begin = clock.perf_counter()
    for _ in range(100):
        for branch in own.branches[:20]:
            for day in days:
                own.is_served(branch, day)
    assert clock.perf_counter() - begin < 2  # 200,000 questions, ten times slower than usual

"""Timing against a brute force that tries every start and every begin of service."""

from __future__ import annotations

from random import Random

import pytest

from logistics.planning.check_times import Moments, least
from logistics.planning.schedule import Road, best_timing

NEVER = 2**40


def road(**changes: object) -> Road:
    """Ten minutes out, a service of five, ten back; a day of 100 minutes from minute 0."""
    usual = {
        "travel": (10, 10),
        "service": (5,),
        "windows": ((0, NEVER),),
        "earliest": 0,
        "latest": 100,
        "max_seconds": 100,
    }
    return Road(**{**usual, **changes})  # type: ignore[arg-type]


def brute(way: Road) -> tuple[int, int] | None:
    """Fewest paid seconds and earliest start, by trying every moment; breaks as the rule says."""
    plain = _brute(way, None)
    if way.break_rule is None or plain is None or plain[0] <= way.break_rule[0]:
        return plain
    rested = [_brute(way, stop) for stop in range(len(way.service))]
    return min((found for found in rested if found is not None), default=None)


def _brute(way: Road, rest: int | None) -> tuple[int, int] | None:
    pause = 0 if rest is None or way.break_rule is None else way.break_rule[1]
    found = [
        (end - start - pause, start)
        for start in range(way.earliest, way.latest + 1)
        for end in _ends(way, rest, pause, start, 0, start, 0)
        if end <= way.latest and end - start <= way.max_seconds
    ]
    return min(found, default=None)


def _ends(
    way: Road, rest: int | None, pause: int, start: int, stop: int, now: int, rested: int
) -> set[int]:
    if now > way.latest:
        return set()
    if stop == len(way.service):
        end = now + way.travel[-1]
        late = way.break_rule is not None and rest is not None and end - rested > way.break_rule[0]
        return set() if late else {end}
    ends = set()
    opens, closes = way.windows[stop]
    for begin in range(max(now + way.travel[stop], opens), min(closes, way.latest) + 1):
        done = begin + way.service[stop]
        if stop == rest and way.break_rule is not None:
            if done - start > way.break_rule[0]:
                continue
            ends |= _ends(way, rest, pause, start, stop + 1, done + pause, done + pause)
        else:
            ends |= _ends(way, rest, pause, start, stop + 1, done, rested)
    return ends


def random_road(dice: Random) -> Road:
    stops = dice.randint(1, 3)
    return Road(
        travel=[dice.randint(0, 4) for _ in range(stops + 1)],
        service=[dice.randint(0, 3) for _ in range(stops)],
        windows=[_window(dice) for _ in range(stops)],
        earliest=dice.randint(0, 5),
        latest=dice.randint(8, 22),
        max_seconds=dice.choice([6, 9, 12, 40]),
        break_rule=(dice.randint(2, 9), dice.randint(0, 4)) if dice.random() < 0.7 else None,
    )


def _window(dice: Random) -> tuple[int, int]:
    if dice.random() < 0.4:
        return 0, NEVER
    opens = dice.randint(0, 14)
    return opens, opens + dice.randint(0, 5)


def test_timing_and_checker_agree_with_brute_force() -> None:
    dice = Random(20261124)
    breaks = impossible = 0
    for _ in range(1500):
        way = random_road(dice)
        expected = brute(way)
        timing = best_timing(way)
        found = None if timing is None else (timing.paid_seconds, timing.start)
        assert found == expected, way
        clock = least(_moments(way))
        assert (clock and clock[:2]) == expected, way
        impossible += expected is None
        breaks += timing is not None and timing.break_after is not None
    # The comparison means something only if all kinds came up.
    assert breaks > 50
    assert impossible > 50


def _moments(way: Road) -> Moments:
    rule = way.break_rule or (NEVER, 0)
    return Moments(
        travel=tuple(way.travel),
        service=tuple(way.service),
        windows=tuple(way.windows),
        earliest=way.earliest,
        latest=way.latest,
        max_seconds=way.max_seconds,
        after_seconds=rule[0],
        pause=rule[1],
    )


def test_a_run_starts_late_rather_than_wait() -> None:
    # Opens at 40: leaving at 30 costs 25 minutes of pay, leaving at 0 would cost 55.
    timing = best_timing(road(windows=((40, 50),)))
    assert timing is not None
    assert (timing.start, timing.end, timing.paid_seconds) == (30, 55, 25)


@pytest.mark.parametrize(
    ("closes", "feasible"),
    [pytest.param(10, True, id="at the end"), pytest.param(9, False, id="1 late")],
)
def test_service_begins_within_the_window_ends_included(closes: int, *, feasible: bool) -> None:
    assert (best_timing(road(windows=((0, closes),))) is not None) == feasible


@pytest.mark.parametrize(("longest", "feasible"), [(25, True), (24, False)])
def test_a_run_lasts_at_most_its_longest(longest: int, *, feasible: bool) -> None:
    assert (best_timing(road(max_seconds=longest)) is not None) == feasible


@pytest.mark.parametrize(("after", "due"), [(25, False), (24, True)])
def test_a_break_is_due_only_when_the_run_is_longer(after: int, *, due: bool) -> None:
    timing = best_timing(road(break_rule=(after, 30)))
    assert timing is not None
    assert (timing.break_after is not None) == due
    assert timing.paid_seconds == 25
    assert timing.end - timing.start == (55 if due else 25)


def test_service_before_a_break_may_begin_late_on_purpose() -> None:
    # The second stop opens at 60, so the run ends at 70 at the earliest. At most 25 after the
    # break means it ends at 45 or later, so the first service waits although its site is open.
    way = road(
        travel=(10, 10, 10),
        service=(5, 0),
        windows=((0, 38), (60, 60)),
        break_rule=(25, 5),
        earliest=10,
    )
    timing = best_timing(way)
    assert timing is not None
    assert timing.break_after == 0
    assert timing.depart[0] + 5 >= 70 - 25
    assert timing.begin[0] > timing.arrive[0] or timing.start > 10

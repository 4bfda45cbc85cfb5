"""When a run is expected, from what was ticked: by hand on a run of two stops."""

from __future__ import annotations

import dataclasses

import pytest

from api.queries.progress import Mark, Progress, forecast
from logistics.operations.view.place_records import PlaceView
from logistics.operations.view.run_records import RunView, StopView

H = 3600
PLACE = PlaceView(id="nora", name="Nora", short_name="Nora", point=(59.5, 15.0))


def stop(number: int, arrive: int, opens: int | None = None) -> StopView:
    begin = max(arrive, opens or 0)
    return StopView(
        number=number,
        place=PLACE,
        arrive=arrive,
        begin=begin,
        depart=begin + 600,
        unload=(),
        load=(),
        items_aboard=0,
        window=None if opens is None else (opens, 17 * H),
    )


#: Leaves at 7:00, half an hour to a stop that opens at 7:40, another half an hour, and home.
RUN = RunView(
    number=1,
    vehicle="van-1",
    vehicle_name="Bil 1",
    capacity_items=800,
    items_per_crate=20,
    start=7 * H,
    end=9 * H,
    stops=(stop(1, 7 * H + 1800, 7 * H + 2400), stop(2, 8 * H + 1200)),
    legs=(),
)


@pytest.mark.parametrize(
    ("so_far", "now", "expected"),
    [
        # Nothing ticked, the morning before: as planned.
        (Progress(), 6 * H, ["7:30", "8:20", "9:00"]),
        # Should have left at 7:00 and has not: ten minutes late, of which the wait takes none
        # at the first stop, for the van then comes just when it opens.
        (Progress(), 7 * H + 600, ["7:40", "8:20", "9:00"]),
        (Progress(), 7 * H + 1200, ["7:50", "8:30", "9:10"]),
        # Left five minutes late: the wait at the first stop eats them.
        (Progress(departed=7 * H + 300), 7 * H + 360, ["7:35", "8:20", "9:00"]),
        # Should be there and is not: expected now.
        (Progress(departed=7 * H), 7 * H + 3000, ["7:50", "8:30", "9:10"]),
        # There, and still there after its ten minutes.
        (
            Progress(departed=7 * H, marks={1: Mark(arrived=7 * H + 1800)}),
            8 * H,
            ["7:30", "8:30", "9:10"],
        ),
        # Done ten minutes early: the rest comes ten minutes early.
        (
            Progress(departed=7 * H, marks={1: Mark(arrived=7 * H + 1800, done=7 * H + 2400)}),
            7 * H + 2400,
            ["7:30", "8:10", "8:50"],
        ),
        # Passed by, because it was closed: on from there.
        (
            Progress(departed=7 * H, marks={1: Mark(skipped=7 * H + 1860)}),
            7 * H + 1860,
            ["7:30", "8:01", "8:41"],
        ),
        # Back.
        (
            Progress(
                departed=7 * H,
                returned=8 * H + 3000,
                marks={1: Mark(done=7 * H + 2400), 2: Mark(done=8 * H + 900)},
            ),
            12 * H,
            ["7:30", "8:10", "8:50"],
        ),
    ],
)
def test_the_expected_times_follow_the_ticks(
    so_far: Progress, now: int, expected: list[str]
) -> None:
    times = [f"{at // H}:{at % H // 60:02d}" for at in forecast(RUN, so_far, now)]
    assert times == expected


def test_the_next_step_is_the_first_that_is_not_ticked() -> None:
    steps = [
        Progress(),
        Progress(departed=1),
        Progress(departed=1, marks={1: Mark(arrived=2)}),
        Progress(departed=1, marks={1: Mark(skipped=2)}),
        Progress(departed=1, marks={2: Mark(done=2)}),
        Progress(departed=1, marks={1: Mark(done=2), 2: Mark(done=3)}),
        Progress(departed=1, returned=5),
    ]
    assert [one.next_step(2) for one in steps] == [0, 1, 1, 2, 1, 3, 4]
    assert dataclasses.replace(steps[1], departed=None).next_step(2) == 0

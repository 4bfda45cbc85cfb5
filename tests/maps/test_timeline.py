from __future__ import annotations

import dataclasses
import itertools
import re
from typing import TYPE_CHECKING

import pytest

from maps.timeline import Doing, phases, timeline_html, timeline_svg
from tests.maps import hostile
from tests.maps.sample import sample_view

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.browser import Tab

VIEW = sample_view()
RUN = VIEW.runs[0]


def test_phases_follow_each_other_from_start_to_end() -> None:
    for run in VIEW.runs:
        found = phases(run)
        assert (found[0].begin, found[-1].end) == (run.start, run.end)
        assert all(a.end == b.begin for a, b in itertools.pairwise(found))


def test_phases_are_the_drives_stops_and_breaks_of_the_run() -> None:
    found = phases(RUN)
    time = {doing: sum(p.end - p.begin for p in found if p.doing is doing) for doing in Doing}
    assert time[Doing.DRIVE] == sum(leg.arrive - leg.depart for leg in RUN.legs)
    assert time[Doing.STOP] == sum(stop.depart - stop.begin for stop in RUN.stops)
    assert time[Doing.BREAK] == RUN.break_seconds
    assert time[Doing.WAIT] == 0
    assert RUN.end - RUN.start - time[Doing.BREAK] == RUN.paid_seconds


def test_a_van_that_comes_early_waits() -> None:
    late = dataclasses.replace(RUN.stops[0], begin=RUN.stops[0].arrive + 60)
    found = phases(dataclasses.replace(RUN, stops=(late, *RUN.stops[1:])))
    assert found[1].doing is Doing.WAIT
    assert found[1].end - found[1].begin == 60


def test_bars_lie_where_the_clock_says() -> None:
    # 06:30 on an axis from 06 to 16 that is 888 wide and begins at 96: 96 + 888 / 20.
    svg = timeline_svg(VIEW)
    assert re.search(r'<rect class="drive" x="140\.4"', svg)
    assert svg.count('class="at"') == 18


def test_now_is_shown_only_within_the_day() -> None:
    assert "09:10" in timeline_svg(VIEW, now=33_000)
    assert 'class="now"' not in timeline_svg(VIEW, now=80_000)


def test_empty_day_has_an_empty_timeline() -> None:
    assert 'class="at"' not in timeline_svg(dataclasses.replace(VIEW, runs=()))


@pytest.mark.browser
def test_timeline_has_a_twin_table(tab: Callable[..., Tab], tmp_path: Path) -> None:
    for view, language in ((VIEW, "sv"), (hostile.hostile_view(), "en")):
        opened = tab(width=360, dark=language == "en")
        page = opened.open(timeline_html(view, language=language, page=True), tmp_path)
        page.locator("summary").click()
        assert page.locator("table").first.locator("tbody tr").count() == len(phases(view.runs[0]))
        assert page.locator("img, b[onmouseover]").count() == 0
        assert opened.sideways() == 0
        assert opened.faults() == []
        opened.assert_clean()

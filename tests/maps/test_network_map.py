from __future__ import annotations

import dataclasses
from datetime import date
from typing import TYPE_CHECKING

import pytest

from logistics.network.calendar import ServiceCalendar
from logistics.network.load import load_network
from logistics.network.patterns import Closure
from logistics.operations.network.build_network_view import build_network_view
from logistics.operations.network.network_view import ClosureView, Sureness
from maps.i18n import Words
from maps.network_map import network_map_html, weekday_names
from tests.maps import hostile

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from logistics.network.network import Network
    from tests.browser import Tab

DAY = date(2026, 11, 24)
CLOSED = Closure(branch="nora", first_day=date(2026, 11, 23), last_day=DAY, reason="Ombyggnad")
OVER = Closure(branch="nora", first_day=date(2026, 11, 2), last_day=date(2026, 11, 3), reason="x")


def network_with(*closures: Closure) -> Network:
    network = load_network()
    old = network.calendar
    calendar = ServiceCalendar(
        patterns=old.patterns, closures=closures, receiving_hours=old.receiving_hours, hub=old.hub
    )
    return dataclasses.replace(network, calendar=calendar)


VIEW = build_network_view(network_with(CLOSED, OVER), DAY)


def test_unsure_branches_and_roads_come_first() -> None:
    order = [Sureness.LOW, Sureness.MEDIUM, Sureness.HIGH]
    for rows in (VIEW.branches, VIEW.roads):
        ranks = [order.index(row.sureness) for row in rows]
        assert ranks == sorted(ranks)


def test_closures_that_are_over_are_left_out() -> None:
    nora = next(branch for branch in VIEW.branches if branch.place.id == "nora")
    assert nora.closures == (
        ClosureView(first_day=date(2026, 11, 23), last_day=DAY, reason="Ombyggnad"),
    )


def test_hub_is_no_branch() -> None:
    assert VIEW.hub.id not in {branch.place.id for branch in VIEW.branches}


def test_page_says_days_hours_closures_and_sureness() -> None:
    html = network_map_html(VIEW)
    assert "Stängt 2026-11-23 till 2026-11-24: Ombyggnad" in html
    assert "mån, ons, fre" in html
    assert "inte bekräftad" in html
    assert len(html.encode()) < 1_500_000


@pytest.mark.browser
@pytest.mark.parametrize("language", ["sv", "en"])
def test_network_map_opens_without_network(
    tab: Callable[..., Tab], tmp_path: Path, language: str
) -> None:
    opened = tab(width=1280 if language == "sv" else 360)
    page = opened.open(network_map_html(VIEW, language=language), tmp_path)
    page.locator("button[data-show='grythyttan']").click()
    assert "Grythyttans bibliotek" in page.locator(".leaflet-popup-content").inner_text()
    assert opened.sideways() == 0
    assert opened.faults() == []
    opened.assert_clean()


@pytest.mark.browser
def test_hostile_names_appear_as_text(tab: Callable[..., Tab], tmp_path: Path) -> None:
    names = iter(hostile.NAMES * 9)
    branches = tuple(
        dataclasses.replace(
            branch,
            place=dataclasses.replace(branch.place, name=(name := next(names)), short_name=name),
            source=name,
            hours=name,
        )
        for branch in VIEW.branches
    )
    opened = tab()
    page = opened.open(network_map_html(dataclasses.replace(VIEW, branches=branches)), tmp_path)
    page.locator("button[data-show]").first.click()
    assert page.locator("img, b[onmouseover]").count() == 0
    assert hostile.TEMPLATE in page.locator("body").inner_text()
    opened.assert_clean()


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ((1, 2, 3, 4, 5), "mån–fre"),  # noqa: RUF001  # a span
        ((1, 3, 5), "mån, ons, fre"),
        ((1, 2), "mån, tis"),
        ((1, 2, 3, 5), "mån–ons, fre"),  # noqa: RUF001  # a span
        ((3,), "ons"),
        ((), "–"),  # noqa: RUF001  # the sign for nothing
    ],
)
def test_weekdays_in_a_row_are_said_as_a_span(days: tuple[int, ...], said: str) -> None:
    assert weekday_names(Words("sv"), days) == said

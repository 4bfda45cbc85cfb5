from __future__ import annotations

import dataclasses
import itertools
import math
import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from logistics.operations.view.day_view import TotalsView
from maps.day_map import day_map_html
from maps.drawn import Tiles
from maps.stops import sums
from tests.maps import hostile
from tests.maps.sample import sample_view

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.browser import Tab

VIEW = sample_view()
GRYTHYTTAN = next(s for s in VIEW.runs[0].stops if s.place.id == "grythyttan")


@pytest.fixture(scope="module")
def page_text() -> str:
    return day_map_html(VIEW)


def test_same_day_makes_the_same_file(page_text: str) -> None:
    assert day_map_html(VIEW) == page_text


def test_map_weighs_less_than_one_and_a_half_megabytes(page_text: str) -> None:
    assert len(page_text.encode()) < 1_500_000


def test_map_names_no_other_host(page_text: str) -> None:
    # Names of XML dialects and the address in Leaflet's comment are never fetched; what a
    # browser would fetch stands in src, href, url(...) or @import.
    fetched = re.findall(r"(?:src|href)=[\"']?(?!data:|#)([^\"'\s>]+)", page_text)
    assert [address for address in fetched if "://" in address and "leafletjs" not in address] == []
    assert re.findall(r"url\((?!data:|#|\")[^)]*\)", page_text) == []
    assert "@import" not in page_text
    assert "sourceMappingURL" not in page_text


def test_page_says_day_language_and_lets_the_reader_zoom(page_text: str) -> None:
    assert '<html lang="sv">' in page_text
    assert "<title>Turer tisdag 24 november 2026</title>" in page_text
    assert "user-scalable" not in page_text
    assert "maximum-scale" not in page_text
    assert "Runs of Tuesday 24 November 2026" in day_map_html(VIEW, language="en")


def test_tables_say_who_comes_when_to_grythyttan(page_text: str) -> None:
    # Stop 4 of run 1, at 08:04, two items off (both rode with the van from the hub), six on.
    row = re.search(r'<tr data-key="1-4">.*?</tr>', page_text, re.DOTALL)
    assert row is not None
    cells = re.sub(r"<[^>]+>|\s+", " ", row[0]).split()
    assert cells == ["4", "Grythyttan", "08:04", "2", "6", "167"]


def test_sums_are_by_the_place_at_the_other_end_direct_first() -> None:
    off = sums(GRYTHYTTAN, "unload")
    assert sum(n for _, n, _ in off) == sum(b.items for b in GRYTHYTTAN.unload)
    rides = [ride.value for _, _, ride in sums(GRYTHYTTAN, "load")]
    assert rides == sorted(rides, key=lambda ride: ride != "direct")


def test_served_assets_are_links_and_scripts_carry_the_nonce() -> None:
    html = day_map_html(VIEW, assets="/static/maps/", nonce="abc123")
    assert '<script nonce="abc123" src="/static/maps/leaflet.js"></script>' in html
    assert '<link rel="stylesheet" href="/static/maps/theme.css">' in html
    assert re.findall(r"<script(?! nonce=\"abc123\")", html) == []
    assert len(html) < 250_000


def test_tiles_are_used_only_when_set(page_text: str) -> None:
    assert "tileLayer" not in page_text.rsplit("startMap", maxsplit=1)[-1]
    tiles = Tiles(url="https://tiles.example/{z}/{x}/{y}.png", attribution="<b>Somebody</b>")
    html = day_map_html(VIEW, tiles=tiles)
    assert "https://tiles.example/{z}/{x}/{y}.png" in html
    assert "<b>Somebody</b>" not in html


def test_certificate_is_said_in_words() -> None:
    def said(gap: float | None) -> str:
        totals = dataclasses.replace(VIEW.totals, gap=gap)
        return day_map_html(dataclasses.replace(VIEW, totals=totals))

    assert "Bevisat: ingen plan är billigare." in said(0.0001)
    assert "Bevisat högst 0,4\N{NO-BREAK SPACE}% från bästa möjliga plan." in said(0.004)
    assert "inte bevisat" in said(None)


def test_hostile_names_stay_text_in_the_source() -> None:
    html = day_map_html(hostile.hostile_view())
    assert "<img src=x" not in html
    assert "49{%" not in html
    assert "&#123;&#123; 7*7 &#125;&#125;" in html
    assert "{{ 7*7 }}" in unescape(html)
    assert "\u202e" not in html


def test_old_runs_lie_below_the_new() -> None:
    changed = dataclasses.replace(VIEW, runs=VIEW.runs[:1])
    html = day_map_html(changed, before=VIEW)
    assert "F\\u00f6re \\u00e4ndringen" in html
    assert html.count('"className": "before"') == sum(len(run.legs) for run in VIEW.runs)
    order = [html.index(f'"className": "{css}') for css in ("border", "road", "before", "run-1")]
    assert order == sorted(order)


@pytest.mark.browser
def test_map_works_under_a_content_security_policy(tab: Callable[..., Tab]) -> None:
    policy = (
        "default-src 'none'; script-src 'self' 'nonce-n0'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:"
    )
    opened = tab()
    html = day_map_html(VIEW, nonce="n0")
    headers = {"content-security-policy": policy, "content-type": "text/html; charset=utf-8"}
    opened.page.route(
        "http://127.0.0.1/map", lambda route: route.fulfill(body=html, headers=headers)
    )
    opened.page.goto("http://127.0.0.1/map")
    opened.page.locator("button[data-show='1-4']").click()
    assert "08:04" in opened.page.locator(".leaflet-popup-content").inner_text()
    opened.assert_clean()


@pytest.mark.browser
@pytest.mark.parametrize("language", ["sv", "en"])
def test_map_opens_without_network_and_answers(
    tab: Callable[..., Tab], tmp_path: Path, language: str
) -> None:
    opened = tab()
    page = opened.open(day_map_html(VIEW, language=language), tmp_path)
    assert page.locator(".leaflet-marker-icon[role=button]").count() == 18 + 1 + 1
    assert page.locator("path.run-1").count() == 17

    page.locator("button[data-show='1-4']").click()

    popup = page.locator(".leaflet-popup-content").inner_text()
    assert "Grythyttans bibliotek" in popup
    assert "Bil 1" in popup
    assert "08:04" in popup
    assert {"sv": "Av: 2", "en": "Off: 2"}[language] in popup
    assert page.locator("tr.selected th").inner_text() == "Grythyttan"
    assert opened.faults() == []
    opened.assert_clean()


@pytest.mark.browser
def test_stop_opens_by_keyboard_and_by_address(tab: Callable[..., Tab], tmp_path: Path) -> None:
    opened = tab()
    page = opened.open(day_map_html(VIEW), tmp_path)
    page.locator(".leaflet-marker-icon[title^='Stopp 3,']").focus()
    page.keyboard.press("Enter")
    assert "Hällefors bibliotek" in page.locator(".leaflet-popup-content").inner_text()
    page.keyboard.press("Escape")
    page.locator(".leaflet-popup").wait_for(state="detached")
    assert page.evaluate("document.activeElement.title").startswith("Stopp 3,")
    page.goto(page.url + "#stop-2-1")
    page.reload()
    assert "Fellingsbro bibliotek" in page.locator(".leaflet-popup-content").inner_text()


@pytest.mark.browser
def test_hostile_names_appear_as_text(tab: Callable[..., Tab], tmp_path: Path) -> None:
    opened = tab(dark=True)
    page = opened.open(day_map_html(hostile.hostile_view()), tmp_path)
    assert page.locator("img").count() == 0
    text = page.locator("body").inner_text()
    assert hostile.SCRIPT in text
    assert hostile.TEMPLATE in text
    assert hostile.QUOTES in text
    for key in ("1-1", "1-4", "1-5", "2-1", "2-2"):
        page.locator(f"button[data-show='{key}']").click()
    assert opened.faults() == []
    opened.assert_clean()


@pytest.mark.browser
def test_phone_and_empty_day(tab: Callable[..., Tab], tmp_path: Path) -> None:
    nothing = TotalsView(
        items_delivered=0, items_at_hub=0, items_left=0, fixed_sek=0, stops_sek=0,
        distance_sek=0, time_sek=0, delay_sek=0, distance_metres=0, paid_seconds=0,
    )  # fmt: skip
    empty = dataclasses.replace(VIEW, runs=(), undelivered=(), totals=nothing)
    for view in (VIEW, empty):
        opened = tab(width=360, height=740)
        page = opened.open(day_map_html(view), tmp_path)
        assert opened.sideways() == 0
        assert opened.faults() == []
        opened.assert_clean()
    assert "Ingen bil kör i dag." in page.locator("body").inner_text()


@pytest.mark.browser
def test_no_marker_hides_another(tab: Callable[..., Tab], tmp_path: Path) -> None:
    # All of the first run's stops at one place: the worst a crowded town can do to a map.
    run = VIEW.runs[0]
    spot = run.stops[0].place.point
    stops = tuple(
        dataclasses.replace(stop, place=dataclasses.replace(stop.place, point=spot))
        for stop in run.stops[:5]
    )
    view = dataclasses.replace(VIEW, runs=(dataclasses.replace(run, stops=stops), VIEW.runs[1]))
    page = tab().open(day_map_html(view), tmp_path)
    page.wait_for_function("document.querySelector('.nudge').style.transform !== ''")
    boxes = [mark.bounding_box() for mark in page.locator(".leaflet-marker-icon .marker").all()]
    centres = [(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) for box in boxes if box]
    assert min(math.dist(a, b) for a, b in itertools.combinations(centres, 2)) > 20

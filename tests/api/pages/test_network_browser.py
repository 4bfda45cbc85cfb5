"""The network pages in a real Chromium: accessible in every state, a library placed by a click."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from logistics.operations.network import preview_week
from logistics.storage.session import writing
from logistics.storage.tables import BranchRow, ClosureRow
from tests.api.conftest import NOW
from tests.maps.hostile import EMOJI, LONG, RIGHT_TO_LEFT, SCRIPT

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.api.pages.conftest import Live
    from tests.browser import Tab

pytestmark = pytest.mark.browser
# Half of them wide and Swedish, the others narrow and English; the map in both.
STATES = [
    "",
    "?vy=kalender",
    "?vy=vagar",
    "?vy=stangt",
    "/nora",
    "/nora/oppettider?timmar=8.00",
    "/nora/stangning?fran=2026-12-01&till=2026-12-02",
    "/ny",
    "/ny?visa=1&adress=x",
]


@pytest.fixture(autouse=True)
def _short_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(preview_week.preview_week.__kwdefaults__, "iterations", 20)


@pytest.mark.parametrize(
    ("width", "dark", "language", "states"),
    [(1280, False, "sv", STATES[::2]), (360, True, "en", STATES[1::2] + STATES[:1])],
)
def test_every_state_is_accessible_and_fits(
    live: Live, tab: Callable[..., Tab], width: int, *, dark: bool, language: str, states: list[str]
) -> None:
    with writing(live.app.state.engine) as session:
        names = (SCRIPT, EMOJI, RIGHT_TO_LEFT, LONG)
        for branch, name in zip(session.scalars(select(BranchRow)), names * 6, strict=False):
            branch.name = name[:200]
        day = NOW.date()
        session.add(ClosureRow(branch="nora", first_day=day, last_day=day, reason=SCRIPT))
    opened = tab(width=width, dark=dark)
    page = live.log_in(opened, "coordinator", "/hjalp")
    found = {}
    for state in states:
        page.goto(f"{live.address}/natet{state}{'&' if '?' in state else '?'}lang={language}")
        found[state] = [*opened.faults(), *(["too wide"] if opened.sideways() else [])]
    assert found == {state: [] for state in states}
    assert opened.foreign == []
    assert [one for one in opened.complaints if "422" not in one] == []


def test_a_library_is_placed_by_a_click_on_the_map(live: Live, tab: Callable[..., Tab]) -> None:
    opened = tab(width=1280)
    page = live.log_in(opened, "coordinator", "/natet/ny")
    page.locator(".network-map .leaflet-container").click(position={"x": 60, "y": 300})
    page.get_by_text("Läget är hämtat från kartan.").wait_for()
    assert 55 < float(page.get_by_label("Latitud").input_value()) < 70
    assert page.locator("path.chosen-spot").count() == 1
    page.get_by_label("Namn").fill("Gyttorps bibliotek")
    page.get_by_label("Kommun").select_option(label="Nora")
    page.get_by_label("Ort").fill("Gyttorp")
    page.get_by_label("tis").check()
    page.get_by_role("button", name="Visa vad det gör").click()
    page.get_by_role("button", name="Spara").click()
    page.get_by_text("Gyttorps bibliotek är med i nätet.").wait_for()
    page.goto(f"{live.address}/natet")
    page.locator(".leaflet-marker-icon[title*=Gyttorp]").focus()
    page.keyboard.press("Enter")
    page.locator(".leaflet-popup").get_by_role("link", name="Se och ändra").click()
    assert page.url.endswith("/natet/gyttorps-bibliotek")
    opened.assert_clean()

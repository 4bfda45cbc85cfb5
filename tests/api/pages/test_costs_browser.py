"""The cost pages in a real Chromium: accessible in every state, whole on a phone."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from playwright.sync_api import expect
from sqlalchemy import select

from logistics.storage.session import writing
from logistics.storage.tables import BranchRow, MunicipalityRow
from tests.booked import book
from tests.maps.hostile import EMOJI, LONG, RIGHT_TO_LEFT, SCRIPT

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.api.pages.conftest import Live
    from tests.browser import Tab

pytestmark = pytest.mark.browser
# Half of them wide and Swedish, the others narrow and English; the month in both.
STATES = ["2026-11", "2026", "2026-11-12", "2027-01", "2026-11/tabell/relations", "2026-14"]


@pytest.mark.parametrize(
    ("width", "dark", "language", "states"),
    [(1280, True, "sv", STATES[::2]), (360, False, "en", STATES[1::2] + STATES[:1])],
)
def test_every_state_is_accessible_and_fits(
    live: Live, tab: Callable[..., Tab], width: int, *, dark: bool, language: str, states: list[str]
) -> None:
    with writing(live.app.state.engine) as session:
        names = (SCRIPT, EMOJI, RIGHT_TO_LEFT, LONG[:100])
        owners = session.scalars(select(MunicipalityRow)).all()
        for owner, name in zip(owners, names, strict=False):
            owner.name = name
        for branch, name in zip(session.scalars(select(BranchRow)), names * 5, strict=False):
            branch.name = name
        book(session, date(2026, 10, 26), date(2026, 11, 13), pairs=30)
    opened = tab(width=width, dark=dark)
    page = live.log_in(opened, "management", "/kostnader")
    found = {}
    for state in states:
        page.goto(f"{live.address}/kostnader/{state}?lang={language}")
        for closed in page.locator("details:not([data-closes])").all():
            closed.evaluate("one => { one.open = true; }")
        found[state] = [*opened.faults(), *(["too wide"] if opened.sideways() else [])]
    assert found == {state: [] for state in states}
    assert opened.foreign == []
    assert [one for one in opened.complaints if "404" not in one] == []


def test_a_chart_is_drawn_and_a_rule_chosen_without_scripts(
    live: Live, tab: Callable[..., Tab]
) -> None:
    with writing(live.app.state.engine) as session:
        book(session, date(2026, 10, 26), date(2026, 11, 13), pairs=20)
    page = live.log_in(tab(java_script_enabled=False), "management", "/kostnader")
    rules = page.get_by_role("navigation", name="Fördelningsregel")
    rules.get_by_role("link", name="efter invånare").click()
    assert page.url.endswith("regel=inhabitants#shares")
    assert rules.locator("[aria-current]").inner_text() == "efter invånare"
    drawing = page.request.get(f"{live.address}/kostnader/2026-11/diagram/trend").text()
    assert drawing.startswith("<svg")
    assert "http" not in drawing.replace("http://www.w3.org/", "")


@pytest.mark.parametrize("dark", [True, False])
def test_a_chart_is_as_dark_as_the_screen(
    live: Live, tab: Callable[..., Tab], *, dark: bool
) -> None:
    with writing(live.app.state.engine) as session:
        book(session, date(2026, 10, 26), date(2026, 11, 13), pairs=20)
    opened = tab(width=1280, dark=dark)
    page = live.log_in(opened, "management", "/kostnader")
    for closed in page.locator("details:has(.chart)").all():
        closed.evaluate("one => { one.open = true; }")
    for chart in page.locator(".chart img").all():
        chart.scroll_into_view_if_needed()
        expect(chart).to_have_js_property("complete", value=True, timeout=30_000)
        drawn = Image.open(BytesIO(chart.screenshot())).convert("L")
        ground = max(drawn.getcolors() or [])[1]
        assert ground < 64 if dark else ground > 192
        assert len(drawn.getcolors() or []) > 5, "nothing is drawn"
    assert [one for one in opened.complaints if "404" not in one] == []

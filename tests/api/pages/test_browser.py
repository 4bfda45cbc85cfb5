"""The pages in a real Chromium whose network is cut off: accessible, and whole without scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from logistics.storage.session import writing
from logistics.storage.tables import BranchRow
from tests.api.pages.people import PASSWORD
from tests.maps.hostile import LONG, SCRIPT

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.api.pages.conftest import Live
    from tests.browser import Tab

pytestmark = pytest.mark.browser
PAGES = ["/konto", "/sok", "/sok?q=7310", "/hjalp", "/hjalp/start", "/design", "/nowhere"]


@pytest.mark.parametrize(("width", "dark", "language"), [(1280, False, "sv"), (360, True, "en")])
def test_every_page_is_accessible_and_fits(
    live: Live, tab: Callable[..., Tab], width: int, *, dark: bool, language: str
) -> None:
    opened = tab(width=width, dark=dark)
    page = live.log_in(opened, "coordinator", "/hjalp")
    found = {}
    for path in PAGES:
        page.goto(f"{live.address}{path}{'&' if '?' in path else '?'}lang={language}")
        found[path] = [*opened.faults(), *(["too wide"] if opened.sideways() else [])]
        assert page.locator("html").get_attribute("lang") == language
    assert found == {path: [] for path in PAGES}
    assert opened.foreign == []
    assert [one for one in opened.complaints if "404" not in one] == []


def test_the_log_in_is_accessible_in_each_state(live: Live, tab: Callable[..., Tab]) -> None:
    opened = tab(width=360)
    page = opened.page
    for state in ("", "?because=ended", "?because=out"):
        page.goto(f"{live.address}/logga-in{state}")
        assert opened.faults() == [], state
    page.get_by_label("Namn").fill("karin")
    page.get_by_label("Lösenord").fill("wrong")
    page.keyboard.press("Enter")
    page.get_by_text("Namnet eller lösenordet stämmer inte").wait_for()
    assert opened.faults() == []
    assert page.get_by_label("Namn").input_value() == "karin"


def test_in_and_out_by_keyboard_alone(live: Live, tab: Callable[..., Tab]) -> None:
    opened = tab()
    page = opened.page
    page.goto(f"{live.address}/konto")
    page.get_by_label("Namn").focus()
    page.keyboard.type("driver")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Mitt konto").wait_for()
    page.wait_for_load_state("load")  # the script that listens for Escape comes last
    page.locator("summary", has_text="Konto").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Logga ut").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Logga ut").wait_for(state="hidden")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("Du är utloggad").wait_for()
    opened.assert_clean()


def test_pages_work_without_scripts(live: Live, tab: Callable[..., Tab]) -> None:
    opened = tab(java_script_enabled=False)
    page = live.log_in(opened, "branch", "/sok")
    page.get_by_label("Streckkod").fill("7310")
    page.locator("form.search button").click()
    page.get_by_text("Ingenting heter ”7310”").wait_for()
    page.locator("summary", has_text="Konto").click()
    page.get_by_role("button", name="Logga ut").click()
    page.get_by_text("Du är utloggad").wait_for()
    opened.assert_clean()


def test_a_hostile_name_is_text(live: Live, tab: Callable[..., Tab]) -> None:
    with writing(live.app.state.engine) as session:
        row = session.get_one(BranchRow, "laxa")
        row.name = (SCRIPT + LONG)[:200]
    opened = tab(width=360)
    page: Any = live.log_in(opened, "branch", "/konto")

    assert SCRIPT in page.locator("dd").last.inner_text()
    assert opened.sideways() == 0
    opened.assert_clean()

"""What the driver's page looks like in a real Chromium: seen whole, by all, with any names."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pytest
import zxingcpp
from PIL import Image
from sqlalchemy import select, update

from logistics.storage.session import writing
from logistics.storage.tables import BranchRow, PlanRow
from tests.api.conftest import NOW
from tests.api.pages.driving import run_of, steps, stops_of, whole_run
from tests.api.pages.people import PASSWORD
from tests.api.pages.phone import CALM, NO_SYNC, REST, at_stop, judge, on, overlap, ready, status
from tests.databases import copy_sqlite
from tests.maps.hostile import EMOJI, LONG, RIGHT_TO_LEFT, SCRIPT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy import Engine

    from tests.api.pages.conftest import Live
    from tests.browser import Tab

pytestmark = pytest.mark.browser


@pytest.fixture
def database_url(_published: Path, tmp_path: Path) -> str:
    return copy_sqlite(_published, tmp_path)


def test_the_next_stop_is_seen_whole_without_scrolling(
    phone: Callable[..., Tab], engine: Engine
) -> None:
    with writing(engine) as session:
        for stop in stops_of(engine):
            session.get_one(BranchRow, stop.branch_id).driver_note = "Personalingången, ring på."
    opened = phone()
    page = opened.page
    on(page, "KÖR", 1)
    for number in range(1, 10):
        card = page.locator(f'[data-step="{number}"]')
        for part in ("h2", ".clock", ".keys", "dl", ".act .primary", "summary.button"):
            box = card.locator(part).first.bounding_box()
            assert box["y"] >= 0, (number, part)
            assert box["y"] + box["height"] <= 640, (number, part)
        assert card.locator(".act .primary").bounding_box()["height"] >= 64
        assert overlap(card.locator("dl"), card.locator(".act")) <= 0, number
        on(page, "KLART", number + 1)
    assert opened.sideways() == 0
    opened.assert_clean()


def test_an_exception_covers_nothing_of_the_bundles(phone: Callable[..., Tab]) -> None:
    page = phone().page
    on(page, "KÖR", 1)
    card = page.locator('[data-step="1"]')
    card.locator(".more > summary").tap()
    card.locator("summary.button").tap()
    page.get_by_role("radio", name="Buntar saknas").locator("visible=true").check()
    for part in (".more li >> nth=0", ".more li >> nth=-1", ".act .danger"):
        card.locator(part).scroll_into_view_if_needed()
        assert overlap(card.locator(".more"), card.locator(".act")) <= 0, part
    assert card.locator(".act").evaluate("one => one.scrollHeight <= one.clientHeight + 1")


@pytest.mark.parametrize(("dark", "language"), [(False, "sv"), (True, "en")])
def test_every_state_is_accessible_and_fits(
    phone: Callable[..., Tab], live: Live, engine: Engine, *, dark: bool, language: str
) -> None:
    opened = phone(dark=dark)
    page = opened.page
    page.goto(f"{page.url}?lang={language}")
    ready(page)
    found: dict[str, list[str]] = {"start": judge(opened)}
    page.locator("form.ticking .big:visible").tap()
    at_stop(page, 1)
    found["ticked"] = judge(opened)
    page.locator("summary.button:visible").tap()
    page.locator("input[value=missing]:visible").check()
    found["exception"] = judge(opened)
    page.locator("summary.button:visible").tap()
    page.locator("#whole > summary").tap()
    page.locator(".more:visible > summary").tap()
    found["whole"] = judge(opened)
    page.goto("about:blank")  # else a tick that finds no run loads the page anew meanwhile
    with writing(engine) as session:
        session.execute(update(PlanRow).values(state="draft"))
    page.goto(f"{live.address}/tur")
    found["not published"] = judge(opened)
    assert {state: faults for state, faults in found.items() if faults} == {}
    assert opened.foreign == []


def test_a_run_by_keyboard_alone_in_english(
    live: Live, tab: Callable[..., Tab], engine: Engine
) -> None:
    opened = tab()
    opened.context.add_init_script(NO_SYNC)
    page = opened.page
    page.clock.install(time=NOW)
    page.goto(f"{live.address}/logga-in?next=/tur&lang=en")
    page.get_by_label("Name").focus()
    page.keyboard.type("driver")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    ready(page)
    for step, (kind, _) in enumerate(whole_run(9)):
        said = {"depart": "LEAVE", "done": "DONE", "return": "BACK"}[kind]
        while page.evaluate("document.activeElement.textContent.trim()") != said:
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        at_stop(page, step + 1)
        page.clock.fast_forward(CALM)
    page.get_by_role("heading", name="The run is done").wait_for()
    page.clock.fast_forward(REST)
    status(page, "connected")
    assert steps(engine) == whole_run(9)
    opened.assert_clean()


def test_hostile_names_are_text_on_a_narrow_phone(
    phone: Callable[..., Tab], engine: Engine
) -> None:
    names = [SCRIPT, LONG, RIGHT_TO_LEFT, EMOJI]
    with writing(engine) as session:
        for row, name in zip(session.scalars(select(BranchRow)), names * 9, strict=False):
            row.name = row.street_address = row.driver_note = name[:200]
            row.locality = name[:100]
    opened = phone()
    on(opened.page, "KÖR", 1)
    opened.page.locator("#whole > summary").tap()
    assert opened.sideways() == 0
    assert SCRIPT in opened.page.locator(".whole").inner_text()
    opened.assert_clean()


def test_the_codes_on_either_sheet_are_read_by_a_camera(
    phone: Callable[..., Tab], live: Live, engine: Engine
) -> None:
    opened = phone(width=1000, height=1400, device_scale_factor=2, role="coordinator")
    page = opened.page
    run = run_of(engine)
    for sheet in (f"/tur/{run.code}/blad", "/v1/plans/2026-11-24/sheets"):
        page.goto(f"{live.address}{sheet}")
        picture = Image.open(BytesIO(page.screenshot(full_page=True)))
        found = {one.text.rpartition("/tur/") for one in zxingcpp.read_barcodes(picture)}
        assert {code for _, _, code in found} == {run.code, *(s.code for s in stops_of(engine))}
        assert {address for address, _, _ in found} == {live.app.state.settings.public_url}
    opened.assert_clean()

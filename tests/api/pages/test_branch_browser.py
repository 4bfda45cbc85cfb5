"""The branch's page in a real Chromium: a scanner's day, with and without scripts; accessible."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, update

from logistics.storage.session import reading, writing
from logistics.storage.tables import BranchRow, LegRow, PlanRow, TransferRow
from tests.api.pages.people import PASSWORD
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


def moved(engine: Engine, end: str) -> list[TransferRow]:
    """What boards ("origin") or leaves ("destination") at Laxå today."""
    query = select(TransferRow).join(LegRow).where(getattr(LegRow, end) == "laxa")
    with reading(engine) as session:
        return list(session.scalars(query.order_by(TransferRow.item)))


def scan(page: Any, code: str, said: str) -> None:
    """As a scanner does, which is a keyboard that ends with Enter."""
    assert page.evaluate("document.activeElement.id") == "code"
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    page.locator("#notices .alert", has_text=re.compile(said)).wait_for()
    page.wait_for_function("document.activeElement.id === 'code'")
    assert page.locator("#code").input_value() == ""


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_day_of_a_branch(
    live: Live, tab: Callable[..., Tab], engine: Engine, *, scripts: bool
) -> None:
    opened = tab(java_script_enabled=scripts)
    page = live.log_in(opened, "branch", "/bibliotek")
    page.get_by_text(re.compile(r"Bil 1 kommer \d\d:\d\d")).wait_for()
    sent, brought = moved(engine, "origin"), moved(engine, "destination")
    if scripts:
        scan(page, sent[0].item, "packat")
        scan(page, brought[0].item, "Mottaget")
        scan(page, "7310", "Inget som heter 7310")
    page.get_by_role("button", name="Allt packat").click()
    page.get_by_text(re.compile(r"Packat: \d+ exemplar")).wait_for()
    page.get_by_label("Streckkod på exemplaret eller bunten").fill(brought[1].item)
    page.get_by_role("button", name="Rapportera saknad").locator("visible=true").click()
    page.get_by_text("Rapporterat saknat: 1 exemplar.").wait_for()
    page.get_by_role("button", name="Allt mottaget").click()
    page.get_by_text(re.compile(r"Mottaget: \d+ exemplar")).wait_for()
    page.get_by_role("button", name="Allt mottaget").wait_for(state="detached")

    assert {row.state for row in moved(engine, "origin")} == {"packed"}
    states = [row.state for row in moved(engine, "destination")]
    assert states == ["delivered", "missing", *["delivered"] * (len(states) - 2)]
    page.get_by_role("link", name="62 mm rulle").click()
    page.locator("article.label").first.wait_for()
    opened.assert_clean()


def test_a_day_of_a_branch_by_keyboard_in_english(
    live: Live, tab: Callable[..., Tab], engine: Engine
) -> None:
    opened = tab()
    page = opened.page
    page.goto(f"{live.address}/logga-in?next=/bibliotek&lang=en")
    page.get_by_label("Name").focus()
    page.keyboard.type("branch")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_text(re.compile(r"Bil 1 comes at \d\d:\d\d")).wait_for()
    for button, said in (("All packed", "Packed: "), ("All received", "Received: ")):
        while page.evaluate("document.activeElement.textContent.trim()") != button:
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.locator("#notices .alert", has_text=said).wait_for()
    assert {row.state for row in moved(engine, "origin")} == {"packed"}
    assert {row.state for row in moved(engine, "destination")} == {"delivered"}
    opened.assert_clean()


@pytest.mark.parametrize(("width", "dark", "language"), [(1280, True, "en"), (360, False, "sv")])
def test_every_state_is_accessible_and_fits(
    live: Live, tab: Callable[..., Tab], engine: Engine, width: int, *, dark: bool, language: str
) -> None:
    opened = tab(width=width, dark=dark)
    page = live.log_in(opened, "branch", f"/bibliotek/laxa?lang={language}")
    found = {"normal": judge(opened)}
    page.locator(".confirm summary").first.click()
    page.locator(".inside summary").first.click()
    page.locator("form[action$=packa] button.primary").click()
    page.locator("#notices .alert.good").wait_for()
    found["packed"] = judge(opened)
    page.locator("#code").fill("7310")
    page.keyboard.press("Enter")
    page.locator("#notices .alert.warn").wait_for()
    found["warned"] = judge(opened)
    with writing(engine) as session:
        session.execute(update(PlanRow).values(state="draft"))
    page.reload()
    found["not published"] = judge(opened)
    assert {state: faults for state, faults in found.items() if faults} == {}
    opened.assert_clean()


def judge(opened: Tab) -> list[str]:
    return [*opened.faults(), *(["too wide"] if opened.sideways() else [])]


def test_hostile_names_are_text_on_a_narrow_phone(
    live: Live, tab: Callable[..., Tab], engine: Engine
) -> None:
    names = [SCRIPT, LONG, RIGHT_TO_LEFT, EMOJI]
    with writing(engine) as session:
        for row, name in zip(session.scalars(select(BranchRow)), names * 9, strict=False):
            row.name, row.locality = name[:200], name[:100]
    opened = tab(width=360)
    page = live.log_in(opened, "branch", "/bibliotek")
    assert opened.sideways() == 0
    assert SCRIPT in page.locator("#branch").inner_text()
    opened.assert_clean()

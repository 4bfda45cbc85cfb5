"""The coordinator's whole day in a real Chromium without a network, by keyboard alone too."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Error
from sqlmodel import col, select

from api.app import create_app
from api.settings import Settings
from logistics.demand.importers.files import read_transfers
from logistics.operations.day.plan_day import plan_day
from logistics.operations.day.publish import publish
from logistics.operations.intake.receive import accept, receive_transfers
from logistics.operations.road.drive import drive
from logistics.operations.road.refused_ticks import keep_refused
from logistics.operations.road.ticks import Tick, TickKind
from logistics.operations.upkeep.schedule import PLAN_DAY, Schedule, handlers
from logistics.operations.upkeep.work import work
from logistics.storage.session import reading, writing
from logistics.storage.tables import BranchRow, DayChangeRow, JobRow, RunRow, ServicePatternRow
from tests.api.pages.conftest import moment, served
from tests.api.pages.people import PASSWORD
from tests.booked import more_branches
from tests.maps.hostile import LONG, SCRIPT
from tests.operations.helpers import SAMPLE_WEEK, TUESDAY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Engine
    from sqlmodel import Session

    from tests.api.pages.conftest import Live
    from tests.browser import Tab

pytestmark = pytest.mark.browser
DAY = "/dag/2026-11-24"
MOST_BYTES = 1_500_000
STOPS = 25


@pytest.fixture
def live(engine: Engine) -> Iterator[Live]:
    """The service with the sample week, quick to show changes."""
    asked = read_transfers(SAMPLE_WEEK.read_bytes())
    early = [one for one in asked if one.requested_at.date() < TUESDAY]
    with writing(engine) as session:
        accept(receive_transfers(session, early, source="csv"))
    settings = Settings(
        _env_file=None,
        worker=False,
        plan_workers=1,
        preview_seconds=0.2,
        rate_key="6000/minute",
    )  # fmt: skip
    with served(create_app(settings, engine=engine, now=moment)) as running:
        yield running


@pytest.fixture
def worker(live: Live) -> Iterator[None]:
    """Somebody who does what is asked for in the background."""
    stop, jobs = threading.Event(), handlers(Schedule(plan_seconds=0.4, workers=1))
    options = {"poll_seconds": 0.05}
    thread = threading.Thread(target=work, args=(live.app.state.engine, jobs, stop), kwargs=options)
    thread.start()
    yield
    stop.set()
    thread.join(20)


def plan(live: Live) -> None:
    plan_day(live.app.state.engine, TUESDAY, seconds=0.4, workers=1)


def every_branch_on_tuesdays(session: Session) -> None:
    """A day with as many stops as there are branches, all of them compulsory."""
    for row in session.scalars(select(BranchRow).where(col(BranchRow.is_hub).is_(False))).all():
        session.add(ServicePatternRow(branch=row.id, weekdays=[2]))
        details = {"service_date": TUESDAY, "kind": "must-visit", "subject": row.id}
        session.add(DayChangeRow(**details))


def press(page: Any, selector: str, key: str = "Enter") -> None:
    """Go to something with Tab alone, and press a key on it."""
    there = page.locator(selector).first
    for _ in range(200):
        page.keyboard.press("Tab")
        if there.evaluate("element => element === document.activeElement"):
            page.keyboard.press(key)
            return
    raise AssertionError(f"Tab never came to {selector}")


@pytest.mark.usefixtures("worker")
def test_from_the_log_in_to_the_published_day_by_keyboard(
    live: Live, tab: Callable[..., Tab]
) -> None:
    opened = tab()
    page = opened.page
    page.goto(f"{live.address}/dag")
    press(page, "#f-login", "End")
    page.keyboard.type("coordinator")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_text("Ingen plan än").first.wait_for()
    press(page, "button:has-text('Planera dagen')")
    page.get_by_text("Utkast 1").first.wait_for()  # told by server-sent events, then shown
    press(page, "a[data-show='1-2']", "ArrowDown")
    page.keyboard.press("Enter")
    assert page.locator("tr.selected").get_attribute("data-key") == "1-3"
    assert page.locator("g.at.selected").get_attribute("data-key") == "1-3"
    page.locator(".leaflet-popup .over").get_by_text("stopp 3").wait_for()
    page.locator("a[data-show='1-3']").focus()
    page.keyboard.press("Alt+ArrowUp")
    page.get_by_role("button", name="Behåll").wait_for()
    press(page, "button:has-text('Behåll')")
    page.get_by_text("Sparat som utkast 2.").wait_for()
    press(page, "summary:has-text('Publicera')")
    press(page, "button:has-text('Ja, publicera')")
    page.get_by_text("Publicerad, version 2").first.wait_for()
    press(page, "summary:has-text('Skriv ut')")
    assert page.get_by_role("link", name="Körlistor (PDF)").is_visible()
    opened.assert_clean()


def test_who_selects_in_one_place_selects_everywhere(live: Live, tab: Callable[..., Tab]) -> None:
    plan(live)
    opened = tab()
    page = live.log_in(opened, "coordinator", DAY)
    page.locator("g.at[data-key='1-4']").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert page.locator("tr.selected").get_attribute("data-key") == "1-5"
    page.locator(".leaflet-popup .over").get_by_text("stopp 5").wait_for()
    assert page.url.endswith("#stop-1-5")
    page.keyboard.press("Escape")
    page.locator(".leaflet-marker-icon:has([data-key='1-2'])").press("Enter")
    page.wait_for_function("document.querySelector('tr.selected').dataset.key === '1-2'")
    assert page.locator("g.at.selected").get_attribute("data-key") == "1-2"
    opened.assert_clean()


def test_a_stop_is_dragged_and_what_it_does_is_shown_first(
    live: Live, tab: Callable[..., Tab]
) -> None:
    plan(live)
    opened = tab(width=1280, height=1200)
    page = live.log_in(opened, "coordinator", DAY)
    last = page.locator("tr[data-site]").last
    name = last.get_attribute("data-site")
    last.drag_to(page.locator("tr[data-site]").nth(1), target_position={"x": 80, "y": 4})
    page.wait_for_url("**/prova**")
    assert f"vad={name}&bil=van-1&plats=2" in page.url
    page.get_by_role("link", name="Ångra").click()
    assert page.locator("tr[data-site]").last.get_attribute("data-site") == name
    opened.assert_clean()


@pytest.mark.parametrize(("width", "dark", "language"), [(1280, False, "sv"), (360, True, "en")])
def test_every_state_is_accessible_fits_and_weighs_little(
    live: Live, tab: Callable[..., Tab], width: int, *, dark: bool, language: str
) -> None:
    engine = live.app.state.engine
    with writing(engine) as session:
        more_branches(session, STOPS + 1)
        every_branch_on_tuesdays(session)
        session.get_one(BranchRow, "nora").locality = (SCRIPT + LONG)[:200]
    opened = tab(width=width, dark=dark)
    page = live.log_in(opened, "coordinator", "/hjalp")
    faults: dict[str, list[str]] = {}

    def look(state: str, path: str) -> None:
        address = f"{live.address}{path}{'&' if '?' in path else '?'}lang={language}"
        try:
            page.goto(address)
        except Error:  # the page we leave was just loading itself anew
            page.goto(address)
        faults[state] = [*opened.faults(), *(["too wide"] if opened.sideways() else [])]

    look("holiday", "/dag/2026-12-25")
    look("empty", "/dag/2026-12-01")
    with writing(engine) as session:
        told = {"problems": ["site 'laxa': must be visited, but no van gets there in time"]}
        key = {"kind": PLAN_DAY, "key": TUESDAY.isoformat()}
        session.add(JobRow(**key, state="failed", finished_at=moment(), **told))
    look("error", DAY)
    with writing(engine) as session:
        session.add(JobRow(**key, state="queued"))
    look("planning", DAY)
    with writing(engine) as session:
        for job in session.scalars(select(JobRow)).all():
            job.state = "cancelled"
    plan(live)
    look("draft", DAY)
    assert page.locator("tr[data-site]").count() >= STOPS
    assert page.evaluate(WEIGHT) < MOST_BYTES
    look("trial", f"{DAY}/prova?andra=close-branch&vad=kumla&skal=x")
    look("refused", f"{DAY}/prova?andra=must-visit&vad=frovi")
    look("stop", f"{DAY}/stopp/kumla")
    look("items", f"{DAY}/transporter?utfall=delivered")
    look("numbers", f"{DAY}/siffror")
    with writing(engine) as session:
        publish(session, TUESDAY)
    look("published", DAY)
    assert faults == {state: [] for state in faults}
    assert opened.foreign == []
    assert [one for one in opened.complaints if "409" not in one] == []


def test_every_state_on_the_road_is_accessible_and_fits(
    live: Live, tab: Callable[..., Tab]
) -> None:
    engine = live.app.state.engine
    with writing(engine) as session:
        more_branches(session, STOPS + 1)
        every_branch_on_tuesdays(session)
    plan(live)
    with writing(engine) as session:
        publish(session, TUESDAY)
    opened = tab(width=360, dark=True)
    page = live.log_in(opened, "coordinator", "/hjalp")
    faults: dict[str, list[str]] = {}

    def look(state: str, path: str) -> None:
        page.goto(f"{live.address}{path}")
        faults[state] = [*opened.faults(), *(["too wide"] if opened.sideways() else [])]

    look("compare", f"{DAY}/jamfor?version=1&mot=1")
    look("error page", f"{DAY}/stopp/nowhere")
    with reading(engine) as session:
        code = session.scalars(select(RunRow.code).order_by(RunRow.number)).first() or ""
    with writing(engine) as session:
        drive(session, Tick(id="depart-1", run=code, kind=TickKind.DEPART, at=moment()))
        exception = {"kind": TickKind.EXCEPTION, "at": moment(), "note": SCRIPT + LONG[:100]}
        drive(session, Tick(id="told-1", run=code, stop=1, **exception))
        keep_refused(session, Tick(id="told-2", run=code, stop=2, **exception), SCRIPT)
    look("under way", DAY)
    assert page.locator(".told li").count() == 2
    shut = page.locator("#w-stangt option").first.get_attribute("value")
    look("closing", f"{DAY}/pa-vagen?handelse=stangt&vad={shut}")
    look("driver", f"/tur/{code}")
    look("run sheet", f"/tur/{code}/blad")
    look("branch", "/bibliotek/kumla")
    look("hub", "/bibliotek/orebro")
    look("no such branch", "/bibliotek/nowhere")
    assert faults == {state: [] for state in faults}
    assert opened.foreign == []


def test_two_browsers_change_one_plan_and_the_second_sees_what_the_first_did(
    live: Live, tab: Callable[..., Tab]
) -> None:
    plan(live)
    pages = []
    for role, branch in (("coordinator", "kumla"), ("admin", "laxa")):
        opened = tab()
        page = live.log_in(opened, role, "/hjalp")
        page.goto(f"{live.address}{DAY}/prova?andra=close-branch&vad={branch}&skal=x")
        page.get_by_role("button", name="Behåll").wait_for()
        pages.append((opened, page))
    (first_tab, first), (second_tab, second) = pages
    first.get_by_role("button", name="Behåll").click()
    first.get_by_text("Sparat som utkast 2.").wait_for()
    second.get_by_role("button", name="Behåll").click()
    second.get_by_role("heading", name="Någon annan hann före").wait_for()
    assert "Kumla" in second.locator(".refusal").inner_text()
    assert second_tab.faults() == []

    second.locator(".refusal a[href*=prova]").click()
    second.get_by_role("button", name="Behåll").click()
    second.get_by_text("Sparat som utkast 3.").wait_for()
    first.goto(f"{live.address}{DAY}")
    decided = first.locator(".decided").first.inner_text()
    assert "Kumla" in decided
    assert "Laxå" in decided
    first_tab.assert_clean()


WEIGHT = """() => performance.getEntriesByType("resource").concat(
  performance.getEntriesByType("navigation")).reduce((sum, one) => sum + one.decodedBodySize, 0)"""


def test_the_day_works_without_scripts(live: Live, tab: Callable[..., Tab]) -> None:
    plan(live)
    opened = tab(java_script_enabled=False)
    page = live.log_in(opened, "coordinator", DAY)
    page.locator("a[data-move=down]").first.click()
    page.get_by_role("button", name="Behåll").click()
    page.get_by_text("Sparat som utkast 2.").wait_for()
    page.locator("summary", has_text="Stäng ett bibliotek").click()
    page.locator("details.try[open] button").click()
    page.get_by_role("link", name="Ångra").click()
    page.locator("a.why").first.click()
    assert page.locator(".sentence").inner_text()
    opened.assert_clean()


def test_what_would_bring_late_items_today_is_found_without_a_click(
    live: Live, tab: Callable[..., Tab]
) -> None:
    plan(live)
    opened = tab()
    page = live.log_in(opened, "coordinator", DAY)
    first = page.locator(".late").first
    first.locator("li:not(:has(a.why))").nth(7).wait_for()
    assert first.locator("a.why").count() == 0
    assert all("I dag: +" in text for text in first.locator(".remedy").all_inner_texts())
    rest = page.locator("section[aria-labelledby=late] details")
    assert rest.locator("a.why").count() == rest.locator("li").count() > 0
    rest.locator("summary").click()
    rest.locator("li").first.locator(".remedy").wait_for()
    first.get_by_role("link", name="Visa den planen").first.click()
    page.get_by_role("heading", name="kommer fram i dag").wait_for()
    opened.assert_clean()


def test_a_list_of_transfers_takes_two_lines_each_on_a_phone(
    live: Live, tab: Callable[..., Tab]
) -> None:
    plan(live)
    heights = {}
    for width in (1280, 360):
        opened = tab(width=width)
        page = live.log_in(opened, "coordinator", f"{DAY}/transporter")
        rows = page.locator(".transfers tbody tr")
        boxes = [row.bounding_box() for row in rows.all()[:20]]
        heights[width] = sorted(box["height"] for box in boxes if box)
        assert len(heights[width]) == 20
        assert rows.first.get_by_role("rowheader").count() == 1
        assert rows.first.get_by_role("cell").count() == 5
        assert opened.faults() == []
        assert opened.sideways() == 0
        opened.assert_clean()
    assert heights[360][10] < 56
    assert heights[360][-1] < 90

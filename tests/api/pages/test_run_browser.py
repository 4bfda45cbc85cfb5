"""The driver's page in a real Chromium: tunnels, double taps, a closed phone; every tick once."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
import zxingcpp
from PIL import Image
from sqlalchemy import delete, select, update

from logistics.storage.session import writing
from logistics.storage.tables import BranchRow, PlanRow, StaffSessionRow
from maps.i18n import Words
from tests.api.conftest import NOW
from tests.api.pages.driving import close_ahead, run_of, steps, stops_of, ticks, whole_run
from tests.api.pages.people import PASSWORD
from tests.databases import copy_sqlite
from tests.maps.hostile import EMOJI, LONG, RIGHT_TO_LEFT, SCRIPT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy import Engine

    from tests.api.pages.conftest import Live
    from tests.browser import Tab
from tests.api.pages.phone import CALM, at_stop, judge, on, overlap, press, ready, report, status

pytestmark = pytest.mark.browser
#: The clock of these phones is the test's, and the phone does not send by itself in between.
NO_SYNC = (
    "Object.defineProperty(ServiceWorkerRegistration.prototype, 'sync', {get: () => undefined})"
)
REST = 6_000  # milliseconds after which a tick can no longer be taken back
KEPT = "() => caches.open('tursidor').then((pages) => pages.keys()).then((all) => all.length > 0)"
OFFLINE = "net::ERR_INTERNET_DISCONNECTED"


@pytest.fixture
def database_url(_published: Path, tmp_path: Path) -> str:
    return copy_sqlite(_published, tmp_path)


@pytest.fixture
def phone(live: Live, tab: Callable[..., Tab]) -> Callable[..., Tab]:
    """A driver's phone that shows the run of today."""

    def make(
        *,
        width: int = 360,
        height: int = 640,
        role: str = "driver",
        wrong: float = 0,
        **options: Any,
    ) -> Tab:
        opened = tab(width=width, height=height, has_touch=True, **options)
        opened.context.add_init_script(NO_SYNC)
        opened.page.clock.install(time=NOW + timedelta(hours=wrong))
        live.log_in(opened, role, "/tur")
        ready(opened.page)
        return opened

    return make


def test_a_run_through_tunnels_on_a_phone_that_is_closed_meanwhile(
    phone: Callable[..., Tab], engine: Engine
) -> None:
    opened = phone()
    page = opened.page
    on(page, "KÖR", 1)
    page.clock.fast_forward(REST)
    status(page, "ansluten")
    assert steps(engine) == whole_run(9)[:1]

    opened.context.set_offline(offline=True)
    for number in (1, 2, 3):
        on(page, "KLART", number + 1)
    status(page, "ingen kontakt, 3 kvitteringar väntar")
    page.clock.fast_forward(REST)
    assert steps(engine) == whole_run(9)[:1]
    address = page.url
    page.close()

    # In the tunnel the phone was put away; the page opens without a network, where it was.
    page = opened.context.new_page()
    page.clock.install(time=NOW)
    page.clock.fast_forward(4 * REST)
    page.goto(address)
    ready(page)
    at_stop(page, 4)
    status(page, "ingen kontakt, 3 kvitteringar väntar")
    assert page.locator('[data-said="3"]').text_content() == "✓ klart"
    on(page, "KLART", 5)
    page.clock.fast_forward(REST)

    opened.context.set_offline(offline=False)
    status(page, "ansluten")
    assert steps(engine) == whole_run(9)[:5]
    for number in range(5, 10):
        on(page, "KLART", number + 1)
    press(page, "TILLBAKA")
    page.get_by_role("heading", name="Turen är klar").wait_for()
    page.clock.fast_forward(REST)
    status(page, "ansluten")
    assert steps(engine) == whole_run(9)
    assert opened.foreign == []
    assert [one for one in opened.complaints if OFFLINE not in one] == []


def test_ticks_made_in_a_tunnel_find_their_stops_in_a_plan_that_changed_meanwhile(
    phone: Callable[..., Tab], engine: Engine
) -> None:
    opened, before = phone(), stops_of(engine)
    page = opened.page
    on(page, "KÖR", 1)
    page.clock.fast_forward(REST)
    status(page, "ansluten")
    opened.context.set_offline(offline=True)
    for number in (1, 2, 3):
        on(page, "KLART", number + 1)
    page.clock.fast_forward(REST)
    close_ahead(engine, before[1].branch_id)  # the coordinator does not know yet: it was served
    opened.context.set_offline(offline=False)
    page.get_by_text("Samordnaren har ändrat turen").wait_for()
    page.get_by_text("En kvittering togs inte emot").wait_for()

    served = {stop.branch_id for stop in stops_of(engine) if stop.done_at is not None}
    assert served == {before[0].branch_id, before[2].branch_id}
    at_stop(page, 1 + max(stop.number for stop in stops_of(engine) if stop.done_at))
    refused = [tick for tick in ticks(engine) if tick.details.get("refused")]
    assert [tick.details["branch"] for tick in refused] == [before[1].branch_id]
    assert len(ticks(engine)) == 4
    page.clock.fast_forward(REST)
    page.reload()
    ready(page)
    assert len(ticks(engine)) == 4
    assert opened.faults() == []


def test_the_times_are_those_of_the_service_whatever_the_phone_thinks(
    phone: Callable[..., Tab], engine: Engine
) -> None:
    opened = phone(timezone_id="America/New_York", wrong=5)
    page = opened.page
    status(page, "ansluten")
    assert int(page.evaluate("new Date().getHours()")) == 5  # 10:00 UTC, as the phone has it
    times = page.locator('#whole [data-when]:not([data-when="0"])')
    clock = Words("sv").clock
    planned = [clock(stop.arrive_seconds) for stop in stops_of(engine)]
    assert times.all_text_contents()[:-1] == planned
    while not page.evaluate(KEPT):
        page.wait_for_timeout(20)
    opened.context.set_offline(offline=True)
    on(page, "KÖR", 1)
    page.reload()
    ready(page)
    assert page.locator('#whole [data-when="0"]').text_content() == "06:00"
    opened.context.set_offline(offline=False)
    page.clock.fast_forward(REST)
    status(page, "ansluten")
    assert [tick.at - NOW < timedelta(minutes=1) for tick in ticks(engine)] == [True]


def test_a_double_tap_is_one_tick_and_does_not_hit_the_next_stop(
    phone: Callable[..., Tab], engine: Engine
) -> None:
    opened = phone()
    page = opened.page
    on(page, "KÖR", 1)
    page.clock.pause_at(NOW + timedelta(minutes=30))  # taps are slow on a busy machine
    box = page.locator("form.ticking .big:visible").bounding_box()
    for _ in range(4):
        page.touchscreen.tap(box["x"] + 40, box["y"] + 30)
    at_stop(page, 2)
    page.clock.fast_forward(REST)
    status(page, "ansluten")
    page.reload()
    ready(page)
    at_stop(page, 2)
    assert steps(engine) == whole_run(9)[:2]
    opened.assert_clean()


def test_a_tick_whose_answer_was_lost_is_sent_again_and_counted_once(
    phone: Callable[..., Tab], engine: Engine
) -> None:
    opened = phone()
    page = opened.page
    lost: list[int] = []

    def lose(route: Any) -> None:
        lost.append(route.fetch().status)
        route.abort() if len(lost) < 3 else route.fallback()

    page.route("**/kvittera", lose)
    on(page, "KÖR", 1)
    page.clock.fast_forward(REST)
    status(page, "ingen kontakt, 1 kvittering väntar")
    page.clock.fast_forward(15_000)
    page.clock.fast_forward(15_000)
    status(page, "ansluten")
    assert lost[:2] == [200, 200]
    assert steps(engine) == whole_run(9)[:1]


def test_a_tick_can_be_taken_back_for_a_moment(phone: Callable[..., Tab], engine: Engine) -> None:
    page = phone().page
    on(page, "KÖR", 1)
    page.clock.fast_forward(REST)
    status(page, "ansluten")
    press(page, "KLART")
    at_stop(page, 2)
    page.locator("#undo [role=status]", has_text=re.compile("^Kvitterat: .+, KLART$")).wait_for()
    page.get_by_role("button", name="Ångra").tap()
    at_stop(page, 1)
    page.clock.fast_forward(REST)
    status(page, "ansluten")
    assert steps(engine) == whole_run(9)[:1]


def test_what_goes_wrong_is_reported_with_its_reason(
    phone: Callable[..., Tab], engine: Engine
) -> None:
    opened = phone()
    page = opened.page
    on(page, "KÖR", 1)
    report(page, "Buntar fick inte plats", choose="till ")
    at_stop(page, 2)
    page.clock.fast_forward(CALM)
    report(page, "Stängt, ingen öppnade", note="ringde på")
    at_stop(page, 3)
    page.clock.fast_forward(CALM)
    report(page, "Bilen har gått sönder")
    page.clock.fast_forward(REST)
    status(page, "ansluten")
    at_stop(page, 3)

    told = [("exception", 1), ("done", 1), ("exception", 2), ("exception", None)]
    assert steps(engine) == [("depart", None), *told]
    page.locator("summary", has_text="Hela turen").tap()
    assert page.locator('[data-said="2"]').inner_text() == "✗ förbikörd"
    opened.assert_clean()


def test_a_tick_that_is_refused_is_told_and_kept(phone: Callable[..., Tab], engine: Engine) -> None:
    opened = phone()
    page = opened.page
    with writing(engine) as session:
        session.execute(update(PlanRow).values(state="closed"))
    on(page, "KÖR", 1)
    page.clock.fast_forward(REST)
    page.get_by_text("En kvittering togs inte emot").wait_for()
    at_stop(page, 1)
    assert steps(engine) == []
    assert opened.faults() == []


def test_ticks_wait_for_the_log_in_and_are_sent_after_it(
    phone: Callable[..., Tab], live: Live, engine: Engine
) -> None:
    page = phone().page
    with writing(engine) as session:
        session.execute(delete(StaffSessionRow))
    live.app.state.door.forget()
    on(page, "KÖR", 1)
    page.clock.fast_forward(REST)
    status(page, "ansluten, 1 kvittering väntar, logga in så skickas de")
    assert steps(engine) == []

    page.reload()
    page.get_by_label("Namn").fill("driver")
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    ready(page)
    status(page, "ansluten")
    at_stop(page, 1)
    assert steps(engine) == whole_run(9)[:1]


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

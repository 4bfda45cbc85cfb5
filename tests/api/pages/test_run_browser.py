"""The driver's page in a real Chromium: tunnels, double taps, a closed phone; every tick once."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import delete, update

from logistics.storage.session import writing
from logistics.storage.tables import PlanRow, StaffSessionRow
from maps.i18n import Words
from tests.api.conftest import NOW
from tests.api.pages.driving import close_ahead, steps, stops_of, ticks, whole_run
from tests.api.pages.people import PASSWORD
from tests.api.pages.phone import CALM, REST, at_stop, on, press, ready, report, status
from tests.databases import copy_sqlite

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Engine

    from tests.api.pages.conftest import Live
    from tests.browser import Tab

pytestmark = pytest.mark.browser
KEPT = "() => caches.open('tursidor').then((pages) => pages.keys()).then((all) => all.length > 0)"
CONTROLLED = """new Promise((done) => {
    const worker = navigator.serviceWorker;
    if (worker.controller) done(); else worker.addEventListener("controllerchange", done);
}).then(() => true)"""
OFFLINE = "net::ERR_INTERNET_DISCONNECTED"


@pytest.fixture
def database_url(_published: Path, tmp_path: Path) -> str:
    return copy_sqlite(_published, tmp_path)


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


def test_a_page_that_the_phone_does_not_keep_may_take_its_time(
    phone: Callable[..., Tab], live: Live
) -> None:
    page = phone().page
    page.evaluate(CONTROLLED)
    while not page.evaluate(KEPT):
        page.wait_for_timeout(50)
    page.evaluate("caches.delete('tursidor')")
    taken = []

    def slowly() -> datetime:
        if not taken:
            taken.append(5)
            time.sleep(taken[0])
        return NOW

    live.app.state.now = slowly
    page.goto(f"{page.url}?lang=en")
    ready(page)
    status(page, "connected")
    assert taken


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

"""The pictures of the manual, taken of the real pages with the sample week: ``make manual``.

It needs the development set-up and a Chromium (``LOGISTICS_CHROMIUM`` names one that is not on the
path). Each picture is taken in Swedish and in English, at the moment a Wednesday's plan is ready.
"""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import select

from api.app import create_app
from api.security.accounts import create_account
from api.settings import Settings
from logistics.cli import demo
from logistics.cli.demo import DEMO_DAY, FIRST_DAY
from logistics.operations.day.publish import publish
from logistics.operations.reports.price_shares import price_day
from logistics.storage.migrations import migrate
from logistics.storage.session import open_database, reading, writing
from logistics.storage.tables import PlanTransferRow, RunRow, TransferRow
from tests.api.pages.conftest import served
from tests.api.pages.people import PASSWORD, ROLES
from tests.browser import chromium_path

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from sqlalchemy import Engine

BRANCH = "hallsberg"
NOW = datetime(2026, 11, 25, 4, 30, tzinfo=UTC)
FOLDER = Path(__file__).parents[1] / "docs" / "manual" / "bilder"
DESK, PHONE = (1280, 800), (390, 780)
COLOURS = 96


@dataclass(frozen=True, kw_only=True)
class Shot:
    """
    One picture: who looks at which page, how large the window is, what is done first.

    In a path, {day} is the day of the plan, {run} the code of its first run, {item} an item.
    """

    role: str
    path: str
    window: tuple[int, int] = DESK
    published: bool = False
    do: Callable[[Page], Any] = lambda _: None


def scroll_to(selector: str) -> Callable[[Page], Any]:
    """Bring a part of the page to the top of the window."""
    return lambda page: page.locator(selector).first.evaluate("one => one.scrollIntoView()")


SHOTS = {
    "logga-in": Shot(role="", path="/logga-in", window=(640, 560)),
    "sok": Shot(role="branch", path="/sok?q={item}", window=(900, 620), published=True),
    "dagens-turer": Shot(role="coordinator", path="/dag/{day}"),
    "nat": Shot(role="coordinator", path="/natet"),
    "andring": Shot(
        role="coordinator", path="/natet/hjortkvarn/turdagar?dag=1&dag=4&fran=2026-11-30"
    ),
    "tur": Shot(role="driver", path="/tur/{run}", window=PHONE, published=True),
    "bibliotek": Shot(role="branch", path="/bibliotek/hallsberg", published=True),
    "kostnader": Shot(role="management", path="/kostnader/2026-11"),
    "andelar": Shot(role="management", path="/kostnader/2026-11", do=scroll_to("#shares")),
}


def main() -> int:
    """Take every picture, or those named on the command line."""
    chosen = {name: SHOTS[name] for name in sys.argv[1:]} or SHOTS
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        engine = sample_week(Path(folder) / "week.sqlite")
        browser = playwright.chromium.launch(executable_path=chromium_path())
        for published in (False, True):
            if published:
                with writing(engine) as session:
                    publish(session, DEMO_DAY, actor="manual")
            for name, shot in chosen.items():
                if shot.published == published:
                    for language in ("sv", "en"):
                        picture = take(browser, engine, shot, language)
                        (FOLDER / f"{name}.{language}.png").write_bytes(picture)
        browser.close()
        engine.dispose()
    return 0


def sample_week(path: Path) -> Engine:
    """Drive two days of the sample week and plan the third."""
    engine = open_database(path)
    migrate(engine)
    demo._fill(engine)
    for number in range((DEMO_DAY - FIRST_DAY).days + 1):
        day = FIRST_DAY.replace(day=FIRST_DAY.day + number)
        demo._plan(engine, day, 20.0, 2)
        if day < DEMO_DAY:
            demo._drive(engine, day)
            price_day(engine, day)
    with writing(engine) as session:
        for role in ROLES:
            branch = BRANCH if role == "branch" else None
            create_account(session, login=role, role=role, password=PASSWORD, branch=branch)
    return engine


def take(browser: Browser, engine: Engine, shot: Shot, language: str) -> bytes:
    """Log in, look, and give the picture as a small PNG."""
    app = create_app(Settings(_env_file=None, worker=False), engine=engine, now=lambda: NOW)
    width, height = shot.window
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale="sv-SE" if language == "sv" else "en-GB",
        timezone_id="Europe/Stockholm",
        reduced_motion="reduce",
    )
    page = context.new_page()
    with served(app) as live:
        if shot.role:
            page.goto(f"{live.address}/logga-in?lang={language}")
            page.locator("input[name=login]").fill(shot.role)
            page.locator("input[name=password]").fill(PASSWORD)
            page.locator("main button[type=submit]").click()
            page.wait_for_url(lambda url: "/logga-in" not in url)
        path = shot.path.format(**values(engine))
        answer = page.goto(f"{live.address}{path}{'&' if '?' in path else '?'}lang={language}")
        if answer is None or answer.status != 200:
            raise SystemExit(f"{path}: no picture, the page answers {answer and answer.status}")
        page.wait_for_load_state("load")
        shot.do(page)
        page.wait_for_timeout(400)
        picture = page.screenshot()
        context.close()
    return small(picture)


def values(engine: Engine) -> dict[str, str]:
    """What stands for the names in a path."""
    with reading(engine) as session:
        run = session.scalars(select(RunRow).order_by(RunRow.id.desc())).first()
        item = session.scalars(
            select(TransferRow)
            .join(PlanTransferRow)
            .where(TransferRow.destination == BRANCH, TransferRow.state == "requested")
            .where(PlanTransferRow.outcome == "delivered")
            .order_by(TransferRow.requested_at, TransferRow.id)
        ).first()
    return {
        "day": DEMO_DAY.isoformat(),
        "run": run.code if run else "",
        "item": item.item if item else "",
    }


def small(picture: bytes) -> bytes:
    """Keep the colours that a page needs, and no more bytes than that."""
    image = Image.open(io.BytesIO(picture)).convert("RGB").quantize(COLOURS)
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()


if __name__ == "__main__":
    sys.exit(main())

"""A real headless Chromium with the network cut off, one for the whole session.

The fixtures are known to the whole suite through ``tests/conftest.py``.
"""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page, Route

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
LOCAL = ("file:", "data:", "blob:", "about:", "http://127.0.0.1", "http://localhost")
RULES = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
}


def chromium_path() -> str | None:
    chosen = os.environ.get("LOGISTICS_CHROMIUM")
    return chosen or next((path for name in NAMES if (path := shutil.which(name))), None)


class Tab:
    """One context with one page; what it asked other hosts for, and what it complained of."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.foreign: list[str] = []
        self.complaints: list[str] = []
        context.route("**/*", self._guard)
        self.page: Page = context.new_page()
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._listen)
        self.page.on("dialog", self._refuse)

    def _guard(self, route: Route) -> None:
        if route.request.url.startswith(LOCAL):
            route.continue_()
        else:
            self.foreign.append(route.request.url)
            route.abort()

    def _listen(self, message: Any) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def _refuse(self, dialog: Any) -> None:
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def open(self, html: str, folder: Path) -> Page:
        path = folder / "page.html"
        path.write_text(html, encoding="utf-8")
        self.page.goto(path.as_uri())
        return self.page

    def faults(self) -> list[str]:
        """What axe-core finds wrong, one line a rule with the first element."""
        found = Axe().run(self.page, options=RULES).response["violations"]
        return [f"{fault['id']}: {fault['nodes'][0]['html'][:200]}" for fault in found]

    def sideways(self) -> int:
        """By how many pixels the page is wider than its window, once its letters have come."""
        self.page.evaluate("document.fonts.ready.then(() => true)")
        return int(
            self.page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
        )

    def assert_clean(self) -> None:
        assert self.foreign == []
        assert self.complaints == []


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium_path()
    if path is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path)
        yield launched
        launched.close()


@pytest.fixture
def tab(browser: Browser) -> Iterator[Callable[..., Tab]]:
    """A maker of tabs: ``tab(width=360, height=740, dark=True, locale="sv-SE")``."""
    opened: list[BrowserContext] = []

    def make(*, width: int = 1280, height: int = 800, dark: bool = False, **options: Any) -> Tab:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            **{"locale": "sv-SE", "timezone_id": "Europe/Stockholm"} | options,
        )
        context.set_default_timeout(60_000)
        opened.append(context)
        return Tab(context)

    yield make
    for context in opened:
        context.close()

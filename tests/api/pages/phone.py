"""What a thumb does on the driver's page."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.api.conftest import NOW

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.api.pages.conftest import Live
    from tests.browser import Tab


#: The clock of these phones is the test's, and the phone does not send by itself in between.
NO_SYNC = (
    "Object.defineProperty(ServiceWorkerRegistration.prototype, 'sync', {get: () => undefined})"
)
REST = 6_000  # milliseconds after which a tick can no longer be taken back
CALM = 1_000  # and after which the next tap counts


def ready(page: Any) -> None:
    page.wait_for_selector("#run[data-ready]")


def press(page: Any, name: str) -> None:
    page.locator("form.ticking button:visible", has_text=re.compile(f"^{name}$")).tap()


def at_stop(page: Any, number: int) -> None:
    page.wait_for_selector(f'[data-step="{number}"]:not([hidden])')


def status(page: Any, said: str) -> None:
    page.locator("#status", has_text=re.compile(f"^{said}$")).wait_for()


def on(page: Any, name: str, step: int) -> None:
    """Tick, see the next step, and wait until the next tap counts."""
    press(page, name)
    at_stop(page, step)
    page.clock.fast_forward(CALM)


def report(page: Any, reason: str, *, choose: str = "", note: str = "") -> None:
    page.locator("summary:visible", has_text="Avvikelse").tap()
    page.locator("label:visible", has_text=reason).tap()
    if choose:
        page.get_by_role("button", name="Rapportera").locator("visible=true").tap()
        assert page.locator(".exception[open]").count() == 1  # first say which
        page.locator(".of-on label:visible", has_text=choose).first.tap()
    if note:
        page.locator("input[name=note]:visible").fill(note)
    page.get_by_role("button", name="Rapportera").locator("visible=true").tap()


def overlap(upper: Any, lower: Any) -> float:
    above, below = upper.bounding_box(), lower.bounding_box()
    return float(above["y"] + above["height"] - below["y"])


def judge(opened: Tab) -> list[str]:
    return [*opened.faults(), *(["too wide"] if opened.sideways() else [])]


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

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from maps.design_page import design_page_html
from tests.maps.sample import sample_view

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.browser import Tab


@pytest.mark.browser
@pytest.mark.parametrize(
    ("language", "dark", "width"), [("sv", False, 1280), ("en", True, 1280), ("sv", True, 360)]
)
def test_every_component_is_accessible(
    tab: Callable[..., Tab], tmp_path: Path, language: str, *, dark: bool, width: int
) -> None:
    opened = tab(width=width, dark=dark)
    opened.open(design_page_html(sample_view(), language=language), tmp_path)
    assert opened.faults() == []
    assert opened.sideways() == 0
    opened.assert_clean()


@pytest.mark.browser
def test_what_a_finger_must_hit_is_large_enough(tab: Callable[..., Tab], tmp_path: Path) -> None:
    # 44 px is what gloves and WCAG's target size (enhanced) ask of the main actions.
    opened = tab(width=360)
    page = opened.open(design_page_html(sample_view()), tmp_path)
    heights = [
        box["height"]
        for button in page.locator(".button:not(.small), .field input:not([type=radio])").all()
        if (box := button.bounding_box()) and button.get_attribute("type") != "checkbox"
    ]
    assert len(heights) >= 8
    assert min(heights) >= 44

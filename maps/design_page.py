"""The design page: every component of the one style sheet in its states, to look at and to test."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maps import codes
from maps.i18n import words
from maps.pages import render, styles
from maps.theme import RUN_STYLES
from maps.timeline import timeline_svg

if TYPE_CHECKING:
    from logistics.operations.view.day_view import DayView


def design_page_html(view: DayView, *, language: str = "sv", assets: str = "inline") -> str:
    """
    Show all components.

    Parameters
    ----------
    view
        A day to show timeline, totals and tables of.
    language
        ``sv`` or ``en``.
    assets
        ``inline``, or the address below which `maps.assets` are served.

    Returns
    -------
    str
        HTML.
    """
    w = words(language)
    return render(
        "design.html",
        w,
        view=view,
        run_styles=RUN_STYLES,
        drawing=timeline_svg(view, language=language),
        qr=codes.qr_svg,
        styles=styles(assets, "theme.css"),
    )

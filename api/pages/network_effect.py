"""What a change of the network does, shown before it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from api.queries import network as lookups
from logistics.errors import NotFoundError
from logistics.operations.network.network_changes import Change
from logistics.operations.network.preview_week import WeekEffect, preview_week

if TYPE_CHECKING:
    from sqlmodel import Session
    from starlette.responses import Response

    from api.pages.frame import Frame
    from api.unit import Reader
    from logistics.storage.tables import BranchRow
    from maps.i18n import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """
    A change that somebody thinks of.

    Attributes
    ----------
    branch
        Identifier of the library; ``alla`` for the whole service.
    action
        Last part of the address that keeps it.
    said
        The change in words.
    fields
        What the form that keeps it sends.
    change
        The change.
    name
        Name of the library, where it is not stored yet.
    """

    branch: str
    action: str
    said: str
    fields: tuple[tuple[str, str], ...]
    change: Change
    name: str = ""


def effect_page(frame: Frame, reader: Reader, asked: Asked) -> Response:
    """
    Show what a change does to a week's plans, with the button that keeps it.

    Parameters
    ----------
    frame
        The page.
    reader
        Reads the database.
    asked
        The change.

    Returns
    -------
    Response
        The page.

    Raises
    ------
    NotFoundError
        There is no such library.
    """

    def work(session: Session) -> dict[str, Any]:
        found = None if asked.name or asked.branch == "alla" else _branch(session, asked.branch)
        return {
            "name": asked.name or (found.name if found else frame.w.t("the whole service")),
            "revision": found.revision if found else "",
            "effect": preview_week(session, asked.change, frame.today),
        }

    shown = reader.run(work)
    sentence = effect_said(frame.w, shown["effect"])
    return frame.page("network_effect.html", asked=asked, sentence=sentence, **shown)


def effect_said(w: Words, effect: WeekEffect) -> str:
    """
    Sum up what a change does.

    Parameters
    ----------
    w
        The reader's words.
    effect
        What was planned.

    Returns
    -------
    str
        One sentence.
    """
    if not effect.days:
        return w.t("No van drives in that week.")
    sek, metres = effect.sek_after - effect.sek_before, effect.metres_after - effect.metres_before
    items = effect.items_after - effect.items_before
    if not round(sek) and not metres and not items:
        return w.t("That week's plans stay as they are.")
    return w.t(
        "That week: {sek}, {km}, {items} delivered.",
        sek=signed(w.sek(abs(sek)), sek),
        km=signed(w.km(abs(metres)), metres),
        items=signed(w.many("{n} item", "{n} items", abs(items)), items),
    )


def signed(text: str, value: float) -> str:
    """
    Put a sign before an amount.

    Parameters
    ----------
    text
        The amount without sign.
    value
        What it is the amount of.

    Returns
    -------
    str
        With plus, minus, or plus-minus for nothing.
    """
    sign = "+" if value > 0 else "\N{MINUS SIGN}" if value < 0 else "\N{PLUS-MINUS SIGN}"
    return f"{sign}{text}"


def _branch(session: Session, name: str) -> BranchRow:
    row = lookups.find_branch(session, name)
    if not row.active:
        raise NotFoundError(f"branch {name!r} is no longer in service")
    return row

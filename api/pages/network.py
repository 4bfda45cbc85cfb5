"""The network: libraries, service calendar, roads and closures, each with how sure it is."""

from typing import Annotated, Any, Final

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from api.pages import network_words
from api.pages.forms import Done, FormDep
from api.pages.frame import Frame, shown_to
from api.pages.network_map import map_parts
from api.queries import network as lookups
from api.unit import ReaderDep
from logistics.network.public_holidays import Language
from logistics.operations.network.build_network_view import build_network_view
from logistics.operations.network.load_network import read_network
from logistics.operations.network.network_changes import open_again
from logistics.storage.tables import ClosureRow, ServicePatternRow
from maps.hours import hours_said
from maps.network_map import kind_name, sureness_name, weekday_names

router = APIRouter(include_in_schema=False)
Coordinator = Annotated[Frame, shown_to("coordinator")]
VIEWS: Final = ("bibliotek", "kalender", "vagar", "stangt")


@router.get("/natet")
def get_network(frame: Coordinator, reader: ReaderDep, vy: str = VIEWS[0]) -> Response:
    """Show the network, one view at a time."""
    shown = vy if vy in VIEWS else VIEWS[0]

    def work(session: Session) -> dict[str, Any]:
        network = read_network(session)
        found: dict[str, Any] = {
            "view": build_network_view(network, frame.today),
            "doubts": network_words.doubts_said(frame.w, lookups.doubts(network)),
            "names": {branch.id: branch.name for branch in network.branches},
            "said": {},
        }
        if shown == "kalender":
            days, rows = lookups.calendar_rows(network, frame.today, language_of(frame))
            found |= {"days": days, "rows": rows, "said": _patterns(session, frame, rows)}
        if shown == "stangt":
            found["closures"] = lookups.coming_closures(session, frame.today)
        return found

    found = reader.run(work)
    parts = map_parts(frame, found["view"]) if shown == VIEWS[0] else {}
    return frame.page("network.html", shown=shown, map=parts, **words(frame), **found)


@router.post("/natet/stangningar/{closure}/oppna")
def post_open_again(closure: int, frame: Coordinator, form: FormDep) -> Response:
    """Take a closure back."""

    def work(session: Session) -> Done:
        row: ClosureRow = open_again(session, closure)
        place = row.branch or frame.w.t("the whole service")
        said = frame.w.t("Open again: {place}.", place=place)
        return Done(path=f"/natet/{row.branch}" if row.branch else "/natet?vy=stangt", said=said)

    return form.run(work, action="open again", subject=str(closure))


def words(frame: Frame) -> dict[str, Any]:
    """
    Give templates the names of what the network is made of.

    Parameters
    ----------
    frame
        The page.

    Returns
    -------
    dict[str, Any]
        Functions that name kinds, weekdays and how sure something is.
    """
    return {
        "sure": lambda one: sureness_name(frame.w, one),
        "kind": lambda one: kind_name(frame.w, one),
        "weekdays": lambda days: weekday_names(frame.w, tuple(days)),
        "hours_said": lambda hours: hours_said(frame.w, hours),
        "hours_week": lambda hours: network_words.hours_week(frame.w, hours, frame.today),
        "pattern": lambda row: network_words.pattern_said(frame.w, row),
    }


def said_by(frame: Frame) -> str:
    """
    Name who says so, as the source of a fact; the audit log knows the person.

    Parameters
    ----------
    frame
        The page.

    Returns
    -------
    str
        As "the coordinator, 2026-11-24".
    """
    return frame.w.t("the coordinator, {day}", day=frame.today.isoformat())


def language_of(frame: Frame) -> Language:
    """
    Name the reader's language as the network knows it.

    Parameters
    ----------
    frame
        The page.

    Returns
    -------
    Language
        ``sv`` or ``en``.
    """
    return "en" if frame.w.language == "en" else "sv"


def _patterns(
    session: Session, frame: Frame, rows: list[lookups.CalendarRow]
) -> dict[str, list[tuple[str, ServicePatternRow]]]:
    return {
        row.branch: [
            (network_words.pattern_said(frame.w, one), one)
            for one in lookups.patterns_of(session, row.branch)
        ]
        for row in rows
    }

"""The coordinator's day: can it be published, what is wrong if not, and what does mending cost."""

from collections.abc import Iterable, Sequence
from datetime import date as Date  # noqa: N812  # the name of the path's parameter is date
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query
from markupsafe import Markup
from sqlmodel import Session
from starlette.responses import Response

from api.pages import day_why, day_words, static
from api.pages.day_remedies import with_remedies
from api.pages.day_stopped import in_stopped_vans
from api.pages.frame import Frame, shown_to
from api.queries.day import DayFacts, Language, read_day
from api.queries.day_items import Filters, items_of_day
from api.queries.road_notes import RoadNote, road_notes
from api.schemas.base import Day
from api.unit import Reader, ReaderDep
from logistics.operations.day.local_time import clock_seconds
from logistics.operations.network.load_network import read_network
from logistics.operations.view.day_view import DayView
from logistics.operations.view.kinds import Kind, Pin, UnservedReason
from logistics.operations.view.place_records import PlaceView
from maps import terms
from maps.escape import short
from maps.pages import scripts, styles
from maps.stops import alphabet

router = APIRouter(include_in_schema=False)
Coordinator = Annotated[Frame, shown_to("coordinator")]
Version = Annotated[int | None, Query(ge=1, le=2**31 - 1)]


@router.get("/dag")
def get_a_day(frame: Coordinator, reader: ReaderDep, datum: str = "") -> Response:
    """Go on to the day that was asked for: today, or the next one with service."""
    try:
        return frame.go(f"/dag/{Date.fromisoformat(datum)}")
    except ValueError:
        day = reader.run(lambda session: _next_day(session, frame.today))
        return frame.go(f"/dag/{day}")


@router.get("/dag/{date}")
def get_day(date: Day, frame: Coordinator, reader: ReaderDep, version: Version = None) -> Response:
    """Show a day: totals, map, timeline, stops, and what does not arrive."""
    facts = facts_of(frame, reader, date, version)
    map_ = day_map(frame, facts) if facts.view and facts.view.runs else {}
    told = reader.run(lambda session: road_notes(session, date))
    return frame.page("day.html", **day_values(frame, facts), **_told(facts, told), **map_)


@router.get("/dag/{date}/fran-vagen")
def get_told(date: Day, frame: Coordinator, reader: ReaderDep) -> Response:
    """Show what drivers have told since the page was opened."""
    facts = facts_of(frame, reader, date)
    told = reader.run(lambda session: road_notes(session, date))
    return frame.part("day_told.html", **_told(facts, told))


@router.get("/dag/{date}/transporter")
def get_items(
    date: Day,
    frame: Coordinator,
    reader: ReaderDep,
    wanted: Annotated[Filters, Query()],
) -> Response:
    """List the transfers behind a number."""
    facts = facts_of(frame, reader, date, wanted.version)
    items = reader.run(lambda session: items_of_day(session, facts, wanted))
    title = day_words.items_title(frame.w, facts, wanted)
    return frame.page(
        "day_items.html",
        facts=facts,
        items=items,
        title=title,
        wanted=wanted,
        kinds=Kind,
        place=lambda branch: day_words.place_name(facts, branch),
    )


@router.get("/dag/{date}/siffror")
def get_numbers(
    date: Day, frame: Coordinator, reader: ReaderDep, version: Version = None
) -> Response:
    """Show what the totals are made of, run by run."""
    facts = facts_of(frame, reader, date, version)
    return frame.page("day_numbers.html", facts=facts, view=facts.view)


def facts_of(frame: Frame, reader: Reader, day: Date, version: int | None = None) -> DayFacts:
    """
    Read a day in the reader's language.

    Parameters
    ----------
    frame
        The page.
    reader
        The database.
    day
        The day.
    version
        The version to show.

    Returns
    -------
    DayFacts
        All that is known of it.
    """
    language: Language = "en" if frame.w.language == "en" else "sv"
    return reader.run(lambda session: read_day(session, day, version=version, language=language))


def day_values(frame: Frame, facts: DayFacts) -> dict[str, Any]:
    """
    Give what the templates of a day ask for.

    Parameters
    ----------
    frame
        The page.
    facts
        The day.

    Returns
    -------
    dict[str, Any]
        Values by name.
    """
    w = frame.w
    on_road = facts.plan is not None and facts.plan.state == "under_way"
    return {
        "names": day_words.names(facts),
        "facts": facts,
        "view": with_remedies(facts.plan, facts.view) if facts.plan and facts.view else facts.view,
        "pins": day_words.pins(facts),
        "pin_names": {one.value: terms.pin_name(w, one) for one in Pin},
        "moves_by_hand": {row.subject for row in facts.changes if row.kind == "move"},
        "timeline": _timeline(frame, facts, frame.clock if on_road else None),
        "change_words": lambda row: day_words.change(w, row, facts),
        "version_words": lambda row: day_words.version(w, row),
        "maker": lambda name: day_words.maker(w, name, frame.who.label),
        "why_no_service": day_why.why_no_service(w, facts),
        "is_today": facts.day == frame.today,
        "is_past": facts.day < frame.today,
        "home_day": f"/dag/{facts.day}",
        "in_stopped_vans": in_stopped_vans(w, facts.view) if facts.view and on_road else [],
        **choices(facts),
    }


def _told(facts: DayFacts, told: Sequence[RoadNote]) -> dict[str, Any]:
    return {
        "told": told,
        "clock_of": lambda at: clock_seconds(facts.day, at),
        "place_name": lambda branch: day_words.place_name(facts, branch),
        "van_name": lambda van: day_words.van_name(facts, van),
    }


def choices(facts: DayFacts) -> dict[str, list[tuple[str, str]]]:
    """
    List what the forms of a day offer to choose from.

    Parameters
    ----------
    facts
        The day.

    Returns
    -------
    dict[str, list[tuple[str, str]]]
        Pairs of identifier and name, by the name of the list.
    """
    runs = facts.view.runs if facts.view else ()
    unserved = facts.view.unserved if facts.view else ()
    vehicles = facts.plan.problem["vehicles"] if facts.plan else []
    ahead = [one.place for run in runs for one in run.stops if one.done_at is None]
    worth = {UnservedReason.NOT_WORTH_IT, UnservedReason.NOTHING_TO_DO}
    return {
        "called_places": _named(stop.place for run in runs for stop in run.stops),
        "may_visit": _named(one.place for one in unserved if one.reason in worth),
        "places_ahead": _named(ahead),
        "vans_in": [(one["id"], day_words.van_name(facts, one["id"])) for one in vehicles],
        "vans_on_road": [(run.vehicle, short(run.vehicle_name, 60)) for run in runs],
        "fleet": [(van, short(facts.vans[van], 60)) for van in facts.fleet],
    }


def _named(places: Iterable[PlaceView]) -> list[tuple[str, str]]:
    pairs = {place.id: short(place.short_name, 60) for place in places}
    return sorted(pairs.items(), key=lambda pair: alphabet(pair[1]))


def day_map(
    frame: Frame,
    facts: DayFacts,
    *,
    view: DayView | None = None,
    before: DayView | None = None,
) -> dict[str, Any]:
    """
    Draw the map for a page to set among other things.

    Parameters
    ----------
    frame
        The page.
    facts
        The day.
    view
        What is drawn; the version that is shown when absent.
    before
        Another version, drawn faint.

    Returns
    -------
    dict[str, Any]
        Its element, its script, and what it needs in the head.
    """
    from maps.day_map import draw_day  # noqa: PLC0415  # folium takes a second to import

    shown = view or facts.view
    if shown is None:
        return {}
    drawn = draw_day(shown, language=frame.w.language, before=before)
    nonce = frame.request.state.nonce
    names = ("leaflet.js", "jquery.js", "map.js")
    return {
        "map_markup": Markup(drawn.markup),  # noqa: S704  # folium's element
        "map_script": Markup('<script nonce="{}">\n{}\n</script>').format(
            nonce,
            Markup(drawn.script),  # noqa: S704  # every text in it passed maps.escape
        ),
        "map_styles": styles(static.address(), "leaflet.css"),
        "map_scripts": scripts(static.address(), nonce, *names),
    }


def _timeline(frame: Frame, facts: DayFacts, now: int | None) -> Markup:
    from maps.timeline import timeline_html  # noqa: PLC0415  # slow to import

    if facts.view is None or not facts.view.runs:
        return Markup("")
    html = timeline_html(facts.view, language=frame.w.language, now=now)
    return Markup(html)  # noqa: S704  # maps escapes what it writes


def _next_day(session: Session, today: Date) -> Date:
    network = read_network(session)
    yesterday = today - timedelta(days=1)
    return network.calendar.next_service(network.hub, yesterday) or today

"""One library of the network: what is known of it, and the forms that change it."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from sqlmodel import Session
from starlette.responses import Response

from api.pages import network_words
from api.pages.forms import Done, FormDep
from api.pages.frame import Frame, shown_to
from api.pages.network import said_by, words
from api.pages.network_effect import Asked, effect_page
from api.problems import ProblemError
from api.queries import network as lookups
from api.unit import Reader, ReaderDep
from logistics.demand.privacy import refuse_personal_values
from logistics.errors import InputError
from logistics.network.patterns import Closure, Weeks
from logistics.operations.network.network_changes import (
    Change,
    NewClosure,
    NewHours,
    NewServiceDays,
    keep,
)
from maps.hours import hours_said
from maps.network_map import weekday_names

router = APIRouter(include_in_schema=False)
Coordinator = Annotated[Frame, shown_to("coordinator")]
Weekdays = Annotated[list[int] | None, Query()]
_LONGEST = 200
_ACTIONS = {NewHours: "change hours", NewServiceDays: "change service days", NewClosure: "close"}
#: Stands in addresses for the whole service.
WHOLE = "alla"


@router.get("/natet/{branch}")
def get_branch(branch: str, frame: Coordinator, reader: ReaderDep) -> Response:
    """Show a library."""
    return show_branch(frame, reader, branch)


@router.get("/natet/{branch}/oppettider")
def get_hours(branch: str, frame: Coordinator, reader: ReaderDep, timmar: str = "") -> Response:
    """Show what other receiving hours would do."""
    hours = timmar.strip()
    fault = network_words.hours_fault(frame.w, hours)
    if fault:
        return show_branch(frame, reader, branch, faults={"timmar": fault}, typed={"timmar": hours})
    said = frame.w.t("Receives: {hours}", hours=hours_said(frame.w, hours))
    asked = Asked(
        branch=branch,
        action="oppettider",
        said=said,
        fields=(("timmar", hours),),
        change=NewHours(branch=branch, hours=hours),
    )
    return effect_page(frame, reader, asked)


@router.post("/natet/{branch}/oppettider")
def post_hours(branch: str, frame: Coordinator, form: FormDep) -> Response:
    """Keep other receiving hours."""
    hours = form.text("timmar")
    if network_words.hours_fault(frame.w, hours):
        raise ProblemError("bad-input", network_words.hours_fault(frame.w, hours))
    return _keep(frame, form, NewHours(branch=branch, hours=hours), branch)


@router.get("/natet/{branch}/turdagar")
def get_days(
    branch: str,
    frame: Coordinator,
    reader: ReaderDep,
    dag: Weekdays = None,
    veckor: str = "every",
    fran: str = "",
) -> Response:
    """Show what other service days would do."""
    first, fault = _day(frame, fran)
    if first is None:
        return show_branch(frame, reader, branch, faults={"fran": fault}, typed={"fran": fran})
    change = service_change(branch, dag or [], veckor, first)
    said = frame.w.t(
        "Served {days}, {weeks}, from {day}",
        days=weekday_names(frame.w, change.weekdays),
        weeks=network_words.weeks_name(frame.w, change.weeks),
        day=frame.w.day(first),
    )
    stopped = frame.w.t("No longer served from {day}", day=frame.w.day(first))
    fields = [("dag", str(number)) for number in change.weekdays]
    asked = Asked(
        branch=branch,
        action="turdagar",
        said=said if change.weekdays else stopped,
        fields=(*fields, ("veckor", change.weeks.value), ("fran", first.isoformat())),
        change=change,
    )
    return effect_page(frame, reader, asked)


@router.post("/natet/{branch}/turdagar")
def post_days(branch: str, frame: Coordinator, form: FormDep) -> Response:
    """Keep other service days."""
    first, fault = _day(frame, form.text("fran"))
    if first is None:
        raise ProblemError("bad-input", fault)
    days = [int(text) for text in form.texts("dag") if text.isdecimal()]
    change = service_change(branch, days, form.text("veckor", "every"), first)
    return _keep(frame, form, change, branch)


@router.get("/natet/{branch}/stangning")
def get_closure(
    branch: str,
    frame: Coordinator,
    reader: ReaderDep,
    fran: str = "",
    till: str = "",
    skal: str = "",
) -> Response:
    """Show what closing for some days would do."""
    typed = {"stang": fran, "till": till, "skal": skal}
    change, faults = _closure(frame, branch, typed)
    if change is None and branch == WHOLE:
        return frame.go("/natet?vy=stangt", " ".join(faults.values()), "bad")
    if change is None:
        return show_branch(frame, reader, branch, faults=faults, typed=typed)
    closure = change.closure
    said = frame.w.t(
        "Closed {first} to {last}",
        first=frame.w.day(closure.first_day),
        last=frame.w.day(closure.last_day),
    )
    asked = Asked(
        branch=branch,
        action="stangning",
        said=f"{said}: {closure.reason}" if closure.reason else said,
        fields=(
            ("fran", closure.first_day.isoformat()),
            ("till", closure.last_day.isoformat()),
            ("skal", closure.reason),
        ),
        change=change,
    )
    return effect_page(frame, reader, asked)


@router.post("/natet/{branch}/stangning")
def post_closure(branch: str, frame: Coordinator, form: FormDep) -> Response:
    """Close for some days."""
    typed = {"stang": form.text("fran"), "till": form.text("till"), "skal": form.text("skal")}
    change, faults = _closure(frame, branch, typed)
    if change is None:
        raise ProblemError("bad-input", " ".join(faults.values()))
    return _keep(frame, form, change, branch)


def show_branch(
    frame: Frame,
    reader: Reader,
    branch: str,
    *,
    faults: dict[str, str] | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    """
    Show a library with its forms.

    Parameters
    ----------
    frame
        The page.
    reader
        Reads the database.
    branch
        Its identifier.
    faults
        What is wrong with what was typed, by field.
    typed
        What was typed, by field.

    Returns
    -------
    Response
        The page.
    """

    def work(session: Session) -> dict[str, Any]:
        return {
            "branch": lookups.find_branch(session, branch),
            "patterns": lookups.patterns_of(session, branch),
            "closures": lookups.coming_closures(session, frame.today, branch),
            "owners": dict(lookups.municipalities(session)),
        }

    return frame.page(
        "network_branch.html",
        status=422 if faults else 200,
        faults=faults or {},
        typed=typed or {},
        **words(frame),
        **reader.run(work),
    )


def service_change(branch: str, days: list[int], weeks: str, first: date) -> NewServiceDays:
    """
    Read the fields of the form for service days.

    Parameters
    ----------
    branch
        Identifier of the library.
    days
        ISO weekdays.
    weeks
        In which weeks.
    first
        First day on which they hold.

    Returns
    -------
    NewServiceDays
        The change.
    """
    chosen = tuple(sorted({day for day in days if 1 <= day <= 7}))  # noqa: PLR2004  # days of a week
    known = {one.value for one in Weeks}
    return NewServiceDays(
        branch=branch,
        weekdays=chosen,
        weeks=Weeks(weeks) if weeks in known else Weeks.EVERY,
        valid_from=first,
    )


def _closure(
    frame: Frame, branch: str, typed: dict[str, str]
) -> tuple[NewClosure | None, dict[str, str]]:
    faults = {}
    first, fault = _day(frame, typed["stang"])
    if first is None:
        faults["stang"] = fault
    last, fault = _day(frame, typed["till"] or typed["stang"])
    if last is None:
        faults["till"] = fault
    reason = typed["skal"].strip()[:_LONGEST]
    try:
        refuse_personal_values({"skal": reason})
    except InputError as error:
        faults["skal"] = error.problems[0]
    if first is None or last is None or faults:
        return None, faults
    if last < first:
        return None, {"till": frame.w.t("The last day is before the first.")}
    where = None if branch == WHOLE else branch
    closure = Closure(branch=where, first_day=first, last_day=last, reason=reason)
    return NewClosure(closure=closure), {}


def _day(frame: Frame, text: str) -> tuple[date | None, str]:
    try:
        return date.fromisoformat(text.strip()), ""
    except ValueError:
        return None, frame.w.t("Write the day as 2026-12-24.")


def _keep(frame: Frame, form: FormDep, change: Change, branch: str) -> Response:
    seen = form.text("revision")
    revision = int(seen) if seen.isdecimal() else None

    def work(session: Session) -> Done:
        keep(session, change, revision=revision, actor=said_by(frame))
        path = "/natet?vy=stangt" if branch == WHOLE else f"/natet/{branch}"
        said = frame.w.t("Saved. The next plan of each day follows it.")
        return Done(path=path, said=said)

    return form.run(work, action=_ACTIONS[type(change)], subject=branch)

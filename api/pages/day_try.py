"""Change and see: what a decision about a day would do, before it is kept."""

import base64
import binascii
import json
import zlib
from dataclasses import dataclass
from datetime import date as Date  # noqa: N812  # as in the other pages of a day
from typing import Annotated, Any, Final, TypeVar
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from pydantic import ConfigDict, Field, ValidationError
from sqlmodel import Session
from starlette.responses import Response

from api.pages import day_verdict, day_words
from api.pages.day import Coordinator, day_map, day_values, facts_of
from api.pages.day_conflict import guarded
from api.pages.day_turn import taking_turns
from api.pages.forms import Done, FormDep
from api.pages.frame import Frame
from api.problems import ProblemError
from api.queries.day import DayFacts
from api.schemas.base import Day, MaybeLine, Wire
from api.settings import Settings  # noqa: TC001  # names what the state holds
from api.unit import Reader, ReaderDep
from logistics.demand.privacy import refuse_personal_values
from logistics.errors import InputError, LogisticsError, NoPlanError
from logistics.network.travel import ROAD_GRAPH
from logistics.operations.change.day_changes import ChangeKind
from logistics.operations.change.keep_change import as_seen, keep
from logistics.operations.change.try_change import Idea, Trial, decide, try_idea
from logistics.operations.day.unstored_plans import as_if_stored
from logistics.operations.view.build_view import view_of
from logistics.operations.view.day_view import DayView
from logistics.planning.plan import Plan, parse_plan, plan_to_json

router = APIRouter(include_in_schema=False)
M = TypeVar("M", bound=Wire)
_LONGEST_ANSWER: Final = 2_000_000
_PROOF_SHARE: Final = 0.7


class Asked(Wire):
    """What somebody wants to see, as an address says it."""

    model_config = ConfigDict(extra="ignore")

    version: int | None = Field(default=None, ge=1, le=2**31 - 1)
    kind: ChangeKind | None = Field(default=None, alias="andra")
    subject: Annotated[str, Field(max_length=60, pattern=r"^[!-~]*$")] = Field("", alias="vad")
    reason: MaybeLine = Field("", alias="skal")
    like: str = Field("", alias="som", max_length=60)
    name: MaybeLine = Field("", alias="namn")
    vehicle: str = Field("", alias="bil", max_length=60)
    place: int = Field(1, alias="plats", ge=1, le=1000)
    undo: int | None = Field(None, alias="angra", ge=1, le=2**31 - 1)
    deliver: str = Field("", alias="frakt", max_length=160)
    rearrange: bool = Field(default=False, alias="ordna")

    def address(self, day: Date, **changes: object) -> str:
        """
        Write the address that asks this.

        Parameters
        ----------
        day
            The day.
        **changes
            Fields that differ, by their names in addresses; None leaves one out.

        Returns
        -------
        str
            A path with a query.
        """
        given = self.model_dump(by_alias=True, exclude_defaults=True, mode="json") | changes
        fields = {name: value for name, value in given.items() if value is not None}
        return f"/dag/{day}/prova?{urlencode(fields)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    facts: DayFacts
    trial: Trial
    view: DayView


@router.get("/dag/{date}/prova")
def get_trial(
    date: Day, frame: Coordinator, reader: ReaderDep, asked: Annotated[Asked, Query()]
) -> Response:
    """Show what a decision would do: money, kilometres, items, and the old runs faint below."""
    facts = facts_of(frame, reader, date, asked.version)
    if facts.view is None:
        return frame.go(f"/dag/{date}")
    try:
        trial = try_as_asked(frame, reader, date, asked, facts)
    except (NoPlanError, InputError) as error:
        what = asked_words(frame, facts, asked)
        return frame.page(
            "day_refused.html",
            status=409,
            facts=facts,
            what=what,
            problems=error.problems,
            names=day_words.names(facts),
        )
    view = reader.run(lambda session: _view(session, trial))
    return _shown(frame, _Seen(facts=facts, trial=trial, view=view), asked)


@router.post("/dag/{date}/behall")
def keep_trial(date: Day, frame: Coordinator, form: FormDep, reader: ReaderDep) -> Response:
    """Keep a decision with the plan that was shown."""
    asked = checked(Asked, form.text("asked"))
    settings: Settings = frame.request.app.state.settings
    seen, seconds = unpacked(form.text("plan")), settings.preview_seconds * _PROOF_SHARE

    def work() -> Response:
        try:
            decision = decide(
                reader.engine,
                date,
                idea_of(asked),
                plan=seen,
                travel=settings.travel or ROAD_GRAPH,
                actor=frame.who.label,
            )
            plan = as_seen(decision.day, seen, seconds=seconds)
        except LogisticsError as error:
            raise ProblemError("conflict", error.problems[0]) from None

        def store(session: Session) -> Done:
            row = keep(
                session,
                decision.day,
                plan,
                seen=form.text("seen"),
                change=decision.change,
                undo=asked.undo,
                actor=frame.who.label,
            )
            return Done(path=f"/dag/{date}", said=frame.w.t("Kept as draft {n}.", n=row.version))

        return form.run(store, action="change day", subject=f"{date} {asked.subject}"[:160])

    again = asked.address(date, version=None)
    return guarded(frame, reader, date, form.text("seen"), work, again)


def try_as_asked(frame: Frame, reader: Reader, day: Date, asked: Asked, facts: DayFacts) -> Trial:
    """
    Try what was asked for.

    Parameters
    ----------
    frame
        The page.
    reader
        The database.
    day
        The day.
    asked
        What was asked for.
    facts
        The day as it is.

    Returns
    -------
    Trial
        What it would do.

    Raises
    ------
    NoPlanError
        No plan obeys it.
    ProblemError
        Too much is being tried at once.
    """
    settings: Settings = frame.request.app.state.settings
    with taking_turns(settings.preview_seconds):
        return try_idea(
            reader.engine,
            day,
            idea_of(asked),
            version=facts.plan.version if facts.plan else None,
            seconds=settings.preview_seconds,
            workers=settings.plan_workers,
            travel=settings.travel or ROAD_GRAPH,
            moved_stop_sek=settings.moved_stop_sek,
            rearrange=asked.rearrange,
            actor=frame.who.label,
        )


def idea_of(asked: Asked) -> Idea:
    """
    Read what was asked for.

    Parameters
    ----------
    asked
        What an address says.

    Returns
    -------
    Idea
        As the operations know it.
    """
    refuse_personal_values({"reason": asked.reason})
    details: dict[str, Any] = {}
    subject = asked.subject
    match asked.kind:
        case ChangeKind.CLOSE_BRANCH:
            details = {"reason": asked.reason}
        case ChangeKind.EXTRA_VEHICLE:
            details = {"like": asked.like, "name": asked.name or asked.like}
            subject = asked.subject or f"extra-{zlib.crc32(asked.name.encode()):x}"
        case ChangeKind.MOVE:
            details = {"vehicle": asked.vehicle, "place": asked.place}
        case _:
            details = {}
    return Idea(
        kind=asked.kind,
        subject=subject,
        details=details,
        undo=asked.undo,
        deliver=asked.deliver,
    )


def asked_words(frame: Frame, facts: DayFacts, asked: Asked) -> str:
    """
    Say what is being tried.

    Parameters
    ----------
    frame
        The page.
    facts
        The day.
    asked
        What was asked for.

    Returns
    -------
    str
        One clause, not escaped.
    """
    w = frame.w
    if asked.undo is not None:
        row = next((one for one in facts.changes if one.id == asked.undo), None)
        what = day_words.change(w, row, facts) if row else str(asked.undo)
        return w.t("Take back: {what}", what=what)
    if asked.deliver:
        way, _, _ = asked.deliver.rpartition(":")
        origin, _, goal = way.partition(">")
        start, end = day_words.place_name(facts, origin), day_words.place_name(facts, goal)
        return w.t("{origin} → {destination} arrives today", origin=start, destination=end)
    if asked.kind is ChangeKind.MOVE:
        place = day_words.place_name(facts, asked.subject)
        van = day_words.van_name(facts, asked.vehicle)
        return w.t("{place} as stop {n} of {van}", place=place, n=asked.place, van=van)
    return day_words.idea(w, idea_of(asked), facts)


def _view(session: Session, trial: Trial) -> DayView:
    changes = [] if trial.change is None else [_described(trial)]
    stored = as_if_stored(
        session, trial.day, trial.plan, version=trial.version + 1, changes=changes
    )
    return view_of(session, stored)


def _described(trial: Trial) -> dict[str, Any]:
    row = trial.change
    return {"kind": row.kind, "subject": row.subject, "details": row.details} if row else {}


def _shown(frame: Frame, seen: _Seen, asked: Asked) -> Response:
    facts, trial = seen.facts, seen.trial
    values = day_values(frame, facts) | {
        "view": seen.view,
        "before": facts.view,
        "what": asked_words(frame, facts, asked),
        "faint": frame.w.t("The dotted grey line is the plan as it is now."),
        "differences": day_verdict.differences(frame.w, trial),
        "broken": day_verdict.broken(frame.w, trial, facts),
        "moved": {stop.site: stop.before for stop in trial.stops},
        "gone": [
            day_words.place_name(facts, stop.site) for stop in trial.stops if stop.after is None
        ],
        "same": not trial.stops and trial.change is None,
        "can_keep": facts.can_change and facts.is_newest and not trial.broken,
        "asked": json.dumps(asked.model_dump(by_alias=True, exclude_defaults=True, mode="json")),
        "packed": packed(trial.plan),
        "rearrange": asked.address(facts.day, ordna="true")
        if asked.kind is ChangeKind.MOVE and not asked.rearrange
        else "",
    }
    map_ = day_map(frame, facts, view=seen.view, before=facts.view) if seen.view.runs else {}
    return frame.page("day_trial.html", **values | map_)


def checked(model: type[M], fields: str | dict[str, str]) -> M:
    """
    Read hidden fields that a form brings back.

    Parameters
    ----------
    model
        What they must be.
    fields
        The fields, or all of them as JSON.

    Returns
    -------
    M
        The model.

    Raises
    ------
    ProblemError
        They are none of ours.
    """
    try:
        if isinstance(fields, str):
            return model.model_validate_json(fields)
        return model.model_validate(fields)
    except ValidationError as error:
        told = error.errors(include_url=False, include_input=False)[0]["msg"]
        raise ProblemError("bad-input", f"form: {told}; try the change again") from None


def packed(plan: Plan) -> str:
    """
    Write a plan into a form, so that what is kept is what was shown.

    Parameters
    ----------
    plan
        The plan.

    Returns
    -------
    str
        Its answer, compressed.
    """
    text = json.dumps(plan_to_json(plan), separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode()


def unpacked(text: str) -> Plan:
    """
    Read the plan that a form brings back.

    Parameters
    ----------
    text
        What `packed` wrote.

    Returns
    -------
    Plan
        The plan, not judged yet.

    Raises
    ------
    ProblemError
        It is none of ours.
    """
    try:
        machine = zlib.decompressobj()
        plain = machine.decompress(base64.b64decode(text, validate=True), _LONGEST_ANSWER)
    except (binascii.Error, zlib.error):
        raise ProblemError("bad-input", "plan: it cannot be read; try the change again") from None
    if machine.unconsumed_tail:
        raise ProblemError("bad-input", "plan: it is too long; try the change again")
    return parse_plan(plain.decode("utf-8", "replace"))

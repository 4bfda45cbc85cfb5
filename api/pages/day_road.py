"""During the day: a van stops, a branch closes; the rest is planned from where the vans are."""

from dataclasses import replace
from typing import Annotated, Final

from fastapi import APIRouter, Query
from pydantic import ConfigDict, Field
from sqlmodel import Session
from starlette.responses import Response

from api.pages import day_verdict, day_words
from api.pages.day import Coordinator, day_map, day_values, facts_of
from api.pages.day_conflict import guarded
from api.pages.day_stopped import in_stopped_vans
from api.pages.day_try import checked, packed, unpacked
from api.pages.day_turn import taking_turns
from api.pages.forms import Done, FormDep
from api.pages.frame import Frame
from api.queries.day import DayFacts
from api.schemas.base import Day, MaybeLine, Wire
from api.settings import Settings  # noqa: TC001  # names what the state holds
from api.unit import ReaderDep
from logistics.demand.privacy import refuse_personal_values
from logistics.errors import LogisticsError
from logistics.operations.change.day_changes import ChangeKind
from logistics.operations.day.local_time import moment
from logistics.operations.day.unstored_plans import as_if_stored
from logistics.operations.road.keep_road import keep_on_the_road
from logistics.operations.road.on_the_road import Event, RoadTrial, try_on_the_road
from logistics.operations.view.build_view import view_of
from logistics.operations.view.day_view import DayView

router = APIRouter(include_in_schema=False)
_EVENTS: Final = {"bil": Event.VAN_STOPS, "stangt": Event.BRANCH_CLOSES}


class Happened(Wire):
    """What has happened, as an address says it."""

    model_config = ConfigDict(extra="ignore")

    kind: Annotated[str, Field(pattern="^(bil|stangt)$", alias="handelse")]
    subject: Annotated[str, Field(max_length=60, pattern=r"^[!-~]+$", alias="vad")]
    reason: MaybeLine = Field("", alias="skal")
    clock: int | None = Field(None, alias="kl", ge=0, le=172_800)

    @property
    def event(self) -> Event:
        """What the operations call it."""
        return _EVENTS[self.kind]


@router.get("/dag/{date}/pa-vagen")
def get_rest_of_day(
    date: Day, frame: Coordinator, reader: ReaderDep, happened: Annotated[Happened, Query()]
) -> Response:
    """Show the rest of the day as it would be driven now."""
    facts = facts_of(frame, reader, date)
    settings: Settings = frame.request.app.state.settings
    refuse_personal_values({"reason": happened.reason})
    what = words_of(frame, facts, happened)
    clock = frame.clock if frame.today == date else 0
    clock = happened.clock if happened.clock is not None else clock
    try:
        with taking_turns(settings.preview_seconds):
            trial = try_on_the_road(
                reader.engine,
                date,
                happened.event,
                happened.subject,
                at=moment(date, clock),
                seconds=settings.preview_seconds,
                moved_stop_sek=settings.moved_stop_sek,
            )
    except LogisticsError as error:
        return frame.page(
            "day_refused.html",
            status=409,
            facts=facts,
            what=what,
            problems=error.problems,
            names=day_words.names(facts),
        )
    view = reader.run(lambda session: _view(session, trial))
    return _shown(frame, facts, trial, view, happened)


@router.post("/dag/{date}/pa-vagen")
def keep_rest_of_day(date: Day, frame: Coordinator, form: FormDep, reader: ReaderDep) -> Response:
    """Put the rest of the day in force as it was shown; drivers see it at once."""
    fields = {name: form.text(name) for name in ("handelse", "vad", "skal", "kl")}
    happened = checked(Happened, fields)
    clock, plan = happened.clock or 0, unpacked(form.text("plan"))
    refuse_personal_values({"reason": happened.reason})

    def store(session: Session) -> Done:
        row = keep_on_the_road(
            session,
            date,
            plan,
            event=happened.event,
            subject=happened.subject,
            clock=clock,
            seen=form.text("seen"),
            reason=happened.reason,
            actor=frame.who.label,
        )
        said = frame.w.t("Version {n} is under way; the drivers see it now.", n=row.version)
        return Done(path=f"/dag/{date}", said=said)

    again = (
        f"/dag/{date}/pa-vagen?handelse={happened.kind}&vad={day_words.quoted(happened.subject)}"
    )
    return guarded(
        frame,
        reader,
        date,
        form.text("seen"),
        lambda: form.run(store, action="replan day", subject=f"{date} {happened.subject}"[:160]),
        again,
    )


def words_of(frame: Frame, facts: DayFacts, happened: Happened) -> str:
    """
    Say what has happened.

    Parameters
    ----------
    frame
        The page.
    facts
        The day, for names.
    happened
        What it is.

    Returns
    -------
    str
        One clause, not escaped.
    """
    if happened.event is Event.VAN_STOPS:
        van = day_words.van_name(facts, happened.subject)
        return frame.w.t("{van} goes no further", van=van)
    place = day_words.place_name(facts, happened.subject)
    return frame.w.t("{place} closes now", place=place)


def _view(session: Session, trial: RoadTrial) -> DayView:
    stops = trial.event is Event.VAN_STOPS
    happened = {
        "kind": ChangeKind.VEHICLE_OUT if stops else ChangeKind.CLOSE_BRANCH,
        "subject": trial.subject,
        "details": {
            "from": trial.clock,
            "left_out": list(trial.left_out),
            "aboard": list(trial.state.moved),
        },
    }
    changes = [*trial.state.stored.row.changes, happened]
    stored = as_if_stored(
        session, trial.day, trial.plan, version=trial.version + 1, changes=changes
    )
    view, made = view_of(session, stored), _made(trial)
    return replace(view, unserved=tuple(o for o in view.unserved if o.place.id not in made))


def _made(trial: RoadTrial) -> set[str]:
    """Branches that have been visited, by a van that goes no further too."""
    return {stop.site for van in trial.state.vans for stop in van.stops}


def _shown(
    frame: Frame, facts: DayFacts, trial: RoadTrial, view: DayView, happened: Happened
) -> Response:
    w = frame.w
    hub = trial.day.problem.hub
    at_hub = [name for name, place in trial.state.moved.items() if place == hub]
    put_off = sum(len(trial.state.transfers[name]) for name in at_hub)
    values = day_values(frame, facts) | {
        "view": view,
        "before": facts.view,
        "what": words_of(frame, facts, happened),
        "faint": w.t("The dotted grey line is the plan as it is now."),
        "differences": day_verdict.compared(w, trial.before, trial.after),
        "moved": {stop.site: stop.before for stop in trial.stops},
        "left_out": [day_words.place_name(facts, site) for site in trial.left_out],
        "gone": [
            day_words.place_name(facts, stop.site)
            for stop in trial.stops
            if stop.after is None and stop.site not in {*trial.left_out, *_made(trial)}
        ],
        "in_stopped_vans": in_stopped_vans(w, view),
        "put_off": w.many(
            "{n} item aboard is put off at the hub again.",
            "{n} items aboard are put off at the hub again.",
            put_off,
        )
        if put_off
        else "",
        "happened": happened,
        "clock": trial.clock,
        "packed": packed(trial.plan),
    }
    map_ = day_map(frame, facts, view=view, before=facts.view) if view.runs else {}
    return frame.page("day_road.html", **values | map_)

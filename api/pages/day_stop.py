"""One stop of a day: fix it, move it, close it; two versions side by side."""

from typing import Annotated

from fastapi import APIRouter, Query
from sqlmodel import Session
from starlette.responses import Response

from api.pages import day_verdict, day_words
from api.pages.day import Coordinator, Version, day_map, day_values, facts_of
from api.pages.day_conflict import guarded
from api.pages.forms import Done, FormDep
from api.problems import ProblemError
from api.schemas.base import BranchId, Day
from api.unit import ReaderDep
from logistics.operations.change.change import pin_stop, undo_change
from logistics.operations.change.day_changes import ChangeKind, rows_of
from logistics.operations.change.keep_change import check_stamp
from logistics.operations.change.try_change import Sums
from logistics.operations.day.outcomes import Outcome
from logistics.operations.day.stored_plans import StoredPlan, read_stored_plan
from logistics.operations.view.build_view import build_day_view
from logistics.operations.view.kinds import Pin
from logistics.planning.compare import stop_changes

router = APIRouter(include_in_schema=False)
Number = Annotated[int, Query(ge=1, le=2**31 - 1)]


@router.get("/dag/{date}/stopp/{branch}")
def get_stop(
    date: Day, branch: BranchId, frame: Coordinator, reader: ReaderDep, version: Version = None
) -> Response:
    """Show what can be done with one stop, by forms that need no script."""
    facts = facts_of(frame, reader, date, version)
    runs = facts.view.runs if facts.view else ()
    found = next(
        ((run, stop) for run in runs for stop in run.stops if stop.place.id == branch), None
    )
    if found is None:
        raise ProblemError("not-found", f"branch {branch!r}: no run of {date} calls there")
    run, stop = found
    return frame.page(
        "day_stop.html", **day_values(frame, facts) | {"run": run, "stop": stop, "runs": runs}
    )


@router.post("/dag/{date}/las")
def fix_stop(date: Day, frame: Coordinator, form: FormDep, reader: ReaderDep) -> Response:
    """Let a stop keep its van, order or time, or let go of it."""
    branch, strength = form.text("stopp"), form.text("styrka")
    facts = facts_of(frame, reader, date)
    place = day_words.place_name(facts, branch)

    def work(session: Session) -> Done:
        check_stamp(session, date, form.text("seen"))
        for row in rows_of(session, date):
            if row.subject == branch and row.kind in {ChangeKind.PIN, ChangeKind.MOVE}:
                undo_change(session, row.id or 0)
        said = frame.w.t("{place} is free again.", place=place)
        if strength in set(Pin):
            version = facts.plan.version if facts.plan else None
            who = frame.who.label
            pin_stop(session, date, branch, Pin(strength), version=version, actor=who)
            said = day_words.pin(frame.w, strength, place) + "."
        return Done(path=f"/dag/{date}", said=said)

    return guarded(
        frame,
        reader,
        date,
        form.text("seen"),
        lambda: form.run(work, action="change day", subject=f"{date} {branch}"[:160]),
    )


@router.get("/dag/{date}/jamfor")
def get_comparison(
    date: Day, frame: Coordinator, reader: ReaderDep, mot: Number, version: Version = None
) -> Response:
    """Show one version beside another, the other faint on the map."""
    facts = facts_of(frame, reader, date, version)
    if facts.plan is None or facts.view is None:
        raise ProblemError("not-found", f"plan of {date}: there is none to compare")
    number = facts.plan.version

    def both(session: Session) -> tuple[StoredPlan, StoredPlan]:
        return read_stored_plan(session, date, mot), read_stored_plan(session, date, number)

    before, after = reader.run(both)
    other = reader.run(lambda session: build_day_view(session, date, mot))
    stops = stop_changes(before.plan, after.plan)
    values = day_values(frame, facts) | {
        "faint": frame.w.t("The dotted grey line is version {m}.", m=mot),
        "what": frame.w.t("Version {n} against version {m}", n=number, m=mot),
        "differences": day_verdict.compared(frame.w, _sums(before), _sums(after)),
        "moved": {stop.site: stop.before for stop in stops},
        "gone": [day_words.place_name(facts, stop.site) for stop in stops if stop.after is None],
    }
    map_ = day_map(frame, facts, before=other) if facts.view.runs else {}
    return frame.page("day_compare.html", **values | map_)


def _sums(stored: StoredPlan) -> Sums:
    cost = stored.plan.cost
    ends = dict.fromkeys(Outcome, 0)
    for promise in stored.promises.values():
        ends[Outcome(promise.row.outcome)] += len(promise.transfers)
    return Sums(
        cost_sek=cost.total,
        driving_sek=cost.total - cost.delay,
        distance_metres=sum(run.distance_metres for run in stored.runs),
        paid_seconds=sum(run.paid_seconds for run in stored.runs),
        delivered=ends[Outcome.DELIVERED],
        at_hub=ends[Outcome.AT_HUB],
        left=ends[Outcome.LEFT],
    )

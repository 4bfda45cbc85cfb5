"""The driver's page: the next stop large, a tick for each step, and the same on paper."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from http import HTTPStatus
from typing import Annotated, Final, Literal

from fastapi import APIRouter
from sqlmodel import Session, col, select
from starlette.responses import HTMLResponse, JSONResponse, Response

from api.pages import static
from api.pages.day_stopped import in_stopped_vans
from api.pages.forms import Done, Form, FormDep, RefusedError
from api.pages.frame import Frame, shown_to
from api.pages.refusals import said
from api.pages.run_goods import bundle_line
from api.pages.run_ticks import Exceptional, kind_name, reason_name, ticks_of
from api.pages.run_view import RunPage, wire
from api.problems import KINDS, ProblemError
from api.queries.progress import Progress, progress, run_of_code, runs_of
from api.unit import Answer, Reader, ReaderDep, Unit, dump
from logistics.errors import LogisticsError, UnavailableError
from logistics.operations.day.stored_plans import IN_FORCE
from logistics.operations.network.load_network import read_network
from logistics.operations.road.drive import drive
from logistics.operations.road.late_ticks import branch_of, old_run
from logistics.operations.road.refused_ticks import keep_refused
from logistics.operations.road.ticks import Tick
from logistics.operations.view.build_view import build_day_view
from logistics.operations.view.day_view import DayView
from logistics.operations.view.run_records import StopView
from logistics.storage.tables import PlanRow, RunRow, VehicleRow
from maps.escape import short

router = APIRouter(include_in_schema=False)
Drivers = Annotated[Frame, shown_to("driver", "coordinator")]
_COME_BACK: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})
_SCRIPTS: Final = ("run-queue.js", "run-worker.js")
_KEPT: Final = ("theme.css", "htmx.js", "pages.js", "run-queue.js", "run.js")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """
    A run of which the plan is in force.

    Attributes
    ----------
    row
        The run.
    stop
        Number of the stop whose code was given; None for the run's own.
    view
        Its day.
    so_far
        How far it has come.
    """

    row: RunRow
    stop: int | None
    view: DayView
    so_far: Progress

    @property
    def is_planned(self) -> bool:
        """Whether it goes on; the run of a van that has stopped is in no plan any more."""
        return any(run.number == self.row.number for run in self.view.runs)


@router.get("/tur")
def get_runs(frame: Drivers, reader: ReaderDep, *, alla: bool = False) -> Response:
    """Choose one's run of today; where there is one alone, go on to it."""

    def work(session: Session) -> tuple[list[RunRow], dict[str, str], bool, date | None]:
        runs = runs_of(session, frame.today, IN_FORCE)
        names = {row.id: row.name for row in session.exec(select(VehicleRow))}
        if runs:
            return runs, names, True, None
        drafts = runs_of(session, frame.today, ("draft",))
        network = read_network(session)
        hub = next((one.id for one in network.branches if one.is_hub), "")
        after = network.calendar.next_service(hub, frame.today) if hub else None
        return [], names, bool(drafts), after

    runs, names, is_planned, after = reader.run(work)
    if len(runs) == 1 and not alla:
        return frame.go(f"/tur/{runs[0].code}")
    return frame.page("runs.html", runs=runs, names=names, is_planned=is_planned, after=after)


@router.get("/tur/sw.js")
def get_worker(frame: Drivers) -> Response:
    """Serve the script that opens the page in a tunnel and sends ticks when the road is open."""
    del frame
    kept = json.dumps([static.address(name) for name in _KEPT])
    text = "\n".join(
        [f"self.KEPT = {kept};", *(static.every_file()[one].content.decode() for one in _SCRIPTS)]
    )
    headers = {"Service-Worker-Allowed": "/tur", "Cache-Control": "no-cache"}
    return Response(text, headers=headers, media_type="text/javascript")


@router.get("/tur/{code}")
def get_run(code: str, frame: Drivers, reader: ReaderDep, stopp: int | None = None) -> Response:
    """Show a run with its next stop, or with the stop whose code was scanned."""
    found = reader.run(lambda session: _find(session, frame, code))
    if found is None:
        return frame.go("/tur", frame.w.t("This run is not of today; here is what runs."), "warn")
    if not found.is_planned:
        return _stopped(frame, found, reader)
    if found.stop is not None:
        return frame.go(f"/tur/{found.row.code}?stopp={found.stop}")
    return frame.page(
        "run.html",
        run=_page(frame, found, stopp),
        bundle_line=bundle_line,
        reasons=[(one.value, reason_name(frame.w, one)) for one in Exceptional],
    )


@router.get("/tur/{code}/lage")
def get_state(code: str, frame: Drivers, reader: ReaderDep) -> Response:
    """Tell how far a run has come, what time it is, and the token with which ticks are sent."""

    def work(session: Session) -> tuple[Progress, int] | None:
        row, _ = run_of_code(session, code)
        if row is None or not _is_shown(session, frame, row):
            return None
        return progress(session, row), session.get_one(PlanRow, row.plan_id).version

    found = reader.run(work)
    state, version = (None, None) if found is None else (wire(found[0]), found[1])
    moment = round(frame.now.timestamp() * 1000)
    told = {"csrf": frame.who.csrf, "now": moment, "state": state, "version": version}
    return JSONResponse(told)


@router.post("/tur/{code}/kvittera")
def post_tick(code: str, frame: Drivers, form: FormDep, reader: ReaderDep) -> Response:
    """Take a tick in: from the form of the page, or from the queue that a phone kept."""
    if "application/json" in frame.request.headers.get("accept", ""):
        return _from_queue(code, frame, form, reader)
    row, ticks = _report(code, frame, form, reader)
    try:
        return form.run(
            lambda session: Done(
                path=f"/tur/{row.code}", said=_said(frame, _taken_in(session, frame, ticks))
            )
        )
    except RefusedError as error:
        _keep_refused(frame, ticks, [fault.detail for fault in error.faults])
        raise


def _from_queue(code: str, frame: Frame, form: Form, reader: Reader) -> Response:
    ticks: list[Tick] = []
    try:
        _, ticks = _report(code, frame, form, reader)
        done = form.unit.run(
            lambda session: Answer(body=dump({"known": _taken_in(session, frame, ticks)}))
        )
    except UnavailableError:
        raise  # the phone tries again later
    except LogisticsError as error:
        why = _keep_refused(frame, ticks, error.problems)
        return _refused(error.slug, [why])
    except ProblemError as error:
        if KINDS[error.slug][0] in _COME_BACK:
            raise  # so it does
        return _refused(error.slug, [fault.detail for fault in error.faults])
    return JSONResponse({"outcome": "taken"} | json.loads(bytes(done.body)))


@router.get("/tur/{code}/blad")
def get_sheet(
    code: str,
    frame: Drivers,
    reader: ReaderDep,
    format: Literal["html", "pdf"] = "html",  # noqa: A002
) -> Response:
    """Print the run sheet, with a code for each stop that leads back to this page."""
    from maps.run_sheet import run_sheet_html, run_sheet_pdf  # noqa: PLC0415  # slow to import

    found = reader.run(lambda session: _find(session, frame, code))
    if found is None or not found.is_planned:
        raise ProblemError("not-found", frame.w.t("This run is not of today."))
    link = f"{frame.request.app.state.settings.public_url.rstrip('/')}/tur/"
    how = {"language": frame.w.language, "link": link}
    if format == "pdf":
        paper = run_sheet_pdf(found.view, [found.row.number], **how)
        return Response(paper, media_type="application/pdf")
    page = run_sheet_html(found.view, [found.row.number], assets=static.address(), **how)
    return HTMLResponse(page)


def _stopped(frame: Frame, found: Found, reader: Reader) -> Response:
    van = reader.run(lambda session: session.get(VehicleRow, found.row.vehicle_id))
    return frame.page(
        "run_stopped.html",
        van=van.name if van else found.row.vehicle_id,
        in_stopped_vans=in_stopped_vans(frame.w, found.view),
    )


def _find(session: Session, frame: Frame, code: str) -> Found | None:
    row, stop = run_of_code(session, code)
    if row is None or not _is_shown(session, frame, row):
        return None
    view = _view(session, row)
    return Found(row=row, stop=stop, view=view, so_far=progress(session, row))


def _view(session: Session, row: RunRow) -> DayView:
    plan = session.get_one(PlanRow, row.plan_id)
    return build_day_view(session, plan.service_date, plan.version)


def _report(code: str, frame: Frame, form: Form, reader: Reader) -> tuple[RunRow, list[Tick]]:
    def look(session: Session) -> RunRow:
        row, _ = run_of_code(session, code)
        if row is None or not _is_shown(session, frame, row, late=True):
            raise ProblemError("not-found", frame.w.t("This run is not of today."))
        return row

    row = reader.run(look)

    def on_sheet(tick: Tick) -> StopView | None:
        return reader.run(lambda session: _on_sheet(session, row, tick))

    return row, ticks_of(form, row.code, on_sheet, frame.w, frame.now)


def _on_sheet(session: Session, row: RunRow, tick: Tick) -> StopView | None:
    shown = old_run(session, row, tick.version) or row
    branch = branch_of(session, tick)
    view = _view(session, shown)
    stops = [one for run in view.runs if run.number == shown.number for one in run.stops]
    if branch is None:
        return next((one for one in stops if one.number == tick.stop), None)
    return next((one for one in stops if one.place.id == branch), None)


def _taken_in(session: Session, frame: Frame, ticks: Sequence[Tick]) -> bool:
    results = [drive(session, tick, actor=frame.who.label) for tick in ticks]
    return all(result.known for result in results)


def _keep_refused(frame: Frame, ticks: Sequence[Tick], problems: Sequence[str]) -> str:
    """Tell the coordinator of what could not be taken in; the driver is told the same."""
    why = " ".join(said(frame.w, text).text for text in problems)

    def work(session: Session) -> Answer:
        for tick in ticks:
            note = frame.w.t(
                "Not taken in, {what}: {why}", what=kind_name(frame.w, tick.kind), why=why
            )
            told = short(f"{tick.note}. {note}" if tick.note else note, 200)
            keep_refused(session, tick, told, actor=frame.who.label)
        return Answer(body=dump({}))

    Unit(frame.request, None, "").run(work)
    return why


def _refused(slug: str, problems: Sequence[str]) -> Response:
    status = KINDS[slug][0] if slug in KINDS else KINDS["bad-input"][0]
    return JSONResponse({"outcome": "refused", "why": " ".join(problems)}, status)


def _is_shown(session: Session, frame: Frame, row: RunRow, *, late: bool = False) -> bool:
    plan = session.exec(select(PlanRow).where(col(PlanRow.id) == row.plan_id)).one()
    # A phone in a tunnel still has the sheet of a plan that another has replaced.
    if plan.state not in (*IN_FORCE, *(["superseded"] if late else [])):
        return False
    if frame.who.role != "driver":
        return True
    # A phone that died in the evening sends its ticks the next morning.
    days = [frame.today, *([frame.today - timedelta(days=1)] if late else [])]
    return plan.service_date in days


def _page(frame: Frame, found: Found, stop: int | None) -> RunPage:
    return RunPage.of(
        found.view, found.row, found.so_far, frame.w, now=frame.clock, today=frame.today, stop=stop
    )


def _said(frame: Frame, known: bool) -> str:  # what the work answered
    return frame.w.t("This was ticked before.") if known else frame.w.t("Ticked.")

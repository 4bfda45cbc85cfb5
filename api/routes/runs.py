"""Drive: see the day's runs, and report departures, arrivals, finished stops and exceptions."""

from collections.abc import Sequence
from datetime import date as Date  # noqa: N812  # the field of the wire is called date
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from sqlmodel import Session, col, select

from api.door import may
from api.problems import ProblemError, responses
from api.queries.plans import run_wire
from api.queries.transfers import LOCAL
from api.schemas.base import Page, RowId
from api.schemas.plans import Run
from api.schemas.runs import DayQuery, Driven, Report, RunCode, Ticks
from api.schemas.runs import Tick as WireTick
from api.security.roles import Principal
from api.unit import Answer, ReaderDep, Unit, UnitDep
from logistics.demand.privacy import refuse_personal_values
from logistics.errors import NotFoundError
from logistics.operations.day.stored_plans import IN_FORCE
from logistics.operations.road.drive import drive
from logistics.operations.road.ticks import Tick, TickKind
from logistics.storage.tables import PlanRow, RunRow

router = APIRouter(prefix="/v1", tags=["runs"])
Reads = Annotated[Principal, may("runs:read")]
Writes = Annotated[Principal, may("runs:write")]
RunPath = Annotated[RunCode, Path(description="Code of the run, as its QR code has it.")]
StopPath = Annotated[RowId, Path(description="Number of the stop on its run.")]
_REFUSALS = responses("conflict")


@router.get("/runs")
def list_runs(
    request: Request, reader: ReaderDep, principal: Reads, which: Annotated[DayQuery, Query()]
) -> Page[Run]:
    """List the runs of a day's plan in force; a driver sees today's."""
    day = which.date or today(request)
    _check_day(request, principal, day)
    query = (
        select(RunRow)
        .join(PlanRow, col(PlanRow.id) == col(RunRow.plan_id))
        .where(col(PlanRow.service_date) == day, col(PlanRow.state).in_(IN_FORCE))
        .order_by(col(RunRow.number))
    )
    return reader.run(
        lambda session: Page(data=[run_wire(session, row) for row in session.exec(query)])
    )


@router.get("/runs/{run}")
def get_run(run: RunPath, request: Request, reader: ReaderDep, principal: Reads) -> Run:
    """Look one run up by its code."""
    return reader.run(lambda session: run_wire(session, _own_run(session, request, principal, run)))


@router.post("/runs/{run}/depart", response_model=Driven, responses=_REFUSALS)
def depart(
    run: RunPath, body: Report, request: Request, unit: UnitDep, principal: Writes
) -> Response:
    """Leave the hub: what rides out from there is aboard."""
    return _report(run, [_tick(run, body, TickKind.DEPART)], request, unit, principal)


@router.post("/runs/{run}/return", response_model=Driven, responses=_REFUSALS)
def come_back(
    run: RunPath, body: Report, request: Request, unit: UnitDep, principal: Writes
) -> Response:
    """Come back to the hub: what is aboard rests there."""
    return _report(run, [_tick(run, body, TickKind.RETURN)], request, unit, principal)


@router.post("/runs/{run}/stops/{stop}/arrive", response_model=Driven, responses=_REFUSALS)
def arrive(
    run: RunPath, stop: StopPath, body: Report, request: Request, unit: UnitDep, principal: Writes
) -> Response:
    """Arrive at a stop."""
    return _report(run, [_tick(run, body, TickKind.ARRIVE, stop)], request, unit, principal)


@router.post("/runs/{run}/stops/{stop}/done", response_model=Driven, responses=_REFUSALS)
def finish_stop(
    run: RunPath, stop: StopPath, body: Report, request: Request, unit: UnitDep, principal: Writes
) -> Response:
    """Tick a stop: what is for it is put off, what waits there is taken."""
    return _report(run, [_tick(run, body, TickKind.DONE, stop)], request, unit, principal)


@router.post("/runs/{run}/stops/{stop}/exception", response_model=Driven, responses=_REFUSALS)
def report_exception(
    run: RunPath, stop: StopPath, body: Report, request: Request, unit: UnitDep, principal: Writes
) -> Response:
    """Report that a stop could not be served as planned, and why."""
    return _report(run, [_tick(run, body, TickKind.EXCEPTION, stop)], request, unit, principal)


@router.post("/runs/{run}/ticks", response_model=Driven, responses=_REFUSALS)
def report_many(
    run: RunPath, body: Ticks, request: Request, unit: UnitDep, principal: Writes
) -> Response:
    """Send what a phone kept while it had no network: all of it counts, or none."""
    ticks = [_tick(run, one, TickKind(one.kind), one.stop) for one in body.data]
    return _report(run, ticks, request, unit, principal)


def today(request: Request) -> Date:
    """
    Tell which day it is where the vans drive.

    Parameters
    ----------
    request
        For the service's clock.

    Returns
    -------
    date
        The local day.
    """
    day: Date = request.app.state.now().astimezone(LOCAL).date()
    return day


def _report(
    code: str, ticks: Sequence[Tick], request: Request, unit: Unit, principal: Principal
) -> Response:
    def work(session: Session) -> Answer:
        row = _own_run(session, request, principal, code)
        moved: dict[str, str] = {}
        skipped: list[str] = []
        for tick in ticks:
            refuse_personal_values({"note": tick.note})
            driven = drive(session, tick, actor=principal.label)
            moved |= {name: str(state) for name, state in driven.moved.items()}
            skipped += driven.skipped
        session.refresh(row)
        body = Driven(run=run_wire(session, row), moved=moved, skipped=sorted(set(skipped)))
        return Answer(body=body)

    return unit.run(work)


def _tick(run: str, body: Report | WireTick, kind: TickKind, stop: int | None = None) -> Tick:
    return Tick(
        id=body.id,
        run=run,
        kind=kind,
        at=body.at,
        stop=stop,
        not_taken=frozenset(body.not_taken),
        missing=frozenset(body.missing),
        note=body.note,
    )


def _own_run(session: Session, request: Request, principal: Principal, code: str) -> RunRow:
    row = session.exec(select(RunRow).where(col(RunRow.code) == code)).one_or_none()
    if row is None:
        raise NotFoundError(f"run {code!r}: there is none of this code")
    _check_day(request, principal, session.get_one(PlanRow, row.plan_id).service_date)
    return row


def _check_day(request: Request, principal: Principal, day: Date) -> None:
    if principal.role == "driver" and day != today(request):
        raise ProblemError("not-allowed", f"a driver sees the runs of today, not those of {day}")

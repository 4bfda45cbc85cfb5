"""Drive: see the day's runs, and report departures, arrivals, finished stops and exceptions."""

from collections.abc import Sequence
from datetime import date as Date  # noqa: N812  # the field of the wire is called date
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from sqlmodel import Session, col, select

from api.door import may
from api.every_fault import EveryFault
from api.problems import ProblemError, responses
from api.queries.lists import Order, list_page
from api.queries.plans import run_wire
from api.queries.transfers import LOCAL
from api.schemas.base import Page
from api.schemas.plans import Run
from api.schemas.runs import DayQuery, Driven, Report, RunCode, StopName, Ticks
from api.security.roles import Principal
from api.unit import Answer, ReaderDep, Unit, UnitDep
from logistics.errors import ConflictError, NotFoundError
from logistics.operations.day.stored_plans import IN_FORCE
from logistics.operations.road.drive import drive
from logistics.operations.road.ticks import Tick, TickKind
from logistics.storage.tables import PlanRow, RunRow

router = APIRouter(prefix="/v1", tags=["runs"], route_class=EveryFault)
Reads = Annotated[Principal, may("runs:read")]
Writes = Annotated[Principal, may("runs:write")]
RunPath = Annotated[RunCode, Path(description="Code of the run, as its QR code has it.")]
StopPath = Annotated[
    StopName,
    Path(
        description="Code of the stop, which stays its own whatever is planned; or its number, "
        "with plan_version in the body."
    ),
]
_REFUSALS = responses("conflict")
_LONGEST_NUMBER = 6


@router.get("/runs")
def list_runs(
    request: Request, reader: ReaderDep, principal: Reads, which: Annotated[DayQuery, Query()]
) -> Page[Run]:
    """List the runs of a day's plan in force; a driver sees today's."""
    day = which.date or today(request)
    _check_day(request, principal, day)
    plan = select(PlanRow.id).where(
        col(PlanRow.service_date) == day, col(PlanRow.state).in_(IN_FORCE)
    )
    in_force, order = col(RunRow.plan_id).in_(plan), Order(("number",))
    return reader.run(
        lambda session: list_page(
            session, RunRow, which, partial(run_wire, session), in_force, order=order
        )
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
    ticks = [
        _tick(run, one, TickKind(one.kind), one.stop_code or str(one.stop or ""))
        for one in body.data
    ]
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
        _own_run(session, request, principal, code)
        moved: dict[str, str] = {}
        skipped: list[str] = []
        for tick in ticks:
            driven = drive(session, _certain(tick), actor=principal.label)
            moved |= {name: str(state) for name, state in driven.moved.items()}
            skipped += driven.skipped
        session.expire_all()
        row = _own_run(session, request, principal, code)
        body = Driven(run=run_wire(session, row), moved=moved, skipped=sorted(set(skipped)))
        return Answer(body=body)

    return unit.run(work)


def _tick(run: str, body: Report, kind: TickKind, stop: str = "") -> Tick:
    is_number = 0 < len(stop) <= _LONGEST_NUMBER  # a code has eight characters or more
    return Tick(
        id=body.id,
        run=run,
        kind=kind,
        at=body.at,
        stop=int(stop) if is_number else None,
        stop_code="" if is_number else stop,
        version=body.plan_version,
        not_taken=frozenset(body.not_taken),
        missing=frozenset(body.missing),
        note=body.note,
    )


def _certain(tick: Tick) -> Tick:
    if tick.stop is not None and tick.version is None:
        raise ConflictError(
            f"report {tick.id!r}: stop {tick.stop} is a number, which stands for another branch "
            "when the day is planned anew; name the stop by its code, or give plan_version"
        )
    return tick


def _own_run(session: Session, request: Request, principal: Principal, code: str) -> RunRow:
    row = session.exec(select(RunRow).where(col(RunRow.code) == code)).one_or_none()
    if row is None:
        raise NotFoundError(f"run {code!r}: there is none of this code")
    _check_day(request, principal, session.get_one(PlanRow, row.plan_id).service_date)
    return row


def _check_day(request: Request, principal: Principal, day: Date) -> None:
    if principal.role == "driver" and day != today(request):
        raise ProblemError("not-allowed", f"a driver sees the runs of today, not those of {day}")

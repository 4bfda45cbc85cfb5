"""Show stored plans over the wire."""

from collections.abc import Mapping
from datetime import date

from sqlmodel import Session, col, select

from api.problems import ProblemError
from api.schemas.plans import Plan, PlanSummary, Run, Stop
from api.security.roles import Principal
from logistics.operations.change.keep_change import stamp
from logistics.storage.locks import lock_day
from logistics.storage.tables import PlanRow, RunRow, StopRow


def etag(row: PlanRow) -> str:
    """
    Name the state of a plan.

    Parameters
    ----------
    row
        The plan.

    Returns
    -------
    str
        Changes with every change of the plan.
    """
    return f'"{row.service_date.isoformat()}.{row.version}.{row.revision}"'


def check_match(row: PlanRow, if_match: str) -> None:
    """
    Refuse to change a plan that is not the one its reader saw.

    Parameters
    ----------
    row
        The plan as it is.
    if_match
        The ``If-Match`` header.

    Raises
    ------
    ProblemError
        412 when the plan has changed meanwhile.
    """
    check_tag(if_match, etag(row), f"the plan of {row.service_date} version {row.version}")


def lock_as_seen(session: Session, day: date, if_match: str) -> None:
    """
    Refuse to decide about a day that is not as its reader saw it; nobody overtakes from now on.

    Parameters
    ----------
    session
        The transaction.
    day
        The service day.
    if_match
        The ``If-Match`` header, with the ETag of the day's decisions.

    Raises
    ------
    ProblemError
        412 when somebody planned or decided something meanwhile.
    """
    lock_day(session, day)
    check_tag(if_match, day_tag(session, day), f"what is decided about {day}")


def day_tag(session: Session, day: date) -> str:
    """
    Name the state of a day: its plans and what is decided about it.

    Parameters
    ----------
    session
        A session.
    day
        The service day, which needs no plan yet.

    Returns
    -------
    str
        Changes with every plan of the day and every decision about it.
    """
    return f'"{day.isoformat()}.{stamp(session, day)}"'


def check_tag(if_match: str, tag: str, what: str) -> None:
    """
    Refuse to change what is not what its reader saw.

    Parameters
    ----------
    if_match
        The ``If-Match`` header.
    tag
        The ETag as it is now.
    what
        What is to be changed, for the sentence.

    Raises
    ------
    ProblemError
        412 when it has changed meanwhile; the answer has the ETag of now.
    """
    given = {one.strip().removeprefix("W/") for one in if_match.split(",")}
    if tag not in given and "*" not in given:
        raise ProblemError(
            "changed-meanwhile",
            f"{what} is now {tag}, not {if_match[:60]}; read it again before you change it",
            pointer="#/header/If-Match",
            headers={"ETag": tag},
        )


def refuse_bound(principal: Principal) -> None:
    """
    Refuse what shows all branches to who belongs to one.

    Parameters
    ----------
    principal
        Who is asking.

    Raises
    ------
    ProblemError
        It belongs to a branch.
    """
    if principal.branch is not None:
        raise ProblemError(
            "not-allowed", f"this shows all branches; {principal.branch!r} has its packing list"
        )


def summary(row: PlanRow) -> PlanSummary:
    """
    Show a version in short.

    Parameters
    ----------
    row
        The version.

    Returns
    -------
    PlanSummary
        Without its runs.
    """
    return PlanSummary.model_validate(_columns(row))


def whole(session: Session, row: PlanRow) -> Plan:
    """
    Show a version with its runs.

    Parameters
    ----------
    session
        A session.
    row
        The version.

    Returns
    -------
    Plan
        All of it.
    """
    runs = session.exec(
        select(RunRow).where(col(RunRow.plan_id) == row.id).order_by(col(RunRow.number))
    )
    return Plan.model_validate(
        {
            **_columns(row),
            "runs": [run_wire(session, run) for run in runs],
            "answer": row.answer,
            "changes": row.changes,
        }
    )


def run_wire(session: Session, row: RunRow) -> Run:
    """
    Show a run with its stops.

    Parameters
    ----------
    session
        A session.
    row
        The run.

    Returns
    -------
    Run
        All of it.
    """
    stops = session.exec(
        select(StopRow).where(col(StopRow.run_id) == row.id).order_by(col(StopRow.number))
    )
    return Run(
        id=row.id or 0,
        number=row.number,
        plan_version=session.get_one(PlanRow, row.plan_id).version,
        vehicle=row.vehicle_id,
        state=row.state,  # type: ignore[arg-type]  # the model checks it
        code=row.code,
        start=row.start_seconds,
        end=row.end_seconds,
        break_after=row.break_after,
        distance_metres=row.distance_metres,
        paid_seconds=row.paid_seconds,
        departed_at=row.departed_at,
        returned_at=row.returned_at,
        stops=[_stop(stop) for stop in stops],
    )


def _stop(row: StopRow) -> Stop:
    return Stop(
        number=row.number,
        branch=row.branch_id,
        arrive=row.arrive_seconds,
        begin=row.begin_seconds,
        depart=row.depart_seconds,
        items_off=row.items_off,
        items_on=row.items_on,
        items_aboard=row.items_aboard,
        distance_metres=row.distance_metres,
        code=row.code,
        arrived_at=row.arrived_at,
        done_at=row.done_at,
    )


def _columns(row: PlanRow) -> Mapping[str, object]:
    same = ("version", "state", "revision", "cost_sek", "bound_sek", "gap", "status")
    more = ("solve_seconds", "travel_source", "caveats", "made_by", "made_at", "published_at")
    return {"date": row.service_date} | {name: getattr(row, name) for name in (*same, *more)}

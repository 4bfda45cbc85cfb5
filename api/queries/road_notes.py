"""What drivers have told from the road: exceptions, and reports that could not be taken in."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from logistics.operations.road.ticks import TickKind
from logistics.storage.tables import PlanRow, RunRow, StopRow, TickRow

#: More than these a day are not read by anybody.
_MOST = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadNote:
    """
    One thing that a driver told.

    Attributes
    ----------
    at
        When it happened.
    vehicle
        Identifier of the van.
    branch
        Where; empty where it is about the van.
    text
        What the driver wrote and chose.
    refused
        Whether it could not be taken in, so that somebody has to set things right by hand.
    """

    at: datetime
    vehicle: str
    branch: str
    text: str
    refused: bool


def road_notes(session: Session, day: date) -> tuple[RoadNote, ...]:
    """
    List what drivers told on a day.

    Parameters
    ----------
    session
        A session.
    day
        The service day.

    Returns
    -------
    tuple[RoadNote, ...]
        What could not be taken in first, then the newest first.
    """
    query = (
        select(TickRow, RunRow.vehicle_id, StopRow.branch_id)
        .join(RunRow, col(RunRow.id) == col(TickRow.run_id))
        .join(PlanRow, col(PlanRow.id) == col(RunRow.plan_id))
        .join(
            StopRow,
            (col(StopRow.run_id) == col(TickRow.run_id))
            & (col(StopRow.number) == col(TickRow.stop_number)),
            isouter=True,
        )
        .where(col(PlanRow.service_date) == day)
        .order_by(col(TickRow.at).desc(), col(TickRow.id))
    )
    notes = [
        RoadNote(
            at=tick.at,
            vehicle=vehicle,
            branch=branch or str(tick.details.get("branch", "")),
            text=str(tick.details.get("note", "")),
            refused=bool(tick.details.get("refused")),
        )
        for tick, vehicle, branch in session.exec(query)
        if tick.kind == TickKind.EXCEPTION.value or tick.details.get("refused")
    ]
    return tuple(sorted(notes, key=lambda note: not note.refused)[:_MOST])

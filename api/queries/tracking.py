"""Where an item is, when it arrives, by which run, and what happened to it before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, or_, select
from sqlmodel import Session, col

from api.queries.arrivals import PROMISED, promises
from api.queries.transfers import touches
from api.security.roles import Principal
from logistics.demand.transfers import TransferState
from logistics.storage.feed import history
from logistics.storage.tables import (
    BranchRow,
    EventRow,
    LegRow,
    PlanRow,
    RunRow,
    TransferRow,
    VehicleRow,
)

#: Beyond these a list helps nobody; the page says that there are more.
MOST = 50
_SHORTEST_BEGINNING = 3
_ENDED = (TransferState.DELIVERED.value, TransferState.CANCELLED.value)
_REQUESTED, _ABOARD = TransferState.REQUESTED.value, TransferState.ABOARD.value


@dataclass(frozen=True, slots=True, kw_only=True)
class NextRide:
    """
    The run that carries a transfer next, or carries it now.

    Attributes
    ----------
    day
        Its service day.
    run
        Its number.
    vehicle
        Name of its vehicle.
    """

    day: date
    run: int
    vehicle: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracked:
    """
    A transfer with everything one asks about it.

    Attributes
    ----------
    row
        The transfer.
    expected
        When a published plan brings it to its destination; when it came, if it has.
    ride
        The run that carries it; None where none is planned.
    in_van
        Name of the van that goes no further and has it aboard; empty otherwise.
    history
        What happened, oldest first; empty in a list of several.
    """

    row: TransferRow
    expected: datetime | None
    ride: NextRide | None
    in_van: str = ""
    history: Sequence[EventRow] = ()

    @property
    def has_ended(self) -> bool:
        """Whether its journey is over."""
        return self.row.state in _ENDED


def find(session: Session, text: str, principal: Principal) -> list[TransferRow]:
    """
    Find transfers by what is read off an item, a label or a list.

    Parameters
    ----------
    session
        A session.
    text
        A bar code, a transfer's identifier, or the circulation system's; the beginning of a bar
        code does where nothing is called so.
    principal
        Who is asking: a branch finds its own.

    Returns
    -------
    list[TransferRow]
        Newest first, those still on their way before those that have ended.
    """
    exact = or_(
        col(TransferRow.item) == text,
        col(TransferRow.id) == text,
        col(TransferRow.request_id) == text,
    )
    found = _select(session, exact, principal)
    if not found and len(text) >= _SHORTEST_BEGINNING:
        found = _select(session, col(TransferRow.item).startswith(text, autoescape=True), principal)
    return sorted(found, key=lambda row: row.state in _ENDED)


def track(session: Session, rows: Sequence[TransferRow], *, whole: bool) -> list[Tracked]:
    """
    Tell where transfers are and when they arrive.

    Parameters
    ----------
    session
        A session.
    rows
        The transfers.
    whole
        Whether their history is read too.

    Returns
    -------
    list[Tracked]
        In the same order.
    """
    ids = [row.id for row in rows]
    expected = promises(session, ids)
    rides, vans = _rides(session, ids, is_boarded=False), _rides(session, ids, is_boarded=True)
    return [
        Tracked(
            row=row,
            expected=expected[row.id][0] if row.id in expected else None,
            ride=(vans if row.state == _ABOARD else rides).get(row.id),
            in_van=vans[row.id].vehicle if row.state == _REQUESTED and row.id in vans else "",
            history=history(session, row.id) if whole else (),
        )
        for row in rows
    ]


def names(session: Session) -> dict[str, str]:
    """
    Name every branch.

    Parameters
    ----------
    session
        A session.

    Returns
    -------
    dict[str, str]
        Names by identifier.
    """
    rows = session.execute(select(col(BranchRow.id), col(BranchRow.name)))
    return {row[0]: row[1] for row in rows}


def _select(
    session: Session, condition: ColumnElement[bool], principal: Principal
) -> list[TransferRow]:
    query = select(TransferRow).where(condition)
    if principal.branch is not None:
        query = query.where(touches(principal.branch))
    newest = (col(TransferRow.requested_at).desc(), col(TransferRow.id))
    return list(session.scalars(query.order_by(*newest).limit(MOST + 1)))


def _rides(session: Session, ids: Sequence[str], *, is_boarded: bool) -> dict[str, NextRide]:
    boarded = col(LegRow.boarded_at)
    query = (
        select(
            col(LegRow.transfer_id),
            col(PlanRow.service_date),
            col(RunRow.number),
            col(RunRow.vehicle_id),
            col(VehicleRow.name),
        )
        .join(RunRow, col(RunRow.id) == col(LegRow.run_id))
        .join(PlanRow, col(PlanRow.id) == col(RunRow.plan_id))
        .outerjoin(VehicleRow, col(VehicleRow.id) == col(RunRow.vehicle_id))
        .where(
            col(LegRow.transfer_id).in_(ids),
            col(LegRow.left_at).is_(None),
            boarded.is_not(None) if is_boarded else boarded.is_(None),
            col(PlanRow.state).in_(PROMISED[:2]),
        )
        # The earliest that is not over is the next, so it comes last and wins.
        .order_by(col(PlanRow.service_date).desc(), col(LegRow.board_stop).desc())
    )
    return {
        row[0]: NextRide(day=row[1], run=row[2], vehicle=row[4] or row[3])
        for row in session.execute(query)
    }

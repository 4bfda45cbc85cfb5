"""When transfers are expected, from what was promised."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, text
from sqlmodel import Session, col

from api.queries.lists import list_page
from api.schemas.base import Page
from api.schemas.paging import Paging
from api.schemas.transfers import Arrival, ComingTransfer
from logistics.demand.transfers import TransferState
from logistics.operations.day.local_time import moment
from logistics.operations.day.outcomes import LATEST_PROMISE_SECONDS
from logistics.storage.tables import LATER_EVENTS, EventRow, PlanRow, PlanTransferRow, TransferRow

#: A draft is no promise.
PROMISED = ("published", "under_way", "closed")


def promises(session: Session, ids: Iterable[str]) -> dict[str, tuple[datetime, str]]:
    """
    Look up the newest promise of transfers.

    Parameters
    ----------
    session
        A session.
    ids
        Identifiers.

    Returns
    -------
    dict[str, tuple[datetime, str]]
        When each is expected, and the service day of the plan that says so.
    """
    query = (
        select(
            col(PlanTransferRow.transfer_id),
            col(PlanTransferRow.expected_at),
            col(PlanRow.service_date),
        )
        .join(PlanRow, col(PlanRow.id) == col(PlanTransferRow.plan_id))
        .where(
            col(PlanTransferRow.transfer_id).in_(list(ids)),
            col(PlanTransferRow.expected_at).is_not(None),
            col(PlanRow.state).in_(PROMISED),
        )
        .order_by(col(PlanRow.service_date), col(PlanRow.version))
    )
    return {row[0]: (row[1], row[2].isoformat()) for row in session.execute(query)}


def arrival(session: Session, row: TransferRow) -> Arrival:
    """
    Tell when a transfer is expected, and how sure that is.

    Parameters
    ----------
    session
        A session.
    row
        The transfer.

    Returns
    -------
    Arrival
        The time, or why there is none.
    """
    state = TransferState(row.state)
    if state is TransferState.DELIVERED:
        return _arrival(row, _delivered(session, row), "delivered", "it has arrived")
    return _to_come(row, promises(session, [row.id]).get(row.id))


def arrivals_at(session: Session, branch: str, wanted: Paging) -> Page[ComingTransfer]:
    """
    List what is on its way to a branch, and when it is expected.

    Parameters
    ----------
    session
        A session.
    branch
        The branch.
    wanted
        Which page.

    Returns
    -------
    Page[ComingTransfer]
        By identifier; what is missing too, without a time.
    """
    ended = (TransferState.DELIVERED.value, TransferState.CANCELLED.value)
    conditions = (col(TransferRow.destination) == branch, col(TransferRow.state).not_in(ended))
    rows = list_page(session, TransferRow, wanted, lambda row: row, *conditions)
    promised = promises(session, (row.id for row in rows.data))
    told = [_coming(row, _to_come(row, promised.get(row.id))) for row in rows.data]
    return Page[ComingTransfer](data=told, next=rows.next)


def _coming(row: TransferRow, expected: Arrival) -> ComingTransfer:
    own = {name: getattr(row, name) for name in ("request_id", "item", "kind", "origin", "at")}
    return ComingTransfer.model_validate(expected.model_dump() | own)


def _to_come(row: TransferRow, promised: tuple[datetime, str] | None) -> Arrival:
    state = TransferState(row.state)
    if state in {TransferState.CANCELLED, TransferState.MISSING}:
        return _arrival(row, None, "none", f"it is {state.value}")
    if promised is None:
        return _by_the_timetable(row)
    return _arrival(row, promised[0], "published plan", f"by the plan of {promised[1]}")


def _by_the_timetable(row: TransferRow) -> Arrival:
    if row.promised_on is None:
        return _arrival(row, None, "none", "no published plan carries it yet")
    day = row.promised_on
    detail = f"by the service calendar on {day} at the latest; no published plan carries it yet"
    return _arrival(row, moment(day, LATEST_PROMISE_SECONDS), "timetable", detail)


def _delivered(session: Session, row: TransferRow) -> datetime:
    query = select(col(EventRow.at)).where(
        col(EventRow.transfer_id) == row.id,
        col(EventRow.kind) == "transfer.delivered",
        text(LATER_EVENTS),
    )
    found: datetime | None = session.execute(query.order_by(col(EventRow.id).desc())).scalar()
    return found or row.changed_at


def _arrival(row: TransferRow, when: datetime | None, basis: str, detail: str) -> Arrival:
    return Arrival.model_validate(
        {
            "transfer": row.id,
            "state": row.state,
            "expected_at": when,
            "basis": basis,
            "detail": detail,
            "promised_on": row.promised_on,
        }
    )

"""Find transfers by state, branch, date and item, page by page."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pydantic import Field
from sqlalchemy import ColumnElement, or_, tuple_
from sqlmodel import Session, col, select

from api.problems import ProblemError
from api.schemas.base import BranchId, Code, Day, Page
from api.schemas.paging import Cursor, Paging, page_of
from api.schemas.transfers import Kind, RequestId, State, Transfer
from api.security.roles import Principal
from logistics.errors import NotFoundError
from logistics.storage.tables import RequestAliasRow, TransferRow

LOCAL = ZoneInfo("Europe/Stockholm")


class Wanted(Paging):
    """What a list of transfers shall hold; what is left out does not restrict it."""

    state: tuple[State, ...] = Field(default=(), max_length=7)
    kind: tuple[Kind, ...] = Field(default=(), max_length=4)
    branch: BranchId | None = Field(
        default=None, description="Origin, destination or present place."
    )
    origin: BranchId | None = None
    destination: BranchId | None = None
    item: Code | None = None
    request_id: RequestId | None = None
    date: Day | None = Field(default=None, description="Local day on which it was asked for.")


def find_transfers(session: Session, wanted: Wanted, principal: Principal) -> Page[Transfer]:
    """
    List transfers in the order in which they came in.

    Parameters
    ----------
    session
        A session.
    wanted
        What the list shall hold.
    principal
        Who is asking: a branch sees its own.

    Returns
    -------
    Page[Transfer]
        One page.
    """
    query = select(TransferRow).where(*_conditions(wanted))
    if principal.branch is not None:
        query = query.where(touches(principal.branch))
    key = (col(TransferRow.received_at), col(TransferRow.id))
    cursor = wanted.place()
    if cursor is not None:
        query = query.where(tuple_(*key) > tuple_(*_position(cursor)))
    rows = list(session.exec(query.order_by(*key).limit(wanted.limit + 1)))
    keys = {row.id: f"{row.received_at.isoformat()} {row.id}" for row in rows}
    return page_of([wire(row) for row in rows], wanted.limit, lambda one: keys[one.id])


def one_transfer(session: Session, transfer: str, principal: Principal) -> TransferRow:
    """
    Find a transfer that somebody may see.

    Parameters
    ----------
    session
        A session.
    transfer
        Its identifier.
    principal
        Who is asking.

    Returns
    -------
    TransferRow
        The transfer.

    Raises
    ------
    NotFoundError
        There is none.
    ProblemError
        It belongs to other branches.
    """
    row = session.get(TransferRow, transfer)
    if row is None:
        raise NotFoundError(f"transfer {transfer!r}: there is none of this name")
    if not principal.may_see(row.origin, row.destination, row.at):
        raise ProblemError("not-allowed", f"transfer {transfer!r} belongs to other branches")
    return row


def wire(row: TransferRow) -> Transfer:
    """
    Show a stored transfer.

    Parameters
    ----------
    row
        The row.

    Returns
    -------
    Transfer
        What goes over the wire; the hash of a hold does not.
    """
    return Transfer.model_construct(
        id=row.id,
        request_id=row.request_id,
        item=row.item,
        kind=row.kind,
        origin=row.origin,
        destination=row.destination,
        requested_at=row.requested_at,
        state=row.state,
        at=row.at,
        changed_at=row.changed_at,
    )


def local_day(day: date) -> tuple[datetime, datetime]:
    """
    Tell when a local day begins and ends.

    Parameters
    ----------
    day
        A day in Sweden; 23 to 25 hours long.

    Returns
    -------
    tuple[datetime, datetime]
        Its first moment, and the first of the next day.
    """
    begin = datetime.combine(day, time(), LOCAL)
    return begin, datetime.combine(day + timedelta(days=1), time(), LOCAL)


def touches(branch: str) -> ColumnElement[bool]:
    """
    Select what begins, ends or lies at a branch.

    Parameters
    ----------
    branch
        Its identifier.

    Returns
    -------
    ColumnElement[bool]
        A condition on transfers.
    """
    return or_(
        col(TransferRow.origin) == branch,
        col(TransferRow.destination) == branch,
        col(TransferRow.at) == branch,
    )


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        col(column) == value
        for column, value in (
            (TransferRow.origin, wanted.origin),
            (TransferRow.destination, wanted.destination),
            (TransferRow.item, wanted.item),
        )
        if value is not None
    ]
    if wanted.request_id is not None:
        alias = select(col(RequestAliasRow.transfer_id)).where(
            col(RequestAliasRow.request_id) == wanted.request_id
        )
        own = col(TransferRow.request_id) == wanted.request_id
        conditions.append(or_(own, col(TransferRow.id).in_(alias)))
    if wanted.state:
        conditions.append(col(TransferRow.state).in_(wanted.state))
    if wanted.kind:
        conditions.append(col(TransferRow.kind).in_(wanted.kind))
    if wanted.branch is not None:
        conditions.append(touches(wanted.branch))
    if wanted.date is not None:
        begin, end = local_day(wanted.date)
        requested = col(TransferRow.requested_at)
        conditions += [requested >= begin, requested < end]
    return conditions


def _position(cursor: Cursor) -> tuple[datetime, str]:
    moment, _, key = cursor.text.partition(" ")
    try:
        return datetime.fromisoformat(moment).astimezone(UTC), key
    except (ValueError, OverflowError):
        raise ProblemError(
            "bad-input",
            "cursor: it is none of this list; start without it",
            pointer="#/query/cursor",
        ) from None

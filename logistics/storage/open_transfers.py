"""Transfers of some items that are not at their end, and requests that were answered with them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import SQLModel, col

from logistics.demand.transfers import TransferState
from logistics.storage.locks import ITEMS
from logistics.storage.session import is_sqlite
from logistics.storage.tables import (
    PlanRow,
    PlanTransferRow,
    RequestAliasRow,
    TransferRow,
    table_of,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy import TextClause
    from sqlmodel import Session

#: Of these plans lists and labels are printed already.
PRINTED = ("published", "under_way", "closed")
_ENDED = (TransferState.DELIVERED.value, TransferState.CANCELLED.value)
# Asked for each transfer that comes in: written out, since to build it takes longer than to run it.
# All are counted, as the first one found would tempt PostgreSQL to walk through the whole table.
_OPEN_SQLITE: Final = """
    SELECT (SELECT count(*) FROM transfers WHERE item IN (SELECT value FROM json_each(?))
                AND state NOT IN ('delivered', 'cancelled'))
        + (SELECT count(*) FROM request_aliases
            WHERE request_id IN (SELECT value FROM json_each(?)))
"""
# Locks first and looks then; both in one question, as the way to the database takes longest.
_CLAIM_POSTGRES: Final = "SELECT claim_items(%s, %s::text[], %s::text[])"


def claim_items(session: Session, items: Collection[str], requests: Collection[str]) -> bool:
    """
    Let nobody else ask for items until this transaction ends; tell whether any was asked for.

    Parameters
    ----------
    session
        The transaction; on SQLite it holds the only write lock there is already.
    items
        Barcodes; above a hundred all items there are, as the database has no room for a lock
        for each.
    requests
        Request ids.

    Returns
    -------
    bool
        Whether any item has an open transfer, or any request was answered with that of another:
        False for nearly all that comes in, and quickly.
    """
    connection = session.connection()
    names: tuple[Any, ...] = (list(items), list(requests))
    if is_sqlite(session):
        names = tuple(json.dumps(some) for some in names)
        return bool(connection.exec_driver_sql(_OPEN_SQLITE, names).scalar_one())
    return bool(connection.exec_driver_sql(_CLAIM_POSTGRES, (ITEMS, *names)).scalar_one())


def open_transfers(session: Session, items: Collection[str]) -> list[dict[str, Any]]:
    """
    Find the transfers of some items that are not at their end.

    Parameters
    ----------
    session
        The transaction.
    items
        Barcodes.

    Returns
    -------
    list of dict
        Value by column, in the order in which they were asked for.
    """
    columns = table_of(TransferRow).columns
    query = select(*columns).where(
        _among("transfers.item", session), col(TransferRow.state).not_in(_ENDED)
    )
    found = session.execute(query, _named(session, items)).mappings()
    rows: list[dict[str, Any]] = [{str(name): row[name] for name in row} for row in found]
    return sorted(rows, key=lambda row: (row["requested_at"], row["received_at"], row["id"]))


def known_requests(session: Session, requests: Collection[str]) -> dict[str, str]:
    """
    Find which requests were answered with the transfer of another one.

    Parameters
    ----------
    session
        A session.
    requests
        Request ids.

    Returns
    -------
    dict[str, str]
        Identifier of the transfer, by request.
    """
    alias = table_of(RequestAliasRow).columns
    query = select(alias.request_id, alias.transfer_id).where(
        _among("request_aliases.request_id", session)
    )
    found = session.execute(query, _named(session, requests))
    return {row.request_id: row.transfer_id for row in found}


def answer_with(session: Session, transfers: Mapping[str, str]) -> None:
    """
    Remember that requests were answered with the transfers of others.

    Parameters
    ----------
    session
        The transaction.
    transfers
        Identifier of the transfer, by request.
    """
    if transfers:
        insert = sqlite_insert if is_sqlite(session) else postgres_insert
        rows = [{"request_id": one, "transfer_id": name} for one, name in transfers.items()]
        session.execute(insert(table_of(RequestAliasRow)).on_conflict_do_nothing(), rows)


def those_in(session: Session, kind: type[SQLModel], names: Collection[str]) -> set[str]:
    """
    Tell which rows of a table there are already.

    Parameters
    ----------
    session
        A session.
    kind
        A table whose key is ``id``.
    names
        Keys.

    Returns
    -------
    set[str]
        Those of them that exist.
    """
    table = table_of(kind)
    query = select(table.columns.id).where(_among(f"{table.name}.id", session))
    return set(session.scalars(query, _named(session, names)))


def is_printed(session: Session, transfer: str) -> bool:
    """
    Tell whether a published plan counts on a transfer.

    Parameters
    ----------
    session
        A session.
    transfer
        Its identifier.

    Returns
    -------
    bool
        Whether lists and labels name it.
    """
    query = (
        select(col(PlanTransferRow.transfer_id))
        .join(PlanRow, col(PlanRow.id) == col(PlanTransferRow.plan_id))
        .where(col(PlanTransferRow.transfer_id) == transfer, col(PlanRow.state).in_(PRINTED))
    )
    return session.execute(query.limit(1)).first() is not None


def _among(column: str, session: Session) -> TextClause:
    # One parameter however many there are: a thousand of them take longer to bind than to find.
    if is_sqlite(session):
        return text(f"{column} IN (SELECT value FROM json_each(:names))")  # noqa: S608  # our column
    return text(f"{column} = ANY(CAST(:names AS text[]))")


def _named(session: Session, names: Collection[str]) -> dict[str, Any]:
    return {"names": json.dumps(list(names)) if is_sqlite(session) else list(names)}

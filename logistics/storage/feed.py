"""The one ordered feed of events: written with the change it tells, numbered without a gap.

An event is written in the transaction of its change, without a position: writers wait for nobody.
Positions are given afterwards, by whoever reads, under a lock, to events that are already
committed. So a reader who has seen position n has seen everything up to n, on both databases, and
no number is ever missing. Events of one transfer keep their order: its row is locked while it
changes, so the later event was written later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, literal, or_, select, text, update
from sqlmodel import col

from logistics.storage.session import writing
from logistics.storage.tables import (
    LATER_EVENTS,
    DeliveryRow,
    EventRow,
    FeedRow,
    TransferRow,
    WebhookRow,
    now,
    table_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Engine
    from sqlmodel import Session

#: Events that are given positions in one transaction.
BATCH = 5_000

_PLACE = text(
    """
    UPDATE events SET position = numbered.place
    FROM (
        SELECT id, :last + row_number() OVER (ORDER BY id) AS place
        FROM (SELECT id FROM events WHERE position IS NULL ORDER BY id LIMIT :batch) AS unplaced
    ) AS numbered
    WHERE events.id = numbered.id
    """
)


def tell(session: Session, events: Iterable[Mapping[str, Any]]) -> None:
    """
    Write events into the feed, in the transaction of the change they tell.

    Parameters
    ----------
    session
        The transaction.
    events
        Columns of the events: at least ``kind`` and ``at``.
    """
    rows = [
        {
            "kind": event["kind"],
            "transfer_id": event.get("transfer_id"),
            "subject": event.get("subject"),
            "at": event["at"],
            "place": event.get("place"),
            "cause": event.get("cause", ""),
            "actor": event.get("actor", ""),
            "details": event.get("details"),
        }
        for event in events
    ]
    if rows:
        session.execute(insert(table_of(EventRow)), rows)


def place_events(engine: Engine) -> int:
    """
    Give committed events their positions, and owe them to the webhooks that want them.

    Parameters
    ----------
    engine
        The database.

    Returns
    -------
    int
        The last position of the feed.
    """
    while True:
        with writing(engine) as session:
            last, placed = _place_batch(session)
        if placed < BATCH:
            return last


def read_feed(
    session: Session, *, after: int = 0, limit: int = 500, kinds: Sequence[str] = ()
) -> list[EventRow]:
    """
    Read events in their order.

    Parameters
    ----------
    session
        A session; :func:`place_events` before it makes the newest visible.
    after
        The last position already seen.
    limit
        How many at most.
    kinds
        Kinds of event; all when empty.

    Returns
    -------
    list[EventRow]
        Events with ascending positions.
    """
    query = select(EventRow).where(col(EventRow.position) > after)
    if kinds:
        query = query.where(col(EventRow.kind).in_(kinds))
    return list(session.scalars(query.order_by(col(EventRow.position)).limit(limit)))


def history(session: Session, transfer_id: str) -> list[EventRow]:
    """
    Read what happened to one transfer.

    Parameters
    ----------
    session
        A session.
    transfer_id
        The transfer.

    Returns
    -------
    list[EventRow]
        Its events, oldest first.
    """
    first = select(EventRow).join(TransferRow, col(TransferRow.first_event) == col(EventRow.id))
    later = select(EventRow).where(col(EventRow.transfer_id) == transfer_id, text(LATER_EVENTS))
    return [
        *session.scalars(first.where(col(TransferRow.id) == transfer_id)),
        *session.scalars(later.order_by(col(EventRow.id))),
    ]


def _place_batch(session: Session) -> tuple[int, int]:
    # The counter's row is the lock: a second caller waits here until the first has committed.
    last = session.scalar(update(FeedRow).values(last=FeedRow.last).returning(col(FeedRow.last)))
    if last is None:
        raise AssertionError("the feed has no counter: the database was not migrated")
    # Counted by what was placed, not before: on PostgreSQL more may be committed in between.
    highest = max(last, session.scalar(select(func.max(col(EventRow.position)))) or 0)
    placed = session.connection().execute(_PLACE, {"last": highest, "batch": BATCH}).rowcount
    until = highest + placed
    if until > last:
        session.execute(update(FeedRow).values(last=until))
        _owe(session, last, until, now())
    return until, placed


def _owe(session: Session, after: int, until: int, moment: datetime) -> None:
    for webhook in session.scalars(select(WebhookRow).where(col(WebhookRow.active).is_(True))):
        wanted = select(
            literal(webhook.id),
            col(EventRow.id),
            col(EventRow.position),
            col(EventRow.transfer_id),
            literal("waiting"),
            literal(0),
            literal(moment, table_of(DeliveryRow).c.next_at.type),
            literal(""),
        ).where(col(EventRow.position) > after, col(EventRow.position) <= until)
        if webhook.kinds:
            prefixes = [col(EventRow.kind).startswith(f"{kind}.") for kind in webhook.kinds]
            wanted = wanted.where(or_(col(EventRow.kind).in_(webhook.kinds), *prefixes))
        columns = [
            *("webhook_id", "event_id", "position", "transfer_id"),
            *("state", "attempts", "next_at", "last_error"),
        ]
        session.execute(insert(table_of(DeliveryRow)).from_select(columns, wanted))

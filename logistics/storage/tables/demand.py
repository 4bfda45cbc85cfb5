"""Tables of what must travel: transfers and their history, returned items and holds."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Index, Integer, text
from sqlmodel import Field, SQLModel

from logistics.demand.transfers import TransferKind, TransferState
from logistics.storage.tables.base import UtcDateTime, now, one_of, partial_index

#: SQLite numbers rows by itself only where the key is its own INTEGER.
RowNumber = BigInteger().with_variant(Integer(), "sqlite")

#: The events that are indexed by their transfer; a query finds the index by these very words.
LATER_EVENTS = "NOT is_first"
_WAITING = "state IN ('requested', 'packed', 'at_hub')"


class TransferRow(SQLModel, table=True):
    """One item that must go from one branch to another, as it stands now."""

    __tablename__ = "transfers"
    __table_args__ = (
        one_of("kind", TransferKind),
        one_of("state", TransferState),
        CheckConstraint("origin <> destination", name="two_places"),
        partial_index("ix_transfers_waiting", "state", "at", where=_WAITING),
        Index("ix_transfers_item", "item"),
    )

    id: str = Field(primary_key=True, max_length=32)
    request_id: str = Field(unique=True, max_length=200)
    source: str = Field(max_length=40)
    item: str = Field(max_length=100)
    kind: str = Field(max_length=12)
    origin: str = Field(foreign_key="branches.id", max_length=60)
    destination: str = Field(foreign_key="branches.id", max_length=60)
    hold_hash: str | None = Field(default=None, max_length=64)
    requested_at: datetime = Field(sa_type=UtcDateTime)
    promised_on: date | None = None
    received_at: datetime = Field(sa_type=UtcDateTime)
    state: str = Field(default=TransferState.REQUESTED.value, max_length=12)
    at: str = Field(foreign_key="branches.id", max_length=60)
    changed_at: datetime = Field(sa_type=UtcDateTime)
    revision: int = 1
    first_event: int | None = Field(default=None, sa_type=BigInteger)


class RequestAliasRow(SQLModel, table=True):
    """A request for a transfer that another one had asked for already: the same book, same way."""

    __tablename__ = "request_aliases"

    request_id: str = Field(primary_key=True, max_length=200)
    transfer_id: str = Field(
        foreign_key="transfers.id", ondelete="CASCADE", max_length=32, index=True
    )


class EventRow(SQLModel, table=True):
    """
    Something that happened, told in one ordered feed; rows are added, never changed.

    ``id`` is given when the row is written, ``position`` when it is put in the feed: only then is
    it visible to readers, so the feed has no gap and nothing ever appears behind a reader's back.
    A transfer names its first event itself, so that only later ones need an index to be found by.
    """

    __tablename__ = "events"
    __table_args__ = (
        partial_index("ix_events_later", "transfer_id", where=LATER_EVENTS),
        partial_index("ix_events_unplaced", "id", where="position IS NULL"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=RowNumber)
    position: int | None = Field(default=None, unique=True, sa_type=BigInteger)
    kind: str = Field(max_length=40)
    transfer_id: str | None = Field(default=None, max_length=32)
    subject: str | None = Field(default=None, max_length=100)
    at: datetime = Field(sa_type=UtcDateTime)
    place: str | None = Field(default=None, max_length=60)
    cause: str = Field(default="", max_length=200)
    actor: str = Field(default="", max_length=100)
    details: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    is_first: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})


class FeedRow(SQLModel, table=True):
    """The last position given in the feed; its one row is also the lock of who gives them."""

    __tablename__ = "feed"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: int = Field(default=1, primary_key=True)
    last: int = Field(default=0, sa_type=BigInteger)


class ReturnedItemRow(SQLModel, table=True):
    """An item handed in somewhere; ``title`` is a keyed hash, enough to match a hold."""

    __tablename__ = "returned_items"
    __table_args__ = (
        partial_index("ix_returned_items_free", "title", where="state = 'free'"),
        one_of("state", ("free", "assigned", "stays")),
    )

    request_id: str = Field(primary_key=True, max_length=200)
    source: str = Field(max_length=40)
    item: str = Field(max_length=100)
    title: str = Field(max_length=64)
    owner: str = Field(foreign_key="branches.id", max_length=60)
    at: str = Field(foreign_key="branches.id", max_length=60)
    returned_at: datetime = Field(sa_type=UtcDateTime)
    material: str = Field(default="book", max_length=40)
    state: str = Field(default="free", max_length=12)
    transfer_id: str | None = Field(default=None, max_length=32)


class HoldRow(SQLModel, table=True):
    """A place in a title's queue; ``reference`` and ``title`` are keyed hashes."""

    __tablename__ = "holds"
    __table_args__ = (
        partial_index("ix_holds_waiting", "title", "queue_position", where="state = 'waiting'"),
        one_of("state", ("waiting", "assigned", "cancelled")),
        CheckConstraint("queue_position >= 1", name="queue_position"),
    )

    reference: str = Field(primary_key=True, max_length=64)
    source: str = Field(max_length=40)
    title: str = Field(max_length=64)
    pickup: str = Field(foreign_key="branches.id", max_length=60)
    placed_at: datetime = Field(sa_type=UtcDateTime)
    queue_position: int
    item: str | None = Field(default=None, max_length=100)
    state: str = Field(default="waiting", max_length=12)
    transfer_id: str | None = Field(default=None, max_length=32)


class ParkedRow(SQLModel, table=True):
    """A record whose branch code nobody knows yet: kept for the coordinator, never dropped."""

    __tablename__ = "parked_records"
    __table_args__ = (
        one_of("kind", ("transfer", "return", "hold")),
        Index("ix_parked_records_source_kind", "source", "kind"),
        partial_index("ix_parked_records_open", "parked_at", where="resolved_at IS NULL"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=RowNumber)
    source: str = Field(max_length=40)
    kind: str = Field(max_length=12)
    request_id: str = Field(unique=True, max_length=200)
    record: dict[str, Any] = Field(sa_type=JSON)
    unknown_codes: list[str] = Field(sa_type=JSON)
    parked_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    resolved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

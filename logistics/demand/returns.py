"""What the circulation system reports when it does not decide itself: returned items and holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from logistics.errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedItem:
    """
    An item that was handed in, or stands on a shelf, and is free to travel.

    Attributes
    ----------
    item
        Barcode.
    title
        The circulation system's identifier of the title.
    owner
        Branch that owns it, where it goes when nobody waits.
    at
        Branch where it is.
    returned_at
        When it was handed in, UTC.
    material
        Kind of material, such as ``book`` or ``dvd``; lending rules may name it.

    Raises
    ------
    InputError
        A text is blank or the time has no zone.
    """

    item: str
    title: str
    owner: str
    at: str
    returned_at: datetime
    material: str = "book"

    def __post_init__(self) -> None:
        _refuse_blanks("returned item", self.item, self, ("item", "title", "owner", "at"))
        _refuse_naive("returned item", self.item, "returned_at", self.returned_at)
        object.__setattr__(self, "returned_at", self.returned_at.astimezone(UTC))


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """
    A place in a title's queue, without any trace of who stands in it.

    Attributes
    ----------
    reference
        Opaque reference: a keyed hash made at the door.
    title
        The circulation system's identifier of the title.
    pickup
        Branch where the reader fetches it.
    placed_at
        When the hold was placed, UTC.
    queue_position
        Place in the title's queue, 1 is first.
    item
        Barcode when only this copy will do, else None.

    Raises
    ------
    InputError
        A text is blank, the position is below 1, or the time has no zone.
    """

    reference: str
    title: str
    pickup: str
    placed_at: datetime
    queue_position: int
    item: str | None = None

    def __post_init__(self) -> None:
        _refuse_blanks("hold", self.reference, self, ("reference", "title", "pickup"))
        if self.queue_position < 1:
            raise InputError(
                f"hold {self.reference!r}: queue_position is {self.queue_position}, "
                "expected 1 or more"
            )
        _refuse_naive("hold", self.reference, "placed_at", self.placed_at)
        object.__setattr__(self, "placed_at", self.placed_at.astimezone(UTC))


def _refuse_blanks(record: str, key: str, value: object, names: tuple[str, ...]) -> None:
    blanks = [name for name in names if not getattr(value, name).strip()]
    if blanks:
        raise InputError(f"{record} {key!r}: {name} is blank, expected a text" for name in blanks)


def _refuse_naive(record: str, key: str, name: str, value: datetime) -> None:
    if value.tzinfo is None:
        raise InputError(
            f"{record} {key!r}: {name} is {value.isoformat()}, "
            "expected a time with its zone, such as 2026-11-24T08:00:00+01:00"
        )

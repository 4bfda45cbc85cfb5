"""The three files of demand: transfers, returned items, holds."""

from __future__ import annotations

import re
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

from logistics.csvfile import Column, one_of, read_records, shown
from logistics.demand.privacy import (
    holds_personal_value,
    opaque,
    patron_fields,
    refuse_personal_values,
)
from logistics.demand.returns import Hold, ReturnedItem
from logistics.demand.transfers import Transfer, TransferKind, transfer_id
from logistics.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

T = TypeVar("T", Transfer, ReturnedItem, Hold)

_KINDS: Final = {kind.value: kind for kind in TransferKind}
_POSITION: Final = re.compile(r"[0-9]{1,9}")
_A_TIME: Final = "a time with its zone, such as 2026-11-24T08:00:00+01:00"


def parse_time(text: str) -> datetime:
    """
    Read a time with its zone.

    Parameters
    ----------
    text
        ISO 8601 as in RFC 3339, with ``Z`` or an offset.

    Returns
    -------
    datetime
        The time, aware of its zone.

    Raises
    ------
    ValueError
        The text is no time, or has no zone.
    """
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError(text)
    return time


def parse_position(text: str) -> int:
    """
    Read a place in a queue.

    Parameters
    ----------
    text
        A whole number, 1 or more.

    Returns
    -------
    int
        The place.

    Raises
    ------
    ValueError
        The text is no such number.
    """
    if not _POSITION.fullmatch(text) or int(text) < 1:
        raise ValueError(text)
    return int(text)


TRANSFER_COLUMNS: Final = (
    Column(name="request_id"),
    Column(name="item", expected="a barcode"),
    Column(name="kind", parse=one_of(_KINDS), expected=f"one of {', '.join(_KINDS)}"),
    Column(name="origin", expected="the code of a branch"),
    Column(name="destination", expected="the code of a branch"),
    Column(name="requested_at", parse=parse_time, expected=_A_TIME),
)
RETURN_COLUMNS: Final = (
    Column(name="item", expected="a barcode"),
    Column(name="title", expected="the identifier of a title"),
    Column(name="owner", expected="the code of a branch"),
    Column(name="at", expected="the code of a branch"),
    Column(name="returned_at", parse=parse_time, expected=_A_TIME),
    Column(name="material", required=False),
)
HOLD_COLUMNS: Final = (
    Column(name="reference", expected="an opaque reference of the hold"),
    Column(name="title", expected="the identifier of a title"),
    Column(name="pickup", expected="the code of a branch"),
    Column(name="placed_at", parse=parse_time, expected=_A_TIME),
    Column(name="queue_position", parse=parse_position, expected="a whole number from 1"),
    Column(name="item", required=False),
)


def read_transfers(
    data: bytes, name: str = "transfers.csv", *, places: Collection[str] | None = None
) -> list[Transfer]:
    """
    Read a file of transfers: request_id, item, kind, origin, destination, requested_at.

    Parameters
    ----------
    data
        The CSV file.
    name
        What to call it in faults.
    places
        Codes of the branches and the hub; None accepts any code.

    Returns
    -------
    list of Transfer
        One a row, each waiting at its origin.

    Raises
    ------
    InputError
        With every fault, by line; fields about readers are refused by name.
    """

    def build(**fields: Any) -> Transfer:  # noqa: ANN401 (a row is read by heading)
        return Transfer(id=transfer_id(fields["request_id"]), **fields)

    make = partial(_build, build, ("origin", "destination"), places)
    records = read_records(
        data, name, TRANSFER_COLUMNS, make, refuse=patron_fields, hide=holds_personal_value
    )
    _refuse_twice(name, "request_id", [record.request_id for record in records])
    return records


def read_returns(
    data: bytes, name: str = "returns.csv", *, places: Collection[str] | None = None
) -> list[ReturnedItem]:
    """
    Read a file of returned items: item, title, owner, at, returned_at, material (may be absent).

    Parameters
    ----------
    data
        The CSV file.
    name
        What to call it in faults.
    places
        Codes of the branches and the hub; None accepts any code.

    Returns
    -------
    list of ReturnedItem
        One a row.

    Raises
    ------
    InputError
        With every fault, by line; fields about readers are refused by name.
    """
    make = partial(_build, ReturnedItem, ("owner", "at"), places)
    records = read_records(
        data, name, RETURN_COLUMNS, make, refuse=patron_fields, hide=holds_personal_value
    )
    _refuse_twice(name, "item", [record.item for record in records])
    return records


def read_holds(
    data: bytes,
    name: str = "holds.csv",
    *,
    key: bytes | None,
    places: Collection[str] | None = None,
) -> list[Hold]:
    """
    Read a file of holds: reference, title, pickup, placed_at, queue_position, item (may be absent).

    With a key the reference becomes a keyed hash as it is read; what stood in the file is not kept.

    Parameters
    ----------
    data
        The CSV file.
    name
        What to call it in faults.
    key
        The installation's secret key for references; None leaves them as they stand, for an
        answer to who brought the file and that nothing is kept of.
    places
        Codes of the branches and the hub; None accepts any code.

    Returns
    -------
    list of Hold
        One a row.

    Raises
    ------
    InputError
        With every fault, by line; fields about readers are refused by name.
    """

    def build(**fields: Any) -> Hold:  # noqa: ANN401 (a row is read by heading)
        named = fields["reference"]
        return Hold(**fields | {"reference": named if key is None else opaque(named, key)})

    make = partial(_build, build, ("pickup",), places)
    records = read_records(
        data, name, HOLD_COLUMNS, make, refuse=patron_fields, hide=holds_personal_value
    )
    _refuse_twice(name, "reference", [record.reference for record in records])
    return records


def _read(data: bytes, name: str, columns: tuple[Column, ...], build: Callable[..., T]) -> list[T]:
    return read_records(data, name, columns, build, refuse=patron_fields, hide=holds_personal_value)


def _build(
    build: Callable[..., T],
    place_fields: tuple[str, ...],
    places: Collection[str] | None,
    /,
    **fields: Any,  # noqa: ANN401 (a row is read by heading)
) -> T:
    refuse_personal_values(fields)
    problems = [
        f"{name} is {shown(fields[name])}, expected the code of a known branch"
        for name in place_fields
        if places is not None and fields[name] not in places
    ]
    if problems:
        raise InputError(problems)
    return build(**fields)


def _refuse_twice(name: str, field: str, values: list[str]) -> None:
    if len(set(values)) == len(values):
        return
    seen: set[str] = set()
    problems = []
    for number, value in enumerate(values, start=1):
        if value in seen:
            problems.append(f"{name} record {number}: {field} {shown(value)} stands twice")
        seen.add(value)
    raise InputError(problems)

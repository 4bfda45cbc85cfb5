"""Between rows and the records of the domain: a field and a column of one name are one thing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, TypeVar, get_args, get_type_hints

from sqlmodel import SQLModel

from logistics.storage.tables.base import table_of

Record = TypeVar("Record")
Row = TypeVar("Row", bound=SQLModel)


def to_row(kind: type[Row], record: object, **other: object) -> Row:
    """
    Make a row of a record.

    Parameters
    ----------
    kind
        The table.
    record
        The record; its fields that have no column are passed over.
    **other
        Columns that the record does not fill, or fills differently.

    Returns
    -------
    Row
        The row, in no session yet.
    """
    return kind(**columns_of(kind, record), **other)


def columns_of(kind: type[SQLModel], record: object) -> dict[str, Any]:
    """
    Read the columns that a record fills.

    Parameters
    ----------
    kind
        The table.
    record
        The record.

    Returns
    -------
    dict[str, Any]
        Value by column; references to nothing (an empty text) are None.
    """
    if not is_dataclass(record):
        raise TypeError(f"{record!r} is no record")
    columns = table_of(kind).columns
    return {
        field.name: _plain(getattr(record, field.name), nullable=bool(columns[field.name].nullable))
        for field in fields(record)
        if field.name in columns
    }


def to_record(kind: type[Record], row: SQLModel, **other: object) -> Record:
    """
    Make a record of a row.

    Parameters
    ----------
    kind
        The record's class.
    row
        The row; its columns that are no field are passed over.
    **other
        Fields that the row does not hold.

    Returns
    -------
    Record
        The record, checked by itself.
    """
    values: dict[str, object] = {}
    for name, hint in _hints(kind).items():  # type: ignore[arg-type]
        if name in type(row).model_fields and name not in other:
            values[name] = _rich(hint, getattr(row, name))
    return kind(**(values | other))


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    named = get_type_hints(kind)
    return {field.name: named[field.name] for field in fields(kind)}


def _plain(value: object, *, nullable: bool) -> object:
    if isinstance(value, Enum):
        return value.value
    if nullable and value == "":
        return None
    if isinstance(value, tuple):
        return [_plain(part, nullable=False) for part in value]
    if isinstance(value, Mapping):
        return dict(value)
    return value


def _rich(hint: Any, value: Any) -> object:  # noqa: ANN401
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(value)
    if value is None and hint is str:
        return ""
    if isinstance(value, list):
        return tuple(_rich(None, part) for part in value)
    enums = [part for part in get_args(hint) if isinstance(part, type) and issubclass(part, Enum)]
    return enums[0](value) if enums and value is not None else value

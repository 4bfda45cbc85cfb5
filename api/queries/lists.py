"""Cut every list into pages in the same way, whatever it is ordered by."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, tuple_
from sqlmodel import Session, SQLModel, col, select

from api.schemas.base import LARGEST, Page
from api.schemas.paging import Cursor, Paging, bad_cursor, page_of

_READ: Final[Mapping[type, Callable[[str], Any]]] = {int: int, date: date.fromisoformat}
Row = TypeVar("Row", bound=SQLModel)
Shown = TypeVar("Shown")
Record = TypeVar("Record")


@dataclass(frozen=True, slots=True)
class Order:
    """
    What a list is ordered by; together its columns are unlike in all rows.

    Attributes
    ----------
    columns
        Names of columns of the table.
    newest_first
        Whether the largest come first.
    """

    columns: tuple[str, ...] = ("id",)
    newest_first: bool = False


def list_page(
    session: Session,
    kind: type[Row],
    wanted: Paging,
    show: Callable[[Row], Shown],
    *conditions: ColumnElement[bool],
    order: Order = Order(),  # it cannot be changed
) -> Page[Any]:
    """
    Read one page of a table.

    Parameters
    ----------
    session
        A session.
    kind
        The table.
    wanted
        Which page.
    show
        Shows a row as it goes over the wire.
    *conditions
        Which rows.
    order
        Of the list.

    Returns
    -------
    Page
        The page.
    """
    columns = [col(getattr(kind, name)) for name in order.columns]
    query = select(kind).where(*conditions)
    cursor = wanted.place()
    if cursor is not None:
        here, before = tuple_(*columns), tuple_(*_values(kind, order, cursor))
        query = query.where(here < before if order.newest_first else here > before)
    query = query.order_by(*(one.desc() if order.newest_first else one for one in columns))
    rows = list(session.exec(query.limit(wanted.limit + 1)))
    found = page_of(rows, wanted.limit, lambda row: _key(row, order))
    return Page(data=[show(row) for row in found.data], next=found.next)


def part_of(records: Sequence[Record], wanted: Paging, key: Callable[[Record], str]) -> Page[Any]:
    """
    Cut one page out of a short list that is worked out whole.

    Parameters
    ----------
    records
        All of them, in order.
    wanted
        Which page.
    key
        What a record is called in cursors, unlike in all of them.

    Returns
    -------
    Page
        The page.
    """
    cursor, begin = wanted.place(), 0
    if cursor is not None:
        places = [number for number, one in enumerate(records, 1) if key(one) == cursor.text]
        if not places:
            raise bad_cursor()
        begin = places[0]
    return page_of(records[begin : begin + wanted.limit + 1], wanted.limit, key)


def _key(row: SQLModel, order: Order) -> str:
    values = [getattr(row, name) for name in order.columns]
    return " ".join(one.isoformat() if isinstance(one, date) else str(one) for one in values)


def _values(kind: type[SQLModel], order: Order, cursor: Cursor) -> list[Any]:
    texts = cursor.text.split(" ") if len(order.columns) > 1 else [cursor.text]
    if len(texts) != len(order.columns):
        raise bad_cursor()
    table = kind.__table__  # type: ignore[attr-defined]  # every table of SQLModel has one
    kinds = [table.c[name].type.python_type for name in order.columns]
    return [_value(text, wanted) for text, wanted in zip(texts, kinds, strict=True)]


def _value(text: str, kind: type) -> Any:  # noqa: ANN401  # whatever the column holds
    try:
        value = _READ.get(kind, str)(text)
    except ValueError:
        raise bad_cursor() from None
    if not text.isprintable() or (isinstance(value, int) and not 0 <= value <= LARGEST):
        raise bad_cursor()
    return value

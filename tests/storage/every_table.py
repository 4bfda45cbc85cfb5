"""One row in every table, made from what the tables say of themselves."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    Float,
    Integer,
    insert,
    select,
)

from logistics.storage.session import writing
from logistics.storage.tables import metadata

if TYPE_CHECKING:
    from sqlalchemy import Column, Engine, Table
    from sqlmodel import Session

_MOMENT = datetime(2026, 11, 24, 8, tzinfo=UTC)


def fill_empty(engine: Engine) -> None:
    """Give each table that is empty one row that keeps its rules."""
    with writing(engine) as session:
        for table in metadata.sorted_tables:
            if session.execute(select(table).limit(1)).first() is None:
                row = {column.name: _value(session, column) for column in table.columns}
                session.execute(insert(table), [row])


def _value(session: Session, column: Column[Any]) -> Any:
    for key in column.foreign_keys:
        return session.scalar(select(key.column).limit(1))
    allowed = _allowed(column.table, column.name)  # type: ignore[arg-type]
    if allowed:
        return allowed
    kind = getattr(column.type, "impl", column.type)
    for some, value in (
        (Boolean, True),
        (DateTime, _MOMENT),
        (Date, date(2026, 11, 24)),
        (JSON, []),
        (Integer, 1 + list(column.table.columns).index(column)),  # later ones are larger
        (Float, 1.0),
    ):
        if isinstance(kind, some):
            return value
    return "x"


def _allowed(table: Table, column: str) -> str | None:
    for rule in table.constraints:
        if isinstance(rule, CheckConstraint):
            found = re.match(rf"{column} IN \('([^']+)'", str(rule.sqltext))
            if found:
                return found[1]
    return None

"""What every table shares: names of constraints, times in UTC, texts from a closed list."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    Dialect,
    Index,
    MetaData,
    Table,
    TypeDecorator,
    text,
)
from sqlmodel import SQLModel

if TYPE_CHECKING:
    from collections.abc import Iterable

metadata: MetaData = SQLModel.metadata
metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """
    A moment: stored in UTC, read back aware, on every database.

    Raises
    ------
    ValueError
        A time without a zone is about to be stored.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """
        Turn a moment into UTC.

        Parameters
        ----------
        value
            A time with its zone.
        dialect
            The database spoken to; SQLite keeps no zone.

        Returns
        -------
        datetime | None
            The same moment in UTC.

        Raises
        ------
        ValueError
            The time has no zone.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value.isoformat()} has no zone; times are stored in UTC")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """
        Give a stored moment its zone back.

        Parameters
        ----------
        value
            What the database holds.
        dialect
            The database spoken to.

        Returns
        -------
        datetime | None
            The moment, aware, in UTC.
        """
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def now() -> datetime:
    """
    Tell the time.

    Returns
    -------
    datetime
        This moment in UTC.
    """
    return datetime.now(UTC)


def table_of(kind: type[SQLModel]) -> Table:
    """
    Fetch the bare table, for statements on many rows at once.

    Parameters
    ----------
    kind
        The class of its rows.

    Returns
    -------
    Table
        The table.
    """
    found: Table = kind.__table__  # type: ignore[attr-defined]
    return found


def one_of(column: str, values: Iterable[str]) -> CheckConstraint:
    """
    Let a column hold only texts of a closed list.

    Parameters
    ----------
    column
        Name of the column.
    values
        The texts.

    Returns
    -------
    CheckConstraint
        The rule, named after the column.
    """
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def unique_where(name: str, *columns: str, where: str) -> Index:
    """
    Let values occur once among the rows that fulfil a condition.

    Parameters
    ----------
    name
        Name of the index.
    *columns
        What may occur once.
    where
        The condition, in SQL both databases understand.

    Returns
    -------
    Index
        A partial unique index.
    """
    return partial_index(name, *columns, where=where, unique=True)


def partial_index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """
    Index only the rows that fulfil a condition.

    Parameters
    ----------
    name
        Name of the index.
    *columns
        Columns, in order.
    where
        The condition, in SQL both databases understand.
    unique
        Whether values may occur once only.

    Returns
    -------
    Index
        A partial index.
    """
    options: dict[str, Any] = {"sqlite_where": text(where), "postgresql_where": text(where)}
    return Index(name, *columns, unique=unique, **options)

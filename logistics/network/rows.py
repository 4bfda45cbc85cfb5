"""Rules between the rows of a file, and between files."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from logistics.errors import InputError
from logistics.network.columns import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from logistics.csvfile import Column

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """
    A column whose cells name rows of another file.

    Attributes
    ----------
    column
        Its heading.
    names
        The names there are; None when their file could not be read, so that any is accepted.
    file
        Where they stand, as it ends the sentence of a fault.
    """

    column: str
    names: Container[str] | None
    file: str


def columns_of(file: str, *references: Reference, key: str | None = None) -> list[Column]:
    """
    Bind the columns of a file to the other files and to the rows before.

    Checked cell by cell, so that a row with one fault still tells of its others.

    Parameters
    ----------
    file
        Name of the file.
    *references
        Columns that name rows of other files.
    key
        Column that must be different in every row; None for no such column.

    Returns
    -------
    list of Column
        The columns; good for reading one file once.
    """
    bound = {column.name: column for column in COLUMNS[file]}
    for reference in references:
        if reference.names is not None:
            bound[reference.column] = _referring(bound[reference.column], reference)
    if key is not None:
        bound[key] = _different(bound[key])
    return list(bound.values())


def _referring(column: Column, reference: Reference) -> Column:
    def parse(cell: str) -> str:
        if reference.names is not None and cell not in reference.names:
            raise ValueError(cell)
        return cell

    return replace(column, parse=parse, expected=f"a row of {reference.file}")


def _different(column: Column) -> Column:
    seen: set[str] = set()

    def parse(cell: str) -> object:
        if cell in seen:
            raise ValueError(cell)
        seen.add(cell)
        return column.parse(cell)

    return replace(column, parse=parse, expected=f"{column.expected} that no row above has")


class Once:
    """
    A memory of keys made of several cells that notices the second of each.

    Parameters
    ----------
    what
        What the keys name.
    """

    def __init__(self, what: str) -> None:
        self._what = what
        self._seen: set[tuple[str, ...]] = set()

    def faults(self, *key: str) -> list[str]:
        """
        Remember a key, and say when it was there before.

        Parameters
        ----------
        *key
            The cells that must not be the same together in two rows.

        Returns
        -------
        list of str
            One sentence, or none.
        """
        twice = key in self._seen
        self._seen.add(key)
        shown = ", ".join(repr(part) for part in key)
        return [f"{self._what} {shown} stands twice, expected once"] if twice else []


def checked(problems: Iterable[str], make: Callable[[], T]) -> T:
    """
    Make a record, reporting its own faults together with others of the row.

    Parameters
    ----------
    problems
        What is wrong with the row already.
    make
        Makes the record.

    Returns
    -------
    object
        The record.

    Raises
    ------
    InputError
        With the given faults and those of the record.
    """
    found = list(problems)
    try:
        record = make()
    except InputError as error:
        raise InputError(found + error.problems) from error
    if found:
        raise InputError(found)
    return record

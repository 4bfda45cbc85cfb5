"""Rules between the rows of a file, and between files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from logistics.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping

T = TypeVar("T")


class Once:
    """
    A memory of keys that notices the second of each.

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
            What must be different in every row.

        Returns
        -------
        list of str
            One sentence, or none.
        """
        twice = key in self._seen
        self._seen.add(key)
        shown = ", ".join(repr(part) for part in key)
        return [f"{self._what} {shown} stands twice, expected once"] if twice else []


def unknown(
    name: str, fields: Mapping[str, Any], names: Container[str] | None, file: str
) -> list[str]:
    """
    Say when a cell refers to nothing.

    Parameters
    ----------
    name
        Heading of the column.
    fields
        The row; a blank cell refers to nothing on purpose.
    names
        The names there are; None when their file could not be read.
    file
        Where they stand.

    Returns
    -------
    list of str
        One sentence, or none.
    """
    if names is None or name not in fields or fields[name] in names:
        return []
    return [f"{name} is {fields[name]!r}, expected a row of {file}"]


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

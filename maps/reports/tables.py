"""What a table of a report is, and how a value is shown or hidden."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from logistics.units import GRAMS_PER_KILOGRAM, hours, kilometres

if TYPE_CHECKING:
    from collections.abc import Sequence

    from maps.i18n import Words


class Form(StrEnum):
    """How a value is to be understood."""

    TEXT = "text"
    COUNT = "count"
    SEK = "sek"
    METRES = "metres"
    SECONDS = "seconds"
    SHARE = "share"
    CHANGE = "change"
    DAYS = "days"
    GRAMS = "grams"
    DATE = "date"
    AMOUNT = "amount"


@dataclass(frozen=True, slots=True, kw_only=True)
class Few:
    """
    A count too small to be shown.

    Attributes
    ----------
    below
        The least count that is shown.
    """

    below: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """
    A value with a form of its own, in a column that mixes them.

    Attributes
    ----------
    value
        The value.
    form
        How to understand it.
    """

    value: float | None
    form: Form


Value = str | float | date | Few | Cell | None
"""What stands in a table; None where there is nothing to say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """
    A column.

    Attributes
    ----------
    title
        Its heading.
    form
        How its values are to be understood.
    """

    title: str
    form: Form


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """
    A table of a report.

    Attributes
    ----------
    key
        Its name in addresses and files.
    title
        Its name for people.
    columns, rows
        The table; the first column names the row.
    total
        The last row, if sums make sense.
    note
        One sentence under it; may be empty.
    """

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    total: tuple[Value, ...] = ()
    note: str = ""


def shown(w: Words, value: Value, form: Form) -> str:
    """
    Write a value for people.

    Parameters
    ----------
    w
        The reader's words.
    value
        The value.
    form
        How to understand it.

    Returns
    -------
    str
        Not escaped.
    """
    if isinstance(value, Cell):
        return shown(w, value.value, value.form)
    if isinstance(value, Few):
        return w.t("under {n}", n=value.below)
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return value.isoformat()
    return _number(w, value, form)


def _number(w: Words, value: float | None, form: Form) -> str:
    if value is None:
        return w.number(None)
    writers = {
        Form.SEK: lambda: w.sek(value, 2),
        Form.METRES: lambda: w.km(value, 1),
        Form.SECONDS: lambda: w.hours(value),
        Form.SHARE: lambda: w.percent(value, 1),
        Form.CHANGE: lambda: ("+" if round(value, 3) > 0 else "") + w.percent(value, 1),
        Form.DAYS: lambda: w.number(value, 1),
        Form.GRAMS: lambda: w.mass(value),
        Form.AMOUNT: lambda: w.number(value, 1),
    }
    return writers[form]() if form in writers else w.number(value)


def plain(value: Value, form: Form) -> str | float | date | None:
    """
    Turn a value into what a spreadsheet stores.

    Parameters
    ----------
    value
        The value; `Few` has to be written by the caller.
    form
        How to understand it.

    Returns
    -------
    str | float | date | None
        Kilometres for metres, hours for seconds, kilograms for grams; else the value itself.
    """
    if isinstance(value, Cell):
        return plain(value.value, value.form)
    if isinstance(value, Few):
        return f"<{value.below}"
    if value is None or isinstance(value, str | date):
        return value
    if form is Form.GRAMS:
        return value / GRAMS_PER_KILOGRAM
    scales = {Form.METRES: kilometres, Form.SECONDS: hours}
    return scales[form](value) if form in scales else value


def hidden(counts: Sequence[int], least: int) -> set[int]:
    """
    Choose which counts must not be shown.

    A single hidden count could be found by subtracting the others from their sum, so a second one
    goes with it.

    Parameters
    ----------
    counts
        The counts.
    least
        The least count that may be shown.

    Returns
    -------
    set[int]
        Indices; zeros are always shown.
    """
    found = {i for i, count in enumerate(counts) if 0 < count < least}
    if len(found) == 1:
        others = [i for i, count in enumerate(counts) if count >= least]
        found |= set(sorted(others, key=lambda i: counts[i])[:1])
    return found


def columns(*pairs: tuple[str, Form]) -> tuple[Column, ...]:
    """
    Make columns.

    Parameters
    ----------
    *pairs
        Heading and form of each.

    Returns
    -------
    tuple[Column, ...]
        The columns.
    """
    return tuple(Column(title=name, form=form) for name, form in pairs)


def total_row(
    name: str, rows: Sequence[tuple[Value, ...]], skip: set[int] | None = None
) -> tuple[Value, ...]:
    """
    Sum the columns of numbers.

    Parameters
    ----------
    name
        What the row is called.
    rows
        The rows.
    skip
        Indices of columns whose sum says nothing.

    Returns
    -------
    tuple[Value, ...]
        The last row; sums of values rounded as they are shown, so that a reader who adds them up
        finds the same to the öre.
    """
    sums: list[Value] = []
    for i, column in enumerate(zip(*rows, strict=True)):
        numbers = [value for value in column if isinstance(value, int | float)]
        if i == 0:
            sums.append(name)
        elif i in (skip or ()) or len(numbers) < len(column):
            sums.append(None)
        else:
            sums.append(round(sum(round(number, 2) for number in numbers), 2))
    return tuple(sums)

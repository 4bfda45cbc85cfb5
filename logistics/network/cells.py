"""Cells of the network's files, from text to value."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from logistics.csvfile import Column, one_of
from logistics.network.branches import Confidence
from logistics.network.hours import parse_hours
from logistics.network.patterns import parse_weekdays
from logistics.units import parse_clock

if TYPE_CHECKING:
    from enum import StrEnum

    from logistics.network.road_records import Position

_WHOLE: Final = re.compile(r"-?[0-9]{1,15}")
_NUMBER: Final = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """
    A kind of cell.

    Attributes
    ----------
    parse
        Turns the text of a cell into a value; raises ValueError for one it refuses.
    expected
        What a cell should be, as it ends the sentence of a fault.
    """

    parse: Callable[[str], object]
    expected: str


def _whole(cell: str) -> int:
    if not _WHOLE.fullmatch(cell):
        raise ValueError(cell)
    return int(cell)


def _number(cell: str) -> float:
    if not _NUMBER.fullmatch(cell):
        raise ValueError(cell)
    return float(cell)


def _date(cell: str) -> date:
    if not _DATE.fullmatch(cell):
        raise ValueError(cell)
    return date.fromisoformat(cell)


def _positions(cell: str) -> tuple[Position, ...]:
    pairs = [pair.split() for pair in cell.split("|")]
    return tuple((_number(latitude), _number(longitude)) for latitude, longitude in pairs)


TEXT: Final = Cell(parse=str, expected="a text")
WHOLE: Final = Cell(parse=_whole, expected="a whole number")
NUMBER: Final = Cell(parse=_number, expected="a number with a decimal point, such as 59.27")
DAY: Final = Cell(parse=_date, expected="a date such as 2026-11-24")
CLOCK: Final = Cell(parse=parse_clock, expected="a clock time such as 06:30")
YES_NO: Final = Cell(parse=one_of({"yes": True, "no": False}), expected="yes or no")
WEEKDAYS: Final = Cell(parse=parse_weekdays, expected="weekdays such as Mo-We,Fr")
HOURS: Final = Cell(parse=parse_hours, expected="opening hours such as Mo-Fr 07:30-17:00; PH off")
GEOMETRY: Final = Cell(parse=_positions, expected="positions such as 59.27 15.21|59.28 15.22")


def choice(kind: type[StrEnum]) -> Cell:
    """
    Describe cells that take the values of an enumeration.

    Parameters
    ----------
    kind
        The enumeration.

    Returns
    -------
    Cell
        The kind of cell.
    """
    values = {member.value: member for member in kind}
    return Cell(parse=one_of(values), expected=f"one of {', '.join(values)}")


def column(name: str, cell: Cell = TEXT, *, required: bool = True) -> Column:
    """
    Describe a column.

    Parameters
    ----------
    name
        Its heading.
    cell
        What its cells are.
    required
        Whether a cell may not be blank.

    Returns
    -------
    Column
        The column.
    """
    return Column(name=name, parse=cell.parse, expected=cell.expected, required=required)


#: The two columns with which every file of the network ends.
PROVENANCE: Final = (column("source"), column("confidence", choice(Confidence)))

"""Cells of the network's files, from text to value."""

from __future__ import annotations

import re
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

_YES_NO: Final = {"yes": True, "no": False}


def text(name: str, *, required: bool = True) -> Column:
    """
    Describe a column of free text.

    Parameters
    ----------
    name
        Its heading.
    required
        Whether a cell may not be blank.

    Returns
    -------
    Column
        The column.
    """
    return Column(name=name, required=required)


def whole(name: str, *, required: bool = True) -> Column:
    """
    Describe a column of whole numbers.

    Parameters
    ----------
    name
        Its heading.
    required
        Whether a cell may not be blank.

    Returns
    -------
    Column
        The column.
    """
    return Column(name=name, parse=_whole, expected="a whole number", required=required)


def number(name: str, *, required: bool = True) -> Column:
    """
    Describe a column of numbers.

    Parameters
    ----------
    name
        Its heading.
    required
        Whether a cell may not be blank.

    Returns
    -------
    Column
        The column.
    """
    expected = "a number with a decimal point, such as 59.27"
    return Column(name=name, parse=_number, expected=expected, required=required)


def day(name: str, *, required: bool = True) -> Column:
    """
    Describe a column of dates.

    Parameters
    ----------
    name
        Its heading.
    required
        Whether a cell may not be blank.

    Returns
    -------
    Column
        The column.
    """
    expected = "a date such as 2026-11-24"
    return Column(name=name, parse=_date, expected=expected, required=required)


def clock_time(name: str) -> Column:
    """
    Describe a column of clock times.

    Parameters
    ----------
    name
        Its heading.

    Returns
    -------
    Column
        The column; its values are seconds since midnight.
    """
    return Column(name=name, parse=parse_clock, expected="a clock time such as 06:30")


def choice(name: str, kind: type[StrEnum], *, required: bool = True) -> Column:
    """
    Describe a column that takes the values of an enumeration.

    Parameters
    ----------
    name
        Its heading.
    kind
        The enumeration.
    required
        Whether a cell may not be blank.

    Returns
    -------
    Column
        The column.
    """
    values = {member.value: member for member in kind}
    expected = f"one of {', '.join(values)}"
    return Column(name=name, parse=one_of(values), expected=expected, required=required)


def yes_no(name: str) -> Column:
    """
    Describe a column of yes and no.

    Parameters
    ----------
    name
        Its heading.

    Returns
    -------
    Column
        The column; its values are True and False.
    """
    return Column(name=name, parse=one_of(_YES_NO), expected="yes or no")


def weekdays(name: str) -> Column:
    """
    Describe a column of weekdays.

    Parameters
    ----------
    name
        Its heading.

    Returns
    -------
    Column
        The column; its values are ISO weekdays.
    """
    return Column(name=name, parse=parse_weekdays, expected="weekdays such as Mo-We,Fr")


def hours(name: str) -> Column:
    """
    Describe a column of opening hours, which may be blank.

    Parameters
    ----------
    name
        Its heading.

    Returns
    -------
    Column
        The column.
    """
    expected = "opening hours such as Mo-Fr 07:30-17:00; PH off"
    return Column(name=name, parse=parse_hours, expected=expected, required=False)


def geometry(name: str) -> Column:
    """
    Describe a column of positions to draw a road along, which may be blank.

    Parameters
    ----------
    name
        Its heading.

    Returns
    -------
    Column
        The column; its values are pairs of latitude and longitude.
    """
    expected = "positions such as 59.27 15.21|59.28 15.22"
    return Column(name=name, parse=_positions, expected=expected, required=False)


#: The two columns with which every file of the network ends.
PROVENANCE: Final = (text("source"), choice("confidence", Confidence))


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

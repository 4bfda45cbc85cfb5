"""Read CSV that people and other programs wrote, and say everything that is wrong, by line."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from logistics.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

T = TypeVar("T")

_LONGEST_SHOWN: Final = 60
_MOST_FAULTS: Final = 1_000
_DELIMITERS: Final = (",", ";", "\t", "|")  # the first of those that stand most often
_UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_NAMED_DELIMITER: Final = re.compile(r'"?sep=([,;|\t])"?\r?\n', re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """
    One column of a file.

    Attributes
    ----------
    name
        Its heading.
    parse
        Turns a cell, stripped of blanks, into a value; raises ValueError for one it refuses.
    expected
        What a cell should be, as it ends the sentence of a fault.
    required
        Whether the column must be there and no cell of it blank; a blank cell of another column
        leaves the field out.
    """

    name: str
    parse: Callable[[str], object] = str
    expected: str = "a text"
    required: bool = True


def read_records(
    data: bytes,
    name: str,
    columns: Sequence[Column],
    build: Callable[..., T],
    *,
    refuse: Callable[[Sequence[str]], Iterable[str]] | None = None,
    hide: Callable[[str], bool] | None = None,
    in_windows: bool = False,
) -> list[T]:
    """
    Read a CSV file into records.

    The file is UTF-8, or UTF-16 with its mark, with a heading line; comma, semicolon, tab or bar
    separates, as the heading or a spreadsheet's line ``sep=;`` before it shows.

    Parameters
    ----------
    data
        The file.
    name
        What to call it in faults.
    columns
        The columns it may have.
    build
        Makes a record of the fields of a row, given by name; an InputError of its is a fault of
        that line.
    refuse
        Extra sentences about headings that are not among the columns, in place of the usual one.
    hide
        Cells for which it is true are not repeated in faults.
    in_windows
        Read a file that is not UTF-8 as Windows-1252. For files whose columns that count are
        ASCII: letters of another code page would come out wrong.

    Returns
    -------
    list
        One record a row.

    Raises
    ------
    InputError
        With every fault of the file.
    """
    text = _decode(data, name, in_windows=in_windows)
    named = _NAMED_DELIMITER.match(text)
    delimiter = named[1] if named else _delimiter(text)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    if named:
        next(rows)
    problems: list[str] = []
    records: list[T] = []
    headings: list[str] = []
    try:
        headings = [cell.strip() for cell in next(rows, [])]
        problems += _heading_faults(name, headings, columns, refuse)
        if problems:
            raise InputError(problems)
        known = [{column.name: column for column in columns}[heading] for heading in headings]
        for row in rows:
            where = f"{name} line {rows.line_num}"
            if any(cell.strip() for cell in row):
                record = _record(row, where, known, build, hide, problems)
                records += [] if record is None else [record]
            if len(problems) >= _MOST_FAULTS:
                problems.append(f"{name}: reading stopped after {len(problems)} faults")
                break
    except csv.Error as error:
        problems.append(f"{name} line {rows.line_num}: {error}, expected a well-formed CSV row")
    if problems:
        raise InputError(problems)
    return records


def _decode(data: bytes, name: str, *, in_windows: bool) -> str:
    marked = data.startswith(_UTF_16)
    try:
        text = data.decode("utf-16" if marked else "utf-8-sig")
    except UnicodeDecodeError as error:
        if in_windows and not marked:
            return _decode(data.decode("cp1252", "replace").encode(), name, in_windows=False)
        line = data.count(b"\n", 0, error.start) + 1
        byte = f"byte {data[error.start]:#04x}"
        raise InputError(
            f"{name} line {line}: {byte} is not UTF-8; save the file as UTF-8"
        ) from error
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise InputError(f"{name} line {line}: a zero byte, expected text; is it a CSV file?")
    return text


def _delimiter(text: str) -> str:
    return max(_DELIMITERS, key=text.partition("\n")[0].count)


def _heading_faults(
    name: str,
    headings: Sequence[str],
    columns: Sequence[Column],
    refuse: Callable[[Sequence[str]], Iterable[str]] | None,
) -> list[str]:
    if not any(headings):
        return [f"{name}: the file is empty, expected a heading line"]
    names = [column.name for column in columns]
    unknown = [heading for heading in dict.fromkeys(headings) if heading not in names]
    problems = [f"{name}: column {h!r} stands twice" for h in sorted(_twice(headings))]
    told = list(refuse(unknown)) if refuse and unknown else []
    problems += [f"{name}: {sentence}" for sentence in told]
    problems += [
        f"{name}: column {shown(heading)} is unknown, expected {', '.join(names)}"
        for heading in unknown
        if not any(shown(heading) in sentence for sentence in told)
    ]
    problems += [
        f"{name}: column {column.name!r} is missing, expected {', '.join(names)}"
        for column in columns
        if column.required and column.name not in headings
    ]
    return problems


def _twice(headings: Sequence[str]) -> set[str]:
    return {heading for heading in headings if headings.count(heading) > 1}


def _record(
    row: Sequence[str],
    where: str,
    columns: Sequence[Column],
    build: Callable[..., T],
    hide: Callable[[str], bool] | None,
    problems: list[str],
) -> T | None:
    if len(row) != len(columns):
        problems.append(f"{where}: {len(row)} cells, expected {len(columns)} as in the heading")
        return None
    before = len(problems)
    fields: dict[str, object] = {}
    for cell, column in zip(row, columns, strict=True):
        fault = _parse(cell.strip(), column, fields, hide)
        problems += [f"{where}: {fault}"] if fault else []
    if len(problems) > before:
        return None
    try:
        return build(**fields)
    except InputError as error:
        problems += [f"{where}: {problem}" for problem in error.problems]
        return None


def _parse(
    cell: str,
    column: Column,
    fields: dict[str, object],
    hide: Callable[[str], bool] | None,
) -> str | None:
    if not cell:
        return f"{column.name} is blank, expected {column.expected}" if column.required else None
    try:
        fields[column.name] = column.parse(cell)
    except ValueError:
        found = "not repeated here" if hide and hide(cell) else shown(cell)
        return f"{column.name} is {found}, expected {column.expected}"
    return None


def shown(text: str) -> str:
    """
    Write a text the way it stood in the file, cut to a readable length.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    str
        In quotes, at most some sixty characters.
    """
    return repr(text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 3] + "...")


def one_of(values: Mapping[str, T]) -> Callable[[str], T]:
    """
    Make a parser that accepts a closed set of texts.

    Parameters
    ----------
    values
        Text as it stands in the file and the value it means.

    Returns
    -------
    Callable
        The parser; it raises ValueError for any other text.
    """

    def parse(cell: str) -> T:
        if cell not in values:
            raise ValueError(cell)
        return values[cell]

    return parse

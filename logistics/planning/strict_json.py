"""Read JSON that people and other programs wrote, and say all that is wrong with its form."""

from __future__ import annotations

import difflib
import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from logistics.errors import InputError

LARGEST = 2**53
"""The largest number that every reader of JSON keeps exactly."""

LARGEST_FILE_BYTES = 256 * 1024 * 1024
_LONGEST_SHOWN = 60
_LONGEST_INTEGER = 18
_MOST_FAULTS = 200


class JsonObject(dict[str, object]):
    """A JSON object that remembers which of its keys stood twice."""

    twice: tuple[str, ...] = ()


def shown(value: object) -> str:
    """
    Write a value the way it stood in the file, cut to a readable length.

    Parameters
    ----------
    value
        Any value.

    Returns
    -------
    str
        At most some sixty characters.
    """
    text = json.dumps(_shallow(value, 2), ensure_ascii=False, default=repr)
    text = text.encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 3] + "..."


def _shallow(value: object, depth: int) -> object:
    if not isinstance(value, list | tuple | dict):
        return value
    if not depth:
        return "..."
    if isinstance(value, dict):
        return {key: _shallow(value[key], depth - 1) for key in list(value)[:_LONGEST_SHOWN]}
    return [_shallow(entry, depth - 1) for entry in value[:_LONGEST_SHOWN]]


def read_bytes(path: str | Path) -> bytes:
    """
    Read a file whole.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    bytes
        What it holds.

    Raises
    ------
    InputError
        There is no such file, it cannot be read, or it is far too large.
    """
    try:
        with Path(path).open("rb") as file:
            data = file.read(LARGEST_FILE_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"file {str(path)!r} cannot be read: {reason}") from error
    if len(data) > LARGEST_FILE_BYTES:
        raise InputError(
            f"file {str(path)!r} is over {LARGEST_FILE_BYTES // 2**20} MB, expected a day's data"
        )
    return data


def decode(data: bytes | str, what: str) -> JsonObject:
    """
    Decode one JSON object.

    Parameters
    ----------
    data
        JSON text, or its UTF-8 bytes; a byte order mark is skipped.
    what
        What the data are, for the error.

    Returns
    -------
    JsonObject
        The object; integers too long for 64 bits have become floats.

    Raises
    ------
    InputError
        The data are not UTF-8, not JSON, nested too deeply, or not an object.
    """
    try:
        text = data.decode("utf-8-sig") if isinstance(data, bytes) else data
        value = json.loads(text, object_pairs_hook=_object, parse_int=_integer)
    except UnicodeDecodeError as error:
        raise InputError(f"{what} is not UTF-8 at byte {error.start}; save it as UTF-8") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise InputError(f"{what} is not JSON: {error.msg.lower()} at {where}") from error
    except RecursionError as error:
        raise InputError(f"{what} is not JSON that can be read: brackets too deep") from error
    if not isinstance(value, JsonObject):
        raise InputError(f"{what} is {shown(value)}, expected a JSON object")
    return value


def _object(pairs: list[tuple[str, object]]) -> JsonObject:
    made = JsonObject(pairs)
    if len(made) < len(pairs):
        count = Counter(key for key, _ in pairs)
        made.twice = tuple(key for key in made if count[key] > 1)
    return made


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) <= _LONGEST_INTEGER else float(digits)


@dataclass(slots=True)
class Faults:
    """The faults found so far, one sentence each."""

    found: list[str] = field(default_factory=list)

    def fields(
        self, record: str, value: object, required: dict[str, object], optional: dict[str, object]
    ) -> dict[str, object]:
        """
        Check which fields an object has.

        Parameters
        ----------
        record
            The name of the record, for the faults.
        value
            What stands where the object should.
        required
            The fields that must be there, with a harmless value for a missing one.
        optional
            The fields that may be there, with the value that an absent one means.

        Returns
        -------
        dict[str, object]
            Every known field with its value; the harmless ones where there is no object.
        """
        if not isinstance(value, JsonObject):
            self.found.append(f"{record}: is {shown(value)}, expected an object with fields")
            return {**required, **optional}
        known = {**required, **optional}
        self.found += [f"{record}: field {shown(key)} stands twice" for key in value.twice]
        self.found += [
            f"{record}: field {shown(key)} is not known{_meant(key, known)}"
            for key in value
            if key not in known
        ]
        self.found += [
            f"{record}: field {shown(key)} is missing" for key in required if key not in value
        ]
        return {key: value.get(key, known[key]) for key in known}

    def array(self, record: str, name: str, value: object) -> list[object]:
        """
        Check that a value is a list.

        Parameters
        ----------
        record
            The name of the record, for the fault.
        name
            The field.
        value
            What stands there.

        Returns
        -------
        list[object]
            The value itself, or an empty list after noting the fault.
        """
        if isinstance(value, list):
            return value
        self.found.append(f"{record}: {name} is {shown(value)}, expected a list")
        return []

    def refuse(self) -> None:
        """
        Raise what was found, if anything was.

        Raises
        ------
        InputError
            There is a fault.
        """
        refuse(self.found)


def refuse(faults: list[str]) -> None:
    """
    Raise faults, if there are any.

    Parameters
    ----------
    faults
        One sentence each; a very long list is cut, and says so.

    Raises
    ------
    InputError
        There is a fault.
    """
    if len(faults) > _MOST_FAULTS:
        faults = [*faults[:_MOST_FAULTS], f"and {len(faults) - _MOST_FAULTS} faults more"]
    if faults:
        raise InputError(faults)


def _meant(key: str, known: dict[str, object]) -> str:
    near = difflib.get_close_matches(key, known, n=1)
    return f"; is {near[0]!r} meant?" if near else f"; expected only {', '.join(known)}"


def text_fault(record: str, name: str, value: object) -> list[str]:
    """
    Check a name.

    Parameters
    ----------
    record
        The name of the record, for the fault.
    name
        The field.
    value
        What stands there.

    Returns
    -------
    list[str]
        Nothing, or one fault.
    """
    if isinstance(value, str) and value:
        if value.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in value):
            return []
        return [f"{record}: {name} is {shown(value)}, expected whole Unicode characters"]
    return [f"{record}: {name} is {shown(value)}, expected a text that is not empty"]


def flag_fault(record: str, name: str, value: object) -> list[str]:
    """
    Check a yes or no.

    Parameters
    ----------
    record
        The name of the record, for the fault.
    name
        The field.
    value
        What stands there.

    Returns
    -------
    list[str]
        Nothing, or one fault.
    """
    good = isinstance(value, bool)
    return [] if good else [f"{record}: {name} is {shown(value)}, expected true or false"]


def is_whole(value: object) -> bool:
    """
    Tell whether a value is a whole number from 0 to 2^53.

    Parameters
    ----------
    value
        Any value.

    Returns
    -------
    bool
        False for booleans, fractions and numbers written as 1.0, too.
    """
    return type(value) is int and 0 <= value <= LARGEST


def whole_fault(record: str, name: str, value: object) -> list[str]:
    """
    Check a count, a distance or a time.

    Parameters
    ----------
    record
        The name of the record, for the fault.
    name
        The field.
    value
        What stands there.

    Returns
    -------
    list[str]
        Nothing, or one fault.
    """
    if is_whole(value):
        return []
    return [f"{record}: {name} is {shown(value)}, expected a whole number from 0 to 2^53"]


def cost_fault(record: str, name: str, value: object) -> list[str]:
    """
    Check an amount of money.

    Parameters
    ----------
    record
        The name of the record, for the fault.
    name
        The field.
    value
        What stands there, in SEK.

    Returns
    -------
    list[str]
        Nothing, or one fault.
    """
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if number and 0 <= value <= LARGEST:  # type: ignore[operator]  # a number, as just tested
        return []
    return [f"{record}: {name} is {shown(value)}, expected an amount from 0 to 2^53 SEK"]


def span_fault(record: str, name: str, value: object) -> list[str]:
    """
    Check a span of clock times.

    Parameters
    ----------
    record
        The name of the record, for the fault.
    name
        The field.
    value
        What stands there: first and last second, both included.

    Returns
    -------
    list[str]
        Nothing, or one fault.
    """
    match value:
        case tuple((first, last)) if is_whole(first) and is_whole(last):
            fine = first <= last
            told = f"{record}: {name} is {shown(value)}, ends before it begins; swap the two?"
            return [] if fine else [told]
    expected = "two whole numbers, first and last second since midnight"
    return [f"{record}: {name} is {shown(value)}, expected {expected}"]


def as_tuple(value: object) -> object:
    """
    Turn a list into a tuple, and leave anything else for the checks to refuse.

    Parameters
    ----------
    value
        Any value.

    Returns
    -------
    object
        A tuple, or the value itself.
    """
    return tuple(value) if isinstance(value, list) else value

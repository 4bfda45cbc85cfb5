"""What every command shares: two streams, and a progress display on the second."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from rich.console import Console

from logistics.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

notes = Console(stderr=True, highlight=False)
tables = Console(highlight=False)


def print_json(value: Mapping[str, Any]) -> None:
    """
    Print one JSON document on stdout, as UTF-8 whatever the terminal says.

    Parameters
    ----------
    value
        Anything that JSON can hold; numbers must be finite.
    """
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.write(as_json(value) + "\n")
    sys.stdout.flush()


def complain(sentence: str) -> None:
    """
    Print one sentence on stderr.

    Parameters
    ----------
    sentence
        What is wrong, and the cure.
    """
    sys.stderr.write(sentence + "\n")


def as_json(value: Mapping[str, Any]) -> str:
    """
    Write a value as the JSON this program prints.

    Parameters
    ----------
    value
        Anything that JSON can hold; numbers must be finite.

    Returns
    -------
    str
        Indented JSON in which letters stand as they are.
    """
    return json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False)


def write_text(path: Path, text: str) -> None:
    """
    Write a text file, with a sentence instead of a traceback where that is impossible.

    Parameters
    ----------
    path
        Where to; missing folders are made.
    text
        What to write, as UTF-8.

    Raises
    ------
    InputError
        The place cannot be written.
    """
    write_bytes(path, text.encode())


def write_bytes(path: Path, content: bytes) -> None:
    """
    Write a file, with a sentence instead of a traceback where that is impossible.

    Parameters
    ----------
    path
        Where to; missing folders are made.
    content
        What to write.

    Raises
    ------
    InputError
        The place cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise InputError(
            f"cannot write {path}: {error.strerror}; choose another --output"
        ) from error

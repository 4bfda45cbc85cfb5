"""Cut long lists so that one statement never holds more values than a database takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

T = TypeVar("T")

#: Both databases take some 32,000 values a statement; a row has up to twenty.
CHUNK = 1_000


def chunks(values: Sequence[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    """
    Cut a list into parts.

    Parameters
    ----------
    values
        The list.
    size
        Longest part.

    Yields
    ------
    Sequence[T]
        The parts, in order; none for an empty list.
    """
    for start in range(0, len(values), size):
        yield values[start : start + size]

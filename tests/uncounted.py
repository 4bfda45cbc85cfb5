"""Work that coverage does not watch: what only passes through `logistics` on its way elsewhere.

Watching makes Python two to three times as slow, also where no line is counted, and a line that
only a page or a reference came by has not been tested by either.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from coverage import Coverage

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def uncounted() -> Iterator[None]:
    """Let coverage look away, if it looks."""
    watching = Coverage.current()
    if watching is None:
        yield
        return
    watching.stop()
    try:
        yield
    finally:
        watching.start()

"""Trials of a day take turns: each takes every core it gets, and a third would only slow two."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from api.problems import ProblemError

_PATIENCE: Final = 3
_places = threading.BoundedSemaphore(2)


@contextmanager
def taking_turns(seconds: float) -> Iterator[None]:
    """
    Take one of the few places for a search, whatever it looks for.

    Parameters
    ----------
    seconds
        How long one search takes; three times that is how long to wait for a place.

    Yields
    ------
    None
        Nothing.

    Raises
    ------
    ProblemError
        Every place is still taken; the answer says when to come back.
    """
    if not _places.acquire(timeout=seconds * _PATIENCE):
        raise ProblemError("busy", "other changes are being tried; one moment")
    try:
        yield
    finally:
        _places.release()

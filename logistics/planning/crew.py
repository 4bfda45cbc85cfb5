"""Searches that run side by side in threads, until one clock, one stop or one failure ends all."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_LOOK_SECONDS = 0.02
_PATIENCE_SECONDS = 1.0
_late: list[threading.Thread] = []


def unfinished() -> bool:
    """
    Tell whether a solver is still deep in a computation that nobody waits for.

    Returns
    -------
    bool
        True while a search goes on that was asked to end. Native threads cannot outlive an
        interpreter that is taken down: a program then ends by ``os._exit``.
    """
    _late[:] = [thread for thread in _late if thread.is_alive()]
    return bool(_late)


class Crew:
    """
    Runs searches side by side.

    The compiled search and the solvers let go of Python's lock while they work, so threads share
    the cores, and plans go from one to the other without copying.

    Parameters
    ----------
    deadline
        When all must end, by :func:`time.monotonic`.
    closed
        Asked now and then; True ends all, since nothing is left to find.
    """

    def __init__(self, deadline: float, closed: Callable[[], bool]) -> None:
        self.deadline = deadline
        self._closed = closed
        self._halt = threading.Event()
        self._failures: list[BaseException] = []

    @property
    def seconds_left(self) -> float:
        """Wall time until the deadline, never negative."""
        return max(0.0, self.deadline - time.monotonic())

    def stop(self) -> bool:
        """
        Tell a search whether to end.

        Returns
        -------
        bool
            True after the deadline, a stop from outside, a failure, or when all is found.
        """
        return self._halt.is_set() or time.monotonic() >= self.deadline or self._closed()

    def work(self, searches: Sequence[Callable[[], None]]) -> None:
        """
        Run searches until they are done; Ctrl-C asks them to end, and is passed on when they have.

        Parameters
        ----------
        searches
            Each is asked to end by :meth:`stop`.

        Raises
        ------
        BaseException
            What a search raised.
        """
        threads = [threading.Thread(target=self._run, args=(one,), daemon=True) for one in searches]
        for thread in threads:
            thread.start()
        interrupt: KeyboardInterrupt | None = None
        try:
            while any(thread.is_alive() for thread in threads) and not self.stop():
                self._halt.wait(_LOOK_SECONDS)
        except KeyboardInterrupt as error:
            interrupt = error
        self._halt.set()
        # a solver deep in a computation may end later, by itself: nobody reads what it finds then
        until = time.monotonic() + _PATIENCE_SECONDS
        for thread in threads:
            thread.join(max(0.0, until - time.monotonic()))
        _late.extend(thread for thread in threads if thread.is_alive())
        if self._failures:
            raise self._failures[0]
        if interrupt is not None:
            raise interrupt

    def _run(self, search: Callable[[], None]) -> None:
        try:
            search()
        except BaseException as error:  # noqa: BLE001 - handed to the caller, who raises it
            self._failures.append(error)
            self._halt.set()

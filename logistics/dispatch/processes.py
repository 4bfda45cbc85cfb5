"""Processes that work side by side, begun when there is work worth their start."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TYPE_CHECKING, Self, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import TracebackType

_Found = TypeVar("_Found")


class Processes:
    """
    Some processes, which end with the ``with`` block they belong to.

    Parameters
    ----------
    workers
        How many; with 1 the caller's own does the work.
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        """Begin; nothing is started yet."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End what was started."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def map(self, work: Callable[..., _Found], *given: Iterable[object]) -> list[_Found]:
        """
        Do the same work many times.

        Parameters
        ----------
        work
            A function of a module, or a partial one.
        *given
            Its first arguments, its second ones, and so on.

        Returns
        -------
        list
            What it found, in order.
        """
        if self.workers <= 1:
            return list(map(work, *given))
        if self._pool is None:
            # A forked child of a process with threads can hang; a spawned one cannot.
            self._pool = ProcessPoolExecutor(self.workers, mp_context=get_context("spawn"))
        return list(self._pool.map(work, *given))

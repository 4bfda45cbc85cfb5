"""Find good plans fast: ruin and recreate on the true objective; docs/heuristic.md explains it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logistics.planning.improve.search import Search

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from logistics.planning.plan import Route
    from logistics.planning.problem import Problem

__all__ = ["Search", "improve"]


def improve(
    problem: Problem,
    *,
    seconds: float | None = None,
    iterations: int | None = None,
    seed: int = 0,
    start: Sequence[Route] | None = None,
    stop: Callable[[], bool] | None = None,
    on_better: Callable[[list[Route]], object] | None = None,
) -> list[Route]:
    """
    Look for a cheap plan of a day.

    Parameters
    ----------
    problem
        The day.
    seconds
        Wall time to spend.
    iterations
        Steps to make instead; the plan is then the same for the same seed, whatever the machine.
    seed
        Of the search.
    start
        A plan to begin with.
    stop
        Asked now and then; True ends the search.
    on_better
        Called with each better plan that misses no compulsory site.

    Returns
    -------
    list of Route
        The best plan found, at most one run a vehicle. Every run keeps the rules; a compulsory site
        that found no place is not among its sites.
    """
    search = Search(problem, seed)
    if start:
        search.inject(start)
        if on_better is not None and not search.missing:
            on_better(search.best_routes())
    search.run(
        iterations=iterations,
        seconds=None if iterations is not None else seconds,
        stop=stop,
        on_better=on_better,
    )
    return search.best_routes()

"""When vans call at branches: by branch, in order of time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from logistics.operations.view.run_records import RunView, StopView
from maps.stops import alphabet

if TYPE_CHECKING:
    from logistics.operations.view.day_view import DayView
    from logistics.operations.view.place_records import PlaceView


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """
    One call of a van at a branch.

    Attributes
    ----------
    run
        The run.
    stop
        The stop on it.
    """

    run: RunView
    stop: StopView


def visits(view: DayView, branch: str | None = None) -> list[tuple[PlaceView, list[Visit]]]:
    """
    Collect when vans call at branches.

    Parameters
    ----------
    view
        The day.
    branch
        Id of one branch; None for all that are served.

    Returns
    -------
    list[tuple[PlaceView, list[Visit]]]
        Branches in the order of the alphabet, each with its visits in order of time.
    """
    found: dict[str, tuple[PlaceView, list[Visit]]] = {}
    for run in view.runs:
        for stop in run.stops:
            if branch in {None, stop.place.id}:
                entry = found.setdefault(stop.place.id, (stop.place, []))
                entry[1].append(Visit(run=run, stop=stop))
    for _, calls in found.values():
        calls.sort(key=lambda visit: visit.stop.arrive)
    return sorted(found.values(), key=lambda entry: alphabet(entry[0].name))

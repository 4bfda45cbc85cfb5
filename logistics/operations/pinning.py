"""From what a coordinator pinned to what the planner must keep."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from logistics.planning.pins import Pins

if TYPE_CHECKING:
    from logistics.operations.day_problem import DayProblem

#: A pinned time may move by so much either way; roads are not more exact than that.
TIME_PIN_SECONDS: Final = 600


def pins_for(day: DayProblem) -> Pins | None:
    """
    Write the pins of a day as the planner knows them.

    Parameters
    ----------
    day
        The day; pins of branches without a stop today are passed over.

    Returns
    -------
    Pins | None
        The pins; None where there are none.
    """
    sites = {site.id: site for site in day.problem.sites}
    vans = {vehicle.id for vehicle in day.problem.vehicles}
    kept = {
        place: pin
        for place, pin in day.changes.pins.items()
        if place in sites and pin.vehicle in vans
    }
    if not kept:
        return None
    ordered: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for place, pin in kept.items():
        if pin.strength != "vehicle":
            ordered[pin.vehicle].append((pin.begin, place))
    times = {}
    for place, pin in kept.items():
        if pin.strength == "time":
            first, last = pin.begin - TIME_PIN_SECONDS, pin.begin + TIME_PIN_SECONDS
            window = sites[place].window or (first, last)
            times[place] = (max(first, window[0], 0), min(last, window[1]))
    return Pins(
        vehicle={place: pin.vehicle for place, pin in kept.items()},
        order=tuple(
            tuple(place for _, place in sorted(places))
            for places in ordered.values()
            if len(places) > 1
        ),
        time=times,
    )

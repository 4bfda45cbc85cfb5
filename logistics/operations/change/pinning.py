"""From what a coordinator pinned to what the planner must keep."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from logistics.planning.pins import Pins, pinned

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from logistics.operations.change.day_changes import Pinned
    from logistics.operations.day.day_problem import DayProblem
    from logistics.planning.plan import Plan

#: A pinned time may move by so much either way; roads are not more exact than that.
TIME_PIN_SECONDS: Final = 600


def pins_for(
    day: DayProblem, *, reference: Plan | None = None, moved_stop_sek: float = 0.0
) -> Pins | None:
    """
    Write the pins of a day as the planner knows them.

    Parameters
    ----------
    day
        The day; pins of branches without a stop today are passed over.
    reference
        The plan that people have seen already.
    moved_stop_sek
        What it must save, SEK, to move one stop of it.

    Returns
    -------
    Pins | None
        The pins; None where there are none, and nothing is to be preferred.
    """
    sites = {site.id: site for site in day.problem.sites}
    vans = {vehicle.id for vehicle in day.problem.vehicles}
    kept = {
        place: pin
        for place, pin in day.changes.pins.items()
        if place in sites and pin.vehicle in vans
    }
    moved = {
        place: move
        for place, move in day.changes.moves.items()
        if place in sites and move.vehicle in vans
    }
    times = {}
    for place, pin in kept.items():
        if pin.strength == "time":
            first, last = pin.begin - TIME_PIN_SECONDS, pin.begin + TIME_PIN_SECONDS
            window = sites[place].window or (first, last)
            times[place] = (max(first, window[0], 0), min(last, window[1]))
    vehicle = {place: move.vehicle for place, move in moved.items()}
    vehicle |= {place: pin.vehicle for place, pin in kept.items()}
    wishes = [*_places_of_moves(day, vehicle), *_orders_of_pins(kept)]
    pins = Pins(
        vehicle=vehicle,
        order=tuple(_without_contradiction(wishes)),
        time=times,
        reference=reference,
        cost_per_moved_stop=moved_stop_sek if reference is not None else 0.0,
    )
    return pins or None


def with_pins(day: DayProblem) -> DayProblem:
    """
    Write the pins of a day into its problem, so that plans are judged by them too.

    Parameters
    ----------
    day
        The day.

    Returns
    -------
    DayProblem
        With pinned times as windows, and pinned stops as calls that must be.
    """
    pins = pins_for(day)
    return day if pins is None else replace(day, problem=pinned(day.problem, pins))


def _orders_of_pins(kept: Mapping[str, Pinned]) -> Iterator[tuple[str, ...]]:
    ordered: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for place, pin in kept.items():
        if pin.strength != "vehicle":
            ordered[pin.vehicle].append((pin.begin, place))
    for places in ordered.values():
        if len(places) > 1:
            yield tuple(place for _, place in sorted(places))


def _places_of_moves(day: DayProblem, vehicle: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """Between which neighbours a stop was put, the latest move first."""
    sites = {site.id for site in day.problem.sites}
    for place, move in reversed([*day.changes.moves.items()]):
        if place not in vehicle:
            continue
        around = (move.after, place, move.before)
        order = tuple(
            one for one in around if one in sites and vehicle.get(one, move.vehicle) == move.vehicle
        )
        if len(order) > 1:
            yield order


def _without_contradiction(orders: Iterable[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Pass over orders that would make a circle with those before them."""
    after: defaultdict[str, set[str]] = defaultdict(set)
    for order in orders:
        if any(_reaches(after, later, order[:place]) for place, later in enumerate(order)):
            continue
        for place, earlier in enumerate(order):
            after[earlier].update(order[place + 1 :])
        yield order


def _reaches(after: Mapping[str, set[str]], start: str, goals: Iterable[str]) -> bool:
    seen, open_ = {start}, [start]
    while open_:
        new = after.get(open_.pop(), set()) - seen
        seen |= new
        open_ += new
    return not seen.isdisjoint(goals)

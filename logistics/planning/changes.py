"""Changes of a day that could deliver one shipment more: a rule lifted, then only as needed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from logistics.planning.plan import Plan
from logistics.planning.problem import Problem
from logistics.planning.sentences import told
from logistics.units import SECONDS_PER_DAY, SECONDS_PER_HOUR, SECONDS_PER_MINUTE, clock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logistics.planning.plan import Run

_STEP_SECONDS = 5 * SECONDS_PER_MINUTE
_PLENTY = 2**40
_DAY_STEPS = SECONDS_PER_DAY // _STEP_SECONDS
EXTRA_VAN = "+1"
"""Id of the van that is thought of, not owned."""


class Lifted(StrEnum):
    """Rules that can be lifted to see whether they bind."""

    WINDOW = "window"
    SHIFT = "shift"
    CAPACITY = "capacity"
    VEHICLES = "vehicles"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """
    One change of the day that was planned, checked, and delivers the shipment.

    Attributes
    ----------
    kind
        ``window-later``, ``window-earlier``, ``shift-longer``, ``more-room`` or ``one-more-van``.
    subject
        The site or vehicle.
    amount
        Minutes or places; for one more van the second from which it is needed.
    extra_sek
        What the day then costs more than the plan explained; negative where it saves.
    """

    kind: str
    subject: str
    amount: int
    extra_sek: float

    def words(self, language: str = "sv") -> str:
        """
        Say it.

        Parameters
        ----------
        language
            ``sv`` or ``en``.

        Returns
        -------
        str
            One sentence.
        """
        return told(
            f"change-{self.kind}",
            language,
            subject=self.subject,
            amount=clock(self.amount) if self.kind == "one-more-van" else self.amount,
            extra=f"{self.extra_sek:+.0f}",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """
    A change in steps, of which the fewest are looked for.

    Attributes
    ----------
    most
        Steps that lift the rule altogether here.
    apply
        The day after so many steps.
    needed
        Steps that a plan of the changed day needs, seen from the day itself.
    change
        The change that so many steps are, with its price.
    """

    most: int
    apply: Callable[[Problem, int], Problem]
    needed: Callable[[Problem, Plan], int]
    change: Callable[[int, float], Change]


def lifted(problem: Problem, rule: Lifted) -> Problem:
    """
    Lift one rule from a day.

    Parameters
    ----------
    problem
        The day.
    rule
        Which.

    Returns
    -------
    Problem
        The day without it.
    """
    if rule is Lifted.WINDOW:
        sites = tuple(replace(site, window=None) for site in problem.sites)
        return replace(problem, sites=sites)
    if rule is Lifted.VEHICLES:
        return _with_van(problem, 0)
    vans = problem.vehicles
    if rule is Lifted.CAPACITY:
        return replace(problem, vehicles=tuple(replace(van, capacity=_PLENTY) for van in vans))
    longer = (
        replace(
            van,
            shift=(van.shift[0], van.shift[1] + SECONDS_PER_DAY),
            max_seconds=van.max_seconds + SECONDS_PER_DAY,
        )
        for van in vans
    )
    return replace(problem, vehicles=tuple(longer))


def candidates(problem: Problem, rule: Lifted, shipment: str, found: Plan) -> Iterator[Candidate]:
    """
    List small changes of one rule, the likeliest first.

    Parameters
    ----------
    problem
        The day, with the rule.
    rule
        The rule.
    shipment
        What is to be delivered.
    found
        A plan that delivers it without the rule.

    Yields
    ------
    Candidate
        Changes of one window, or of one vehicle, worth trying.
    """
    if rule is Lifted.VEHICLES:
        yield from _one_more_van(problem)
    elif rule is Lifted.WINDOW:
        yield from _windows(problem, shipment, found)
    else:
        change = _longer if rule is Lifted.SHIFT else _roomier
        for run in found.runs:
            yield change(run.vehicle)


def _windows(problem: Problem, shipment: str, found: Plan) -> Iterator[Candidate]:
    """Its destination and origin first, then sites that the plan without windows served early."""
    one = problem.shipments[problem.shipment_index[shipment]]
    begins = {stop.site: stop.begin for run in found.runs for stop in run.stops}
    named = dict.fromkeys([one.destination, one.origin, *begins])
    for name in named:
        window = problem.sites[problem.site_index[name]].window
        begin = begins.get(name)
        if window is None or begin is None or window[0] <= begin <= window[1]:
            continue
        yield _window(name, late=begin > window[1])


def _window(site: str, *, late: bool) -> Candidate:
    def apply(day: Problem, steps: int) -> Problem:
        where = day.site_index[site]
        opens, closes = day.sites[where].window or (0, SECONDS_PER_DAY)
        shift = steps * _STEP_SECONDS
        window = (opens, closes + shift) if late else (max(0, opens - shift), closes)
        sites = list(day.sites)
        sites[where] = replace(sites[where], window=window)
        return replace(day, sites=tuple(sites))

    def needed(day: Problem, found: Plan) -> int:
        window = day.sites[day.site_index[site]].window or (0, SECONDS_PER_DAY)
        begins = [stop.begin for run in found.runs for stop in run.stops if stop.site == site]
        over = [begin - window[1] if late else window[0] - begin for begin in begins]
        return -(-max(over, default=0) // _STEP_SECONDS)

    def change(steps: int, extra: float) -> Change:
        kind = "window-later" if late else "window-earlier"
        minutes = steps * _STEP_SECONDS // SECONDS_PER_MINUTE
        return Change(kind=kind, subject=site, amount=minutes, extra_sek=extra)

    return Candidate(most=_DAY_STEPS, apply=apply, needed=needed, change=change)


def _longer(vehicle: str) -> Candidate:
    def apply(day: Problem, steps: int) -> Problem:
        where = day.vehicle_index[vehicle]
        van, more = day.vehicles[where], steps * _STEP_SECONDS
        vans = list(day.vehicles)
        shift = (van.shift[0], van.shift[1] + more)
        vans[where] = replace(van, shift=shift, max_seconds=van.max_seconds + more)
        return replace(day, vehicles=tuple(vans))

    def needed(day: Problem, found: Plan) -> int:
        van = day.vehicles[day.vehicle_index[vehicle]]
        runs = [run for run in found.runs if run.vehicle == vehicle]
        over = [max(run.end - van.shift[1], run.end - run.start - van.max_seconds) for run in runs]
        return -(-max(over, default=0) // _STEP_SECONDS)

    def change(steps: int, extra: float) -> Change:
        minutes = steps * _STEP_SECONDS // SECONDS_PER_MINUTE
        return Change(kind="shift-longer", subject=vehicle, amount=minutes, extra_sek=extra)

    return Candidate(most=_DAY_STEPS, apply=apply, needed=needed, change=change)


def fullest(problem: Problem, run: Run) -> int:
    """
    Count the items aboard where a run is fullest.

    Parameters
    ----------
    problem
        The day.
    run
        A run of a checked plan.

    Returns
    -------
    int
        Items.
    """
    items = {one.id: one.items for one in problem.shipments}
    loaded = {name for stop in run.stops for name in stop.load}
    off = [name for stop in run.stops for name in stop.unload]
    aboard = most = sum(items[name] for name in off if name not in loaded)
    for stop in run.stops:
        aboard += sum(items[one] for one in stop.load) - sum(items[one] for one in stop.unload)
        most = max(most, aboard)
    return most


def _roomier(vehicle: str) -> Candidate:
    def apply(day: Problem, steps: int) -> Problem:
        where = day.vehicle_index[vehicle]
        vans = list(day.vehicles)
        vans[where] = replace(vans[where], capacity=vans[where].capacity + steps)
        return replace(day, vehicles=tuple(vans))

    def needed(day: Problem, found: Plan) -> int:
        van = day.vehicles[day.vehicle_index[vehicle]]
        loads = [fullest(day, run) for run in found.runs if run.vehicle == vehicle]
        return max(loads, default=0) - van.capacity

    def change(steps: int, extra: float) -> Change:
        return Change(kind="more-room", subject=vehicle, amount=steps, extra_sek=extra)

    return Candidate(most=_PLENTY, apply=apply, needed=needed, change=change)


def _one_more_van(problem: Problem) -> Iterator[Candidate]:
    """One more van like the first, for fewer and fewer hours at the end of its shift."""
    if not problem.vehicles:
        return
    like = problem.vehicles[0]
    hours = -(-(like.shift[1] - like.shift[0]) // SECONDS_PER_HOUR)

    def starts(steps: int) -> int:
        return max(like.shift[0], like.shift[1] - steps * SECONDS_PER_HOUR)

    def needed(_: Problem, found: Plan) -> int:
        begins = [run.start for run in found.runs if run.vehicle == EXTRA_VAN]
        return -(-(like.shift[1] - min(begins, default=like.shift[1])) // SECONDS_PER_HOUR)

    def change(steps: int, extra: float) -> Change:
        return Change(kind="one-more-van", subject=like.id, amount=starts(steps), extra_sek=extra)

    yield Candidate(
        most=hours,
        apply=lambda day, steps: _with_van(day, starts(steps)),
        needed=needed,
        change=change,
    )


def _with_van(problem: Problem, starts: int) -> Problem:
    if not problem.vehicles:
        return problem
    like = problem.vehicles[0]
    shift = (max(starts, like.shift[0]), like.shift[1])
    return replace(problem, vehicles=(*problem.vehicles, replace(like, id=EXTRA_VAN, shift=shift)))

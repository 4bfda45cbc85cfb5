"""What a day is made of: sites, vehicles, shipments, breaks; each record checks itself."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

from logistics.planning.strict_json import (
    cost_fault,
    flag_fault,
    refuse,
    shown,
    span_fault,
    text_fault,
    whole_fault,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """
    A place where a van may stop; the hub is one of them.

    Attributes
    ----------
    id
        Its name, different from all other sites'.
    stop_seconds
        Time that any stop here takes, besides handling the items.
    window
        First and last second at which service may begin, both included; None for any time.
    must_visit
        Whether a plan must call here.
    """

    id: str
    stop_seconds: int
    window: tuple[int, int] | None = None
    must_visit: bool = False

    def __post_init__(self) -> None:
        name = f"site {shown(self.id)}"
        refuse(
            [
                *text_fault(name, "id", self.id),
                *whole_fault(name, "stop_seconds", self.stop_seconds),
                *([] if self.window is None else span_fault(name, "window", self.window)),
                *flag_fault(name, "must_visit", self.must_visit),
            ]
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """
    A van, with its driver's shift and its prices.

    Attributes
    ----------
    id
        Its name, different from all other vehicles'.
    capacity
        Items it holds.
    shift
        First second at which a run may start and last at which it may end.
    max_seconds
        Longest run, break included.
    fixed_cost, cost_per_stop, cost_per_km, cost_per_hour
        SEK if it runs at all, for each stop, for each kilometre, for each paid hour.
    max_runs
        Runs it may make in the day.
    turnaround_seconds
        Least time at the hub between two of its runs, and before another run can take what it
        brought.
    """

    id: str
    capacity: int
    shift: tuple[int, int]
    max_seconds: int
    fixed_cost: float
    cost_per_km: float
    cost_per_hour: float
    cost_per_stop: float = 0.0
    max_runs: int = 1
    turnaround_seconds: int = 0

    def __post_init__(self) -> None:
        name = f"vehicle {shown(self.id)}"
        costs = ("fixed_cost", "cost_per_km", "cost_per_hour", "cost_per_stop")
        wholes = ("capacity", "max_seconds", "max_runs", "turnaround_seconds")
        refuse(
            [
                *text_fault(name, "id", self.id),
                *chain.from_iterable(whole_fault(name, key, getattr(self, key)) for key in wholes),
                *span_fault(name, "shift", self.shift),
                *chain.from_iterable(cost_fault(name, key, getattr(self, key)) for key in costs),
            ]
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment:
    """
    All the items that wait at one place for one place, of one urgency.

    Attributes
    ----------
    id
        Its name, different from all other shipments'.
    origin, destination
        Sites; either may be the hub, and they differ.
    items
        How many; they travel together or not at all.
    cost_if_at_hub
        SEK if the shipment ends the day at the hub.
    cost_if_left
        SEK if it stays where it was.
    direct_only
        Whether it may be taken only by a run that also brings it to its destination.
    """

    id: str
    origin: str
    destination: str
    items: int
    cost_if_at_hub: float
    cost_if_left: float
    direct_only: bool = False

    def __post_init__(self) -> None:
        name = f"shipment {shown(self.id)}"
        faults = [
            *text_fault(name, "id", self.id),
            *text_fault(name, "from", self.origin),
            *text_fault(name, "to", self.destination),
            *whole_fault(name, "items", self.items),
            *cost_fault(name, "cost_if_at_hub", self.cost_if_at_hub),
            *cost_fault(name, "cost_if_left", self.cost_if_left),
            *flag_fault(name, "direct_only", self.direct_only),
        ]
        if self.origin == self.destination:
            faults.append(f"{name}: from and to are both {shown(self.origin)}, expected two places")
        refuse(faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """
    The rule on the driver's break.

    Attributes
    ----------
    after_seconds
        Longest time without a break.
    seconds
        Length of the break, unpaid.
    """

    after_seconds: int
    seconds: int

    def __post_init__(self) -> None:
        refuse(
            [
                *whole_fault("break", "after_seconds", self.after_seconds),
                *whole_fault("break", "seconds", self.seconds),
            ]
        )

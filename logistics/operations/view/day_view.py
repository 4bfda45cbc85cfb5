"""What people see of one planned day, as plain records free of any language and of any markup.

The builder beside this module fills them from the database; maps, sheets and pages only read them.
Clock times are seconds since local midnight of the service day, distances metres, counts items.
Texts such as names, addresses and notes are data: whoever shows them escapes them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from logistics.operations.view.kinds import (
    Kind,
    LateReason,
    PlanState,
    Remedy,
    UnservedReason,
)
from logistics.operations.view.place_records import BaseMapView, PlaceView
from logistics.operations.view.run_records import RunView


@dataclass(frozen=True, slots=True, kw_only=True)
class UnservedView:
    """
    A branch at which no run calls today.

    Attributes
    ----------
    place
        The branch.
    reason
        Why not.
    detail
        Name of the holiday or text of the closure, as stored; may be empty.
    next_service
        The next day it is served, when known.
    items_waiting
        Items that wait there or are bound for it.
    """

    place: PlaceView
    reason: UnservedReason
    detail: str = ""
    next_service: date | None = None
    items_waiting: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyView:
    """
    One change that would bring a shipment today, found by solving again.

    Attributes
    ----------
    change
        What changes.
    subject
        What it changes: the name of a vehicle or a branch, as data.
    cost_sek
        What the plan would cost more.
    other
        The name of what else the change speaks of, as data; may be empty.
    amount
        How much of it: minutes, items or a clock time, as the change says.
    """

    change: Remedy
    subject: str
    cost_sek: float
    other: str = ""
    amount: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class UndeliveredView:
    """
    A shipment that does not arrive today.

    Attributes
    ----------
    origin, destination
        Whence and whither.
    kind
        Why it travels.
    items
        Number of items.
    at_hub
        True when it ends the day at the hub, False when it stays where it was.
    reason
        Why it does not arrive.
    subject
        Name of the vehicle or branch the reason speaks of, as data; may be empty.
    expected
        The day it is expected to arrive, when known.
    remedy
        What would change it, if that was computed.
    shipment
        Its identifier within the day; empty where it has none.
    waits_at
        Where it waits, when that is not where it was packed: the van that had it stands there.
    overdue
        Whether readers have waited for it longer than was promised.
    """

    origin: PlaceView
    destination: PlaceView
    kind: Kind
    items: int
    at_hub: bool
    reason: LateReason
    subject: str = ""
    expected: date | None = None
    remedy: RemedyView | None = None
    shipment: str = ""
    waits_at: PlaceView | None = None
    overdue: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TotalsView:
    """
    The day in numbers.

    Attributes
    ----------
    items_delivered, items_at_hub, items_left
        Where the day's items are when it ends.
    fixed_sek, stops_sek, distance_sek, time_sek
        What driving costs.
    delay_sek
        What the items that do not arrive cost.
    distance_metres, paid_seconds
        Of all runs.
    co2e_grams
        Greenhouse gases of all runs; None where a factor is missing.
    bound_sek
        What no plan of the day can fall below; None if nothing was proved.
    gap
        Share of the total that is not proved necessary; None if nothing was proved.
    """

    items_delivered: int
    items_at_hub: int
    items_left: int
    fixed_sek: float
    stops_sek: float
    distance_sek: float
    time_sek: float
    delay_sek: float
    distance_metres: int
    paid_seconds: int
    co2e_grams: float | None = None
    bound_sek: float | None = None
    gap: float | None = None

    @property
    def items(self) -> int:
        """All items that waited for transport."""
        return self.items_delivered + self.items_at_hub + self.items_left

    @property
    def driving_sek(self) -> float:
        """What the driving costs, without waiting."""
        return self.fixed_sek + self.stops_sek + self.distance_sek + self.time_sek

    @property
    def total_sek(self) -> float:
        """Driving and waiting together: what the planner minimised."""
        return self.driving_sek + self.delay_sek


@dataclass(frozen=True, slots=True, kw_only=True)
class DayView:
    """
    Everything that is shown of one planned day.

    Attributes
    ----------
    service_day
        The day.
    state
        How far the plan has come.
    version
        Number of the version, from 1.
    hub
        Where runs start and end.
    runs
        The runs in order of their numbers.
    unserved
        Branches at which no run calls, with the reason.
    undelivered
        Shipments that do not arrive today, dearest first.
    totals
        The day in numbers.
    base_map
        What lies under the runs.
    travel_source
        Whence distances and times come: "road-graph", "osrm" or "straight-line".
    caveats
        What is uncertain about the plan, one sentence each, as data.
    saved_at
        When the version was made, with time zone.
    """

    service_day: date
    hub: PlaceView
    runs: tuple[RunView, ...]
    totals: TotalsView
    unserved: tuple[UnservedView, ...] = ()
    undelivered: tuple[UndeliveredView, ...] = ()
    base_map: BaseMapView = field(default_factory=BaseMapView)
    state: PlanState = PlanState.DRAFT
    version: int = 1
    travel_source: str = "road-graph"
    caveats: tuple[str, ...] = ()
    saved_at: datetime | None = None

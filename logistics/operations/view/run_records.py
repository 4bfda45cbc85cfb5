"""Runs, stops, legs and bundles as people see them, as plain records."""

from __future__ import annotations

from dataclasses import dataclass

from logistics.operations.view.kinds import Kind, Pin, Ride
from logistics.operations.view.place_records import PlaceView, Point


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleView:
    """
    A shipment as staff pack it: one label, one origin, one destination.

    Attributes
    ----------
    id
        What the bar code on the label says, printable ASCII, at most 40 characters.
    origin
        Where the bundle was packed.
    destination
        Where its items belong.
    kind
        Why they travel.
    ride
        How they travel today: direct, or first to the hub, or from it.
    items
        Number of items.
    transfers
        Ids of the transfers inside.
    overdue
        Whether readers have waited for it longer than was promised.
    in_van
        Name of the van that goes no further and has it aboard where it is to be fetched; empty
        where it is packed.
    """

    id: str
    origin: PlaceView
    destination: PlaceView
    kind: Kind
    ride: Ride
    items: int
    transfers: tuple[str, ...] = ()
    overdue: bool = False
    in_van: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StopView:
    """
    One stop of a run.

    Attributes
    ----------
    number
        Its place on the run, from 1.
    place
        The branch.
    arrive, begin, depart
        Arrival, begin of service (later than arrival when the van waits) and departure.
    window
        Earliest and latest begin of service, if the branch has hours.
    unload, load
        What comes off here and what goes on.
    items_aboard
        Items aboard when the van leaves.
    note
        What the driver must know: key, entrance.
    code
        Opaque code of the stop for the QR code and the driver's page; empty before publishing.
    pins
        What the coordinator has fixed.
    done_at
        Clock time when the driver ticked the stop.
    """

    number: int
    place: PlaceView
    arrive: int
    begin: int
    depart: int
    unload: tuple[BundleView, ...]
    load: tuple[BundleView, ...]
    items_aboard: int
    window: tuple[int, int] | None = None
    note: str = ""
    code: str = ""
    pins: tuple[Pin, ...] = ()
    done_at: int | None = None

    @property
    def packed(self) -> tuple[BundleView, ...]:
        """What of the load the branch packs."""
        return tuple(bundle for bundle in self.load if not bundle.in_van)

    @property
    def fetched(self) -> tuple[BundleView, ...]:
        """What of the load is fetched out of a van that goes no further."""
        return tuple(bundle for bundle in self.load if bundle.in_van)

    @property
    def fetches_from(self) -> str:
        """Names of the vans it is fetched out of; empty where nothing is."""
        return ", ".join(dict.fromkeys(bundle.in_van for bundle in self.fetched))

    @property
    def items_fetched(self) -> int:
        """How many items are fetched out of them."""
        return sum(bundle.items for bundle in self.fetched)


@dataclass(frozen=True, slots=True, kw_only=True)
class LegView:
    """
    The ride between two stops, or between the hub and a stop.

    Attributes
    ----------
    line
        The way along the roads, from start to end.
    depart, arrive
        Clock times.
    distance_metres
        Length along the road.
    items_aboard
        Items aboard on the way.
    """

    line: tuple[Point, ...]
    depart: int
    arrive: int
    distance_metres: int
    items_aboard: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunView:
    """
    One vehicle's trip from the hub round its stops and back.

    Attributes
    ----------
    number
        Its place in the plan, from 1; colour, dash and labels follow it.
    vehicle
        Vehicle id.
    vehicle_name
        Name for people: "Bil 1".
    capacity_items, items_per_crate
        What the vehicle holds, and what a crate holds.
    start, end
        Departure from the hub and return to it.
    stops
        The stops in order.
    legs
        One more than stops: hub to first, ..., last to hub.
    load_at_hub
        What is aboard at the start.
    unload_at_hub
        What is aboard when the van comes back.
    break_begin
        Clock time when the driver's break begins; None without a break.
    break_seconds
        Length of the break.
    break_after
        Number of the stop after which the break is taken.
    cost_sek
        Fixed cost, stops, kilometres and hours of this run.
    paid_seconds
        End less start less break.
    code
        Opaque code of the run for the driver's page; empty before publishing.
    """

    number: int
    vehicle: str
    vehicle_name: str
    capacity_items: int
    items_per_crate: int
    start: int
    end: int
    stops: tuple[StopView, ...]
    legs: tuple[LegView, ...]
    load_at_hub: tuple[BundleView, ...] = ()
    unload_at_hub: tuple[BundleView, ...] = ()
    break_begin: int | None = None
    break_seconds: int = 0
    break_after: int | None = None
    cost_sek: float = 0.0
    paid_seconds: int = 0
    code: str = ""

    @property
    def distance_metres(self) -> int:
        """Length of the whole run in metres."""
        return sum(leg.distance_metres for leg in self.legs)

    @property
    def most_items_aboard(self) -> int:
        """The largest load on any leg, in items."""
        return max((leg.items_aboard for leg in self.legs), default=0)

"""What people see of one planned day, as plain records free of any language and of any markup.

The builder beside this module fills them from the database; maps, sheets and pages only read them.
Clock times are seconds since local midnight of the service day, distances metres, counts items.
Texts such as names, addresses and notes are data: whoever shows them escapes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

Point = tuple[float, float]
"""Latitude and longitude, WGS 84 degrees."""


class Kind(StrEnum):
    """Why an item travels."""

    HOLD = "hold"
    RETURN = "return"
    REBALANCE = "rebalance"
    SUPPLY = "supply"


class Ride(StrEnum):
    """How a bundle travels today."""

    DIRECT = "direct"
    TO_HUB = "to-hub"
    FROM_HUB = "from-hub"


class UnservedReason(StrEnum):
    """Why no run calls at a branch."""

    NOT_ITS_DAY = "not-its-day"
    HOLIDAY = "holiday"
    CLOSED = "closed"
    NOTHING_TO_DO = "nothing-to-do"
    NOT_WORTH_IT = "not-worth-it"
    OUT_OF_REACH = "out-of-reach"


class LateReason(StrEnum):
    """Why a shipment is not delivered today."""

    VAN_HAD_PASSED = "van-had-passed"
    OTHER_RUN = "other-run"
    ORIGIN_NOT_SERVED = "origin-not-served"
    DESTINATION_NOT_SERVED = "destination-not-served"
    NO_ROOM = "no-room"
    LEFT_BEHIND = "left-behind"


class PlanState(StrEnum):
    """How far a plan has come."""

    DRAFT = "draft"
    PUBLISHED = "published"
    UNDER_WAY = "under-way"
    CLOSED = "closed"


class Pin(StrEnum):
    """What the coordinator has fixed about a stop."""

    VEHICLE = "vehicle"
    ORDER = "order"
    TIME = "time"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceView:
    """
    A branch or the hub as it is shown.

    Attributes
    ----------
    id
        Branch id.
    name
        Name for people: "Nora bibliotek".
    short_name
        What stands on a label or beside a dot: "Nora".
    municipality
        Name of the municipality; empty where it is not known.
    point
        Latitude and longitude.
    address
        Street, postal code and locality in one line; empty where it is not known.
    certain
        Whether address and position are confirmed.
    """

    id: str
    name: str
    short_name: str
    point: Point
    municipality: str = ""
    address: str = ""
    certain: bool = True


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
    """

    id: str
    origin: PlaceView
    destination: PlaceView
    kind: Kind
    ride: Ride
    items: int
    transfers: tuple[str, ...] = ()


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
    The smallest change that would bring a shipment today, found by solving again.

    Attributes
    ----------
    change
        Name of the change: "reverse-run", "visit-branch", "extra-run",
        "swap-stops" or "take-along".
    subject
        What it changes: the name of a vehicle or a branch, as data.
    cost_sek
        What the plan would cost more.
    """

    change: str
    subject: str
    cost_sek: float


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
class RoadView:
    """
    A road of the base map.

    Attributes
    ----------
    line
        Its points.
    road
        Its number or name: "Rv 50".
    rank
        1 motorway and trunk, 2 county road, 3 local.
    certain
        Whether length and way are confirmed.
    closed
        Whether it is closed on the day.
    """

    line: tuple[Point, ...]
    road: str = ""
    rank: int = 3
    certain: bool = True
    closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TownView:
    """
    A town name of the base map.

    Attributes
    ----------
    name
        The name.
    point
        Where it stands.
    rank
        1 town, 2 village, 3 smaller.
    """

    name: str
    point: Point
    rank: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class BorderView:
    """
    The border of a municipality.

    Attributes
    ----------
    name
        The municipality.
    rings
        Closed rings of points.
    member
        Whether it belongs to the cooperation.
    """

    name: str
    rings: tuple[tuple[Point, ...], ...]
    member: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseMapView:
    """
    What lies under the runs: our own roads, names and borders.

    Attributes
    ----------
    roads, towns, borders
        The layers, drawn borders first.
    sources
        Whom to thank, one sentence each, as data.
    """

    roads: tuple[RoadView, ...] = ()
    towns: tuple[TownView, ...] = ()
    borders: tuple[BorderView, ...] = ()
    sources: tuple[str, ...] = ()


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
    base_map: BaseMapView = BaseMapView()
    state: PlanState = PlanState.DRAFT
    version: int = 1
    travel_source: str = "road-graph"
    caveats: tuple[str, ...] = ()
    saved_at: datetime | None = None

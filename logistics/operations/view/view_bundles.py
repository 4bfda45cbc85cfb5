"""Bundles as they are shown, each with a label that no other bundle of the day has."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from logistics.demand.waiting import Urgency
from logistics.operations.day.parted import whole_of
from logistics.operations.view.kinds import Kind, Ride
from logistics.operations.view.run_records import BundleView

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from logistics.operations.day.outcomes import Ride as PlannedRide
    from logistics.operations.day.stored_plans import StoredPlan
    from logistics.operations.view.place_records import PlaceView

#: What the bar code on a label can hold and a scanner still reads.
LONGEST_LABEL: Final = 40

_KINDS: Final = {
    Urgency.LATE: Kind.HOLD,
    Urgency.HOLD: Kind.HOLD,
    Urgency.SUPPLY: Kind.SUPPLY,
    Urgency.REBALANCE: Kind.REBALANCE,
    Urgency.RETURN: Kind.RETURN,
}
_LETTERS: Final = {
    Urgency.LATE: "L",
    Urgency.HOLD: "H",
    Urgency.SUPPLY: "S",
    Urgency.REBALANCE: "B",
    Urgency.RETURN: "R",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentName:
    """
    What a shipment's name says of it.

    Attributes
    ----------
    origin
        Where it waits.
    destination
        Where it goes in the end.
    urgency
        Its class of waiting.
    """

    origin: str
    destination: str
    urgency: Urgency

    @property
    def kind(self) -> Kind:
        """Why its items travel."""
        return _KINDS[self.urgency]

    @property
    def overdue(self) -> bool:
        """Whether readers have waited for it longer than was promised."""
        return self.urgency is Urgency.LATE


def read_name(shipment: str) -> ShipmentName:
    """
    Take a shipment's name apart.

    Parameters
    ----------
    shipment
        ``origin>destination:urgency``, or the name of what a van left of one.

    Returns
    -------
    ShipmentName
        Its parts.
    """
    way, _, urgency = whole_of(shipment).rpartition(":")
    origin, _, destination = way.partition(">")
    return ShipmentName(origin=origin, destination=destination, urgency=Urgency(urgency))


def bundle_views(
    plan: StoredPlan,
    shipment: str,
    ride: PlannedRide,
    places: Mapping[str, PlaceView],
    *,
    items_per_crate: int,
) -> list[BundleView]:
    """
    Describe the bundles of a shipment on one ride.

    Parameters
    ----------
    plan
        The plan.
    shipment
        Name of the shipment.
    ride
        The ride.
    places
        All places.
    items_per_crate
        Items in a full crate; a larger shipment becomes several bundles.

    Returns
    -------
    list[BundleView]
        At least one.
    """
    name = read_name(shipment)
    promise = plan.promises.get(shipment)
    transfers = tuple(transfer.id for transfer in promise.transfers) if promise else ()
    items = next(one.items for one in plan.problem.shipments if one.id == shipment)
    starts = range(0, items, items_per_crate)
    return [
        BundleView(
            id=_label(plan.row.service_date, name, part),
            origin=places[name.origin],
            destination=places[name.destination],
            kind=name.kind,
            overdue=name.overdue,
            ride=_ride(plan, ride, name),
            items=min(items_per_crate, items - start),
            transfers=transfers[start : start + items_per_crate],
        )
        for part, start in enumerate(starts, start=1)
    ]


def _ride(plan: StoredPlan, ride: PlannedRide, name: ShipmentName) -> Ride:
    hub = plan.problem.hub
    if ride.origin == hub:
        return Ride.FROM_HUB
    return Ride.DIRECT if ride.destination == name.destination != hub else Ride.TO_HUB


def _label(day: date, name: ShipmentName, part: int) -> str:
    way = f"{name.origin}-{name.destination}".upper()
    ends = f"-{_LETTERS[name.urgency]}{part}"
    label = f"{day:%y%m%d}-{way}{ends}"
    if len(label) <= LONGEST_LABEL:
        return label
    digest = f"{zlib.crc32(way.encode()):08X}"
    return f"{day:%y%m%d}-{name.origin[:9].upper()}-{digest}{ends}"

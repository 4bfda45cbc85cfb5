"""What branch staff pack: bundles with a label, and the crates that vans hold."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from logistics.demand.waiting import Urgency
from logistics.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from logistics.demand.shipments import DayShipment


class Box(StrEnum):
    """
    Which crate a bundle goes into.

    Attributes
    ----------
    DIRECT
        A crate for its destination, put off there later on the same run.
    HUB
        The hub box: everything that ends the day at the hub.
    """

    DIRECT = "direct"
    HUB = "hub"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """
    A shipment, or one part of a large one, as staff pack it.

    Attributes
    ----------
    label
        What the printed label says, unique within the year, as ``261124-NORA-KUMLA-H1``.
    date
        Service day.
    shipment
        Identifier of the shipment it is made of.
    origin
        Where it is packed.
    destination
        Where it goes in the end.
    urgency
        Class of waiting.
    transfers
        Identifiers of the transfers inside; one item each.
    box
        Which crate it goes into.
    """

    label: str
    date: date
    shipment: str
    origin: str
    destination: str
    urgency: Urgency
    transfers: tuple[str, ...]
    box: Box = Box.HUB

    @property
    def items(self) -> int:
        """The number of items."""
        return len(self.transfers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Crate:
    """
    One crate as it leaves a place.

    Attributes
    ----------
    label
        What the label on the crate says.
    origin
        Where it is filled.
    destination
        Where it is put off: a branch, or the hub for the hub box; None for a crate that rides
        along the run and is emptied bundle by bundle.
    bundles
        Labels of the bundles inside, those put off last at the bottom.
    items
        Number of items inside.
    capacity
        Number of items it holds at most.

    Raises
    ------
    InputError
        More items are inside than it holds.
    """

    label: str
    origin: str
    destination: str | None
    bundles: tuple[str, ...]
    items: int
    capacity: int

    def __post_init__(self) -> None:
        if not 0 < self.items <= self.capacity:
            raise InputError(
                f"crate {self.label!r}: {self.items} items in a crate of {self.capacity}, "
                f"expected 1 to {self.capacity}"
            )


_LETTERS: Final = {
    Urgency.LATE: "L",
    Urgency.HOLD: "H",
    Urgency.SUPPLY: "S",
    Urgency.REBALANCE: "B",
    Urgency.RETURN: "R",
}


def bundles_of(
    shipments: Iterable[DayShipment],
    on: date,
    *,
    items_per_crate: int,
    direct: Collection[str] = (),
) -> list[Bundle]:
    """
    Make the bundles of a day; a shipment larger than a crate becomes several.

    Parameters
    ----------
    shipments
        The day's shipments.
    on
        Service day.
    items_per_crate
        Items in a full crate.
    direct
        Identifiers of the shipments that ride direct; the others go into the hub box.

    Returns
    -------
    list of Bundle
        In the order of the shipments; the parts of one are numbered from 1.
    """
    bundles = []
    for shipment in shipments:
        stem = "-".join((f"{on:%y%m%d}", shipment.origin, shipment.destination)).upper()
        for part, start in enumerate(range(0, shipment.items, items_per_crate), start=1):
            bundles.append(
                Bundle(
                    label=f"{stem}-{_LETTERS[shipment.urgency]}{part}",
                    date=on,
                    shipment=shipment.id,
                    origin=shipment.origin,
                    destination=shipment.destination,
                    urgency=shipment.urgency,
                    transfers=shipment.transfers[start : start + items_per_crate],
                    box=Box.DIRECT if shipment.id in direct else Box.HUB,
                )
            )
    return bundles


def crates_of(
    bundles: Iterable[Bundle],
    *,
    hub: str,
    items_per_crate: int,
    stop_order: Sequence[str] = (),
) -> list[Crate]:
    """
    Fill the crates of one place: crates for one destination, one for the way, and the hub box.

    A destination whose direct bundles fill at least half a crate gets crates of its own. What is
    left of the direct bundles shares crates that are emptied along the run, last stop at the
    bottom. At the hub itself nothing goes into a hub box.

    Parameters
    ----------
    bundles
        Bundles that leave one place on one run.
    hub
        The hub.
    items_per_crate
        Items in a full crate.
    stop_order
        Stops of the run in order.

    Returns
    -------
    list of Crate
        Crates for one destination first, then those for the way, then hub boxes.
    """
    rank = {stop: number for number, stop in enumerate(stop_order)}
    by_destination: defaultdict[str, list[Bundle]] = defaultdict(list)
    for bundle in bundles:
        rides_out = bundle.box is Box.DIRECT or bundle.origin == hub
        by_destination[bundle.destination if rides_out else hub].append(bundle)
    hub_box = by_destination.pop(hub, [])
    order = sorted(by_destination, key=lambda place: (rank.get(place, len(rank)), place))
    crates: list[Crate] = []
    shared: list[Bundle] = []
    for place in order:
        members = by_destination[place]
        if 2 * sum(bundle.items for bundle in members) >= items_per_crate:
            crates += _fill(members, place, place, items_per_crate)
        else:
            shared += members
    crates += _fill(shared[::-1], None, "way", items_per_crate)
    return crates + _fill(hub_box, hub, "hub", items_per_crate)


def _fill(bundles: list[Bundle], place: str | None, name: str, capacity: int) -> list[Crate]:
    # First fit: opening another crate only when no open one has room keeps the count within 1.7
    # of the least, and keeps the order inside a crate.
    open_crates: list[list[Bundle]] = []
    for bundle in bundles:
        room = (c for c in open_crates if sum(b.items for b in c) + bundle.items <= capacity)
        crate = next(room, None)
        if crate is None:
            open_crates.append([bundle])
        else:
            crate.append(bundle)
    return [
        Crate(
            label=f"{crate[0].date:%y%m%d}-{crate[0].origin}-{name}-{number}".upper(),
            origin=crate[0].origin,
            destination=place,
            bundles=tuple(bundle.label for bundle in crate),
            items=sum(bundle.items for bundle in crate),
            capacity=capacity,
        )
        for number, crate in enumerate(open_crates, start=1)
    ]

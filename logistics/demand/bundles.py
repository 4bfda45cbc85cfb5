"""What branch staff pack: bundles with a label, and the crates that vans hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from logistics.demand.shipments import Urgency
from logistics.errors import InputError


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
        Where it is put off: a branch, or the hub for the hub box.
    bundles
        Labels of the bundles inside.
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
    destination: str
    bundles: tuple[str, ...]
    items: int
    capacity: int

    def __post_init__(self) -> None:
        if not 0 < self.items <= self.capacity:
            raise InputError(
                f"crate {self.label!r}: {self.items} items in a crate of {self.capacity}, "
                f"expected 1 to {self.capacity}"
            )

"""All transfers waiting at one place for one place with one urgency, on one day."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from logistics.errors import InputError


class Urgency(StrEnum):
    """
    How much a day of waiting weighs; the names are those of the waiting rates.

    Attributes
    ----------
    LATE
        A hold that has waited longer than was promised.
    HOLD
        A hold within the promise.
    SUPPLY
        Stock on its way to a shelf.
    REBALANCE
        A book that evens out two shelves.
    RETURN
        A book going home.
    """

    LATE = "late"
    HOLD = "hold"
    SUPPLY = "supply"
    REBALANCE = "rebalance"
    RETURN = "return"


@dataclass(frozen=True, slots=True, kw_only=True)
class DayShipment:
    """
    What waits at one place for one place with one urgency on one day.

    Attributes
    ----------
    id
        ``origin>destination:urgency``, unique within the day.
    origin
        Place where the items wait: a branch or the hub.
    destination
        Place they go to.
    urgency
        Class of waiting.
    transfers
        Identifiers of the transfers, oldest first; one item each.
    cost_if_at_hub
        SEK when the items end the day at the hub.
    cost_if_left
        SEK when the items stay where they are.

    Raises
    ------
    InputError
        There are no transfers, a cost is negative, or origin and destination are one.
    """

    id: str
    origin: str
    destination: str
    urgency: Urgency
    transfers: tuple[str, ...]
    cost_if_at_hub: float
    cost_if_left: float

    def __post_init__(self) -> None:
        problems = []
        if not self.transfers:
            problems.append(f"shipment {self.id!r}: it has no transfers, expected at least one")
        if self.origin == self.destination:
            problems.append(
                f"shipment {self.id!r}: origin and destination are both {self.origin!r}"
            )
        problems += [
            f"shipment {self.id!r}: {name} is {getattr(self, name)}, expected 0 or more"
            for name in ("cost_if_at_hub", "cost_if_left")
            if not getattr(self, name) >= 0
        ]
        if problems:
            raise InputError(problems)

    @property
    def items(self) -> int:
        """The number of items."""
        return len(self.transfers)

"""All transfers waiting at one place for one place with one urgency, on one day."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from logistics.demand.waiting import (
    Urgency,
    cost_if_at_hub,
    cost_if_left,
    expected_wait,
    urgency,
)
from logistics.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from logistics.demand.transfers import Transfer
    from logistics.demand.waiting import Calendar, WaitingRates


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

    def only_to_hub(self, hub: str) -> DayShipment:
        """
        Turn it into a ride to the hub, for a day on which nobody calls at its destination.

        The days at the hub are then lost whatever the plan, so they leave the objective: what
        remains is what staying behind costs more than resting at the hub.

        Parameters
        ----------
        hub
            The hub.

        Returns
        -------
        DayShipment
            The same items and identifier, bound for the hub.
        """
        more = max(0.0, round(self.cost_if_left - self.cost_if_at_hub, 2))
        return replace(self, destination=hub, cost_if_at_hub=0.0, cost_if_left=more)


def day_shipments(
    transfers: Iterable[Transfer],
    on: date,
    *,
    hub: str,
    calendar: Calendar,
    rates: WaitingRates,
) -> list[DayShipment]:
    """
    Group what waits on a day by place, destination and urgency, and price its waiting.

    Every waiting transfer is in exactly one shipment, whether or not its place is served that
    day; transfers that are aboard, delivered, cancelled or missing are in none.

    Parameters
    ----------
    transfers
        Transfers in any state and order.
    on
        The day that is planned.
    hub
        The hub.
    calendar
        Service calendar.
    rates
        What waiting costs.

    Returns
    -------
    list of DayShipment
        In the order of their identifiers; within each, the oldest transfer first.
    """
    groups: defaultdict[tuple[str, str, Urgency], list[Transfer]] = defaultdict(list)
    for transfer in transfers:
        if transfer.waiting and transfer.at != transfer.destination:
            kind = urgency(transfer, on, rates.promise_days)
            groups[transfer.at, transfer.destination, kind].append(transfer)
    shipments = []
    for (origin, destination, kind), members in groups.items():
        wait = expected_wait(calendar, origin, destination, hub, on)
        rate = rates.waiting_sek_per_item_day[kind.value]
        members.sort(key=lambda transfer: (transfer.requested_at, transfer.id))
        shipments.append(
            DayShipment(
                id=f"{origin}>{destination}:{kind.value}",
                origin=origin,
                destination=destination,
                urgency=kind,
                transfers=tuple(transfer.id for transfer in members),
                cost_if_at_hub=cost_if_at_hub(wait, len(members), rate),
                cost_if_left=cost_if_left(wait, len(members), rate),
            )
        )
    return sorted(shipments, key=lambda shipment: shipment.id)

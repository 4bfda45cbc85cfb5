from __future__ import annotations

from datetime import timedelta

import pytest

from logistics.demand.shipments import DayShipment, day_shipments
from logistics.demand.transfers import Transfer, TransferKind, TransferState
from logistics.demand.waiting import Urgency
from logistics.errors import InputError
from tests.demand.conftest import MORNING, TUESDAY, FlatRates, WeekCalendar, transfer


def shipments(*transfers: Transfer) -> list[DayShipment]:
    return day_shipments(
        transfers, TUESDAY, hub="orebro", calendar=WeekCalendar(), rates=FlatRates()
    )


def test_grouped_by_place_destination_and_urgency() -> None:
    found = shipments(
        transfer("a"),
        transfer("b", requested_at=MORNING - timedelta(hours=1)),
        transfer("c", requested_at=MORNING - timedelta(days=9)),
        transfer("d", kind=TransferKind.RETURN),
        transfer("e", destination="laxa"),
    )
    assert [(s.id, s.transfers) for s in found] == [
        ("nora>kumla:hold", ("b", "a")),
        ("nora>kumla:late", ("c",)),
        ("nora>kumla:return", ("d",)),
        ("nora>laxa:hold", ("e",)),
    ]
    # 2 items x 9 SEK x 1 day at the hub, or 1.5 days left.
    assert (found[0].items, found[0].cost_if_at_hub, found[0].cost_if_left) == (2, 18.0, 27.0)
    assert found[1].urgency is Urgency.LATE
    assert found[1].cost_if_at_hub == 13.5


def test_only_what_waits_is_taken_and_from_where_it_is() -> None:
    at_hub = transfer("h").step(TransferState.ABOARD).step(TransferState.AT_HUB, at="orebro")
    aboard = transfer("x").step(TransferState.ABOARD)
    done = aboard.step(TransferState.DELIVERED)
    found = shipments(at_hub, aboard, done, transfer("y").step(TransferState.CANCELLED))
    assert [shipment.id for shipment in found] == ["orebro>kumla:hold"]


def test_a_day_without_service_at_the_destination_is_a_ride_to_the_hub() -> None:
    (shipment,) = shipments(transfer())
    ride = shipment.only_to_hub("orebro")
    # 13.50 left less 9.00 at the hub: what staying costs beyond what is lost anyway.
    assert (ride.destination, ride.cost_if_at_hub, ride.cost_if_left) == ("orebro", 0.0, 4.5)
    assert ride.id == shipment.id


def test_a_shipment_says_all_its_faults() -> None:
    with pytest.raises(InputError) as caught:
        DayShipment(
            id="s",
            origin="nora",
            destination="nora",
            urgency=Urgency.HOLD,
            transfers=(),
            cost_if_at_hub=float("nan"),
            cost_if_left=-1,
        )
    assert len(caught.value.problems) == 4

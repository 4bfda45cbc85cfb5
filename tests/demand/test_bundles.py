from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logistics.demand.bundles import Box, Crate, bundles_of, crates_of
from logistics.demand.shipments import DayShipment
from logistics.demand.waiting import Urgency
from logistics.errors import InputError
from tests.demand.conftest import TUESDAY


def shipment(destination: str, items: int, origin: str = "nora") -> DayShipment:
    return DayShipment(
        id=f"{origin}>{destination}:hold",
        origin=origin,
        destination=destination,
        urgency=Urgency.HOLD,
        transfers=tuple(f"{destination}-{n}" for n in range(items)),
        cost_if_at_hub=0,
        cost_if_left=0,
    )


def test_a_large_shipment_becomes_several_bundles() -> None:
    bundles = bundles_of([shipment("kumla", 45)], TUESDAY, items_per_crate=20)
    assert [(bundle.label, bundle.items) for bundle in bundles] == [
        ("261124-NORA-KUMLA-H1", 20),
        ("261124-NORA-KUMLA-H2", 20),
        ("261124-NORA-KUMLA-H3", 5),
    ]
    assert {bundle.box for bundle in bundles} == {Box.HUB}


def test_crates_of_a_branch() -> None:
    # Kumla fills half a crate and gets one; Laxå and Askersund share the crate for the way, the
    # later stop at the bottom; what does not ride direct goes into the hub box.
    day = [
        shipment("kumla", 10),
        shipment("laxa", 2),
        shipment("askersund", 3),
        shipment("stora", 4),
    ]
    direct = {"nora>kumla:hold", "nora>laxa:hold", "nora>askersund:hold"}
    bundles = bundles_of(day, TUESDAY, items_per_crate=20, direct=direct)
    crates = crates_of(
        bundles, hub="orebro", items_per_crate=20, stop_order=("nora", "kumla", "laxa", "askersund")
    )
    assert [(crate.label, crate.destination, crate.bundles) for crate in crates] == [
        ("261124-NORA-KUMLA-1", "kumla", ("261124-NORA-KUMLA-H1",)),
        ("261124-NORA-WAY-1", None, ("261124-NORA-ASKERSUND-H1", "261124-NORA-LAXA-H1")),
        ("261124-NORA-HUB-1", "orebro", ("261124-NORA-STORA-H1",)),
    ]


def test_the_hub_itself_has_no_hub_box() -> None:
    bundles = bundles_of([shipment("kumla", 3, origin="orebro")], TUESDAY, items_per_crate=20)
    (crate,) = crates_of(bundles, hub="orebro", items_per_crate=20)
    assert crate.destination is None


def test_a_crate_holds_what_it_holds() -> None:
    with pytest.raises(InputError, match="21 items in a crate of 20, expected 1 to 20"):
        Crate(label="c", origin="a", destination="b", bundles=("x",), items=21, capacity=20)


@given(st.lists(st.integers(1, 70), min_size=1, max_size=12), st.integers(1, 25), st.data())
def test_every_item_is_in_exactly_one_crate(
    sizes: list[int], capacity: int, data: st.DataObject
) -> None:
    day = [shipment(f"b{n}", size) for n, size in enumerate(sizes)]
    direct = data.draw(st.sets(st.sampled_from([s.id for s in day])))
    bundles = bundles_of(day, TUESDAY, items_per_crate=capacity, direct=direct)
    crates = crates_of(bundles, hub="orebro", items_per_crate=capacity)
    packed = [label for crate in crates for label in crate.bundles]
    assert sorted(packed) == sorted(bundle.label for bundle in bundles)
    assert len(set(packed)) == len(packed)
    assert sum(crate.items for crate in crates) == sum(sizes)
    assert len({crate.label for crate in crates}) == len(crates)

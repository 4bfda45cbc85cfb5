from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from logistics.demand.importers import read_transfers
from logistics.demand.sample import SAMPLE_DAYS, sample_transfers, write_transfers
from logistics.demand.transfers import TransferKind
from logistics.errors import InputError
from logistics.network.load import DATA_FOLDER, load_network
from logistics.network.travel import road_graph_times

THREE = {"big": 8_000, "near": 1_000, "far": 1_000}
METRES = ((0, 10_000, 90_000), (10_000, 0, 90_000), (90_000, 90_000, 0))
MONTH = tuple(date(2026, 11, day) for day in range(2, 28) if date(2026, 11, day).weekday() < 5)


@pytest.mark.parametrize(
    ("name", "floating"), [("transfers.csv", False), ("transfers_floating.csv", True)]
)
def test_shipped_week_is_what_the_generator_makes_byte_for_byte(name: str, floating: bool) -> None:
    network = load_network()
    inhabitants = {one.id: one.inhabitants for one in network.branches if one.inhabitants}
    metres = road_graph_times(network, tuple(inhabitants)).metres

    made = write_transfers(sample_transfers(inhabitants, metres, floating=floating))

    assert made == (DATA_FOLDER / "sample_week" / name).read_bytes()
    assert len(read_transfers(made, places=network.branch_ids)) == made.count(b"\n") - 1


def test_a_weekday_has_some_two_hundred_items() -> None:
    # 108,777 inhabitants x 5 loans x 5 % / 260 weekdays = 104.6 out, and as many home.
    week = read_transfers((DATA_FOLDER / "sample_week" / "transfers.csv").read_bytes())
    by_day = Counter(one.requested_at.date() for one in week)
    assert set(by_day) == set(SAMPLE_DAYS)
    assert all(170 <= count <= 250 for count in by_day.values())


def test_holds_are_the_same_whether_the_collection_floats_or_not() -> None:
    home = sample_transfers(THREE, METRES, MONTH, loans_per_inhabitant=20)
    floating = sample_transfers(THREE, METRES, MONTH, loans_per_inhabitant=20, floating=True)
    assert [one for one in home if one.kind is TransferKind.HOLD] == floating
    assert any(one.kind is TransferKind.RETURN for one in home)


def test_near_and_large_libraries_lend_most() -> None:
    month = sample_transfers(THREE, METRES, MONTH, loans_per_inhabitant=100, floating=True)
    pairs = Counter((one.origin, one.destination) for one in month)
    assert pairs["big", "near"] > pairs["far", "near"]
    # To "big", the near library lends (1 + 90/40) / (1 + 10/40) = 2.6 times as much as the far.
    assert pairs["near", "big"] / pairs["far", "big"] == pytest.approx(2.6, rel=0.15)
    # Readers borrow by their number: 8,000 of 10,000.
    borrowed = sum(count for (_, to), count in pairs.items() if to == "big")
    assert borrowed / len(month) == pytest.approx(0.8, abs=0.02)


def test_demand_beyond_what_one_exponential_holds_is_still_poisson() -> None:
    # 10,000 inhabitants x 1,300 x 1 / 260 = 50,000 a day; three standard deviations are 671.
    day = sample_transfers(
        THREE,
        METRES,
        MONTH[:1],
        loans_per_inhabitant=1_300,
        travelling_share=1,
        floating=True,
    )
    assert len(day) == pytest.approx(50_000, abs=671)


def test_another_seed_gives_another_week() -> None:
    one = sample_transfers(THREE, METRES, MONTH, loans_per_inhabitant=20, seed=1)
    assert one == sample_transfers(THREE, METRES, MONTH, loans_per_inhabitant=20, seed=1)
    assert one != sample_transfers(THREE, METRES, MONTH, loans_per_inhabitant=20, seed=2)


def test_every_fault_of_the_request_is_told() -> None:
    with pytest.raises(InputError) as caught:
        sample_transfers({"only": 5}, ((0, 1),), MONTH, travelling_share=1.5)
    assert caught.value.problems == [
        "sample: 1 branches, expected two with inhabitants or more",
        "sample: distances are not 1 by 1, as many as branches",
        "sample: 5.0 loans, 1.5 of them travelling, expected 0 or more, and between 0 and 1",
    ]

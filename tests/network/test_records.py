from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from logistics.errors import InputError, NotFoundError
from logistics.network.branches import Branch, BranchKind

if TYPE_CHECKING:
    from logistics.network.network import Network
    from logistics.network.vehicles import VehicleRecord


@pytest.fixture
def nora(shipped: Network) -> Branch:
    return shipped.branch("nora")


@pytest.fixture
def van(shipped: Network) -> VehicleRecord:
    return shipped.vehicles[0]


def test_address_is_what_is_known_of_it(shipped: Network, nora: Branch) -> None:
    assert nora.address == "Storgatan 15, 713 80 Nora"
    assert shipped.branch("asbro").address == "694 60 Åsbro"
    assert shipped.branch("fellingsbro").address == "Fellingsbro"
    assert nora.position == (59.51926, 15.03979)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"id": "nora>kumla"}, "id is 'nora>kumla', expected up to 60 letters, digits, hyphens"),
        ({"id": ""}, "id is '', expected"),
        ({"name": " "}, "name is blank, expected a text"),
        ({"municipality": ""}, "municipality is blank, expected the code of its owner"),
        ({"inhabitants": -1}, "inhabitants is -1, expected 0 or more"),
        ({"stop_seconds": -1}, "stop_seconds is -1, expected 0 or more"),
        ({"service_days": (0, 8)}, r"service_days are \(0, 8\), expected ISO weekdays 1 to 7"),
        ({"latitude": float("nan")}, r"position \(nan, 15.03979\) is not on Earth"),
        ({"longitude": 180.1}, r"position \(59.51926, 180.1\) is not on Earth"),
    ],
)
def test_a_branch_checks_itself(nora: Branch, change: dict[str, object], fault: str) -> None:
    with pytest.raises(InputError, match=fault):
        replace(nora, **change)  # type: ignore[arg-type]


def test_a_branch_tells_all_its_faults(nora: Branch) -> None:
    with pytest.raises(InputError) as caught:
        replace(nora, name="", locality="", inhabitants=-1)
    assert len(caught.value.problems) == 3


def test_only_a_terminal_has_no_owner(nora: Branch) -> None:
    assert replace(nora, municipality="", kind=BranchKind.TERMINAL).municipality == ""


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"id": " "}, "id is blank, expected a text"),
        ({"capacity_crates": 0}, "capacity_crates is 0, expected 1 or more"),
        ({"items_per_crate": 0}, "items_per_crate is 0, expected 1 or more"),
        ({"max_runs": 0}, "max_runs is 0, expected 1 or more"),
        ({"shift_end": 86_401}, r"shift is \[23400, 86401\], expected seconds since midnight"),
        ({"max_hours": 0}, "max_hours is 0, expected more than 0 and at most 24"),
        ({"max_hours": 24.5}, "max_hours is 24.5, expected more than 0 and at most 24"),
        ({"turnaround_seconds": -1}, "turnaround_seconds is -1, expected 0 or more"),
        ({"cost_per_km_sek": float("inf")}, "cost_per_km_sek is inf, expected 0 or more"),
        ({"fixed_cost_sek": float("nan")}, "fixed_cost_sek is nan, expected 0 or more"),
        ({"consumption_per_km": -0.1}, "consumption_per_km is -0.1, expected 0 or more"),
    ],
)
def test_a_vehicle_checks_itself(van: VehicleRecord, change: dict[str, object], fault: str) -> None:
    with pytest.raises(InputError, match=fault):
        replace(van, **change)  # type: ignore[arg-type]


def test_a_van_holds_full_crates(van: VehicleRecord) -> None:
    assert van.capacity_items == van.capacity_crates * van.items_per_crate == 800


def test_unknown_branch_is_told_with_the_known_ones(shipped: Network) -> None:
    with pytest.raises(NotFoundError, match=r"'narnia' is not in the network, .*askersund"):
        shipped.branch("narnia")

"""The vans of a scenario: those of the network, others in number or hours, or of several kinds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from logistics.network.vehicles import Energy, VehicleKind, VehicleRecord

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logistics.simulation.scenario import Scenario
    from logistics.simulation.scenario_parts import Van


def fleet_of(scenario: Scenario, vehicles: Sequence[VehicleRecord]) -> dict[str, VehicleRecord]:
    """
    Make the fleet of a scenario.

    Parameters
    ----------
    scenario
        What is changed; the vehicles it names are there.
    vehicles
        The network's fleet.

    Returns
    -------
    dict
        Vehicles by identifier.
    """
    if scenario.fleet:
        by_id = {one.id: one for one in vehicles}
        return _numbered(
            made
            for van in scenario.fleet
            for made in [_of_kind(scenario, van, by_id[van.like or vehicles[0].id])] * van.number
        )
    fleet = [one for one in vehicles if scenario.vehicle in {None, one.id}]
    like = [_changed(one, _hours(scenario), scenario.cost_per_stop_sek) for one in fleet]
    if scenario.vans is None:
        return {one.id: one for one in like}
    return _numbered(like[number % len(like)] for number in range(scenario.vans))


def _of_kind(scenario: Scenario, van: Van, like: VehicleRecord) -> VehicleRecord:
    said = van.model_dump(exclude={"like", "number", "cost_per_stop_sek"}, exclude_none=True)
    if "energy" in said:
        said["energy"] = Energy(said["energy"])
    return _changed(like, _hours(scenario) | said, van.cost_per_stop_sek)


def _hours(scenario: Scenario) -> dict[str, Any]:
    names = {"shift_start", "shift_end", "max_hours"}
    return scenario.model_dump(include=names, exclude_none=True)


def _changed(
    vehicle: VehicleRecord, said: dict[str, Any], carrier_sek: float | None
) -> VehicleRecord:
    if carrier_sek is not None:
        free = dict.fromkeys(("fixed_cost_sek", "cost_per_km_sek", "cost_per_hour_sek"), 0.0)
        paid = {"kind": VehicleKind.CARRIER, "cost_per_stop_sek": carrier_sek}
        said = free | paid | said
    return replace(vehicle, **said)


def _numbered(fleet: Iterable[VehicleRecord]) -> dict[str, VehicleRecord]:
    ids = {f"van-{number}": one for number, one in enumerate(fleet, start=1)}
    return {name: replace(one, id=name) for name, one in ids.items()}

"""A scenario applied to the network: who is served when, by what, from where, and who asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, TypeVar

from logistics.costing.emissions import EmissionFactor, read_factors
from logistics.costing.rates import Rates, rates_on, read_rates
from logistics.demand.importers.files import read_transfers
from logistics.errors import InputError
from logistics.network.branches import Branch, BranchKind, Confidence
from logistics.network.calendar import ServiceCalendar
from logistics.network.hours import parse_hours
from logistics.network.load import DATA_FOLDER, load_network
from logistics.network.new_branch import connect
from logistics.network.patterns import Closure, ServicePattern
from logistics.network.travel import TravelTimes, road_graph_times
from logistics.network.vehicles import VehicleRecord
from logistics.simulation.arrivals import Arrivals, DemandModel, snow_days
from logistics.simulation.fleet import fleet_of
from logistics.simulation.replay import Replay

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from logistics.network.network import Network
    from logistics.simulation.scenario import Scenario

Said = TypeVar("Said")


@dataclass(frozen=True, kw_only=True)
class Setting:
    """
    Everything a simulated period is made of.

    Attributes
    ----------
    first, last
        The period, both ends included.
    hub
        Where runs start and end.
    branches
        Branches in service and the hub, by identifier.
    vehicles
        The fleet by identifier.
    calendar
        Service calendar of the scenario.
    rates
        Rates that hold at the start of the period.
    travel
        Travel times of a normal day.
    snow
        Days on which driving is slow.
    snow_slowdown
        Travel time on them as a multiple of the normal.
    arrivals
        Returns and holds.
    factors
        What each energy emits, by date.
    iterations
        Effort of each day's planning.
    """

    first: date
    last: date
    hub: str
    branches: Mapping[str, Branch]
    vehicles: Mapping[str, VehicleRecord]
    calendar: ServiceCalendar
    rates: Rates
    travel: TravelTimes
    snow: frozenset[date]
    snow_slowdown: float
    arrivals: Arrivals | Replay
    factors: tuple[EmissionFactor, ...]
    iterations: int

    def travel_on(self, day: date) -> TravelTimes:
        """
        Give the travel times of a day.

        Parameters
        ----------
        day
            The day.

        Returns
        -------
        TravelTimes
            The normal ones, or the slower ones of a snow day.
        """
        return _slower(self.travel, self.snow_slowdown) if day in self.snow else self.travel


def build_setting(scenario: Scenario, data: Path | None = None) -> Setting:
    """
    Apply a scenario to the network.

    Parameters
    ----------
    scenario
        What is changed.
    data
        Folder of the network; the shipped one when None.

    Returns
    -------
    Setting
        What `simulate` works on.

    Raises
    ------
    InputError
        The scenario names a hub, vehicle, branch, kind or municipality that does not exist; all
        faults at once.
    """
    network = _joined(load_network(data, hub=scenario.hub), scenario)
    problems = list(_unknown(scenario, network))
    if problems:
        raise InputError(problems)
    hub = network.hub
    readers = [one for one in network.branches if one.kind is not BranchKind.TERMINAL]
    moved = _moved(scenario, network, readers)
    in_service = {one.id: one for one in network.branches if one.id not in moved or one.id == hub}
    travel = road_graph_times(network, tuple(one.id for one in network.branches))
    folder = data or DATA_FOLDER
    return Setting(
        first=scenario.first,
        last=scenario.last,
        hub=hub,
        branches=in_service,
        vehicles=fleet_of(scenario, network.vehicles),
        calendar=_calendar(scenario, network, in_service, hub),
        rates=rates_on(read_rates((folder / "rates.csv").read_bytes()), scenario.first),
        travel=travel,
        snow=snow_days(
            scenario.first,
            scenario.last,
            per_year=scenario.snow_days_per_year,
            seed=scenario.seed,
        ),
        snow_slowdown=scenario.snow_slowdown,
        arrivals=_arrivals(scenario, readers, travel, moved),
        factors=tuple(read_factors((folder / "emission_factors.csv").read_bytes())),
        iterations=scenario.iterations,
    )


def _arrivals(
    scenario: Scenario,
    readers: list[Branch],
    travel: TravelTimes,
    moved: Mapping[str, str | None],
) -> Arrivals | Replay:
    if scenario.history is not None:
        try:
            content = scenario.history.read_bytes()
        except OSError as error:
            raise InputError(f"{scenario.history}: cannot be read: {error.strerror}") from error
        return Replay(
            read_transfers(content, scenario.history.name), moved=moved, floating=scenario.floating
        )
    by_id = {one.id: one for one in readers}
    lending = sorted(by_id)
    return Arrivals(
        DemandModel(
            branches=tuple(lending),
            inhabitants=tuple(by_id[name].inhabitants for name in lending),
            metres=travel.among(lending).metres,
            seed=scenario.seed,
            loans_per_inhabitant=scenario.loans_per_inhabitant,
            travelling_share=scenario.travelling_share,
            factor=scenario.demand_factor,
            floating=scenario.floating,
            moved=moved,
        )
    )


def _joined(network: Network, scenario: Scenario) -> Network:
    """Put the branches that join on the roads and into the calendar."""
    for new in scenario.joining:
        branch, roads = connect(
            network,
            Branch(
                id=new.id,
                name=new.id.capitalize(),
                municipality=new.municipality,
                kind=BranchKind(new.kind),
                locality=new.id.capitalize(),
                latitude=new.latitude,
                longitude=new.longitude,
                road_node="nearest",
                inhabitants=new.inhabitants,
                service_days=new.weekdays,
                source=f"scenario {scenario.name}",
                confidence=Confidence.LOW,
            ),
        )
        own = network.calendar
        pattern = ServicePattern(branch=new.id, weekdays=new.weekdays, source=branch.source)
        network = replace(
            network,
            branches=(*network.branches, branch),
            roads=roads,
            calendar=ServiceCalendar(
                patterns=[*own.patterns, pattern],
                closures=own.closures,
                receiving_hours={**own.receiving_hours, new.id: branch.receiving_hours},
                hub=own.hub,
            ),
        )
    return network


def _unknown(scenario: Scenario, network: Network) -> Iterator[str]:
    places = set(network.branch_ids)
    kinds = {kind.value for kind in BranchKind}
    checks = (
        ("hub", [scenario.hub] if scenario.hub else [], places | {d.id for d in network.depots}),
        (
            "vehicle",
            [name for name in (scenario.vehicle, *(one.like for one in scenario.fleet)) if name],
            {v.id for v in network.vehicles},
        ),
        ("service_days", scenario.service_days, places | kinds),
        ("receiving_hours", scenario.receiving_hours, places | kinds),
        ("without_branches", scenario.without_branches, places),
        ("closures", [one.branch for one in scenario.closures], places),
        (
            "without_municipalities",
            scenario.without_municipalities,
            {one.name for one in network.municipalities},
        ),
    )
    for field, named, known in checks:
        for name in named:
            if name not in known:
                yield (
                    f"scenario {scenario.name!r}: {field} names {name!r}, "
                    f"expected one of {', '.join(sorted(known))}"
                )
    for name, hours in scenario.receiving_hours.items():
        try:
            parse_hours(hours)
        except InputError as error:
            yield f"scenario {scenario.name!r}: receiving_hours of {name!r}: {error}"


def _moved(scenario: Scenario, network: Network, readers: list[Branch]) -> dict[str, str | None]:
    """Say where the readers of each closed branch go: the main library, or out of the house."""
    leaving = {
        one.code for one in network.municipalities if one.name in scenario.without_municipalities
    }
    mains = {one.municipality: one.id for one in readers if one.kind is BranchKind.MAIN}
    moved: dict[str, str | None] = {
        name: mains.get(network.branch(name).municipality) for name in scenario.without_branches
    }
    moved = {name: None if to in moved else to for name, to in moved.items()}
    return moved | {one.id: None for one in readers if one.municipality in leaving}


def _calendar(
    scenario: Scenario, network: Network, in_service: Mapping[str, Branch], hub: str
) -> ServiceCalendar:
    own = network.calendar
    changed = {
        name: _of_branch(scenario.service_days, branch) for name, branch in in_service.items()
    }
    kept = [
        pattern
        for pattern in own.patterns
        if pattern.branch in in_service and changed[pattern.branch] is None
    ]
    new = [
        ServicePattern(branch=name, weekdays=days, source=f"scenario {scenario.name}")
        for name, days in changed.items()
        if days is not None and in_service[name].kind is not BranchKind.TERMINAL
    ]
    closures = (
        Closure(branch=one.branch, first_day=one.first, last_day=one.last)
        for one in scenario.closures
    )
    known = (one for one in own.closures if one.branch is None or one.branch in in_service)
    return ServiceCalendar(
        patterns=[*kept, *new],
        closures=chain(known, closures),
        receiving_hours={
            name: _of_branch(scenario.receiving_hours, branch) or own.receiving_hours.get(name)
            for name, branch in in_service.items()
        },
        hub=hub,
    )


def _of_branch(said: Mapping[str, Said], branch: Branch) -> Said | None:
    """Look up what is said of a branch, else of its kind."""
    return said.get(branch.id, said.get(branch.kind.value))


@lru_cache(maxsize=4)
def _slower(travel: TravelTimes, factor: float) -> TravelTimes:
    return replace(
        travel,
        seconds=tuple(tuple(round(value * factor) for value in row) for row in travel.seconds),
        caveats=(*travel.caveats, f"snow: travel times x {factor:g}"),
    )

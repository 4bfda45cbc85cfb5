"""How goods travel by what is at hand: calendar, hub and rates, and the plans that are known."""

# ruff: noqa: PLC0415 - a command loads only what it uses
from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from logistics.cli.store import file_content, opened, shipped
from logistics.costing.rates import Rates, rates_on, read_rates
from logistics.demand.journey_exports import WEEKDAYS
from logistics.demand.matching.journeys import Journeys, handling_sek, journeys_on
from logistics.demand.matching.planned_calls import Calls, TypicalCalls
from logistics.dispatch.typical_calls import calls_of_plans, typical_week
from logistics.network.calendar import ServiceCalendar
from logistics.network.load import load_network
from logistics.network.network import BranchCode
from logistics.network.travel import road_graph_times
from logistics.network.vehicles import VehicleRecord
from logistics.planning.plan import Plan, read_plan

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from logistics.network.branches import Branch
    from logistics.network.travel import TravelTimes
    from logistics.simulation.scenario import Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """
    What expected days and kronor are worked out from.

    Attributes
    ----------
    calendar
        Service calendar.
    places
        Branches and the hub.
    hub
        The hub.
    vehicles
        The fleet.
    rates
        What waiting and handling cost.
    branch_codes
        What other systems call the branches.
    planned
        Calls of the plan of the very day that is asked about.
    typical
        Calls of plans by ISO weekday.
    """

    calendar: ServiceCalendar
    places: tuple[str, ...]
    hub: str
    vehicles: Sequence[VehicleRecord]
    rates: Rates
    branch_codes: Sequence[BranchCode] = ()
    planned: Calls | None = None
    typical: Mapping[int, TypicalCalls] = field(default_factory=dict)

    def on(self, day: date) -> Journeys:
        """
        Expect days and kronor of what is packed on a day.

        Parameters
        ----------
        day
            The day.

        Returns
        -------
        Journeys
            Between all places.
        """
        hours = [one.cost_per_hour_sek for one in self.vehicles]
        return journeys_on(
            self.calendar,
            self.places,
            self.hub,
            day,
            handling_sek=handling_sek(self.rates.handling_seconds_per_item, hours),
            planned=self.planned,
            typical=self.typical,
            sek_per_day=self.rates.waiting_sek_per_item_day["hold"],
        )

    def codes(self, system: str) -> dict[str, str]:
        """
        Say what another system calls the places.

        Parameters
        ----------
        system
            Its name in branch_codes.csv.

        Returns
        -------
        dict
            Code by place; places without one are absent.
        """
        known = {one.code: one.branch for one in self.branch_codes if one.system == system}
        return {branch: code for code, branch in known.items() if branch in self.places}

    def plans(self) -> dict[str, int]:
        """
        Count the plans that are known.

        Returns
        -------
        dict
            Plans by weekday, Mo to Su; weekdays without one are absent.
        """
        return {WEEKDAYS[day - 1]: len(calls.plans) for day, calls in self.typical.items()}


def ways_by_files(
    data: Path | None, answers: Sequence[Path], on: date, *, own: bool = False
) -> Ways:
    """
    Read the network from its files, and plans from answers.

    Parameters
    ----------
    data
        Folder with the network's files; None for the shipped ones.
    answers
        Plans as `logistics solve` prints them; one that is named by its date speaks for that
        weekday, another for any day.
    on
        The day that is asked about.
    own
        Whether a plan named by that day weighs more than others of its weekday.

    Returns
    -------
    Ways
        What is known.

    Raises
    ------
    InputError
        A file is wrong, or a plan calls at a place or drives a vehicle that is not in the network.
    """
    network = load_network(data)
    file = shipped("rates.csv") if data is None else data / "rates.csv"
    rates = rates_on(read_rates(file_content(file)), on)
    plans = [read_plan(path) for path in answers]
    known = Ways(
        calendar=network.calendar,
        places=network.branch_ids,
        hub=network.hub,
        vehicles=network.vehicles,
        rates=rates,
        branch_codes=network.branch_codes,
    )
    if not plans:
        return known
    travel = road_graph_times(network, network.branch_ids)
    dated = [(_date_of(plan), plan) for plan in plans]
    return _with_plans(known, network.branches, travel, dated, on if own else None)


def ways_by_database(database: str, on: date, *, own: bool = False) -> Ways:
    """
    Read the network and the newest plans in force from a database.

    Parameters
    ----------
    database
        Its address.
    on
        The day that is asked about.
    own
        Whether the plan of that day weighs more than others of its weekday.

    Returns
    -------
    Ways
        What is known.
    """
    from logistics.operations.intake.planned_calls import planned_calls
    from logistics.operations.intake.typical_calls import typical_calls
    from logistics.operations.network.load_network import read_all_rates, read_network
    from logistics.storage.session import reading

    with reading(opened(database)) as session:
        network = read_network(session)
        rates = rates_on(read_all_rates(session), on)
        return Ways(
            calendar=network.calendar,
            places=network.branch_ids,
            hub=network.hub,
            vehicles=network.vehicles,
            rates=rates,
            branch_codes=network.branch_codes,
            planned=planned_calls(session, on, rates.stop_seconds) if own else None,
            typical=typical_calls(session, network, rates.stop_seconds),
        )


def ways_by_scenario(
    scenario: Scenario, data: Path | None, on_day: Callable[[date], None] | None = None
) -> Ways:
    """
    Plan some weeks of a scenario, and read how its vans drive.

    Parameters
    ----------
    scenario
        What is changed in the network.
    data
        Folder with the network's files; None for the shipped ones.
    on_day
        Told of each day that is planned.

    Returns
    -------
    Ways
        What is known of the network as the scenario has it.
    """
    from logistics.simulation.setting import build_setting
    from logistics.simulation.typical_plans import typical_plans

    setting = build_setting(scenario, data)
    known = Ways(
        calendar=setting.calendar,
        places=tuple(setting.branches),
        hub=setting.hub,
        vehicles=tuple(setting.vehicles.values()),
        rates=setting.rates,
        branch_codes=load_network(data).branch_codes,
    )
    plans = typical_plans(setting, on_day=on_day)
    branches = tuple(setting.branches.values())
    return _with_plans(known, branches, setting.travel, plans, None)


def _with_plans(
    known: Ways,
    branches: Sequence[Branch],
    travel: TravelTimes,
    plans: Sequence[tuple[date | None, Plan]],
    own: date | None,
) -> Ways:
    calls = calls_of_plans(
        (plan for _, plan in plans),
        hub=known.hub,
        branches=branches,
        vehicles=known.vehicles,
        travel=travel,
        stop_seconds=known.rates.stop_seconds,
    )
    dated = list(zip((day for day, _ in plans), calls, strict=True))
    today = [one for day, one in dated if own is not None and day == own]
    return replace(known, planned=today[-1] if today else None, typical=typical_week(dated))


def _date_of(plan: Plan) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(plan.problem)
    return None

"""The typical week of a scenario: its average flows, its roads, and who may be served when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from logistics.dispatch.assemble import planning_vehicle
from logistics.errors import InputError
from logistics.network.branches import BranchKind
from logistics.network.patterns import Weeks
from logistics.simulation.arrivals import WEEKDAY_SHARE
from logistics.simulation.service_days.patterns import spread_patterns
from logistics.simulation.service_days.week import Week

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from logistics.network.branches import Branch
    from logistics.simulation.service_days.week import Floats
    from logistics.simulation.setting import Setting

WORKING_DAYS = (1, 2, 3, 4, 5)


def typical_week(
    setting: Setting,
    *,
    least_days: Mapping[str, int] | None = None,
    weekdays: Sequence[int] = WORKING_DAYS,
    vans: int | None = None,
    without: Iterable[str] = (),
) -> Week:
    """
    Make the week that service days are chosen for.

    Parameters
    ----------
    setting
        The scenario applied to the network.
    least_days
        Days a week at least, by kind of branch (``main``, ``branch``, ...) or by branch, which
        weighs more; one day where nothing is said.
    weekdays
        ISO weekdays on which vans drive.
    vans
        Number of vans; those of the scenario when None.
    without
        Branches that are not decided about. Those that are served only in odd or even weeks never
        are: they keep their own days.

    Returns
    -------
    Week
        Average flows of the scenario's demand.

    Raises
    ------
    InputError
        A kind or branch is unknown, or vans of different prices are in use.
    """
    _refuse(setting, {*(least_days or {}), *without})
    left_out = {*without, setting.hub, *_fortnightly(setting)}
    places = tuple(
        sorted(
            name
            for name, branch in setting.branches.items()
            if name not in left_out and branch.kind is not BranchKind.TERMINAL
        )
    )
    ends = (*places, setting.hub)
    holds = _flows(setting, ends)
    homeward = 0.0 if setting.arrivals.floating else 1.0
    size = len(places)
    out, into = holds.sum(axis=1)[:size], holds.sum(axis=0)[:size]
    travel = setting.travel.among(ends)
    fleet = list(setting.vehicles.values())
    return Week(
        places=places,
        hub=setting.hub,
        holds=holds,
        taken=out + homeward * into,
        put_off=into + homeward * out,
        asked=WEEKDAY_SHARE,
        menus=tuple(
            spread_patterns(weekdays, least_days=_least(setting.branches[name], least_days or {}))
            for name in places
        ),
        vehicle=planning_vehicle(fleet[0]),
        vans=len(fleet) if vans is None else vans,
        travel_metres=travel.metres,
        travel_seconds=travel.seconds,
        stop_seconds=[
            own
            if (own := setting.branches[name].stop_seconds) is not None
            else setting.rates.stop_seconds
            for name in places
        ],
        handling_seconds=setting.rates.handling_seconds_per_item,
        break_seconds=setting.rates.break_seconds,
        break_after_seconds=setting.rates.break_after_seconds,
    )


def _flows(setting: Setting, ends: tuple[str, ...]) -> Floats:
    index = {name: number for number, name in enumerate(ends)}
    holds = np.zeros((len(ends), len(ends)))
    for (start, end), items in setting.arrivals.expected_week().items():
        if start in index and end in index:
            holds[index[start], index[end]] = items
    return holds


def _least(branch: Branch, least_days: Mapping[str, int]) -> int:
    return least_days.get(branch.id, least_days.get(branch.kind.value, 1))


def _fortnightly(setting: Setting) -> set[str]:
    return {
        pattern.branch for pattern in setting.calendar.patterns if pattern.weeks is not Weeks.EVERY
    }


def _refuse(setting: Setting, named: set[str]) -> None:
    known = {*setting.branches, *(kind.value for kind in BranchKind)}
    problems = [
        f"service days: {name!r} is neither a branch nor a kind of branch, "
        f"expected one of {', '.join(sorted(known))}"
        for name in sorted(named - known)
    ]
    prices = {
        (one.fixed_cost, one.cost_per_stop, one.cost_per_km, one.cost_per_hour, one.capacity)
        for one in map(planning_vehicle, setting.vehicles.values())
    }
    if len(prices) > 1:
        problems.append(
            "service days: the vans differ in price or room, expected alike; "
            "name the kind with the scenario's key vehicle"
        )
    if problems:
        raise InputError(problems)

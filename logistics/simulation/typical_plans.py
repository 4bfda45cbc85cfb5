"""The plans of some simulated weeks: how vans drive in a network, also one that is not run yet."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from logistics.simulation.year import simulate_day

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from logistics.demand.transfers import Transfer
    from logistics.planning.plan import Plan
    from logistics.simulation.setting import Setting

#: The network begins empty; its first week is like no other.
WARM_UP_WEEKS: Final = 1
WEEKS: Final = 4


def typical_plans(
    setting: Setting, weeks: int | None = None, on_day: Callable[[date], None] | None = None
) -> list[tuple[date, Plan]]:
    """
    Plan some weeks of a scenario, day after day.

    Parameters
    ----------
    setting
        The scenario applied to the network; its period says where the weeks begin.
    weeks
        Weeks to keep, after one that is left out; four where absent.
    on_day
        Told of each day when it is finished.

    Returns
    -------
    list of tuple
        Each day with its plan; days without anything to move are absent.
    """
    found: list[tuple[date, Plan]] = []
    waiting: list[Transfer] = []
    for number in range(7 * (WARM_UP_WEEKS + (weeks or WEEKS))):
        day = setting.first + timedelta(days=number)
        plans: list[Plan] = []
        _, waiting = simulate_day(setting, day, waiting, plans.append)
        if number >= 7 * WARM_UP_WEEKS:
            found += [(day, plan) for plan in plans]
        if on_day is not None:
            on_day(day)
    return found

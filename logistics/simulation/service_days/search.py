"""Good choices by changing one or two branches at a time, judged on the tours themselves."""

from __future__ import annotations

from math import exp
from random import Random
from typing import TYPE_CHECKING, Final

from logistics.simulation.service_days.week import Choice, Verdict, judge

_SMALL: Final = 1e-9
_FIRST_HEAT: Final = 0.012
_COOLING: Final = 0.01
_MISSING: Final = 1.5

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logistics.simulation.service_days.model import Goal
    from logistics.simulation.service_days.week import Pattern, Tours, Week


def score(goal: Goal, verdict: Verdict) -> tuple[float, float]:
    """
    Rank what a choice comes to.

    Parameters
    ----------
    goal
        What is asked for.
    verdict
        What the choice comes to.

    Returns
    -------
    tuple of float
        How far it misses the limit, then what is minimised; smaller is better.
    """
    if goal.most_sek is not None:
        over = max(0.0, verdict.driving_sek / goal.most_sek - 1 - _SMALL)
        return verdict.overload + over, verdict.days
    most = float("inf") if goal.most_days is None else goal.most_days
    over = max(0.0, verdict.days / most - 1 - _SMALL)
    return verdict.overload + over, verdict.driving_sek


def explore(
    week: Week, tours: Tours, goal: Goal, days: Sequence[int], *, steps: int, seed: int
) -> Choice | None:
    """
    Look for a good choice on some weekdays by simulated annealing.

    Parameters
    ----------
    week
        The week.
    tours
        Its tours.
    goal
        What is asked for.
    days
        ISO weekdays on which tours may be driven.
    steps
        Choices to look at.
    seed
        Of chance.

    Returns
    -------
    Choice or None
        The best of them, the same for the same seed; None where some branch has no pattern
        within the days.
    """
    menus = [[one for one in menu if set(one) <= set(days)] for menu in week.menus]
    if not all(menus):
        return None
    chance = Random(seed)  # noqa: S311 - no secrets
    here = Choice(
        patterns=tuple(max(menu, key=len) for menu in menus),
        van=tuple(number % week.vans for number in range(len(menus))),
    )
    verdict = judge(week, tours, here)
    scale = verdict.days if goal.fewest_days else verdict.driving_sek
    weight = _weight(goal, verdict, scale)
    best, best_score = here, score(goal, verdict)
    for step in range(steps):
        heat = scale * _FIRST_HEAT * _COOLING ** (step / steps)
        other = _nearby(here, menus, week.vans, chance)
        verdict = judge(week, tours, other)
        found = _weight(goal, verdict, scale)
        if found < weight or chance.random() < exp((weight - found) / heat):
            here, weight = other, found
            if (ranked := score(goal, verdict)) < best_score:
                best, best_score = other, ranked
    return best


def _weight(goal: Goal, verdict: Verdict, scale: float) -> float:
    missed, value = score(goal, verdict)
    return value + _MISSING * scale * missed


def _nearby(
    choice: Choice, menus: Sequence[Sequence[Pattern]], vans: int, chance: Random
) -> Choice:
    patterns, van = list(choice.patterns), list(choice.van)
    for _ in range(chance.randint(1, 2)):
        place = chance.randrange(len(menus))
        patterns[place] = chance.choice(menus[place])
        if vans > 1 and chance.random() < 0.5:  # noqa: PLR2004 - heads or tails
            van[place] = chance.randrange(vans)
    return Choice(patterns=tuple(patterns), van=tuple(van))

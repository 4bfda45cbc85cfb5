"""What plans say of the branches: who is called at when, and what a call adds."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import fmean
from typing import Protocol

from logistics.demand.waiting import DIRECT_SHARE
from logistics.errors import InputError


class Calls(Protocol):
    """What one plan or several say of the calls of a day."""

    def direct_share(self, origin: str, destination: str) -> float:
        """
        Tell which part of the items arrives the day it is fetched.

        Parameters
        ----------
        origin
            Where they are fetched.
        destination
            Where they go.

        Returns
        -------
        float
            Between 0 and 1.
        """

    def added_sek(self, place: str, most_sek: float) -> float:
        """
        Price one item more at a branch that may be called at that day.

        Parameters
        ----------
        place
            The branch.
        most_sek
            What it costs to wait for the next service day instead.

        Returns
        -------
        float
            SEK; 0 where it is called at anyway.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """
    A call of a van at a branch.

    Attributes
    ----------
    run
        Which of the day's runs.
    number
        Which of its stops.
    run_start, run_end
        When the run leaves the hub and is back, seconds since midnight.
    """

    run: int
    number: int
    run_start: int
    run_end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedCalls:
    """
    The calls of a plan, and what it would add to call elsewhere.

    Attributes
    ----------
    calls
        By branch that is called at.
    detour_sek
        SEK that the cheapest detour to a branch adds that is not called at.
    """

    calls: Mapping[str, Call] = field(default_factory=dict)
    detour_sek: Mapping[str, float] = field(default_factory=dict)

    def direct_share(self, origin: str, destination: str) -> float:
        """
        Tell which part of the items arrives the day it is fetched.

        Parameters
        ----------
        origin
            Where they are fetched.
        destination
            Where they go.

        Returns
        -------
        float
            1 where the plan calls at the destination later on the same run, or on a run that
            leaves the hub when the first is back; 0 where it calls there earlier; half of them
            where one of the two is not called at, so that the order is not known.
        """
        fetched, brought = self.calls.get(origin), self.calls.get(destination)
        if fetched is None or brought is None:
            return DIRECT_SHARE
        if fetched.run == brought.run:
            return float(fetched.number < brought.number)
        return float(fetched.run_end <= brought.run_start)

    def added_sek(self, place: str, most_sek: float) -> float:
        """
        Price one item more at a branch that may be called at that day.

        Parameters
        ----------
        place
            The branch.
        most_sek
            What it costs to wait for the next service day instead.

        Returns
        -------
        float
            SEK: nothing where the plan calls there or calls nowhere, else the detour or, where
            that is less or no van has the time for it, the wait.
        """
        if place in self.calls or not self.calls:
            return 0.0
        return min(self.detour_sek.get(place, math.inf), most_sek)


@dataclass(frozen=True, slots=True, kw_only=True)
class TypicalCalls:
    """
    What several plans say of one weekday, each counting alike.

    Attributes
    ----------
    plans
        The calls of each.

    Raises
    ------
    InputError
        There are none.
    """

    plans: tuple[PlannedCalls, ...]

    def __post_init__(self) -> None:
        if not self.plans:
            raise InputError("typical calls: no plan is given, expected one or more")

    def direct_share(self, origin: str, destination: str) -> float:
        """
        Tell which part of the items arrives the day it is fetched.

        Parameters
        ----------
        origin
            Where they are fetched.
        destination
            Where they go.

        Returns
        -------
        float
            Mean over the plans.
        """
        return fmean(plan.direct_share(origin, destination) for plan in self.plans)

    def added_sek(self, place: str, most_sek: float) -> float:
        """
        Price one item more at a branch that may be called at that day.

        Parameters
        ----------
        place
            The branch.
        most_sek
            What it costs to wait for the next service day instead.

        Returns
        -------
        float
            SEK, mean over the plans.
        """
        return fmean(plan.added_sek(place, most_sek) for plan in self.plans)

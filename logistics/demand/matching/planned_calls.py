"""What the plan of a day says of the branches: who is called at when, and what a call adds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from logistics.demand.waiting import DIRECT_SHARE


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

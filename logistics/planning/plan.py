"""A plan: the runs of one day with clock times, what it costs, and how good it is proved to be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from logistics.planning.problem import Problem

Status = Literal["optimal", "feasible"]
OPTIMAL_GAP = 1e-4
"""A plan counts as optimal where its cost is proved to be this close to the best."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """
    What a solver decides about one run; everything else follows.

    Attributes
    ----------
    vehicle
        Position of the vehicle in the problem.
    sites
        Positions of the sites in the order of the stops, without the hub.
    load
        For each stop the positions of the shipments taken there; None for all that may be taken.
    leave
        Positions of shipments from the hub that stay though the run visits their destination.
    carried
        Positions of shipments that earlier runs brought to the hub and this run takes on.
    """

    vehicle: int
    sites: tuple[int, ...]
    load: tuple[frozenset[int], ...] | None = None
    leave: frozenset[int] = frozenset()
    carried: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """
    One call at a site.

    Attributes
    ----------
    site
        Where.
    arrive, begin, depart
        Seconds since midnight: arrival, start of the service, end of the service.
    unload, load
        Shipments put off and taken.
    """

    site: str
    arrive: int
    begin: int
    depart: int
    unload: tuple[str, ...] = ()
    load: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """
    One vehicle's trip from the hub round its stops and back.

    Attributes
    ----------
    vehicle
        Who drives.
    start, end
        Seconds since midnight.
    stops
        In order of driving.
    leave
        Shipments from the hub that stay though the run visits their destination.
    carried
        Shipments brought to the hub by earlier runs that this run takes on.
    break_after
        Index of the stop after which the break is taken; None for no break.
    """

    vehicle: str
    start: int
    end: int
    stops: tuple[Stop, ...]
    leave: tuple[str, ...] = ()
    carried: tuple[str, ...] = ()
    break_after: int | None = None

    def paid_seconds(self, problem: Problem) -> int:
        """
        Tell how long the driver is paid.

        Parameters
        ----------
        problem
            The day, for the length of the break.

        Returns
        -------
        int
            Seconds from start to end without the break.
        """
        rest = problem.break_.seconds if problem.break_ and self.break_after is not None else 0
        return self.end - self.start - rest


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """
    What a plan costs, SEK.

    Attributes
    ----------
    fixed, stops, distance, time
        For the vehicles that run, their stops, kilometres and paid hours.
    delay
        For the shipments that are not delivered today.
    """

    fixed: float = 0.0
    stops: float = 0.0
    distance: float = 0.0
    time: float = 0.0
    delay: float = 0.0

    @property
    def total(self) -> float:
        """All of it, SEK."""
        return self.fixed + self.stops + self.distance + self.time + self.delay


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """
    The runs of one day, with their certificate.

    Attributes
    ----------
    problem
        Name of the day problem it answers.
    status
        ``optimal`` only where the gap is at most 1e-4.
    bound
        SEK: no plan can cost less, as proved; None where nothing was proved.
    seconds
        Wall time that planning took.
    cost
        What it costs.
    runs
        One vehicle's runs stand in the order of driving.
    """

    problem: str
    status: Status = "feasible"
    bound: float | None = None
    seconds: float = 0.0
    cost: Cost
    runs: tuple[Run, ...]

    @property
    def gap(self) -> float | None:
        """(total - bound) / total; None where nothing was proved."""
        return gap(self.cost.total, self.bound)


def gap(total: float, bound: float | None) -> float | None:
    """
    Tell how far a cost may be from the best.

    Parameters
    ----------
    total
        Cost of a plan, SEK.
    bound
        What no plan can undercut, SEK; None where nothing was proved.

    Returns
    -------
    float or None
        The share of the cost that might still be saved.
    """
    if bound is None:
        return None
    return max(0.0, (total - bound) / total) if total > 0 else 0.0

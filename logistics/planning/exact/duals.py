"""Prices of the rows of a relaxation, as a solver left them; :mod:`prices` makes them good."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from logistics.planning.exact.day import Flags, Floats

if TYPE_CHECKING:
    from logistics.planning.exact.day import Day


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """
    At least `runs` runs enter a set of sites, compulsory ones or all.

    Attributes
    ----------
    inside
        Which rows belong to the set.
    runs
        How many runs it takes at least.
    lacking
        Seconds by which fewer runs would be late, together at least; infinite where plans of fewer
        runs are another case.
    """

    inside: Flags
    runs: int
    lacking: float = float("inf")

    @classmethod
    def leaving(cls, size: int, runs: int) -> Cut:
        """
        Let at least so many runs leave the hub, wherever they go.

        Parameters
        ----------
        size
            Rows of the day.
        runs
            How many.

        Returns
        -------
        Cut
            Of all sites.
        """
        return cls(inside=np.arange(size) > 0, runs=runs)

    @property
    def everywhere(self) -> bool:
        """Whether the set holds all sites."""
        return bool(self.inside[1:].all())


@dataclass(frozen=True, slots=True, kw_only=True)
class Duals:
    """
    Prices of the rows of the relaxation, as the solver left them.

    Attributes
    ----------
    visit
        For each site that it is visited once.
    balance
        For each kind and site: as many arrive as leave.
    runs
        For each kind: so many runs at most.
    cuts
        For each cut.
    link
        For origin and arc: flow only where a van drives; at least 0.
    potential
        For origin and site: what arrives leaves.
    pair
        For two sites: either before the other, or neither; at least 0, symmetric.
    time
        For each kind: its runs work no longer than they may; SEK for each second, at least 0.
    company
        For each site: it and all on its run take no longer than a run may; SEK for each second,
        at least 0.
    crowd
        As much company as there is at most, see :meth:`limits.Work.crowd`; SEK for each second
        squared, at least 0.
    order
        Of the rows that only the tight relaxation has (:mod:`tighten`); None in any other.
    """

    visit: Floats
    balance: Floats
    runs: Floats
    cuts: Floats
    link: Floats
    potential: Floats
    pair: Floats
    time: Floats
    company: Floats
    crowd: float = 0.0
    order: Order | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """
    Prices of the rows that see in what order stops are made, and which share a run.

    Tables of head flows have, for each site, the flow of what comes before it, run backwards: from
    the site along the arcs to the hub.

    Attributes
    ----------
    link, potential
        Of head flows, as those of tail flows in :class:`Duals`.
    before
        For two sites: as much of the first's tail passes the second as of the second's head passes
        the first.
    tails, heads
        For origin and arc: what a unit of flow costs more, as it may not turn back on its way.
    together
        For two sites, symmetric: what it costs more that they are on the same run.
    alone
        For each site: what a visit costs less.
    """

    link: Floats
    potential: Floats
    before: Floats
    tails: Floats
    heads: Floats
    together: Floats
    alone: Floats


def nothing(day: Day) -> Duals:
    """
    Give prices of nothing: made good, they bound the day by the cheapest way into each site.

    Parameters
    ----------
    day
        The day.

    Returns
    -------
    Duals
        All zero.
    """
    size, kinds = day.size, len(day.kinds)
    return Duals(
        visit=np.zeros(size),
        balance=np.zeros((kinds, size)),
        runs=np.zeros(kinds),
        cuts=np.zeros(0),
        link=np.zeros((size, size, size)),
        potential=np.zeros((size, size)),
        pair=np.zeros((size, size)),
        time=np.zeros(kinds),
        company=np.zeros(size),
    )

"""What it costs at least to leave goods behind, whichever they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from logistics.planning.improve import layout as at

if TYPE_CHECKING:
    from logistics.planning.problem import Problem

_MOST_ITEMS = 100_000
"""Beyond, no prices by the item are kept: such days are planned without them."""


class Goods:
    """
    The shipments of a day by what leaving them costs, or bringing them to the hub only.

    Parameters
    ----------
    problem
        The day.
    ship, cost
        Its shipments, as in `layout.Data`.
    handling
        SEK that handling an item once takes at most.

    Attributes
    ----------
    per_item, per_shipment
        SEK that leaving one more item, or one more shipment, costs at least, the driver's pay that
        it saves taken off; infinite where there are no items.
    """

    def __init__(self, problem: Problem, ship: at.Longs, cost: at.Floats, handling: float) -> None:
        items, hub = ship[:, at.ITEMS], problem.hub_index
        through = (ship[:, at.ORIGIN] != hub) & (ship[:, at.TARGET] != hub)
        some = items > 0
        self._seconds = problem.handling_seconds_per_item
        self._items, self._times = items[some], np.where(through, 2, 1)[some]
        self._left = cost[some, at.LEFT]
        # what cannot rest at the hub
        tied = (~through | (ship[:, at.DIRECT] > 0))[some]
        self._rests = np.where(tied, np.inf, self._left - cost[some, at.AT_HUB])
        pay = handling * self._items
        least = np.minimum(self._left - pay * self._times, self._rests - pay)
        least = np.maximum(least, 0.0)
        self._each = least / self._items
        self.per_item = float(self._each.min(initial=np.inf))
        self.per_shipment = float(least.min(initial=np.inf))

    def by_item(self) -> at.Floats:
        """
        Price items for which there is no room.

        Returns
        -------
        Floats
            By their number from 0: SEK that leaving so many costs at least, the driver's pay that
            it saves taken off.
        """
        if self._items.sum() > _MOST_ITEMS:
            return np.zeros(1)
        return _dearer_and_dearer(np.repeat(self._each, self._items))

    def by_second(self) -> at.Floats:
        """
        Price seconds for which there is no time.

        Returns
        -------
        Floats
            By their number from 0: SEK that goods cost at least whose handling takes so long, the
            driver's pay not taken off.
        """
        if self._items.sum() > _MOST_ITEMS:
            return np.zeros(1)
        never = self._left / self._times
        seconds = self._seconds * np.where(never <= self._rests, self._times, 1) * self._items
        worth = np.minimum(never, self._rests) / self._items / max(self._seconds, 1)
        return _dearer_and_dearer(np.repeat(worth, seconds))


def _dearer_and_dearer(each: at.Floats) -> at.Floats:
    return np.cumsum([0.0, *np.sort(each)])

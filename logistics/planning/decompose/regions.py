"""Divide a day's sites into regions: neighbours of neighbours, from the outskirts inwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def regions(price: NDArray[np.float64], hub: int, size: int) -> list[list[int]]:
    """
    Divide all sites but the hub into regions of about equal size.

    Parameters
    ----------
    price
        SEK between sites, symmetric.
    hub
        Which site is the hub.
    size
        Sites a region has at most.

    Returns
    -------
    list of list of int
        The farthest region first, each grown from its farthest site by whichever is nearest to it.
    """
    left = np.ones(len(price), dtype=np.bool_)
    left[hub] = False
    count = -(-int(left.sum()) // size)
    found: list[list[int]] = []
    for number in range(count):
        room = -(-int(left.sum()) // (count - number))
        first = int(np.argmax(np.where(left, price[hub], -1.0)))
        found.append(_grown(price, first, left, room))
    return found


def _grown(price: NDArray[np.float64], first: int, left: NDArray[np.bool_], room: int) -> list[int]:
    region, reach = [first], price[first].copy()
    left[first] = False
    while len(region) < room:
        nearest = int(np.argmin(np.where(left, reach, np.inf)))
        left[nearest] = False
        region.append(nearest)
        np.minimum(reach, price[nearest], out=reach)
    return region

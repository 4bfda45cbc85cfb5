"""Some rows of a day, as a day of their own: what one run leaves, or what one run is about."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logistics.planning.exact.day import Day, Integers
    from logistics.planning.exact.prices import Prices


def among(day: Day, rows: Integers) -> Day:
    """
    Keep some of the rows.

    Parameters
    ----------
    day
        The day.
    rows
        Which, the hub first.

    Returns
    -------
    Day
        The day without the others; what being late costs, and its constant, stay as they are.
    """
    grid = np.ix_(rows, rows)
    return replace(
        day,
        sites=tuple(day.sites[row] for row in rows),
        must=day.must[rows],
        travel=day.travel[grid],
        service=day.service[rows],
        windows=day.windows[rows],
        saved=day.saved[grid],
        handled=day.handled[grid],
        outbound=day.outbound[rows],
        inbound=day.inbound[rows],
        kinds=tuple(replace(kind, arcs=kind.arcs[grid]) for kind in day.kinds),
    )


def priced_among(prices: Prices, rows: Integers, others: Sequence[int]) -> Prices:
    """
    Keep the prices of some of the rows; the others never lie behind.

    Parameters
    ----------
    prices
        A dual solution.
    rows
        Which, the hub first.
    others
        Rows that a run by some of these never makes.

    Returns
    -------
    Prices
        What steps among the rows cost.
    """
    first = prices.first[np.ix_(np.arange(len(prices.first)), rows, rows)]
    apart = np.ix_(np.array(others, dtype=np.int64), rows[1:])
    first[:, :, 1:] += np.triu(prices.slack, 1)[apart].sum(axis=0)
    return replace(
        prices,
        first=first,
        behind=prices.behind[np.ix_(rows, rows, rows)],
        slack=prices.slack[np.ix_(rows, rows)],
    )

"""Whom a stop has for company on its run: no more than a run can hold, and all with each other.

Fractional flows let every stop ride with its favourites. Two kinds of rows say what they overlook.
A stop and all that is on its run with it work no longer than a run may. And a run is a set: however
its stops are weighed, the square of their sum is never negative, so the matrix of who rides with
whom is positive semidefinite (Frieze and Jerrum 1997, "Improved approximation algorithms for MAX
k-CUT and MAX BISECTION", bound partitions so). Squares are asked for along the eigenvectors of what
riding direct saves: there fractional flows gain most.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from logistics.planning.exact.day import direct_gain
from logistics.planning.exact.limits import late_rate
from logistics.planning.exact.programme import MUCH_LATER, TWICE

if TYPE_CHECKING:
    from logistics.planning.exact.day import Day, Floats, Integers
    from logistics.planning.exact.flows import Arcs, Flows
    from logistics.planning.exact.limits import Work
    from logistics.planning.exact.programme import Rows

_NOTHING = 1e-6
"""Weights that are no more than rounding."""


def weights_of_gains(day: Day) -> Floats:
    """
    Weigh the sites by the eigenvectors of what two of them save on the same run.

    Parameters
    ----------
    day
        The day.

    Returns
    -------
    Floats
        A line for each weighting, a column for each row of the day.
    """
    gain = direct_gain(day)[1:, 1:]
    vectors = np.linalg.eigh(np.maximum(gain, gain.T))[1]
    weights: Floats = np.vstack([np.zeros(len(vectors)), vectors]).T
    return np.where(np.abs(weights) > _NOTHING, weights, 0.0)


def keep_company(day: Day, rows: Rows, arcs: Arcs, flows: Flows, work: Work) -> Integers:
    """
    Add a row for each site: it and what is on its run with it fit into one run.

    Parameters
    ----------
    day
        The day.
    rows
        The programme.
    arcs, flows
        What it holds already.
    work
        How long each stop works at least.

    Returns
    -------
    Integers
        The rows, the hub left out.
    """
    scale = float(arcs.longest.max())
    alone = np.arange(day.size - 1)
    company = rows.add_rows(np.full(alone.size, -np.inf), np.zeros(alone.size))
    for one, other in ((flows.first, flows.second), (flows.second, flows.first)):
        rows.put(company[one - 1], flows.both, TWICE * work.each[other] / scale)
    into = arcs.head[arcs.head > 0]
    for longest, layer in zip(arcs.longest, arcs.columns, strict=True):
        room = work.room(longest)[into]
        rows.put(company[into - 1], layer[arcs.head > 0], -room / scale)
    late = rows.add_columns(np.array([MUCH_LATER * late_rate(day) * scale]))
    rows.put(company, np.repeat(late, company.size), -MUCH_LATER)
    return company


def keep_squares(rows: Rows, arcs: Arcs, flows: Flows, weights: Floats) -> Integers:
    """
    Add a row for each weighting: the square of what the stops of a run weigh together.

    Parameters
    ----------
    rows
        The programme.
    arcs, flows
        What it holds already.
    weights
        A line for each weighting.

    Returns
    -------
    Integers
        The rows.
    """
    none = np.zeros(len(weights))
    squares = rows.add_rows(none, none + np.inf)
    into = arcs.head > 0
    for row, weight in zip(squares, weights, strict=True):
        products = 2 * weight[flows.first] * weight[flows.second]
        rows.put(np.full(products.size, row), flows.both, TWICE * products)
        for layer in arcs.columns:
            own = weight[arcs.head[into]] ** 2
            rows.put(np.full(own.size, row), layer[into], own)
    return squares


def prices_of(dual: Floats, scale: float, size: int) -> Floats:
    """
    Read the prices of company.

    Parameters
    ----------
    dual
        Of its rows; none where there are no such rows.
    scale
        Seconds that a one in a row stands for.
    size
        Rows of the day.

    Returns
    -------
    Floats
        SEK for each second, by row of the day.
    """
    prices = np.zeros(size)
    prices[1 : 1 + dual.size] = np.maximum(0.0, -dual) / scale
    return prices

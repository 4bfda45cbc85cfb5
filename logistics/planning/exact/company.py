"""Whom a stop has for company on its run: no more than a run can hold.

Fractional flows let every stop ride with its favourites. A stop and all that is on its run with it
work no longer than a run may.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from logistics.planning.exact.limits import late_rate
from logistics.planning.exact.programme import MUCH_LATER, TWICE

if TYPE_CHECKING:
    from logistics.planning.exact.arcs import Arcs
    from logistics.planning.exact.day import Day, Floats, Integers
    from logistics.planning.exact.limits import Work
    from logistics.planning.exact.pairs import Pairs
    from logistics.planning.exact.programme import Rows


def keep_company(day: Day, rows: Rows, arcs: Arcs, pairs: Pairs, work: Work) -> Integers:
    """
    Add a row for each site: it and what is on its run with it fit into one run.

    Parameters
    ----------
    day
        The day.
    rows
        The programme.
    arcs, pairs
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
    for one, other in ((pairs.first, pairs.second), (pairs.second, pairs.first)):
        rows.put(company[one - 1], pairs.both, TWICE * work.each[other] / scale)
    into = arcs.head[arcs.head > 0]
    for longest, layer in zip(arcs.longest, arcs.columns, strict=True):
        room = work.room(longest)[into]
        rows.put(company[into - 1], layer[arcs.head > 0], -room / scale)
    late = rows.add_columns(np.array([MUCH_LATER * late_rate(day) * scale]))
    rows.put(company, np.repeat(late, company.size), -MUCH_LATER)
    return company


def keep_crowd(day: Day, rows: Rows, arcs: Arcs, pairs: Pairs, work: Work) -> Integers:
    """
    Add one row: not every stop is on a full run, unless all runs are full.

    Parameters
    ----------
    day
        The day.
    rows
        The programme.
    arcs, pairs
        What it holds already.
    work
        How long each stop works at least.

    Returns
    -------
    Integers
        The row.
    """
    scale = float(arcs.longest.max())
    most = work.crowd(scale) / scale**2
    crowd = rows.add_rows(np.array([-np.inf]), np.array([most]))
    products = 2 * work.each[pairs.first] * work.each[pairs.second] / scale**2
    rows.put(np.repeat(crowd, products.size), pairs.both, TWICE * products)
    late = rows.add_columns(np.array([MUCH_LATER * late_rate(day) * scale]))
    rows.put(crowd, late, -MUCH_LATER * work.crowd_late(scale, day.late.size) / scale)
    return crowd


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

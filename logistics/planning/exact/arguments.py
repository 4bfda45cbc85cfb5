"""What the compiled search of runs takes: tables of steps, of time, and of ways home."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from logistics.planning.exact import home
from logistics.planning.exact.day import EVER, Floats, Integers
from logistics.planning.exact.limits import duty, longest_work, seconds_home, shortest

if TYPE_CHECKING:
    from typing import Any

    from logistics.planning.exact.day import Day
    from logistics.planning.exact.prices import Prices

_NO_REST = 2**60


def arguments(
    day: Day,
    number: int,
    prices: Prices,
    allowance: float,
    dear: int,
    *,
    whole: bool = False,
) -> tuple[Any, ...]:
    """
    Collect what the compiled search takes.

    Parameters
    ----------
    day
        The day.
    number
        Position of the kind of vehicle.
    prices
        A dual solution.
    allowance
        SEK.
    dear
        Seconds late at most.
    whole
        Whether a run must visit all that is compulsory.

    Returns
    -------
    tuple
        In the order of :func:`labels.grow`, but for what comes after the seconds late.
    """
    kind = day.kinds[number]
    rests = day.pause is not None
    after, pause = day.pause or (_NO_REST, 0)
    paid = float(prices.time[number])
    late = day.late - paid * np.arange(day.late.size)
    return (
        day.travel,
        day.service,
        day.windows,
        kind.arcs,
        day.saved,
        day.handled,
        day.outbound,
        day.inbound,
        prices.first[number],
        np.ascontiguousarray(np.transpose(prices.behind, (0, 2, 1))),
        prices.slack,
        *tables(day, number, ways(day, prices, number), late, dear),
        seconds_home(day),
        kind.pay,
        min(other.pay for other in day.kinds),
        kind.capacity,
        *kind.shift,
        kind.max_seconds,
        after,
        pause,
        rests,
        day.windowed,
        late,
        paid,
        day.item_price,
        day.item_price * (1.0 - paid / max(paid, float(min(1.0, day.late[1])), 1e-9)),
        duty(day),
        shortest(day.travel),
        whole,
        allowance,
        dear,
    )


def ways(day: Day, prices: Prices, number: int) -> Floats:
    """
    Tell what each step costs extra at least, whatever lies behind.

    Parameters
    ----------
    day
        The day.
    prices
        A dual solution.
    number
        Position of the kind of vehicle.

    Returns
    -------
    Floats
        SEK from row to column.
    """
    least: Floats = prices.first[number] + np.minimum(0.0, prices.behind).sum(axis=2)
    own = np.arange(day.size)
    least += np.maximum(0.0, prices.behind[own, :, own])
    return least


def tables(day: Day, number: int, arcs: Floats, late: Floats, dear: int) -> tuple[Any, ...]:
    """
    Bound ways home by the work done, with and without the price of lateness, and by the clock.

    Parameters
    ----------
    day
        The day.
    number
        Position of the kind of vehicle.
    arcs
        What each step costs at least.
    late
        What lateness costs extra, by seconds.
    dear
        Seconds late at most.

    Returns
    -------
    tuple
        By row and column, see :func:`home.ways_home`.
    """
    by_work, *by_clock = clocks(day, number)
    limits = late, dear
    priced = [
        home.ways_home(one.steps, arcs, one.windows, one.start, one.end, *limits, priced=True)
        for one in (by_work, *by_clock)
    ]
    free, _ = home.ways_home(
        by_work.steps, arcs, by_work.windows, by_work.start, by_work.end, *limits, priced=False
    )
    if not by_clock:
        return *priced[0], free, priced[0][0][:, :1], priced[0][1][:, :1]
    return *priced[0], free, *priced[1]


class Clock(NamedTuple):
    """
    How time goes on from row to row.

    Attributes
    ----------
    steps
        Seconds from leaving a row to leaving the next.
    windows
        First and last second at which each row is left.
    start, end
        Of every run.
    """

    steps: Integers
    windows: Integers
    start: int
    end: int


def clocks(day: Day, number: int) -> list[Clock]:
    """
    Tell what limits a run: how long it works, and where there are windows, the time of day.

    Parameters
    ----------
    day
        The day.
    number
        Position of the kind of vehicle.

    Returns
    -------
    list[Clock]
        The work, then the time of day if that matters.
    """
    kind = day.kinds[number]
    steps = day.travel + day.service * (np.arange(day.size) > 0)
    opens, closes = kind.shift
    longest = kind.max_seconds if day.windowed else longest_work(day, kind)
    always = np.tile(np.array([[0, EVER]]), (day.size, 1))
    work = Clock(steps, always, 0, min(longest, closes - opens))
    if not day.windowed:
        return [work]
    moved = np.minimum(day.windows, EVER // 2) + day.service[:, np.newaxis]
    return [work, Clock(steps, moved, opens, closes)]

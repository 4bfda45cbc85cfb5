"""Make the arrays of a plan, and take routes in and out of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from logistics.planning.improve.layout import (
    DIRECT,
    FIRST_SHIP,
    HUB,
    KEPT,
    KEPT_STOPS,
    LAST_SHIP,
    LISTED,
    MATE,
    ORDER,
    ORIGIN,
    RANK,
    RUN,
    STOPS,
    TARGET,
    UNDONE,
    Data,
    Longs,
    State,
)
from logistics.planning.plan import Route

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_SEED_STEP = 0x9E3779B97F4A7C15
_WORD = (1 << 64) - 1


def new_state(data: Data, seed: int) -> State:
    """
    Make an empty plan.

    Parameters
    ----------
    data
        The day.
    seed
        Of the random numbers.

    Returns
    -------
    State
        No site has a call yet; :func:`~logistics.planning.improve.book.restore` makes it whole.
    """
    sites, vans, ships = len(data.site), len(data.van), len(data.ship)
    at = np.zeros((sites, 19), np.int64)
    at[:, RUN] = -1
    run = np.zeros((vans, 17), np.int64)
    run[:, ORDER] = run[:, RANK] = np.arange(vans)
    return State(
        way=np.zeros((vans, sites + 2), np.int64),
        at=at,
        run=run,
        cost=np.zeros((vans, 5)),
        leg=np.zeros((vans, sites + 2)),
        road=np.zeros((vans, sites + 2), np.int64),
        memo=np.full((sites, vans, 2), -1, np.int64),
        memo_cost=np.zeros((sites, vans)),
        old=np.zeros((2, vans, sites + 2), np.int64),
        undo=np.zeros((vans, UNDONE), np.int64),
        lists=np.zeros((4, sites + 3), np.int64),
        score=np.zeros((sites, 3)),
        draft=np.zeros((sites + 2, 8), np.int64),
        pick=np.zeros((ships + 1, 5), np.int64),
        pick_cost=np.zeros(ships + 1),
        tally=np.array([0] * 9 + [vans, 0, 0], np.int64),
        sum=np.zeros(4),
        random=_scrambled(seed),
    )


def _scrambled(seed: int) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    """Spread a small seed over the word (splitmix64); zero would stay zero for ever."""
    word = (seed + 1) * _SEED_STEP & _WORD
    word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9 & _WORD
    word = (word ^ (word >> 27)) * 0x94D049BB133111EB & _WORD
    word ^= word >> 31
    return np.array([word or 1], np.uint64)


def write_kept(data: Data, state: State, ways: Iterable[tuple[int, Sequence[int]]]) -> None:
    """
    Write runs over the kept plan.

    Parameters
    ----------
    data
        The day.
    state
        Changed in place.
    ways
        For each run its vehicle and sites. A site met twice, and one of an inseparable pair without
        its mate, is passed over.
    """
    state.run[:, KEPT_STOPS] = 0
    seen: set[int] = set()
    for van, sites in ways:
        listed = [s for s in dict.fromkeys(sites) if s not in seen]
        mates = {s: int(data.site[s, MATE]) for s in listed}
        whole = [s for s in listed if mates[s] < 0 or mates[s] in mates]
        seen.update(whole)
        state.old[KEPT, van, : len(whole)] = whole
        state.run[van, KEPT_STOPS] = len(whole)


def read_kept(state: State) -> list[tuple[int, tuple[int, ...]]]:
    """
    Read the kept plan.

    Parameters
    ----------
    state
        The search.

    Returns
    -------
    list of tuple
        Vehicle and sites of every run with stops.
    """
    return [
        (van, tuple(int(s) for s in state.old[KEPT, van, :stops]))
        for van, stops in enumerate(state.run[:, KEPT_STOPS].tolist())
        if stops
    ]


def read_current(state: State) -> list[tuple[int, tuple[int, ...]]]:
    """
    Read the present plan.

    Parameters
    ----------
    state
        The search.

    Returns
    -------
    list of tuple
        Vehicle and sites of every run with stops.
    """
    return [
        (van, tuple(int(s) for s in state.way[van, :stops]))
        for van, stops in enumerate(state.run[:, STOPS].tolist())
        if stops
    ]


def route_of(data: Data, van: int, sites: tuple[int, ...], aboard: Longs) -> Route:
    """
    Spell out the loads of a run where something stays behind.

    Parameters
    ----------
    data
        The day.
    van
        Position of the vehicle.
    sites
        Where it calls, in order.
    aboard
        For each shipment of the day whether the run takes it.

    Returns
    -------
    Route
        Without loads where all goes along.
    """
    ship, hub = data.ship, data.rule[HUB]
    place = {site: stop for stop, site in enumerate(sites)}
    load, leave, all_taken = [], set[int](), True
    for stop, site in enumerate(sites):
        first, last = data.site[site, FIRST_SHIP], data.site[site, LAST_SHIP]
        taken = set[int]()
        for one in ship[first:last, LISTED].tolist():
            rides = place.get(int(ship[one, TARGET]), -1) > stop
            if aboard[one]:
                taken |= {one} if ship[one, ORIGIN] != hub else set()
            elif ship[one, ORIGIN] == hub:
                leave.add(one)
            else:
                all_taken &= bool(ship[one, DIRECT]) and not rides
        load.append(frozenset(taken))
    return Route(
        vehicle=van,
        sites=sites,
        load=None if all_taken else tuple(load),
        leave=frozenset(leave),
    )


def calls(state: State) -> int:
    """
    Count the sites with a call in the present plan.

    Parameters
    ----------
    state
        The search.

    Returns
    -------
    int
        Sites on a run.
    """
    return int((state.at[:, RUN] >= 0).sum())

"""Say which compulsory sites no van can serve, and why, before and after looking for a plan."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from logistics.planning.records import Shipment
from logistics.planning.schedule import best_timing, road
from logistics.units import SECONDS_PER_MINUTE, clock

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logistics.planning.problem import Problem, Site, Vehicle

_FAR = 2**60


def impossible_sites(problem: Problem) -> list[str]:
    """
    Say which compulsory sites no plan can serve, each by itself.

    Parameters
    ----------
    problem
        The day.

    Returns
    -------
    list[str]
        One sentence a site, with the reason for each van; empty does not promise a plan, since
        sites that each can be served may not be together.
    """
    return list(dict.fromkeys(impossible(problem).values()))


def impossible(problem: Problem) -> dict[str, str]:
    """
    Find the compulsory sites that no plan can serve, each by itself.

    Parameters
    ----------
    problem
        The day.

    Returns
    -------
    dict[str, str]
        By site a sentence with the reason for each van; one for all where no van runs.
    """
    must = [site for site in problem.sites if site.must_visit and site.id != problem.hub]
    vans = [van for van in problem.vehicles if van.max_runs]
    if must and not vans:
        names = ", ".join(repr(site.id) for site in must)
        told = f"sites {names}: must be visited, but there is no vehicle that runs; add one"
        return dict.fromkeys((site.id for site in must), told)
    out, back = shortest_from_hub(problem) if must else ({}, {})
    found = {}
    for site in must:
        reasons: dict[str, list[str]] = {}
        for van in vans:
            reason = _obstacle(site, van, out[site.id], back[site.id])
            reasons.setdefault(reason, []).append(repr(van.id))
        if "" not in reasons:
            why = "; ".join(f"{', '.join(ids)} {reason}" for reason, ids in reasons.items())
            found[site.id] = f"site {site.id!r}: must be visited, but {why}"
    return found


def shortest_from_hub(problem: Problem) -> tuple[dict[str, int], dict[str, int]]:
    """
    Find the least driving time between the hub and every site, by way of others where shorter.

    Parameters
    ----------
    problem
        The day.

    Returns
    -------
    tuple[dict[str, int], dict[str, int]]
        Seconds from the hub and to the hub, by site.
    """
    table = problem.travel_seconds
    transposed = list(zip(*table, strict=True))
    out, back = (_dijkstra(problem, rows) for rows in (table, transposed))
    return out, back


def _dijkstra(problem: Problem, rows: Iterable[tuple[int, ...]]) -> dict[str, int]:
    table = list(rows)
    far = [_FAR] * len(table)
    far[problem.hub_index] = 0
    open_ = set(range(len(table)))
    while open_:
        here = min(open_, key=far.__getitem__)
        open_.remove(here)
        for there in open_:
            far[there] = min(far[there], far[here] + table[here][there])
    return {site.id: seconds for site, seconds in zip(problem.sites, far, strict=True)}


def _obstacle(site: Site, van: Vehicle, out: int, back: int) -> str:
    """Say why a van cannot even serve this site alone; empty where it can, by these rules."""
    opens, closes = site.window or (0, _FAR)
    first = van.shift[0] + out
    if first > closes:
        late = _minutes(first - closes)
        return f"arrives at {clock(first)} at the earliest, {late} after its window closes"
    begin = max(first, opens)
    end = begin + site.stop_seconds + back
    if end > van.shift[1]:
        late = _minutes(end - van.shift[1])
        return f"is back at {clock(end)} at the earliest, {late} after its shift ends"
    length = out + site.stop_seconds + back
    if length > van.max_seconds:
        more = _minutes(length - van.max_seconds)
        return f"needs {_minutes(length)} out and back, {more} over its longest run"
    return ""


def _minutes(seconds: int) -> str:
    minutes = -(-seconds // SECONDS_PER_MINUTE)
    return f"{minutes} min" if minutes != 1 else "1 minute"


def obstacles(problem: Problem, site: str) -> list[str]:
    """
    Say for each van what keeps it from serving a site in a run of its own.

    Parameters
    ----------
    problem
        The day.
    site
        The site's id.

    Returns
    -------
    list[str]
        One sentence a van that cannot; empty where every van can.
    """
    found = []
    where = problem.site_index[site]
    place = problem.sites[where]
    out = problem.travel_seconds[problem.hub_index][where]
    back = problem.travel_seconds[where][problem.hub_index]
    for number, van in enumerate(problem.vehicles):
        reason = _obstacle(place, van, out, back)
        if not reason and best_timing(road(problem, number, (where,), (0,))) is None:
            reason = "finds no place for its break on the way there and back"
        if reason:
            found.append(f"{van.id!r} {reason}")
    return found


def left_out(problem: Problem, site: str) -> str:
    """
    Say why no plan was found that serves a site beside the other compulsory ones.

    Parameters
    ----------
    problem
        The day.
    site
        The site's id.

    Returns
    -------
    str
        A clause: what keeps every van from a run of its own there, or that the others do.
    """
    alone = obstacles(problem, site)
    if len(alone) < len(problem.vehicles):
        return "it can be served alone, but not together with the others"
    return f"no run goes there: {', '.join(alone)}"


def relaxed(problem: Problem, prize: float) -> Problem:
    """
    Make compulsory sites voluntary at a high price, to learn which of them a plan can serve.

    Parameters
    ----------
    problem
        The day.
    prize
        SEK that leaving out a compulsory site costs.

    Returns
    -------
    Problem
        The same day with one shipment of no items more for each compulsory site.
    """
    must = [site for site in problem.sites if site.must_visit and site.id != problem.hub]
    tokens = tuple(
        Shipment(
            id=f"{site.id} must be visited",
            origin=site.id,
            destination=problem.hub,
            items=0,
            cost_if_at_hub=0.0,
            cost_if_left=prize,
        )
        for site in must
    )
    sites = tuple(replace(site, must_visit=False) for site in problem.sites)
    return replace(problem, sites=sites, shipments=(*problem.shipments, *tokens))

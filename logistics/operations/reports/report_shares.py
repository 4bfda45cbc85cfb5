"""What each municipality pays of a span by each rule, and what it emits."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from logistics.costing.bookings import RunBooking, StopBooking
from logistics.costing.costs import CostBreakdown
from logistics.costing.emissions import grams_by_municipality
from logistics.costing.sharing.day import Basis, DayShares, share_day, share_span
from logistics.operations.reports.report_data import Rule, ShareRow

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from logistics.costing.sharing.game import CostGame
    from logistics.operations.reports.report_books import Books
    from logistics.storage.tables import BookingRow, MunicipalityRow


def share_rows(
    books: Books, owners: Mapping[str, MunicipalityRow], days: Mapping[date, DayShares]
) -> tuple[tuple[ShareRow, ...], list[str]]:
    """
    Divide the cost of a span by every rule, day by day.

    Parameters
    ----------
    books
        What was booked.
    owners
        Municipalities by code.
    days
        What `divided` made of them.

    Returns
    -------
    tuple
        One row for each municipality that was served, and how sure the shares by the game are.
    """
    stops, items = _handled(books)
    span = share_span(days.values())
    known = [rule for rule in Rule if rule.value in span.by_rule]
    alone: Counter[str] = Counter()
    for shared in days.values():
        alone.update(shared.alone_sek)
    grams = grams_by_transport(books) if books.totals.co2e_grams is not None else None
    calls, pieces = _by_owner(stops), _by_owner(items)
    rows = tuple(
        ShareRow(
            municipality=owners[code].name,
            inhabitants=owners[code].population,
            items=pieces[code],
            stops=calls[code],
            shares_sek=tuple((rule, span.by_rule[rule.value].get(code, 0.0)) for rule in known),
            alone_sek=round(alone[code], 2) if Rule.SHAPLEY in known else None,
            co2e_grams=None if grams is None else grams.get(code, 0.0),
        )
        for code in sorted(calls)
    )
    said = span.how_sure() if Rule.SHAPLEY in known else []
    return rows, [f"shares by the game: {clause}" for clause in said]


def divided(
    books: Books,
    owners: Mapping[str, MunicipalityRow],
    games: Mapping[date, CostGame],
    kept: Mapping[date, DayShares],
) -> dict[date, DayShares]:
    """
    Divide the cost of each day of a span.

    Parameters
    ----------
    books
        What was booked.
    owners
        Municipalities by code.
    games
        What groups of them would pay by themselves, by day, as far as it is known.
    kept
        Days that were divided before; used where the day still costs the same.

    Returns
    -------
    dict[date, DayShares]
        By day; a day on which only the hub was served is absent.
    """
    cost: defaultdict[date, float] = defaultdict(float)
    for run in books.runs:
        cost[run.service_date] += _cost(run)
    days = {}
    for day, basis in basis_of(books, owners).items():
        before = kept.get(day)
        if before is not None and day not in games and before.total_sek == round(cost[day], 2):
            days[day] = before
            continue
        game = games.get(day)
        fits = game is not None and set(game.players) == set(basis)
        days[day] = share_day(cost[day], basis, game=game if fits else None)
    return days


def basis_of(books: Books, owners: Mapping[str, MunicipalityRow]) -> dict[date, dict[str, Basis]]:
    """
    Count what the simple keys divide by, day by day.

    Parameters
    ----------
    books
        What was booked.
    owners
        Municipalities by code.

    Returns
    -------
    dict
        Stops, items and inhabitants by day and code, in order.
    """
    stops, items = _handled(books)
    found: defaultdict[date, dict[str, Basis]] = defaultdict(dict)
    for day, code in sorted(stops):
        found[day][code] = Basis(
            stops=stops[day, code], items=items[day, code], inhabitants=owners[code].population
        )
    return dict(found)


def _handled(books: Books) -> tuple[Counter[tuple[date, str]], Counter[tuple[date, str]]]:
    day_of = {run.id: run.service_date for run in books.runs}
    stops: Counter[tuple[date, str]] = Counter()
    items: Counter[tuple[date, str]] = Counter()
    for stop in books.stops:
        if stop.municipality:
            key = (day_of[stop.booking_id], stop.municipality)
            stops[key] += 1
            items[key] += stop.items_off + stop.items_on
    return stops, items


def _by_owner(counts: Counter[tuple[date, str]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for (_, code), number in counts.items():
        found[code] += number
    return found


def _cost(run: BookingRow) -> float:
    return run.fixed_sek + run.stops_sek + run.distance_sek + run.time_sek


def grams_by_transport(books: Books) -> dict[str, float]:
    """
    Divide emissions over whole round trips, by road from the hub times items.

    Parameters
    ----------
    books
        What was booked.

    Returns
    -------
    dict
        Grams of CO2 equivalents by code.
    """
    calls: defaultdict[int | None, list[StopBooking]] = defaultdict(list)
    for stop in books.stops:
        calls[stop.booking_id].append(
            StopBooking(
                branch=stop.branch_id,
                municipality=stop.municipality or "",
                items_off=stop.items_off,
                items_on=stop.items_on,
                hub_metres=stop.hub_metres,
            )
        )
    return grams_by_municipality(_driven(run, calls[run.id]) for run in books.runs)


def _driven(run: BookingRow, stops: list[StopBooking]) -> RunBooking:
    return RunBooking(
        day=run.service_date,
        run=run.run_number,
        vehicle=run.vehicle_id,
        stops=tuple(stops),
        distance_metres=run.distance_metres,
        paid_seconds=run.paid_seconds,
        cost=CostBreakdown(
            fixed_sek=run.fixed_sek,
            stops_sek=run.stops_sek,
            distance_sek=run.distance_sek,
            time_sek=run.time_sek,
        ),
        energy=run.energy,
        energy_units=run.energy_units or 0.0,
        co2e_grams=run.co2e_grams,
    )

"""Report what driving cost over a day, month or year: what was booked, never what was planned."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from logistics.costing.emissions import EmissionFactor, factor_on
from logistics.costing.sharing.rounding import to_the_oere
from logistics.operations.network.load_network import read_all_factors
from logistics.operations.reports.price_shares import kept_shares
from logistics.operations.reports.report_books import Books, read_books, read_trend, span_of
from logistics.operations.reports.report_data import (
    BranchRow,
    FactorRow,
    Measure,
    OutcomeRow,
    Period,
    RelationRow,
    ReportData,
    RunRow,
    WaitRow,
)
from logistics.operations.reports.report_numbers import fill_rate, quantile, totals_of
from logistics.operations.reports.report_shares import divided, share_rows
from logistics.storage.tables import BookingRow, MunicipalityRow, now
from logistics.storage.tables import BranchRow as StoredBranch

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from sqlalchemy import Row
    from sqlmodel import Session

    from logistics.costing.sharing.game import CostGame

#: A stop counts as on time when the van came at most so much later than printed.
ON_TIME_SECONDS = 600


def build_report(
    session: Session,
    day: date,
    period: Period = Period.DAY,
    *,
    games: Mapping[date, CostGame] | None = None,
    against: date | None = None,
) -> ReportData:
    """
    Sum up the books of a span.

    Parameters
    ----------
    session
        A session.
    day
        Any day of the span.
    period
        Day, month or year.
    games
        What groups of municipalities would pay by themselves, by day, of the function
        :func:`~logistics.operations.reports.share_games.share_games`; where neither it nor what was
        priced before covers every day, the rules that need one are left out.
    against
        Any day of the span to compare with, which is as long; the span before when absent.

    Returns
    -------
    ReportData
        The numbers; all zero where nothing was booked, with a caveat that says so.
    """
    books = read_books(session, *span_of(day, period))
    other = against or books.totals.first_day - timedelta(days=1)
    before = totals_of(session, *span_of(other, period))
    names = {branch.id: branch for branch in session.scalars(select(StoredBranch))}
    owners = {owner.code: owner for owner in session.scalars(select(MunicipalityRow))}
    factors = read_all_factors(session)
    kept = kept_shares(session, books.totals.first_day, books.totals.last_day)
    shares, doubts = share_rows(books, owners, divided(books, owners, games or {}, kept))
    return ReportData(
        period=period,
        totals=books.totals,
        previous=before if before.runs else None,
        runs=tuple(_run_row(run) for run in books.runs),
        branches=_branch_rows(books, names, owners),
        relations=_relation_rows(books, names, owners),
        shares=shares,
        outcomes=_outcome_rows(books),
        waits=_wait_rows(books.flows),
        factors=_factor_rows(books, factors),
        trend=read_trend(session, books.totals.last_day, period),
        made_at=now(),
        caveats=(*_caveats(books, factors), *doubts),
    )


def _run_row(run: BookingRow) -> RunRow:
    return RunRow(
        service_day=run.service_date,
        vehicle_name=run.vehicle_name,
        stops=run.stops,
        idle_stops=run.idle_stops,
        items=run.items,
        distance_metres=run.distance_metres,
        paid_seconds=run.paid_seconds,
        cost_sek=run.fixed_sek + run.stops_sek + run.distance_sek + run.time_sek,
        fill_rate=fill_rate([run]),
        co2e_grams=run.co2e_grams,
    )


def _branch_rows(
    books: Books,
    names: Mapping[str, StoredBranch],
    owners: Mapping[str, MunicipalityRow],
) -> tuple[BranchRow, ...]:
    by_branch: defaultdict[str, list[Row[Any]]] = defaultdict(list)
    for stop in books.stops:
        by_branch[stop.branch_id].append(stop)
    arrived: defaultdict[str, list[Any]] = defaultdict(list)
    for flow in books.flows:
        arrived[flow.destination].append(flow)
    total = books.totals.cost_sek
    exact = {name: total * len(stops) / len(books.stops) for name, stops in by_branch.items()}
    cost = to_the_oere(exact, total) if exact else {}
    rows = []
    for branch, stops in sorted(by_branch.items()):
        rows.append(
            BranchRow(
                branch_name=names[branch].name,
                municipality=_owner(names[branch], owners),
                stops=len(stops),
                idle_stops=sum(stop.items_off + stop.items_on == 0 for stop in stops),
                items_in=sum(stop.items_off for stop in stops),
                items_out=sum(stop.items_on for stop in stops),
                cost_sek=cost[branch],
                median_days=quantile(arrived[branch], 0.5),
            )
        )
    return tuple(rows)


def _relation_rows(
    books: Books,
    names: Mapping[str, StoredBranch],
    owners: Mapping[str, MunicipalityRow],
) -> tuple[RelationRow, ...]:
    relations: defaultdict[tuple[str, str], list[Any]] = defaultdict(list)
    for flow in books.flows:
        ends = (_owner(names[flow.origin], owners), _owner(names[flow.destination], owners))
        relations[ends].append(flow)
    return tuple(
        RelationRow(
            origin=origin,
            destination=destination,
            items=sum(flow.items for flow in flows),
            median_days=quantile(flows, 0.5),
            ninetieth_days=quantile(flows, 0.9),
            on_time_items=sum(flow.on_time_items for flow in flows),
            promised_items=sum(flow.items for flow in flows if flow.kind == "hold"),
        )
        for (origin, destination), flows in sorted(relations.items())
    )


def _owner(branch: StoredBranch, owners: Mapping[str, MunicipalityRow]) -> str:
    return owners[branch.municipality].name if branch.municipality else branch.name


def _outcome_rows(books: Books) -> tuple[OutcomeRow, ...]:
    if not books.runs:
        return ()
    totals, runs = books.totals, books.runs
    timed = [stop.late_seconds for stop in books.stops if stop.late_seconds is not None]
    on_time = sum(late <= ON_TIME_SECONDS for late in timed)
    pairs = [
        (Measure.COST, sum(run.planned_cost_sek for run in runs), totals.cost_sek),
        (
            Measure.DISTANCE,
            sum(run.planned_distance_metres for run in runs),
            totals.distance_metres,
        ),
        (Measure.PAID_TIME, sum(run.planned_paid_seconds for run in runs), totals.paid_seconds),
        (Measure.STOPS, sum(run.planned_stops for run in runs), totals.stops),
        (Measure.ITEMS, sum(run.planned_items for run in runs), totals.items),
        (Measure.ON_TIME_STOPS, len(timed), on_time),
    ]
    if totals.co2e_grams is not None:
        pairs.append((Measure.CO2E, _planned_grams(runs), totals.co2e_grams))
    return tuple(
        OutcomeRow(measure=measure, planned=float(planned), outcome=float(outcome))
        for measure, planned, outcome in pairs
    )


def _planned_grams(runs: Iterable[BookingRow]) -> float:
    # What a run emits goes with its length: the same vehicle, the same factor.
    return sum(
        (run.co2e_grams or 0.0) * run.planned_distance_metres / run.distance_metres
        for run in runs
        if run.distance_metres
    )


def _wait_rows(flows: Sequence[Row[Any]]) -> tuple[WaitRow, ...]:
    waits: Counter[int] = Counter()
    for flow in flows:
        waits[flow.days] += flow.items
    return tuple(WaitRow(days=days, items=items) for days, items in sorted(waits.items()))


def _factor_rows(books: Books, factors: Sequence[EmissionFactor]) -> tuple[FactorRow, ...]:
    used: defaultdict[EmissionFactor, float] = defaultdict(float)
    for run in books.runs:
        factor = factor_on(factors, run.energy, run.service_date)
        if factor is not None:
            used[factor] += run.energy_units or 0.0
    return tuple(
        FactorRow(
            energy=factor.energy,
            grams_per_unit=factor.grams_co2e_per_unit,
            unit="kWh" if factor.unit == "kilowatt-hour" else factor.unit,
            units_used=units,
            valid_from=factor.valid_from,
            source=factor.source,
        )
        for factor, units in used.items()
    )


def _caveats(books: Books, factors: Sequence[EmissionFactor]) -> Iterable[str]:
    if not books.runs:
        yield "nothing was booked in this span; close its days first"
    for run in books.runs:
        if run.co2e_grams is None:
            yield f"no emission factor for {run.energy or 'an unknown vehicle'}; CO2e is not whole"
            break
    for energy in sorted({run.energy for run in books.runs}):
        factor = factor_on(factors, energy, books.totals.last_day)
        if factor and (books.totals.last_day - factor.valid_from).days > 2 * 365:
            yield f"the emission factor for {energy} is of {factor.valid_from}: over two years old"

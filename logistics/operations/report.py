"""Report what driving cost over a day, month or year: what was booked, never what was planned."""

from __future__ import annotations

import calendar
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from logistics.costing.emissions import EmissionFactor, factor_on
from logistics.costing.sharing.day import Basis, share_day, share_span
from logistics.operations.load_network import read_all_factors
from logistics.operations.report_data import (
    BranchRow,
    FactorRow,
    Measure,
    OutcomeRow,
    Period,
    PeriodTotals,
    RelationRow,
    ReportData,
    Rule,
    RunRow,
    ShareRow,
    WaitRow,
)
from logistics.operations.report_numbers import fill_rate, quantile, totals_of
from logistics.storage.tables import BookedFlowRow, BookedStopRow, BookingRow, MunicipalityRow, now
from logistics.storage.tables import BranchRow as StoredBranch

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlmodel import Session

    from logistics.costing.sharing.game import CostGame

#: A stop counts as on time when the van came at most so much later than printed.
ON_TIME_SECONDS = 600
TREND_SPANS = 13


@dataclass(frozen=True, slots=True, kw_only=True)
class _Books:
    first_day: date
    last_day: date
    runs: tuple[BookingRow, ...]
    stops: tuple[BookedStopRow, ...]
    flows: tuple[BookedFlowRow, ...]

    @property
    def totals(self) -> PeriodTotals:
        return totals_of(self.first_day, self.last_day, self.runs, self.stops, self.flows)


def build_report(
    session: Session,
    day: date,
    period: Period = Period.DAY,
    *,
    games: Mapping[date, CostGame] | None = None,
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
        What groups of municipalities would pay by themselves, by day, of
        :func:`logistics.operations.share_games.share_games`; without it the rules that need one
        are left out.

    Returns
    -------
    ReportData
        The numbers; all zero where nothing was booked, with a caveat that says so.
    """
    books = _books(session, *_span(day, period))
    before = _books(session, *_span(books.first_day - timedelta(days=1), period))
    names = {branch.id: branch for branch in session.scalars(select(StoredBranch))}
    owners = {owner.code: owner for owner in session.scalars(select(MunicipalityRow))}
    factors = read_all_factors(session)
    shares, doubts = _shares(books, owners, games or {})
    return ReportData(
        period=period,
        totals=books.totals,
        previous=before.totals if before.runs else None,
        runs=tuple(_run_row(run) for run in books.runs),
        branches=_branch_rows(books, names, owners),
        relations=_relation_rows(books, names, owners),
        shares=shares,
        outcomes=_outcome_rows(books),
        waits=_wait_rows(books.flows),
        factors=_factor_rows(books, factors),
        trend=_trend(session, books.first_day, period),
        made_at=now(),
        caveats=(*_caveats(books, factors), *doubts),
    )


def _span(day: date, period: Period) -> tuple[date, date]:
    match period:
        case Period.DAY:
            return day, day
        case Period.MONTH:
            last = calendar.monthrange(day.year, day.month)[1]
            return day.replace(day=1), day.replace(day=last)
        case Period.YEAR:
            return date(day.year, 1, 1), date(day.year, 12, 31)


def _books(session: Session, first_day: date, last_day: date) -> _Books:
    of_span = col(BookingRow.service_date).between(first_day, last_day)
    runs = (
        select(BookingRow)
        .where(of_span)
        .order_by(col(BookingRow.service_date), col(BookingRow.run_number))
    )
    stops = select(BookedStopRow).join(BookingRow).where(of_span)
    flows = select(BookedFlowRow).where(
        col(BookedFlowRow.service_date).between(first_day, last_day)
    )
    return _Books(
        first_day=first_day,
        last_day=last_day,
        runs=tuple(session.scalars(runs)),
        stops=tuple(
            session.scalars(
                stops.order_by(col(BookedStopRow.booking_id), col(BookedStopRow.number))
            )
        ),
        flows=tuple(session.scalars(flows.order_by(col(BookedFlowRow.id)))),
    )


def _trend(session: Session, first_day: date, period: Period) -> tuple[PeriodTotals, ...]:
    spans = []
    for _ in range(TREND_SPANS):
        books = _books(session, *_span(first_day, period))
        if books.runs:
            spans.append(books.totals)
        first_day = _span(books.first_day - timedelta(days=1), period)[0]
    return tuple(reversed(spans))


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
    books: _Books,
    names: Mapping[str, StoredBranch],
    owners: Mapping[str, MunicipalityRow],
) -> tuple[BranchRow, ...]:
    by_branch: defaultdict[str, list[BookedStopRow]] = defaultdict(list)
    for stop in books.stops:
        by_branch[stop.branch_id].append(stop)
    cost_a_stop = books.totals.cost_sek / len(books.stops) if books.stops else 0.0
    rows = []
    for branch, stops in sorted(by_branch.items()):
        arrived = [flow for flow in books.flows if flow.destination == branch]
        rows.append(
            BranchRow(
                branch_name=names[branch].name,
                municipality=_owner(names[branch], owners),
                stops=len(stops),
                idle_stops=sum(stop.items_off + stop.items_on == 0 for stop in stops),
                items_in=sum(stop.items_off for stop in stops),
                items_out=sum(stop.items_on for stop in stops),
                cost_sek=cost_a_stop * len(stops),
                median_days=quantile(arrived, 0.5),
            )
        )
    return tuple(rows)


def _relation_rows(
    books: _Books,
    names: Mapping[str, StoredBranch],
    owners: Mapping[str, MunicipalityRow],
) -> tuple[RelationRow, ...]:
    relations: defaultdict[tuple[str, str], list[BookedFlowRow]] = defaultdict(list)
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


def _shares(
    books: _Books, owners: Mapping[str, MunicipalityRow], games: Mapping[date, CostGame]
) -> tuple[tuple[ShareRow, ...], list[str]]:
    day_of = {run.id: run.service_date for run in books.runs}
    cost: defaultdict[date, float] = defaultdict(float)
    for run in books.runs:
        cost[run.service_date] += run.fixed_sek + run.stops_sek + run.distance_sek + run.time_sek
    stops: Counter[tuple[date, str]] = Counter()
    items: Counter[tuple[date, str]] = Counter()
    for stop in books.stops:
        if stop.municipality:
            key = (day_of[stop.booking_id], stop.municipality)
            stops[key] += 1
            items[key] += stop.items_off + stop.items_on
    days = []
    for day, total in sorted(cost.items()):
        basis = {
            code: Basis(
                stops=stops[day, code],
                items=items[day, code],
                inhabitants=owners[code].population,
            )
            for other, code in sorted(stops)
            if other == day
        }
        if basis:
            game = games.get(day)
            played = game is not None and set(game.players) == set(basis)
            days.append(share_day(total, basis, game=game if played else None))
    span = share_span(days)
    by_rule = span.by_rule
    alone: Counter[str] = Counter()
    for shared in days:
        alone.update(shared.alone_sek)
    known = [rule for rule in Rule if rule.value in by_rule]
    served = sorted({code for _, code in stops})
    rows = tuple(
        ShareRow(
            municipality=owners[code].name,
            inhabitants=owners[code].population,
            items=sum(number for (_, owner), number in items.items() if owner == code),
            stops=sum(number for (_, owner), number in stops.items() if owner == code),
            shares_sek=tuple((rule, by_rule[rule.value].get(code, 0.0)) for rule in known),
            alone_sek=round(alone[code], 2) if Rule.SHAPLEY in known else None,
        )
        for code in served
    )
    return rows, [f"shares by the game: {span.statement}"] if Rule.SHAPLEY in known else []


def _outcome_rows(books: _Books) -> tuple[OutcomeRow, ...]:
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
    return tuple(
        OutcomeRow(measure=measure, planned=float(planned), outcome=float(outcome))
        for measure, planned, outcome in pairs
    )


def _wait_rows(flows: Iterable[BookedFlowRow]) -> tuple[WaitRow, ...]:
    waits: Counter[int] = Counter()
    for flow in flows:
        waits[flow.days] += flow.items
    return tuple(WaitRow(days=days, items=items) for days, items in sorted(waits.items()))


def _factor_rows(books: _Books, factors: Sequence[EmissionFactor]) -> tuple[FactorRow, ...]:
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


def _caveats(books: _Books, factors: Sequence[EmissionFactor]) -> Iterable[str]:
    if not books.runs:
        yield "nothing was booked in this span; close its days first"
    for run in books.runs:
        if run.co2e_grams is None:
            yield f"no emission factor for {run.energy or 'an unknown vehicle'}; CO2e is not whole"
            break
    for energy in sorted({run.energy for run in books.runs}):
        factor = factor_on(factors, energy, books.last_day)
        if factor and (books.last_day - factor.valid_from).days > 2 * 365:
            yield f"the emission factor for {energy} is of {factor.valid_from}: over two years old"

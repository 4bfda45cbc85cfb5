"""A month of the nine municipalities, by plain arithmetic so that every sum can be retraced."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache

from logistics.operations.reports.report_data import (
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

POPULATION = {
    "Askersund": 11477, "Hallsberg": 16120, "Hällefors": 6321, "Kumla": 22681, "Laxå": 5432,
    "Lekeberg": 8765, "Lindesberg": 23457, "Ljusnarsberg": 4321, "Nora": 10713,
}  # fmt: skip
PLACES = tuple(POPULATION)


def month(first: date, scale: float) -> PeriodTotals:
    last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return PeriodTotals(
        first_day=first, last_day=last, service_days=21, runs=36, stops=381, idle_stops=17,
        items=round(3825 * scale), crates=412, distance_metres=round(8_120_400 * scale**0.5),
        paid_seconds=721_800, fixed_sek=16_200.0, stops_sek=0.0,
        distance_sek=round(29_233.44 * scale**0.5, 2), time_sek=28_776.56,
        co2e_grams=1_741_000.0, fill_rate=0.431, median_days=1.0, ninetieth_days=3.0,
        on_time_items=3511, promised_items=3702,
    )  # fmt: skip


def shares(cost: float) -> tuple[ShareRow, ...]:
    """Share by inhabitants, equally and by a mixture; the last one takes what rounding left."""
    people = sum(POPULATION.values())
    weights = {
        Rule.SHAPLEY: {p: 0.5 / 9 + 0.5 * n / people for p, n in POPULATION.items()},
        Rule.PER_STOP: dict.fromkeys(PLACES, 1 / 9),
        Rule.PER_ITEM: {p: 0.1 / 9 + 0.9 * n / people for p, n in POPULATION.items()},
        Rule.INHABITANTS: {p: n / people for p, n in POPULATION.items()},
    }
    amounts = {r: {p: round(cost * v, 2) for p, v in w.items()} for r, w in weights.items()}
    for by_place in amounts.values():
        by_place["Nora"] = round(cost - sum(v for p, v in by_place.items() if p != "Nora"), 2)
    return tuple(
        ShareRow(
            municipality=place,
            inhabitants=count,
            items=round(3825 * count / people),
            stops=42,
            shares_sek=tuple((rule, amounts[rule][place]) for rule in weights),
            alone_sek=9_000.0 + count / 4,
        )
        for place, count in POPULATION.items()
    )


@cache
def sample_report() -> ReportData:
    now, before = month(date(2026, 11, 1), 1.0), month(date(2026, 10, 1), 1.09)
    starts = [date(2025 + (10 + i) // 12, (10 + i) % 12 + 1, 1) for i in range(13)]
    days = [date(2026, 11, 2) + timedelta(days=i) for i in range(21)]
    return ReportData(
        period=Period.MONTH,
        totals=now,
        previous=before,
        runs=tuple(
            RunRow(
                service_day=day, vehicle_name=van, stops=12, idle_stops=1, items=106,
                distance_metres=225_600, paid_seconds=20_050, cost_sek=2061.39,
                fill_rate=0.43, co2e_grams=48_361.0,
            )
            for day in days if day.weekday() < 5
            for van in ("Bil 1", "Bil 2")
        ),
        branches=tuple(
            BranchRow(
                branch_name=f"{place} bibliotek", municipality=place, stops=21,
                idle_stops=max(0, 5 - i), items_in=40 * i + 2, items_out=35 * i + 2,
                cost_sek=round(now.cost_sek / 9, 2), median_days=1.0,
            )
            for i, place in enumerate(PLACES)
        ),
        relations=tuple(
            RelationRow(
                origin=a, destination=b, items=(7 * i + 5 * j) % 97, median_days=1.0,
                ninetieth_days=3.0, on_time_items=(7 * i + 5 * j) % 97 // 2,
                promised_items=(7 * i + 5 * j) % 97,
            )
            for i, a in enumerate(PLACES) for j, b in enumerate(PLACES) if i != j
        ),
        shares=shares(now.cost_sek),
        outcomes=(
            OutcomeRow(measure=Measure.COST, planned=72_950.0, outcome=now.cost_sek),
            OutcomeRow(measure=Measure.DISTANCE, planned=8_020_000, outcome=now.distance_metres),
            OutcomeRow(measure=Measure.STOPS, planned=383, outcome=381),
        ),
        waits=tuple(
            WaitRow(days=day, items=items)
            for day, items in enumerate([402, 1811, 843, 420, 211, 96, 38, 4])
        ),
        factors=(
            FactorRow(
                energy="diesel", grams_per_unit=2_550.0, unit="litre", units_used=682.7,
                valid_from=date(2026, 1, 1), source="Energimyndigheten 2026",
            ),
        ),
        trend=tuple(month(start, 0.8 + 0.02 * i) for i, start in enumerate(starts)),
        made_at=datetime(2026, 12, 1, 6, 0, tzinfo=UTC),
        caveats=("Två uppgifter i vägnätet är osäkra",),
    )  # fmt: skip

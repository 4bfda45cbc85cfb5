"""The month's report against a recomputation from what drivers reported, written on its own.

Nothing here calls the booking or the report's arithmetic: kilometres come from the order in which
stops were ticked, hours from the clock times of the reports, kronor from decimal arithmetic.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, text

from logistics.operations.day.close import close_day
from logistics.operations.day.local_time import moment
from logistics.operations.day.plan_day import plan_day
from logistics.operations.day.publish import publish
from logistics.operations.day.stored_plans import read_stored_plan
from logistics.operations.reports.price_shares import price_day
from logistics.operations.reports.report import build_report
from logistics.operations.reports.report_data import Period, Rule
from logistics.operations.road.drive import drive
from logistics.operations.road.ticks import Tick, TickKind
from logistics.storage.session import reading, writing
from logistics.storage.tables import PlanRow
from tests.operations.helpers import TUESDAY

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlmodel import Session

DAYS = (TUESDAY, TUESDAY + timedelta(days=1))
OERE = Decimal("0.01")


@pytest.fixture
def driven(sample: Engine) -> Engine:
    """Two days: one driven late and with a stop left out, one as planned."""
    for day in DAYS:
        plan_day(sample, day, seconds=1)
        with writing(sample) as session:
            publish(session, day)
        if day == TUESDAY:
            late(sample, day)
        with writing(sample) as session:
            close_day(session, day, as_planned=True)
    return sample


def late(engine: Engine, day: date) -> None:
    with writing(engine) as session:
        plan = read_stored_plan(session, day)
        for run in plan.runs:
            report(session, run.code, TickKind.DEPART, day, run.start_seconds + 240)
            for stop in plan.stops[run.id or 0][:-1]:
                at = stop.depart_seconds + 37 * stop.number
                report(session, run.code, TickKind.DONE, day, at, stop.number)
            last = plan.stops[run.id or 0][-1]
            passed_by = last.depart_seconds + 600
            report(session, run.code, TickKind.EXCEPTION, day, passed_by, last.number)
            report(session, run.code, TickKind.RETURN, day, run.end_seconds + 1_234)


def report(
    session: Session, run: str, kind: TickKind, day: date, seconds: int, stop: int | None = None
) -> None:
    name = f"{run}-{kind}-{stop}"
    drive(session, Tick(id=name, run=run, kind=kind, at=moment(day, seconds), stop=stop))


def recomputed(session: Session, day: date) -> tuple[dict[str, Decimal], int, Counter[str]]:
    """SEK by cause, metres and stops by municipality, from reports and the day's rates alone."""
    plan = session.scalars(select(PlanRow).where(PlanRow.service_date == day)).one()
    problem = plan.problem
    place = {site["id"]: number for number, site in enumerate(problem["sites"])}
    vans = {van["id"]: van for van in problem["vehicles"]}
    owner = dict(session.execute(text("SELECT id, municipality FROM branches")).all())
    sums: Counter[str] = Counter()
    metres, calls = 0, Counter[str]()
    for run in rows(session, "SELECT * FROM runs WHERE plan_id = :of", plan.id):
        ticks = rows(session, "SELECT * FROM ticks WHERE run_id = :of ORDER BY at", run["id"])
        stops = rows(session, "SELECT * FROM stops WHERE run_id = :of", run["id"])
        names = {stop["number"]: stop["branch_id"] for stop in stops}
        done = [names[tick["stop_number"]] for tick in ticks if tick["kind"] == "done"]
        way = [problem["hub"], *done, problem["hub"]]
        driven = sum(problem["travel_metres"][place[a]][place[b]] for a, b in pairwise(way))
        van = vans[run["vehicle_id"]]
        sums["fixed"] += money(van["fixed_cost"], 1)
        sums["stops"] += money(van["cost_per_stop"], len(done))
        sums["distance"] += money(van["cost_per_km"], Decimal(driven) / 1_000)
        sums["time"] += money(van["cost_per_hour"], Decimal(paid(run, ticks, problem)) / 3_600)
        metres += driven
        calls.update(owner[name] for name in done if owner[name])
    return dict(sums), metres, calls


def rows(session: Session, query: str, of: int | None) -> Any:
    return session.execute(text(query), {"of": of}).mappings().all()


def paid(run: Any, ticks: Any, problem: dict[str, Any]) -> int:
    times = {tick["kind"]: instant(tick["at"]) for tick in ticks}
    length = round((times["return"] - times["depart"]).total_seconds())
    rest = problem.get("break")
    if rest and run["break_after"] is not None and length > rest["after_seconds"]:
        length -= rest["seconds"]
    return length


def instant(value: Any) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)


def money(rate: float, amount: Decimal | int) -> Decimal:
    return (Decimal(str(rate)) * amount).quantize(OERE, ROUND_HALF_EVEN)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_months_report_agrees_to_the_oere_and_its_shares_sum_to_it(driven: Engine) -> None:
    for day in DAYS:
        price_day(driven, day, most_searches=2)
    with reading(driven) as session:
        found = [recomputed(session, day) for day in DAYS]
        month = build_report(session, TUESDAY, Period.MONTH)
        days = [build_report(session, day) for day in DAYS]
    causes: Counter[str] = Counter()
    calls: Counter[str] = Counter()
    for sums, _, of_day in found:
        causes.update(sums)
        calls.update(of_day)
    totals = month.totals
    for cause in ("fixed", "stops", "distance", "time"):
        assert Decimal(str(getattr(totals, f"{cause}_sek"))) == causes[cause]
    assert Decimal(str(round(totals.cost_sek, 2))) == sum(causes.values())
    branches = [Decimal(str(row.cost_sek)) for row in month.branches]
    assert sum(branches) == sum(causes.values())  # as the table under the report adds up
    assert totals.distance_metres == sum(metres for _, metres, _ in found)
    assert sum(row.stops for row in month.shares) == sum(calls.values())
    for (sums, metres, _), report in zip(found, days, strict=True):
        assert Decimal(str(round(report.totals.cost_sek, 2))) == sum(sums.values())
        assert report.totals.distance_metres == metres
    assert {rule for rule, _ in month.shares[0].shares_sek} == set(Rule)
    for rule in Rule:
        shares = [Decimal(str(row.share(rule) or 0.0)) for row in month.shares]
        assert sum(shares) == sum(causes.values()), rule
        assert len(shares) == 9, rule

"""Days that were driven and booked, by plain arithmetic, for pages that show months and years."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from logistics.storage.tables import (
    BookedFlowRow,
    BookedStopRow,
    BookingRow,
    BranchRow,
    ServicePatternRow,
    table_of,
)

if TYPE_CHECKING:
    from sqlmodel import Session

KINDS = ("hold", "return", "hold", "supply")


def more_branches(session: Session, count: int) -> None:
    """Add branches beside those of the shipped network, so that it has ``count``."""
    there = session.scalars(select(BranchRow)).all()
    for number in range(count - len(there)):
        like = there[number % len(there)]
        columns = like.model_dump() | {
            "id": f"new-{number}",
            "name": f"{like.locality} nya bibliotek {number}",
            "kind": "branch",
            "is_hub": False,
        }
        session.add(BranchRow(**columns))
    session.flush()
    for number in range(count - len(there)):
        session.add(ServicePatternRow(branch=f"new-{number}", weekdays=[1, 3]))
    session.flush()


def book(session: Session, first: date, last: date, *, pairs: int = 120, seed: int = 1) -> int:
    """Book one run on each weekday of a span, the whole round of the branches; returns the days."""
    branches = session.scalars(select(BranchRow).where(BranchRow.is_hub.is_(False))).all()
    chance = random.Random(seed)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    days = [day for day in days if day.weekday() < 5]
    runs: list[dict[str, Any]] = []
    stops: list[dict[str, Any]] = []
    flows: list[dict[str, Any]] = []
    start = (session.scalar(select(BookingRow.id).order_by(BookingRow.id.desc()).limit(1)) or 0) + 1
    for number, day in enumerate(days, start):
        called = [branch for branch in branches if chance.random() < 0.7] or branches[:1]
        handled = [(chance.randrange(0, 14), chance.randrange(0, 14)) for _ in called]
        runs.append(_run(number, day, handled, chance))
        stops += [
            _stop(number, place, branch, ends)
            for place, (branch, ends) in enumerate(zip(called, handled, strict=True), 1)
        ]
        flows += _flows(day, [branch.id for branch in branches], chance, pairs)
    for kind, rows in ((BookingRow, runs), (BookedStopRow, stops), (BookedFlowRow, flows)):
        session.execute(insert(table_of(kind)), rows)
    return len(days)


def _run(
    number: int, day: date, handled: list[tuple[int, int]], chance: random.Random
) -> dict[str, Any]:
    metres = 150_000 + 12_000 * len(handled) + chance.randrange(20_000)
    paid = 600 * len(handled) + metres // 20
    return {
        "id": number, "service_date": day, "run_number": 1, "vehicle_id": "van-1",
        "vehicle_name": "Bil 1", "energy": "diesel", "distance_metres": metres,
        "paid_seconds": paid, "stops": len(handled),
        "idle_stops": sum(off + on == 0 for off, on in handled),
        "items": sum(off for off, _ in handled), "capacity_items": 800, "items_per_crate": 40,
        "item_metres": 90 * metres, "fixed_sek": 450.0, "stops_sek": 0.0,
        "distance_sek": round(metres * 3.6 / 1000, 2), "time_sek": round(paid * 340 / 3600, 2),
        "energy_units": metres * 0.085 / 1000, "co2e_grams": metres * 0.2,
        "planned_distance_metres": metres - 1_000, "planned_paid_seconds": paid - 300,
        "planned_cost_sek": 420.0 + metres * 3.6 / 1000 + paid * 340 / 3600,
        "planned_stops": len(handled), "planned_items": sum(off for off, _ in handled),
    }  # fmt: skip


def _stop(number: int, place: int, branch: BranchRow, ends: tuple[int, int]) -> dict[str, Any]:
    return {
        "booking_id": number, "number": place, "branch_id": branch.id,
        "municipality": branch.municipality, "items_off": ends[0], "items_on": ends[1],
        "hub_metres": 20_000 + 3_000 * place, "late_seconds": 60 * place - 300,
    }  # fmt: skip


def _flows(day: date, names: list[str], chance: random.Random, pairs: int) -> list[dict[str, Any]]:
    found = {}
    for _ in range(pairs):
        origin, destination = chance.sample(names, 2)
        kind, days = chance.choice(KINDS), min(chance.randrange(6), chance.randrange(6))
        items = chance.randrange(1, 5)
        found[origin, destination, kind, days] = {
            "service_date": day, "origin": origin, "destination": destination, "kind": kind,
            "days": days, "items": items, "direct_items": items // 2,
            "on_time_items": items if kind == "hold" and days <= 2 else 0,
        }  # fmt: skip
    return list(found.values())

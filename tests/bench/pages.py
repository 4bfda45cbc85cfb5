"""Pages with 25 branches, all visited today, and a year behind them: seconds and kilobytes each.

The page of one's own account asks one question of the database and shows a form; what another page
takes more than that is its own work, whatever machine it runs on.
"""

from __future__ import annotations

import json
import random
import re
import statistics
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi.testclient import TestClient
from sqlalchemy import select

from api.app import create_app
from api.security.accounts import create_account
from api.settings import Settings
from logistics.demand.transfers import Transfer, TransferKind
from logistics.operations.day.plan_day import plan_day
from logistics.operations.day.publish import publish
from logistics.operations.intake.receive import accept, receive_transfers
from logistics.operations.network.import_network import import_folder
from logistics.storage.migrations import migrate
from logistics.storage.session import open_database, writing
from logistics.storage.tables import BranchRow, DayChangeRow, ServicePatternRow
from tests.api.pages.people import PASSWORD, submit
from tests.booked import book, more_branches

if TYPE_CHECKING:
    from sqlalchemy import Engine

PLAINEST = "/konto"
TODAY = date(2026, 11, 24)
PAGES = (
    "/dag/2026-11-24",
    "/dag/2026-11-24/siffror",
    "/dag/2026-11-24/transporter?version=1",
    "/bibliotek/nora",
    "/bibliotek/orebro",
    "/tur?alla=1",
    "/kostnader/2026-11",
    "/kostnader/2026",
    "/kostnader/2026-11-19",
    "/kostnader/2026/tabell/runs",
    "/kostnader/2026-11/diagram/trend",
    "/kostnader/2026-11/rapport/xlsx",
    "/kostnader/2026/rapport/xlsx",
    "/natet",
    "/natet?vy=kalender",
    "/natet/nora",
    "/natet/ny",
    "/sok?q=31",
    "/hjalp",
)
REPEATS = 5


def main() -> None:
    """Print one JSON line a page."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_database(Path(folder) / "year.sqlite")
        migrate(engine)
        days = fill(engine)
        client = log_in(engine)
        plainest = statistics.median(timed(client, PLAINEST) for _ in range(REPEATS))
        for path in PAGES:
            first = timed(client, path)
            later = statistics.median(timed(client, path) for _ in range(REPEATS))
            line = {
                "benchmark": "pages",
                "page": path,
                "booked_days": days,
                "first_seconds": round(first, 3),
                "seconds": round(later, 3),
                "times_plainest": round(later / plainest, 1),
                "kilobytes": round(len(client.get(path).content) / 1_000),
                "kilobytes_with_files": round(weight(client, path) / 1_000),
            }
            sys.stdout.write(json.dumps(line) + "\n")
        engine.dispose()


def fill(engine: Engine) -> int:
    """Put 25 branches and their hub, a coordinator, and 13 months of bookings into a database."""
    with writing(engine) as session:
        import_folder(session)
        more_branches(session, 26)
        create_account(session, login="coordinator", role="coordinator", password=PASSWORD)
        days = book(session, date(2025, 11, 1), date(2026, 11, 20))
    plan_today(engine)
    return days


def plan_today(engine: Engine, transfers: int = 400) -> None:
    """Publish a day on which every branch is visited."""
    chance = random.Random(7)
    with writing(engine) as session:
        branches = sorted(session.scalars(select(BranchRow.id)))
        hub = session.scalars(select(BranchRow.id).where(BranchRow.is_hub)).one()
        for branch in branches:
            if branch != hub:
                session.add(ServicePatternRow(branch=branch, weekdays=[TODAY.isoweekday()]))
                change = {"service_date": TODAY, "kind": "must-visit", "subject": branch}
                session.add(DayChangeRow(**change))
        asked = [
            Transfer(
                id=f"bench-{number}",
                request_id=f"bench-{number}",
                item=f"3{number:013d}",
                kind=chance.choice(list(TransferKind)),
                origin=origin,
                destination=destination,
                requested_at=datetime(2026, 11, 23, 9, tzinfo=UTC),
            )
            for number in range(transfers)
            for origin, destination in [chance.sample(branches, 2)]
        ]
        accept(receive_transfers(session, asked, source="csv"))
    plan_day(engine, TODAY, seconds=5)
    with writing(engine) as session:
        publish(session, TODAY)


def log_in(engine: Engine) -> TestClient:
    """Log in through the form."""
    now = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
    settings = Settings(_env_file=None, public_url="http://testserver", worker=False)
    app = create_app(settings, engine=engine, now=lambda: now)
    client = TestClient(app, follow_redirects=False)
    submit(client, "/logga-in", login="coordinator", password=PASSWORD)
    return client


def weight(client: TestClient, path: str) -> int:
    """Bytes of a page as they go over the wire, with the files of ours that it asks for."""
    page = client.get(path, headers={"Accept-Encoding": "gzip"})
    files = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text))
    return sum(sent(client, one) for one in (path, *files))


def sent(client: TestClient, path: str) -> int:
    """Bytes of one answer as it is sent, compressed or not."""
    with client.stream("GET", path, headers={"Accept-Encoding": "gzip"}) as answer:
        return sum(len(part) for part in answer.iter_raw())


def timed(client: TestClient, path: str) -> float:
    """Ask for a page and give the seconds it took."""
    began = time.perf_counter()
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return time.perf_counter() - began

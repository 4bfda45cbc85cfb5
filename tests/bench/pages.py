"""Pages with 25 branches and a year of booked days: seconds each, and against the plainest page.

The page of one's own account asks one question of the database and shows a form; what another page
takes more than that is its own work, whatever machine it runs on.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi.testclient import TestClient

from api.app import create_app
from api.security.accounts import create_account
from api.settings import Settings
from logistics.operations.import_network import import_folder
from logistics.storage.migrations import migrate
from logistics.storage.session import open_database, writing
from tests.api.pages.people import PASSWORD, submit
from tests.booked import book, more_branches

if TYPE_CHECKING:
    from sqlalchemy import Engine

PLAINEST = "/konto"
PAGES = (
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
            }
            sys.stdout.write(json.dumps(line) + "\n")
        engine.dispose()


def fill(engine: Engine) -> int:
    """Put 25 branches and their hub, a coordinator, and 13 months of bookings into a database."""
    with writing(engine) as session:
        import_folder(session)
        more_branches(session, 26)
        create_account(session, login="coordinator", role="coordinator", password=PASSWORD)
        return book(session, date(2025, 11, 1), date(2026, 11, 20))


def log_in(engine: Engine) -> TestClient:
    """Log in through the form."""
    now = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
    settings = Settings(_env_file=None, public_url="http://testserver", worker=False)
    app = create_app(settings, engine=engine, now=lambda: now)
    client = TestClient(app, follow_redirects=False)
    submit(client, "/logga-in", login="coordinator", password=PASSWORD)
    return client


def timed(client: TestClient, path: str) -> float:
    """Ask for a page and give the seconds it took."""
    began = time.perf_counter()
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return time.perf_counter() - began

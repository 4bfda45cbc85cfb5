"""Transfers posted by eight clients while the service is killed twenty times, on both databases.

Afterwards each acknowledged transfer exists once, the event feed has neither a gap nor a number
twice nor an event twice, and a webhook whose receiver fails at random was told every event, in
order for each transfer. A seed chooses the moments of the kills.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from tests.api.storm import storm
from tests.databases import TEMPLATE, PostgresServer, copy_sqlite, sqlite_template

TRANSFERS, CLIENTS, KILLS = 50_000, 8, 20


def main(transfers: int = TRANSFERS, kills: int = KILLS) -> None:
    """Measure on SQLite and on PostgreSQL."""
    folder = Path(tempfile.mkdtemp(prefix="courier-crash-"))
    server = PostgresServer()
    urls = {
        "sqlite": copy_sqlite(sqlite_template(folder), folder),
        "postgresql": server.create(template=TEMPLATE),
    }
    for kind, url in urls.items():
        told = storm(url, folder / f"{kind}.log", transfers=transfers, clients=CLIENTS, kills=kills)
        print(json.dumps({"database": kind, **told}), flush=True)  # noqa: T201  # the answer
    server.stop()


if __name__ == "__main__":
    main()

"""Transfers posted by eight clients while the service is killed twenty times, on both databases.

Afterwards each acknowledged transfer exists once, and the event feed has neither a gap nor a
number twice nor a transfer told twice. A seed chooses the moments of the kills.
"""

from __future__ import annotations

import json
import random
import tempfile
import time
from pathlib import Path

from sqlalchemy import func
from sqlmodel import select

from api.security.keys import create_key
from logistics.storage.feed import place_events
from logistics.storage.session import open_database, reading, writing
from logistics.storage.tables import EventRow, TransferRow
from tests.api.places import add_places
from tests.api.process import running
from tests.api.test_crash import Sender
from tests.databases import TEMPLATE, PostgresServer, copy_sqlite, sqlite_template

TRANSFERS, CLIENTS, KILLS, SEED = 50_000, 8, 20, 7


def main(transfers: int = TRANSFERS, kills: int = KILLS) -> None:
    """Measure on SQLite and on PostgreSQL."""
    folder = Path(tempfile.mkdtemp(prefix="courier-crash-"))
    server = PostgresServer()
    urls = {
        "sqlite": copy_sqlite(sqlite_template(folder), folder),
        "postgresql": server.create(template=TEMPLATE),
    }
    for kind, url in urls.items():
        told = _crash(url, folder / f"{kind}.log", transfers, kills)
        print(json.dumps({"database": kind, **told}), flush=True)  # noqa: T201  # the answer
    server.stop()


def _crash(url: str, log: Path, transfers: int, kills: int) -> dict[str, int | float]:
    engine = open_database(url)
    with writing(engine) as session:
        add_places(session)
        _, token = create_key(session, name="ils", scopes=["transfers:write"])
    headers, share = {"Authorization": f"Bearer {token}"}, transfers // CLIENTS
    chance, begin, killed = random.Random(SEED), time.perf_counter(), 0
    with running(url, log) as service:
        senders = [
            Sender(service, headers, range(number * share, (number + 1) * share))
            for number in range(CLIENTS)
        ]
        for sender in senders:
            sender.start()
        while killed < kills and any(sender.is_alive() for sender in senders):
            time.sleep(chance.uniform(0.1, 1.5))
            service.kill()
            killed += 1
            service.start()
        for sender in senders:
            sender.join()
    acknowledged = set.union(*(sender.acknowledged for sender in senders))
    last = place_events(engine)
    with reading(engine) as session:
        stored = session.exec(select(TransferRow.request_id)).all()
        told = session.exec(select(EventRow.transfer_id)).all()
        first = session.exec(select(func.min(EventRow.position))).one()
    engine.dispose()
    assert not any(sender.failures for sender in senders)
    assert acknowledged == set(stored)
    assert len(stored) == len(set(stored)) == share * CLIENTS
    assert len(told) == len(set(told)) == len(stored)
    assert (first, last) == (1, len(told))
    return {
        "acknowledged": len(acknowledged),
        "stored_once": len(stored),
        "kills": killed,
        "seconds": round(time.perf_counter() - begin, 1),
    }


if __name__ == "__main__":
    main()

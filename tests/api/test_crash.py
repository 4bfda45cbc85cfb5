"""What was answered is there after a crash, once; what was not can be sent again."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import httpx2
from sqlalchemy import func
from sqlmodel import select

from api.security.keys import create_key
from logistics.storage.jobs import enqueue
from logistics.storage.session import open_database, reading, writing
from logistics.storage.tables import EventRow, TransferRow
from tests.api.helpers import sqlite_only
from tests.api.places import add_places
from tests.api.process import Service, running
from tests.api.test_transfers import asked

if TYPE_CHECKING:
    from pathlib import Path

CLIENTS, BATCH = 4, 40
#: The whole measure on the database most have; a smaller one where only the engine differs.
TRANSFERS = {"sqlite": 10_000, "postgresql": 2_000}


class Sender(threading.Thread):
    """Posts its share, batch by batch, until each batch is acknowledged."""

    def __init__(self, service: Service, headers: dict[str, str], numbers: range) -> None:
        super().__init__()
        self._service, self._headers, self._numbers = service, headers, numbers
        self.acknowledged: set[str] = set()
        self.failures: list[str] = []

    def run(self) -> None:
        with httpx2.Client(headers=self._headers, timeout=20) as client:
            for start in range(0, len(self._numbers), BATCH):
                self._send(client, [asked(number) for number in self._numbers[start:][:BATCH]])

    def _send(self, client: httpx2.Client, batch: list[dict[str, str]]) -> None:
        while True:
            try:
                answer = client.post(f"{self._service.address}/v1/transfers", json=batch)
            except httpx2.TransportError:
                time.sleep(0.02)
                continue
            if answer.is_success:
                self.acknowledged |= {one["request_id"] for one in answer.json()["data"]}
            else:
                self.failures.append(answer.text)
            return


def test_kill_9_loses_nothing_that_was_answered_and_doubles_nothing(
    database_url: str, tmp_path: Path
) -> None:
    engine = open_database(database_url)
    with writing(engine) as session:
        add_places(session)
        _, token = create_key(session, name="ils", scopes=["transfers:write"])
    headers = {"Authorization": f"Bearer {token}"}
    transfers = TRANSFERS[engine.dialect.name]
    share = transfers // CLIENTS

    with running(database_url, tmp_path / "log") as service:
        senders = [
            Sender(service, headers, range(number * share, (number + 1) * share))
            for number in range(CLIENTS)
        ]
        for sender in senders:
            sender.start()
        for _ in range(transfers // 5_000 + 1):
            time.sleep(0.4)
            service.kill()
            answered = set.union(*(sender.acknowledged for sender in senders))
            with reading(engine) as session:
                stored = set(session.exec(select(TransferRow.request_id)))
            assert answered <= stored
            service.start()
        for sender in senders:
            sender.join(60)

    assert [sender.failures for sender in senders] == [[]] * CLIENTS
    with reading(engine) as session:
        stored_once = session.exec(select(func.count()).select_from(TransferRow)).one()
        told = session.exec(select(EventRow.transfer_id)).all()
    assert stored_once == transfers
    assert len(told) == len(set(told)) == transfers
    engine.dispose()


def test_a_stopping_server_answers_what_it_accepted(database_url: str, tmp_path: Path) -> None:
    engine = open_database(database_url)
    with writing(engine) as session:
        add_places(session)
        _, token = create_key(session, name="ils", scopes=["transfers:write"])
    headers = {"Authorization": f"Bearer {token}"}
    answers: list[int] = []

    def post(address: str) -> None:
        batch = [asked(number) for number in range(1_000)]
        answers.append(
            httpx2.post(f"{address}/v1/transfers", json=batch, headers=headers).status_code
        )

    with running(database_url, tmp_path / "log") as service:
        client = threading.Thread(target=post, args=(service.address,))
        client.start()
        time.sleep(0.1)
        code = service.stop()
        client.join(30)

    assert answers == [201]
    assert code in {0, -15}
    with reading(engine) as session:
        assert session.exec(select(func.count()).select_from(TransferRow)).one() == 1_000
    engine.dispose()


@sqlite_only
def test_a_stopping_server_ends_the_streams_that_are_open(
    database_url: str, tmp_path: Path
) -> None:
    engine = open_database(database_url)
    with writing(engine) as session:
        _, token = create_key(session, name="page", scopes=["jobs:read"])
        number = enqueue(session, "plan-day", "2026-11-25").id
    engine.dispose()
    headers = {"Authorization": f"Bearer {token}"}

    # It would wait a minute for the stream, which nobody ends: longer than `stop` has patience.
    with (
        running(database_url, tmp_path / "log", graceful_seconds="60") as service,
        httpx2.Client(base_url=service.address, headers=headers, timeout=40) as client,
        client.stream("GET", f"/v1/jobs/{number}/progress") as stream,
    ):
        assert stream.status_code == 200
        assert service.stop() in {0, -15}

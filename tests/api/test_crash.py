"""What was answered is there after a crash, once; what was not can be sent again."""

from __future__ import annotations

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import httpx2
from sqlalchemy import func
from sqlmodel import select

from api.security.keys import create_key
from logistics.storage.jobs import enqueue
from logistics.storage.session import open_database, reading, writing
from logistics.storage.tables import TransferRow
from tests.api.helpers import sqlite_only
from tests.api.places import add_places
from tests.api.process import running
from tests.api.storm import storm
from tests.api.test_transfers import asked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: The measurement at full size is a benchmark.
TRANSFERS = 640


def test_kill_9_loses_nothing_that_was_answered_and_doubles_nothing(
    database_url: str, tmp_path: Path
) -> None:
    told = storm(database_url, tmp_path / "log", transfers=TRANSFERS, clients=4, kills=2, pause=0.3)

    assert told["stored_once"] == TRANSFERS
    assert told["kills"] >= 1
    assert told["letters_taken"] >= told["events"] > TRANSFERS


def test_a_stopping_server_answers_what_it_accepted(database_url: str, tmp_path: Path) -> None:
    engine = open_database(database_url)
    with writing(engine) as session:
        add_places(session)
        _, token = create_key(session, name="ils", scopes=["transfers:write"])
    headers = {"Authorization": f"Bearer {token}"}
    headers["Content-Type"] = "application/json"
    body = json.dumps([asked(number) for number in range(1_000)]).encode()
    accepted = threading.Event()

    def in_two_parts() -> Iterator[bytes]:
        yield body[:1_000]
        time.sleep(0.5)  # until the server has read that much
        accepted.set()
        time.sleep(0.5)  # until it has heard that it shall stop
        yield body[1_000:]

    def post(address: str) -> int:
        url = f"{address}/v1/transfers"
        return httpx2.post(url, content=in_two_parts(), headers=headers, timeout=30).status_code

    with running(database_url, tmp_path / "log") as service, ThreadPoolExecutor(1) as pool:
        answer = pool.submit(post, service.address)
        assert accepted.wait(30)
        code = service.stop()
        assert answer.result() == 201

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

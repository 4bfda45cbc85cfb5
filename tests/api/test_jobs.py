from __future__ import annotations

import contextlib
import socket
import threading
from collections import Counter
from typing import TYPE_CHECKING

import httpx2
from fastapi.testclient import TestClient

from api.app import create_app
from api.background import Background, schedule_of
from api.security.keys import create_key
from api.security.roles import SCOPES
from logistics.operations.upkeep.schedule import PLAN_DAY, handlers
from logistics.operations.upkeep.work import work_once
from logistics.storage.jobs import enqueue
from logistics.storage.session import writing
from tests.api.day import DAY
from tests.api.helpers import assert_problem, sqlite_only
from tests.api.process import running

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi import FastAPI
    from sqlalchemy import Engine

    from api.settings import Settings

LATER = {"Prefer": "respond-async"}


def events_of(text: str) -> list[tuple[str, str]]:
    blocks = [block.splitlines() for block in text.split("\n\n") if block.startswith("id")]
    return [(lines[1].removeprefix("event: "), lines[2]) for lines in blocks]


def test_a_day_is_planned_in_the_background_and_watched(
    day: TestClient, engine: Engine, settings: Settings
) -> None:
    asked = day.post(DAY, json={"seconds": 1}, headers=LATER)
    assert asked.status_code == 202, asked.text
    again = day.post(DAY, json={"seconds": 1}, headers=LATER)
    where = asked.headers["location"]
    assert again.headers["location"] == where  # one plan per date at a time
    assert day.get(where).json()["state"] == "queued"

    assert work_once(engine, handlers(schedule_of(settings)), worker="test")

    assert day.get(where).json()["state"] == "done"
    assert day.get(DAY).json()["version"] == 1
    watched = day.get(f"{where}/progress")
    assert watched.headers["content-type"].startswith("text/event-stream")
    told = events_of(watched.text)
    assert told[-1][0] == "end"
    assert {name for name, _ in told[:-1]} <= {"progress"}
    jobs = day.get("/v1/jobs", params={"state": "done", "kind": PLAN_DAY}).json()["data"]
    assert len(jobs) == 1


def test_a_waiting_job_is_cancelled(day: TestClient) -> None:
    where = day.post(DAY, json={}, headers=LATER).headers["location"]

    assert day.post(f"{where}/cancel").json()["state"] == "cancelled"

    assert events_of(day.get(f"{where}/progress").text)[-1][0] == "end"
    assert_problem(day.get("/v1/jobs/999/progress"), "not-found")


def test_the_embedded_worker_plans_and_stops(
    day: TestClient, engine: Engine, settings: Settings
) -> None:
    where = day.post(DAY, json={"seconds": 1}, headers=LATER).headers["location"]
    background = Background(engine, settings)

    background.start()
    told = events_of(day.get(f"{where}/progress").text)  # ends when the job does
    background.stop(20)

    assert '"state": "done"' in told[-1][1]
    assert not [thread for thread in threading.enumerate() if thread.name in {"jobs", "webhooks"}]


@sqlite_only
def test_streams_are_counted_and_end_in_time(app: FastAPI) -> None:
    limits = {"event_streams": 0, "event_stream_seconds": 0.3}
    none = app.state.settings.model_copy(update=limits)
    with writing(app.state.engine) as session:
        enqueue(session, "never", "1")
        _, token = create_key(session, name="x", scopes=["jobs:read"])
    key = {"Authorization": f"Bearer {token}"}

    with TestClient(create_app(none, engine=app.state.engine), headers=key) as client:
        full = client.get("/v1/jobs/1/progress")
        assert_problem(full, "busy", "0 progress streams")
        assert full.headers["retry-after"] == "5"
    some = none.model_copy(update={"event_streams": 1})
    with TestClient(create_app(some, engine=app.state.engine), headers=key) as client:
        assert client.get("/v1/jobs/1/progress").text == ""
        assert client.get("/v1/jobs/1/progress").status_code == 200
        assert client.app.state.streams == 0  # type: ignore[attr-defined]


@sqlite_only
def test_very_many_idle_streams_keep_nobody_out(database_url: str, tmp_path: Path) -> None:
    from logistics.storage.session import open_database

    engine = open_database(database_url)
    with writing(engine) as session:
        enqueue(session, "never", "1")
        _, token = create_key(session, name="x", scopes=SCOPES)
    key = {"Authorization": f"Bearer {token}"}
    ask = f"GET /v1/jobs/1/progress HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}"
    with (
        running(database_url, tmp_path / "log", event_streams="20") as service,
        contextlib.ExitStack() as stack,
    ):
        # All ask before any of them hears: what is counted must not be counted too late.
        streams = [
            stack.enter_context(socket.create_connection(("127.0.0.1", service.port), timeout=20))
            for _ in range(80)
        ]
        for stream in streams:
            stream.sendall(f"{ask}\r\n\r\n".encode())
        codes = Counter(stream.recv(1_000).split(b" ")[1] for stream in streams)
        assert codes == {b"200": 20, b"503": 60}
        for _ in range(5):
            assert httpx2.get(f"{service.address}/v1/jobs", headers=key).status_code == 200
    engine.dispose()

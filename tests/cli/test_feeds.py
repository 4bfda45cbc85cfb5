"""Reports, logs and folders by command, as an operator would call them."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from sqlmodel import select

from logistics.storage.session import reading, writing
from logistics.storage.tables import TransferRow
from tests.api.helpers import sqlite_only
from tests.api.places import add_places
from tests.operations.test_receive_feeds import (
    KOHA,
    ROW,
    TRANSFERS,
    _until,
    answered,
    asked,
    stored,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy import Engine

FOLIO = {
    "items": [
        {
            "barcode": "3310",
            "status": {"name": "In transit"},
            "inTransitDestinationServicePointId": "sp-kumla",
            "request": {"requestPatronGroup": "Secret group"},
            "lastCheckIn": {
                "dateTime": "2026-11-24T08:00:00+01:00",
                "servicePoint": {"id": "nora"},
            },
        }
    ]
}
LIBRARIES = [{"library_id": "NORA", "name": "Nora bibliotek", "city": "Nora"}]
ITEMS = [{"external_id": "3300", "biblio_id": 7, "home_library_id": "NORA"}]


@pytest.fixture
def places(engine: Engine) -> Engine:
    with writing(engine) as session:
        add_places(session)
    return engine


@pytest.fixture
def system() -> Iterator[str]:
    """Koha and FOLIO in one, as their interfaces answer."""
    answers = {
        "/api/v1/libraries": LIBRARIES,
        "/api/v1/items": ITEMS,
        "/inventory-reports/items-in-transit": FOLIO,
    }

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the server calls it so
            known = self.headers.get("authorization") or self.headers.get("x-okapi-token")
            body = json.dumps(answers[self.path.partition("?")[0]]).encode()
            self.send_response(200 if known else 401)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_reports_are_taken_in_and_unknown_codes_explained(
    places: Engine, run: Callable[..., Any], tmp_path: Path, system: str
) -> None:
    (tmp_path / "koha.csv").write_text(KOHA)
    (tmp_path / "folio.json").write_text(json.dumps(FOLIO))
    parked = {"created": 0, "known": 0, "parked": 1}
    assert run("import", "koha", "koha.csv") == parked
    assert run("import", "folio", "folio.json") == parked
    assert run("folio", "in-transit", "--url", system, "--tenant", "t", "--token", "x") == parked

    assert run("code", "list")["codes"] == [
        {"source": "folio", "code": "sp-kumla", "branch": None, "waiting": 1},
        {"source": "koha", "code": "NORA", "branch": None, "waiting": 1},
    ]
    assert run("code", "explain", "koha", "NORA", "nora")["taken_in"] == 1
    assert run("code", "explain", "folio", "sp-kumla", "kumla")["taken_in"] == 1
    assert stored(places) == [("3302", "nora", "kumla"), ("3310", "nora", "kumla")]


@sqlite_only
def test_koha_is_asked_for_libraries_and_items(
    places: Engine, run: Callable[..., Any], system: str
) -> None:
    del places
    access = ("--url", system, "--user", "courier", "--password", "x")
    (library,) = run("koha", "libraries", *access)["libraries"]
    assert library == {"code": "NORA", "name": "Nora bibliotek", "city": "Nora", "branch": None}
    assert run("koha", "item", "3300", *access)["owner"] == "NORA"
    assert "none of this barcode" in run("koha", "item", "1", *access, code=2)
    assert "FOLIO does not answer" in run(
        "folio", "in-transit", "--url", system, "--tenant", "t", "--token", "", code=2
    )


@sqlite_only
def test_traffic_is_read_from_a_log_and_from_a_stream(
    places: Engine, run: Callable[..., Any], tmp_path: Path
) -> None:
    talk = asked("nora", "1") + answered("1", "kumla") + asked("nora", "2") + answered("2", "nora")
    (tmp_path / "wire").write_bytes(talk)
    (tmp_path / "sip.log").write_bytes(talk.replace(b"\r", b"'\n"))
    assert run("tap", "stream", "wire", "--require-checksum") == {
        "created": 1,
        "passed_over": {"already there": 1},
    }
    assert run("tap", "log", "sip.log")["known"] == 1
    assert stored(places) == [("1", "nora", "kumla")]
    assert "cannot be read" in run("tap", "log", "absent.log", code=2)
    assert "expected HOST:PORT" in run(
        "tap", "proxy", "--listen", "here", "--server", "ils:6001", code=2
    )


@sqlite_only
def test_a_folder_is_looked_at_once_by_command(
    places: Engine, run: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "transfers.csv").write_text(
        TRANSFERS + ROW + "R2,3301,loan,nora,kumla,now\n"
    )
    (file,) = run("watch", "in", "--once")["files"]
    assert "kind is 'loan'" in file["problems"][0]
    (tmp_path / "in" / "transfers.csv").write_text(TRANSFERS + ROW)
    assert run("watch", "in", "--once")["files"][0]["problems"] == []
    assert len(stored(places)) == 1
    assert "no folder is named" in run("watch", "--once", code=2)


def test_a_worker_takes_in_what_is_dropped_and_stops_when_asked(
    places: Engine, database_url: str, tmp_path: Path
) -> None:
    environment = {
        "LOGISTICS_DATABASE": database_url,
        "LOGISTICS_DROP_FOLDER": str(tmp_path / "in"),
        "LOGISTICS_DROP_SETTLE_SECONDS": "0",
        "PATH": "/usr/bin",
        "XDG_RUNTIME_DIR": str(tmp_path),
    }
    with (tmp_path / "log").open("wb") as log:
        worker = subprocess.Popen(
            [sys.executable, "-m", "logistics.cli", "worker"], env=environment, stderr=log
        )
    try:
        (tmp_path / "in").mkdir(exist_ok=True)
        (tmp_path / "in" / "transfers.csv").write_text(TRANSFERS + ROW)
        _until(places, 1)
    finally:
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(30) == 0, (tmp_path / "log").read_text()
    with reading(places) as session:
        assert session.exec(select(TransferRow.source)).all() == ["csv"]

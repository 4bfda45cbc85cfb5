"""Requests that nobody honest sends: limits answer, and the service goes on serving others."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from typing import TYPE_CHECKING

import httpx2
import psutil
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.security.keys import create_key
from api.settings import Settings
from logistics.storage.session import open_database, writing
from tests.api.helpers import assert_problem, sqlite_only
from tests.api.places import add_places
from tests.api.process import Service, running
from tests.api.test_transfers import ASKED, asked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

JSON = {"Content-Type": "application/json"}


@sqlite_only
@pytest.mark.parametrize(
    ("body", "slug"),
    [
        pytest.param(b"", "malformed", id="nothing"),
        pytest.param(b"{", "malformed", id="unfinished"),
        pytest.param(b"not json", "malformed", id="text"),
        pytest.param(b"[" * 100_000, "malformed", id="100,000 open brackets"),
        pytest.param(b'{"a":' * 50_000 + b"1" + b"}" * 50_000, "malformed", id="50,000 levels"),
        pytest.param(b'["]"' + b',["["' * 40 + b"]" * 41, "malformed", id="brackets in strings"),
        pytest.param(json.dumps(ASKED).encode("utf-16"), "malformed", id="UTF-16"),
        pytest.param(b'{"item": "\xff\xfe"}', "malformed", id="not UTF-8"),
        pytest.param(b'{"item": "\\ud800"}', "malformed", id="half a surrogate pair"),
        pytest.param(b'{"\\ud800": 1}', "malformed", id="the same as a name"),
        pytest.param(b'{"kind": NaN}', "bad-input", id="NaN"),
        pytest.param(b'{"kind": 1e999}', "bad-input", id="infinity"),
        pytest.param(b'{"kind": ' + b"9" * 5_000 + b"}", "malformed", id="a long number"),
        pytest.param(b"null", "bad-input", id="null"),
        pytest.param(b"[]", "bad-input", id="an empty list"),
        pytest.param(b'"text"', "bad-input", id="a text"),
        pytest.param(b"[[[[]]]]", "bad-input", id="lists in lists"),
        pytest.param(b'{"kind": "hold", "kind": "hold"}', "bad-input", id="a field twice"),
    ],
)
def test_junk_is_refused_with_a_reason(client: TestClient, body: bytes, slug: str) -> None:
    assert_problem(client.post("/v1/transfers", content=body, headers=JSON), slug)


@sqlite_only
def test_another_media_type_is_refused(client: TestClient) -> None:
    for kind in (
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
    ):
        answer = client.post("/v1/transfers", content=b"{}", headers={"Content-Type": kind})
        assert_problem(answer, "unsupported-media-type")


@sqlite_only
def test_a_foreign_host_name_is_refused(client: TestClient) -> None:
    # DNS rebinding: a page of evil.example that resolves to 127.0.0.1 sends its own name.
    for host in ("evil.example", "", "testserver.evil.example", "[", "testserver@evil.example"):
        answer = client.get("/healthz", headers={"Host": host})
        assert answer.status_code == 400, host


@sqlite_only
@pytest.mark.parametrize(
    "path",
    [
        "/v1/transfers/%00",
        "/v1/transfers/..%2f..%2fetc%2fpasswd",
        "/v1/transfers/%ff%fe",
        "/v1/transfers?item=%00",
        "/v1/transfers?item=%ed%a0%80",
        "/v1/transfers?limit=99999999999999999999",
        "/v1/events?after=99999999999999999999",
        "/v1/" + "x" * 5_000,
        "/v1/transfers?cursor=" + "A" * 399,
    ],
)
def test_odd_addresses_are_refused(client: TestClient, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code in {404, 422}, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


@sqlite_only
def test_a_wrong_method_is_told_the_right_ones(client: TestClient) -> None:
    answer = client.put("/v1/transfers", json={})

    assert_problem(answer, "method-not-allowed")
    assert set(answer.headers["allow"].split(", ")) & {"GET", "POST"}


@sqlite_only
def test_every_answer_carries_the_security_headers(client: TestClient) -> None:
    nonces = set()
    for path in ("/healthz", "/v1/transfers", "/nowhere", "/v1/transfers/junk"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        script = next(part for part in policy.split("; ") if part.startswith("script-src"))
        assert "unsafe" not in script
        nonces.add(script)
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cache-control"] == "no-store"
        assert "server" not in headers
    assert len(nonces) == 4


@sqlite_only
def test_behind_https_the_headers_are_those_that_graders_ask_for(engine: Engine) -> None:
    # What Mozilla's Observatory takes points for, and what it gives points for.
    settings = Settings(_env_file=None, public_url="https://testserver", worker=False)
    with TestClient(create_app(settings, engine=engine)) as client:
        headers = client.get("/healthz").headers
    policy = dict(
        part.partition(" ")[::2] for part in headers["content-security-policy"].split("; ")
    )
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["object-src"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert policy["script-src"].startswith("'self' 'nonce-")
    assert not {"'unsafe-inline'", "'unsafe-eval'", "*", "data:", "https:"} & set(
        policy["script-src"].split()
    )
    age, *more = headers["strict-transport-security"].split("; ")
    assert int(age.removeprefix("max-age=")) >= 15_768_000
    assert more == ["includeSubDomains"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "access-control-allow-origin" not in headers


@pytest.fixture
def service(database_url: str, tmp_path: Path) -> Iterator[Service]:
    engine = open_database(database_url)
    with writing(engine) as session:
        add_places(session)
        create_key(session, name="ils", scopes=["transfers:write"])
    engine.dispose()
    limits = {"header_seconds": "1", "body_seconds": "1", "connections": "60"}
    with running(database_url, tmp_path / "log", **limits) as started:
        yield started


def send(service: Service, *parts: bytes, pause: float = 0) -> bytes:
    """Send bytes as they are and return everything that comes back."""
    with socket.create_connection(("127.0.0.1", service.port), timeout=10) as connection:
        for part in parts:
            with contextlib.suppress(OSError):
                connection.sendall(part)
            time.sleep(pause)
        received = b""
        with contextlib.suppress(OSError):
            while part := connection.recv(65_536):
                received += part
    return received


HEAD = b"POST /v1/transfers HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"


@sqlite_only
def test_limits_answer_and_others_are_served(service: Service) -> None:
    # One service for all of them: it must still answer at the end.
    assert service.process is not None
    server = psutil.Process(service.process.pid)
    before = server.memory_info().rss

    four_gigabytes = send(service, HEAD + b"Content-Length: 4294967296\r\n\r\n", b"x" * 65_536)
    assert b" 413 " in four_gigabytes
    endless = b"10000\r\n" + b"x" * 65_536 + b"\r\n"
    chunked = send(service, HEAD + b"Transfer-Encoding: chunked\r\n\r\n", *[endless] * 200)
    assert not chunked or b" 413 " in chunked
    stalled = send(service, HEAD + b"Content-Length: 100\r\n\r\n{")
    assert b" 408 " in stalled
    begin = time.monotonic()
    assert b" 200 " not in send(service, b"GET /healthz HTTP/1.1\r\nHost: 127")
    assert time.monotonic() - begin < 5
    huge_head = send(service, b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"x" * 200_000)
    assert b" 400 " in huge_head
    assert b" 400 " in send(service, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 junk\r\n\r\n")

    with contextlib.ExitStack() as idle:
        for _ in range(60):
            idle.enter_context(socket.create_connection(("127.0.0.1", service.port), timeout=10))
        too_many = send(service, b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    assert b" 503 " in too_many
    assert b"retry-after: 5" in too_many.lower()
    assert b"urn:courier-planner:problem:busy" in too_many

    assert httpx2.get(f"{service.address}/healthz").status_code == 200
    assert server.memory_info().rss - before < 40e6


@sqlite_only
def test_a_byte_a_second_from_many_does_not_keep_others_out(service: Service) -> None:
    slow = []
    stop = threading.Event()

    def drip(connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while not stop.wait(0.3):
                connection.sendall(b"x")

    for _ in range(40):
        connection = socket.create_connection(("127.0.0.1", service.port), timeout=10)
        connection.sendall(HEAD + b"Content-Length: 1000\r\n\r\n")
        threading.Thread(target=drip, args=(connection,), daemon=True).start()
        slow.append(connection)
    begin = time.monotonic()
    for _ in range(10):
        assert httpx2.get(f"{service.address}/healthz").status_code == 200
    assert time.monotonic() - begin < 5
    # At less than 500 bytes a second they are cut off one by one.
    answers = [connection.recv(1_000) for connection in slow]
    stop.set()
    assert all(b" 408 " in answer for answer in answers)
    for connection in slow:
        connection.close()


@sqlite_only
def test_ten_thousand_in_one_request_is_the_most(client: TestClient) -> None:
    answer = client.post("/v1/transfers", json=[asked(number) for number in range(10_001)])

    assert_problem(answer, "bad-input", "10000")

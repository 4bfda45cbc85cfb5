from __future__ import annotations

import json
import threading
from collections import defaultdict
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from sqlmodel import select
from standardwebhooks import Webhook as Verifier

from api.webhooks import _wait, deliver_due
from logistics.storage.session import writing
from logistics.storage.tables import DeliveryRow, now
from tests.api.helpers import assert_problem, sqlite_only
from tests.api.test_transfers import asked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi import FastAPI
    from fastapi.testclient import TestClient


class Receiver:
    """A circulation system that takes events in, and fails as told."""

    def __init__(self) -> None:
        self.status: list[int] = []
        self.received: list[tuple[dict[str, str], str]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:  # the server calls it so
                length = int(self.headers["content-length"])
                body = self.rfile.read(length).decode()
                if len(body.encode()) < length:
                    return  # the sender was killed in the middle of the letter
                status = receiver.status.pop(0) if receiver.status else 204
                if status < 300:
                    receiver.received.append((dict(self.headers), body))
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook"

    def positions(self, transfer: str | None = None) -> list[int]:
        events = [json.loads(body)["data"] for _, body in self.received]
        return [event["position"] for event in events if transfer in {None, event["transfer"]}]


@contextmanager
def running(receiver: Receiver) -> Iterator[Receiver]:
    thread = threading.Thread(target=receiver.server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield receiver
    finally:
        receiver.server.shutdown()
        thread.join()
        receiver.server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with running(Receiver()) as started:
        yield started


def subscribe(client: TestClient, url: str, *kinds: str) -> dict[str, Any]:
    answer = client.post("/v1/webhooks", json={"url": url, "kinds": list(kinds)})
    assert answer.status_code == 201, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


def deliver(app: FastAPI, rounds: int = 1) -> int:
    tried = 0
    with httpx2.Client(timeout=2) as sender:
        for _ in range(rounds):
            with writing(app.state.engine) as session:
                for row in session.exec(select(DeliveryRow)):
                    row.next_at = now() - timedelta(seconds=1)
            tried += deliver_due(app.state.engine, app.state.settings, sender)
    return tried


def test_events_arrive_signed(app: FastAPI, client: TestClient, receiver: Receiver) -> None:
    shown = subscribe(client, receiver.url)
    client.post("/v1/transfers", json=asked(1))

    assert deliver(app) == 1

    headers, body = receiver.received[0]
    verified = Verifier(shown["secret"]).verify(body, headers)
    assert verified["type"] == "transfer.requested"
    assert verified["data"]["position"] == 1
    assert headers["Webhook-Id" if "Webhook-Id" in headers else "webhook-id"] == "evt_1"
    assert deliver(app) == 0
    assert shown["secret"] not in client.get("/v1/webhooks").text


def test_only_the_kinds_that_are_wanted_arrive(
    app: FastAPI, client: TestClient, receiver: Receiver
) -> None:
    subscribe(client, receiver.url, "transfer.cancelled")
    transfer = client.post("/v1/transfers", json=asked(1)).json()["id"]
    client.post(f"/v1/transfers/{transfer}/cancel", json={"reason": "x"})

    deliver(app, rounds=2)

    assert receiver.positions() == [2]


def test_events_of_a_transfer_arrive_in_order_whatever_fails(
    app: FastAPI, client: TestClient, receiver: Receiver
) -> None:
    subscribe(client, receiver.url)
    transfers = client.post("/v1/transfers", json=[asked(n) for n in range(6)]).json()["data"]
    for one in transfers:
        client.post("/v1/transfers/pack", json={"transfers": [one["id"]]})
        client.post(f"/v1/transfers/{one['id']}/cancel", json={"reason": "x"})
    receiver.status = [500, 204, 503, 404, 204, 500] * 3

    deliver(app, rounds=10)

    assert sorted(receiver.positions()) == list(range(1, 19))
    by_transfer: defaultdict[str, list[int]] = defaultdict(list)
    for one in transfers:
        by_transfer[one["id"]] = receiver.positions(one["id"])
    assert all(order == sorted(order) and len(order) == 3 for order in by_transfer.values())


def test_what_is_never_taken_is_buried_and_can_be_sent_again(
    app: FastAPI, client: TestClient, receiver: Receiver
) -> None:
    app.state.settings = app.state.settings.model_copy(update={"webhook_attempts": 3})
    webhook = subscribe(client, receiver.url)["webhook"]["id"]
    client.post("/v1/transfers", json=asked(1))
    receiver.status = [500] * 3

    deliver(app, rounds=5)

    assert receiver.received == []
    dead = client.get(f"/v1/webhooks/{webhook}/deliveries").json()["data"]
    assert [(one["attempts"], one["last_error"]) for one in dead] == [(3, "HTTP 500")]
    assert client.get("/v1/webhooks").json()["data"][0]["dead"] == 1
    assert client.post(f"/v1/webhooks/{webhook}/replay", json={}).json() == {"events": 1}
    deliver(app)
    assert receiver.positions() == [1]
    again = client.post(f"/v1/webhooks/{webhook}/replay", json={"from_position": 1})
    assert again.json() == {"events": 1}
    deliver(app)
    assert receiver.positions() == [1, 1]


def test_an_address_that_is_gone_is_left_alone(
    app: FastAPI, client: TestClient, receiver: Receiver
) -> None:
    subscribe(client, receiver.url)
    client.post("/v1/transfers", json=asked(1))
    receiver.status = [410]

    deliver(app, rounds=2)
    client.post("/v1/transfers", json=asked(2))
    deliver(app)

    assert receiver.received == []
    assert client.get("/v1/webhooks").json()["data"][0]["active"] is False


def test_both_secrets_sign_while_one_is_changed(
    app: FastAPI, client: TestClient, receiver: Receiver
) -> None:
    old = subscribe(client, receiver.url)
    number = old["webhook"]["id"]
    new = client.post(f"/v1/webhooks/{number}/rotate").json()
    client.post("/v1/transfers", json=asked(1))

    deliver(app)

    for secret in (old["secret"], new["secret"]):
        headers, body = receiver.received[0]
        Verifier(secret).verify(body, headers)
    assert client.delete(f"/v1/webhooks/{number}").status_code == 204
    assert_problem(client.delete(f"/v1/webhooks/{number}"), "not-found")


def test_a_dead_address_is_tried_again_later(app: FastAPI, client: TestClient) -> None:
    subscribe(client, "http://127.0.0.1:9/nobody")
    client.post("/v1/transfers", json=asked(1))

    assert deliver(app) == 1

    page = client.get("/v1/webhooks/1/deliveries?state=waiting").json()["data"]
    assert page[0]["attempts"] == 1
    assert page[0]["last_error"] == "ConnectError"


@sqlite_only
@pytest.mark.parametrize(
    "url",
    [
        "ftp://ils.example.se/x",
        "https://",
        "https://user:word@ils.example.se/x",
        "http://ils.example.se/x",
        "https://ils.example.se:99999/x",
        "javascript:alert(1)",
    ],
)
def test_an_address_that_cannot_be_is_refused(client: TestClient, url: str) -> None:
    assert_problem(client.post("/v1/webhooks", json={"url": url}), "bad-input")


@sqlite_only
def test_waits_double_up_to_six_hours(app: FastAPI) -> None:
    settings = app.state.settings
    waits = [_wait(settings, attempts).total_seconds() for attempts in range(1, 30)]

    assert 4 <= waits[0] <= 6
    assert 8 <= waits[1] <= 12
    assert max(waits) <= 6 * 3_600 * 1.2

"""Transfers posted by several clients while the service is killed again and again.

A receiver of webhooks listens meanwhile, and fails at random. What must hold afterwards is held
here, for the tests and for the measurement at full size.
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import httpx2
from sqlalchemy import func
from sqlmodel import col, select

from api.security.keys import create_key
from api.webhooks import new_secret
from logistics.storage.session import open_database, reading, writing
from logistics.storage.tables import DeliveryRow, EventRow, TransferRow, WebhookRow
from tests.api.places import add_places
from tests.api.process import Service, running
from tests.api.test_transfers import asked
from tests.api.test_webhooks import Receiver
from tests.api.test_webhooks import running as listening

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

BATCH = 40
#: One batch in so many is packed too, so that its transfers have two events to keep in order.
PACKED = 5
#: Clients that ask without a pause would take the time that a killed service needs to start.
_RETRY_SECONDS = 0.25
#: A killed sender's letters wait for some thirty times this.
LETTER_SECONDS = 0.2
SETTINGS = {
    "worker": "true",
    "webhook_seconds": str(LETTER_SECONDS),
    "webhook_backoff_seconds": "0.1",
    "webhook_attempts": "1000",
}


class Moods:
    """Statuses that a receiver answers with: one in eight says that it cannot now."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)

    def pop(self, _: int) -> int:
        return 503 if self._chance.random() < 0.125 else 204


class Sender(threading.Thread):
    """Posts its share, batch by batch, until each batch is acknowledged."""

    def __init__(self, service: Service, headers: dict[str, str], numbers: range) -> None:
        super().__init__()
        self._service, self._headers, self._numbers = service, headers, numbers
        self.acknowledged: set[str] = set()
        self.packed: set[str] = set()
        self.failures: list[str] = []

    def run(self) -> None:
        with httpx2.Client(headers=self._headers, timeout=20) as client:
            for turn, start in enumerate(range(0, len(self._numbers), BATCH)):
                batch = [asked(number) for number in self._numbers[start:][:BATCH]]
                data = self._send(client, "/v1/transfers", batch)
                self.acknowledged |= {one["request_id"] for one in data}
                if turn % PACKED == 0 and data:
                    names = {"transfers": [one["id"] for one in data]}
                    key = {"Idempotency-Key": batch[0]["request_id"]}
                    packed = self._send(client, "/v1/transfers/pack", names, **key)
                    self.packed |= {one["id"] for one in packed}

    def _send(
        self, client: httpx2.Client, path: str, body: object, **headers: str
    ) -> list[dict[str, Any]]:
        while True:
            try:
                answer = client.post(self._service.address + path, json=body, headers=headers)
            except httpx2.TransportError:
                time.sleep(_RETRY_SECONDS)
                continue
            if answer.is_success:
                told: list[dict[str, Any]] = answer.json()["data"]
                return told
            self.failures.append(answer.text)
            return []


def storm(
    url: str,
    log: Path,
    *,
    transfers: int,
    clients: int,
    kills: int,
    pause: float = 1.5,
    seed: int = 7,
) -> dict[str, int | float]:
    """Let it rage, and hold what must hold of transfers, feed and webhooks afterwards."""
    engine = open_database(url)
    receiver = Receiver()
    receiver.status = Moods(seed)  # type: ignore[assignment]
    with writing(engine) as session:
        add_places(session)
        _, token = create_key(session, name="ils", scopes=["transfers:write"])
        session.add(WebhookRow(url=receiver.url, secret=new_secret(), kinds=[]))
    headers, begin = {"Authorization": f"Bearer {token}"}, time.perf_counter()
    share = transfers // clients
    with listening(receiver), running(url, log, **SETTINGS) as service:
        senders = [
            Sender(service, headers, range(number * share, (number + 1) * share))
            for number in range(clients)
        ]
        killed = _rage(service, senders, kills, pause, random.Random(seed))
        sent = time.perf_counter() - begin
        _wait_until_told(engine)
    held = _held(engine, receiver, senders)
    engine.dispose()
    seconds = {"seconds": round(sent, 1), "told_after": round(time.perf_counter() - begin, 1)}
    return {**held, "kills": killed, **seconds}


def _rage(
    service: Service, senders: list[Sender], kills: int, pause: float, chance: random.Random
) -> int:
    killed = 0
    for sender in senders:
        sender.start()
    while killed < kills and any(sender.is_alive() for sender in senders):
        time.sleep(chance.uniform(0.1, pause))
        service.kill()
        killed += 1
        service.start()
    for sender in senders:
        sender.join()
    return killed


def _wait_until_told(engine: Engine, seconds: float = 900) -> None:
    unplaced = select(func.count()).select_from(EventRow).where(col(EventRow.position).is_(None))
    owed = select(func.count()).select_from(DeliveryRow).where(DeliveryRow.state == "waiting")
    deadline = time.monotonic() + seconds
    while True:
        with reading(engine) as session:
            left = session.exec(unplaced).one() + session.exec(owed).one()
        if not left:
            return
        assert time.monotonic() < deadline, f"{left} events are not told"
        time.sleep(0.1)


def _held(engine: Engine, receiver: Receiver, senders: list[Sender]) -> dict[str, int | float]:
    assert [sender.failures for sender in senders] == [[]] * len(senders)
    acknowledged = set.union(*(sender.acknowledged for sender in senders))
    packed = set.union(*(sender.packed for sender in senders))
    with reading(engine) as session:
        stored = session.exec(select(TransferRow.request_id)).all()
        feed = session.exec(
            select(EventRow.position, EventRow.kind, EventRow.transfer_id).order_by(
                col(EventRow.position)
            )
        ).all()
    assert sorted(acknowledged) == sorted(stored)
    assert [position for position, _, _ in feed] == list(range(1, len(feed) + 1))
    assert len({(kind, name) for _, kind, name in feed}) == len(feed) == len(stored) + len(packed)
    letters = _in_order(receiver)
    assert {position for order in letters.values() for position in order} == set(
        range(1, len(feed) + 1)
    )
    return {
        "acknowledged": len(acknowledged),
        "stored_once": len(stored),
        "events": len(feed),
        "letters_taken": sum(map(len, letters.values())),
    }


def _in_order(receiver: Receiver) -> dict[str, list[int]]:
    # A letter may come again, but never after a later one of the same transfer.
    orders: defaultdict[str, list[int]] = defaultdict(list)
    for _, body in receiver.received:
        told = json.loads(body)["data"]
        orders[told["transfer"]].append(told["position"])
    for name, order in orders.items():
        assert order == sorted(order), f"{name}: {order}"
    return orders

"""Transfers a second of the service, beside a bare FastAPI + SQLAlchemy insert of the same row.

Both run as processes of their own on a fresh database of the same kind with the same durability,
and are asked in turn by the same clients, so that what is compared is what one program asks of the
machine beyond the other: keys, scopes, limits, translation of codes, refusals, and an event for
each transfer.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING

from sqlalchemy import text

from api.security.keys import create_key
from logistics.storage.session import open_database, writing
from tests.api.places import add_places
from tests.api.process import Service, free_port
from tests.api.test_transfers import asked
from tests.databases import TEMPLATE, PostgresServer, copy_sqlite, sqlite_template

if TYPE_CHECKING:
    from collections.abc import Iterator

CLIENTS = 8
ROUNDS = 7
#: Transfers a request: requests in a round.
SIZES = {1: 800, 1_000: 24}
#: What is promised of the ratio.
PROMISED = {1: 0.5, 1_000: 0.8}


@dataclass
class Side:
    """One of the two programs, and how long its answers took."""

    address: tuple[str, int]
    heads: dict[int, str]
    rates: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


def main() -> None:
    """Measure on SQLite and on PostgreSQL."""
    folder = Path(tempfile.mkdtemp(prefix="courier-throughput-"))
    server = PostgresServer()
    server._run("ALTER SYSTEM SET fsync = on", "SELECT pg_reload_conf()")
    template = sqlite_template(folder)
    for kind in ("sqlite", "postgresql"):
        urls = []
        for name in ("own", "bare"):
            (folder / kind / name).mkdir(parents=True)
            urls.append(
                copy_sqlite(template, folder / kind / name)
                if kind == "sqlite"
                else server.create(template=TEMPLATE)
            )
        _measure(kind, urls, folder / kind)
    server.stop()


def _measure(kind: str, urls: list[str], folder: Path) -> None:
    numbers = itertools.count()
    with _own(urls[0], folder / "own.log") as own, _bare(urls[1], folder / "bare.log") as bare:
        for size, requests in SIZES.items():
            for one in (own, bare):
                one.rates, one.seconds = [], []
            for turn in range(ROUNDS + 1):
                for side in (own, bare):
                    _ask(side, size, requests, numbers, keep=turn > 0)
            ratios = [ours / theirs for ours, theirs in zip(own.rates, bare.rates, strict=True)]
            print(  # noqa: T201  # the answer
                json.dumps(
                    {
                        "database": kind,
                        "transfers_a_request": size,
                        "ratio": round(median(ratios), 3),
                        "promised": PROMISED[size],
                        "transfers_a_second": round(median(own.rates)),
                        "bare_transfers_a_second": round(median(bare.rates)),
                        **_percentiles("", own.seconds),
                        **_percentiles("bare_", bare.seconds),
                    }
                ),
                flush=True,
            )


def _percentiles(name: str, seconds: list[float]) -> dict[str, float]:
    cuts = quantiles(seconds, n=100)
    return {f"{name}p50_ms": round(cuts[49] * 1e3, 1), f"{name}p99_ms": round(cuts[98] * 1e3, 1)}


def _ask(side: Side, size: int, requests: int, numbers: Iterator[int], *, keep: bool) -> None:
    bodies = []
    for _ in range(requests):
        many = [asked(next(numbers)) for _ in range(size)]
        body = json.dumps(many[0] if size == 1 else many).encode()
        bodies.append(f"{side.heads[size]}Content-Length: {len(body)}\r\n\r\n".encode() + body)
    taken: list[float] = []
    shares = [bodies[start::CLIENTS] for start in range(CLIENTS)]
    clients = [threading.Thread(target=_client, args=(side, share, taken)) for share in shares]
    begin = time.perf_counter()
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    elapsed = time.perf_counter() - begin
    assert len(taken) == requests, f"{requests - len(taken)} requests got no answer"
    if keep:
        side.rates.append(size * requests / elapsed)
        side.seconds += taken


def _client(side: Side, bodies: list[bytes], taken: list[float]) -> None:
    with socket.create_connection(side.address) as connection:
        reader = connection.makefile("rb")
        for body in bodies:
            begin = time.perf_counter()
            connection.sendall(body)
            status = reader.readline()
            assert b" 201 " in status, status + reader.read1(2_000)
            length = 0
            while (header := reader.readline()) != b"\r\n":
                name, _, value = header.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            reader.read(length)
            taken.append(time.perf_counter() - begin)


def _head(port: int, path: str, *more: str) -> str:
    lines = (f"POST {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Content-Type: application/json")
    return "".join(f"{line}\r\n" for line in (*lines, *more))


@contextlib.contextmanager
def _own(url: str, log: Path) -> Iterator[Side]:
    engine = open_database(url)
    with writing(engine) as session:
        add_places(session)
        _, token = create_key(session, name="ils", scopes=["transfers:write"])
    engine.dispose()
    service = Service(url, log, rate_key="100000000/minute")
    try:
        service.start()
        head = _head(service.port, "/v1/transfers", f"Authorization: Bearer {token}")
        yield Side(("127.0.0.1", service.port), dict.fromkeys(SIZES, head))
    finally:
        service.close()


@contextlib.contextmanager
def _bare(url: str, log: Path) -> Iterator[Side]:
    engine = open_database(url)
    with writing(engine) as session:
        add_places(session)
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
    engine.dispose()
    port = free_port()
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench._bare", str(port)],
            env=os.environ | {"BARE_DATABASE": url},
            stderr=file,
        )
    try:
        _wait(port)
        paths = {size: "/transfer" if size == 1 else "/transfers" for size in SIZES}
        yield Side(("127.0.0.1", port), {size: _head(port, path) for size, path in paths.items()})
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def _wait(port: int) -> None:
    for _ in range(600):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)
    raise AssertionError("the bare program does not start")


if __name__ == "__main__":
    main()

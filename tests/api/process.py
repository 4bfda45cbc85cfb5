"""The service as it runs for real: a process of its own that can be killed."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import httpx2

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Service:
    """A server process on one database and one port."""

    def __init__(self, url: str, log: Path, **settings: str) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._log = log
        self._environment = os.environ | {
            "LOGISTICS_DATABASE": url,
            "LOGISTICS_PORT": str(self.port),
            "LOGISTICS_WORKER": "false",
            "LOGISTICS_RATE_KEY": "1000000/minute",
            **{f"LOGISTICS_{name.upper()}": value for name, value in settings.items()},
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "api"], env=self._environment, stderr=log
            )
        deadline = time.monotonic() + 240
        with httpx2.Client(base_url=self.address) as client:
            while time.monotonic() < deadline:
                assert self.process.poll() is None, self._log.read_text()
                with contextlib.suppress(httpx2.TransportError):
                    if client.get("/healthz").status_code == httpx2.codes.OK:
                        return
                time.sleep(0.05)
        raise AssertionError(self._log.read_text())

    def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)

    def close(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.kill()


@contextlib.contextmanager
def running(url: str, log: Path, **settings: str) -> Iterator[Service]:
    service = Service(url, log, **settings)
    try:
        service.start()
        yield service
    finally:
        service.close()

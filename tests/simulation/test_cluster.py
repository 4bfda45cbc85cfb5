"""The same sweep on a Dask cluster, with a worker killed in the middle."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import date
from typing import TYPE_CHECKING

import pytest

from logistics.errors import UnavailableError
from logistics.simulation.scenario import Scenario
from logistics.simulation.sweep import checkpoint, sweep

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SHORT = {"first": date(2026, 3, 2), "last": date(2026, 3, 13), "iterations": 400}
PAIR = [Scenario(name="a", **SHORT), Scenario(name="b", vans=1, **SHORT)]


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    address = tmp_path / "scheduler.json"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    head = subprocess.Popen(
        [
            *(sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1"),
            *("--port", "0", "--no-dashboard", "--scheduler-file", str(address)),
        ],
        **quiet,
    )
    workers = [
        subprocess.Popen(
            [
                *(sys.executable, "-m", "distributed.cli.dask_worker", "--nthreads", "1"),
                *("--no-nanny", "--no-dashboard", "--scheduler-file", str(address)),
                *("--local-directory", str(tmp_path)),
            ],
            **quiet,
        )
        for _ in range(2)
    ]
    deadline = time.monotonic() + 60
    while not address.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    import json

    yield json.loads(address.read_text())["address"], workers
    for process in (*workers, head):
        process.kill()
        process.wait()


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # distributed's own sockets at exit
def test_a_killed_worker_loses_nothing_and_counts_nothing_twice(
    scheduler: tuple[str, list[subprocess.Popen[bytes]]], tmp_path: Path
) -> None:
    address, workers = scheduler
    expected = sweep(PAIR, tmp_path / "local", workers=1)
    import threading

    def kill_one() -> None:
        files = [checkpoint(tmp_path / "cluster", scenario) for scenario in PAIR]
        while not any(file.exists() for file in files):
            time.sleep(0.02)
        os.kill(workers[0].pid, signal.SIGKILL)

    killer = threading.Thread(target=kill_one)
    killer.start()
    found = sweep(PAIR, tmp_path / "cluster", scheduler=address)
    killer.join()

    assert found == expected
    for scenario in PAIR:
        local, cluster = (checkpoint(tmp_path / name, scenario) for name in ("local", "cluster"))
        assert cluster.read_bytes() == local.read_bytes()


def test_a_scheduler_that_does_not_answer_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match=r"tcp://127\.0\.0\.1:9' does not answer"):
        sweep(PAIR[:1], tmp_path, scheduler="tcp://127.0.0.1:9")

"""A small Dask cluster on this machine, one of whose workers can be killed at its work."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from logistics.simulation.sweep import checkpoint

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from logistics.simulation.scenario import Scenario

_PATIENCE_SECONDS = 60


@dataclass
class Cluster:
    """Where it is, and its workers by Dask's own names."""

    address: str
    workers: dict[str, int] = field(default_factory=dict)


@dataclass
class Killed:
    """What was on disk, and what the worker was at, when it was killed."""

    days: dict[str, int] = field(default_factory=dict)
    tasks: int = 0


@contextmanager
def cluster_of(workers: int, folder: Path) -> Iterator[Cluster]:
    from distributed import Client

    known = folder / "scheduler.json"
    dask = [sys.executable, "-m"]
    head = [*dask, "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0"]
    worker = [*dask, "distributed.cli.dask_worker", "--nthreads", "1", "--no-nanny"]
    shared = ["--no-dashboard", "--scheduler-file", str(known)]
    commands = [head, *[[*worker, "--local-directory", str(folder)] for _ in range(workers)]]
    quiet = subprocess.DEVNULL
    running = [
        subprocess.Popen([*command, *shared], stdout=quiet, stderr=quiet) for command in commands
    ]
    try:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not known.exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        cluster = Cluster(json.loads(known.read_text())["address"])
        with Client(cluster.address, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=_PATIENCE_SECONDS)
            cluster.workers |= client.run(os.getpid)
        yield cluster
    finally:
        for process in running:
            process.kill()
            process.wait()


@contextmanager
def a_worker_killed(
    cluster: Cluster, scenarios: Sequence[Scenario], folder: Path, *, after: int
) -> Iterator[Killed]:
    """Kill one that is at work once each scenario has so many days on disk."""
    files = {one.name: checkpoint(folder, one) for one in scenarios}
    killed, over = Killed(), threading.Event()

    def days() -> dict[str, int]:
        return {
            name: file.read_bytes().count(b"\n") if file.exists() else 0
            for name, file in files.items()
        }

    def kill() -> None:
        from distributed import Client

        with Client(cluster.address, set_as_default=False) as client:
            while min(days().values()) < after:
                if over.wait(0.02):
                    return
            at_work = {name: tasks for name, tasks in client.processing().items() if tasks}
            victim = min(at_work)
            os.kill(cluster.workers[victim], signal.SIGKILL)
        killed.tasks, killed.days = len(at_work[victim]), days()

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        yield killed
    finally:
        over.set()
        thread.join()

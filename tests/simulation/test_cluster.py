"""The same sweep on a Dask cluster, with a worker killed in the middle."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from logistics.errors import UnavailableError
from logistics.simulation.scenario import Scenario
from logistics.simulation.sweep import checkpoint, sweep
from tests.simulation.cluster import a_worker_killed, cluster_of

if TYPE_CHECKING:
    from pathlib import Path

SHORT = {"first": date(2026, 3, 2), "last": date(2026, 3, 20), "iterations": 2_000}
PAIR = [Scenario(name="a", **SHORT), Scenario(name="b", vans=1, **SHORT)]


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # distributed's own sockets at exit
def test_a_killed_worker_loses_nothing_and_counts_nothing_twice(tmp_path: Path) -> None:
    expected = sweep(PAIR, tmp_path / "local", workers=1)

    with (
        cluster_of(2, tmp_path) as cluster,
        a_worker_killed(cluster, PAIR, tmp_path / "cluster", after=2) as killed,
    ):
        found = sweep(PAIR, tmp_path / "cluster", scheduler=cluster.address)

    assert killed.tasks == 1
    assert all(1 < days < 19 for days in killed.days.values())
    assert found == expected
    for scenario in PAIR:
        local, cluster_file = (
            checkpoint(tmp_path / name, scenario) for name in ("local", "cluster")
        )
        assert cluster_file.read_bytes() == local.read_bytes()


def test_a_scheduler_that_does_not_answer_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("logistics.simulation.sweep.PATIENCE", "1s")
    with pytest.raises(UnavailableError, match=r"tcp://127\.0\.0\.1:9' does not answer"):
        sweep(PAIR[:1], tmp_path, scheduler="tcp://127.0.0.1:9")

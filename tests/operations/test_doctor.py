"""Each ailment is found by name, with its cure."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, text, update

from logistics.operations.upkeep.doctor import Level, examine
from logistics.storage.jobs import enqueue
from logistics.storage.session import open_database, writing
from logistics.storage.tables import (
    EventRow,
    JobRow,
    ParkedRow,
    RatesRow,
    ServicePatternRow,
    VehicleRow,
    now,
)

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine


def found(engine: Engine, level: Level, **options: str) -> dict[str, str]:
    return {one.check: one.message for one in examine(engine, **options) if one.level is level}


def test_a_sound_installation_is_fine_but_for_what_is_known_of_its_roads(network: Engine) -> None:
    assert found(network, Level.FAULT) == {}
    assert set(found(network, Level.WARNING)) == {"travel"}
    assert set(found(network, Level.FINE)) == {
        *("database", "migrations", "clock", "disk", "network", "travel", "queue", "transfers")
    }


def test_an_empty_database_says_what_to_run(bare_database_url: str) -> None:
    engine = open_database(bare_database_url)
    assert "run: logistics init" in found(engine, Level.FAULT)["migrations"]
    engine.dispose()


def test_a_migrated_database_without_network_says_so(engine: Engine) -> None:
    faults = found(engine, Level.FAULT)
    assert faults["network"] == "no network is in the database; run: logistics init"


def test_a_database_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "broken.sqlite").write_bytes(b"this is no database at all" * 100)
    engine = open_database(tmp_path / "broken.sqlite")
    assert "file is not a database" in found(engine, Level.FAULT)["database"]
    engine.dispose()


def test_what_goes_wrong_in_use_is_found(network: Engine) -> None:
    with writing(network) as session:
        session.add(EventRow(kind="x", at=now() + timedelta(days=3)))
        session.add(
            ParkedRow(source="koha", kind="hold", request_id="1", record={}, unknown_codes=[])
        )
        session.execute(update(VehicleRow).values(active=False))
        session.execute(delete(ServicePatternRow).where(ServicePatternRow.branch == "frovi"))
        enqueue(session, "plan", "old", run_after=now() - timedelta(hours=1))
        session.add(
            JobRow(kind="plan", key="x", state="failed", finished_at=now(), problems=["no van"])
        )
    faults, warnings = found(network, Level.FAULT), found(network, Level.WARNING)
    assert "there is no vehicle" in faults["network"]
    assert "1 jobs wait for over 15 minutes" in faults["queue"]
    assert "(plan x) failed: no van" in warnings["queue"]
    assert "was the clock set back" in warnings["clock"]
    assert "1 records name unknown branch codes" in warnings["transfers"]
    assert warnings["network"] == "never served: Frövi bibliotek; give them service days"


def test_rates_and_travel_source_are_checked(network: Engine) -> None:
    with writing(network) as session:
        session.execute(delete(RatesRow))
    faults = found(network, Level.FAULT, travel="http://127.0.0.1:9")
    assert "no rates hold on" in faults["network"]
    assert "127.0.0.1:9" in faults["travel"]


@pytest.mark.parametrize("change", ["DROP TABLE settings"])
def test_a_table_that_is_gone_is_a_fault(network: Engine, change: str) -> None:
    with network.begin() as connection:
        connection.execute(text(change))
    assert "settings" in found(network, Level.FAULT)["disk"]

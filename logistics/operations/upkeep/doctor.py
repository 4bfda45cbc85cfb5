"""Examine an installation: each check is a function that says what it found and what to do."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col

from logistics.costing.rates import rates_on
from logistics.errors import LogisticsError
from logistics.network.matrix_store import travel_times
from logistics.network.travel import ROAD_GRAPH
from logistics.operations.day.local_time import local_day
from logistics.operations.network.load_network import read_all_rates, read_network
from logistics.storage.migrations import current_revision, head_revision
from logistics.storage.session import is_sqlite, reading, writing
from logistics.storage.tables import (
    DeliveryRow,
    EventRow,
    JobRow,
    ParkedRow,
    SettingRow,
    TransferRow,
    now,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Engine

LEAST_FREE_BYTES: Final = 1_000_000_000
LARGEST_DRIFT: Final = timedelta(seconds=5)
LONGEST_WAIT: Final = timedelta(days=14)


class Level(StrEnum):
    """
    How bad it is.

    Attributes
    ----------
    FINE
        As it should be.
    WARNING
        It works, and somebody should look.
    FAULT
        It does not work.
    """

    FINE = "fine"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """
    What one check found.

    Attributes
    ----------
    check
        Name of the check.
    level
        How bad it is.
    message
        What was found, and the cure where there is one.
    """

    check: str
    level: Level
    message: str


def examine(engine: Engine, *, travel: str = ROAD_GRAPH) -> list[Finding]:
    """
    Examine an installation.

    Parameters
    ----------
    engine
        The database.
    travel
        Where travel times come from.

    Returns
    -------
    list[Finding]
        One a check at least; checks that need what is missing are left out.
    """
    checks: list[tuple[str, Callable[[], Iterator[Finding]]]] = [
        ("database", lambda: _database(engine)),
        ("migrations", lambda: _migrations(engine)),
        ("clock", lambda: _clock(engine)),
        ("disk", lambda: _disk(engine)),
        ("network", lambda: _network(engine)),
        ("travel", lambda: _travel(engine, travel)),
        ("queue", lambda: _queue(engine)),
        ("transfers", lambda: _transfers(engine)),
    ]
    findings: list[Finding] = []
    for name, check in checks:
        try:
            found = list(check())
        except LogisticsError as error:
            found = [_fault(name, problem) for problem in error.problems]
        except SQLAlchemyError as error:
            found = [_fault(name, f"the database refuses: {getattr(error, 'orig', error)}")]
        findings += found
        needed = name in {"database", "migrations"}
        if needed and any(one.level is Level.FAULT for one in found):
            break
    return findings


def _database(engine: Engine) -> Iterator[Finding]:
    where = engine.url.render_as_string(hide_password=True)
    with engine.connect() as connection:
        if is_sqlite(engine):
            mode = connection.scalar(text("PRAGMA journal_mode"))
            sound = connection.scalar(text("PRAGMA quick_check"))
            if sound != "ok":
                yield _fault("database", f"{where} is damaged ({sound}); restore a backup")
            if mode != "wal":
                yield _warning("database", f"{where}: journal mode is {mode}, expected wal")
        version = connection.scalar(
            text("SELECT sqlite_version()" if is_sqlite(engine) else "SHOW server_version")
        )
    yield _fine("database", f"{where} answers (version {version})")


def _migrations(engine: Engine) -> Iterator[Finding]:
    found, expected = current_revision(engine), head_revision()
    if found == expected:
        yield _fine("migrations", f"revision {found}, as this version needs")
    else:
        cure = "init" if found is None else "migrate"
        yield _fault(
            "migrations", f"revision is {found}, expected {expected}; run: logistics {cure}"
        )


def _clock(engine: Engine) -> Iterator[Finding]:
    with reading(engine) as session:
        latest = session.scalar(select(func.max(col(EventRow.at))))
        there = now() if is_sqlite(engine) else session.scalar(select(func.clock_timestamp()))
    drift = abs((there or now()) - now())
    if drift > LARGEST_DRIFT:
        seconds = drift.total_seconds()
        yield _warning("clock", f"the database's clock differs by {seconds:.0f} s; set both by NTP")
    if isinstance(latest, datetime) and latest > now() + timedelta(days=1):
        yield _warning("clock", f"an event is of {latest.isoformat()}; was the clock set back?")
    yield _fine("clock", f"{now().isoformat(timespec='seconds')}, in Sweden {local_day(now())}")


def _disk(engine: Engine) -> Iterator[Finding]:
    folder = Path(engine.url.database or ".").resolve().parent if is_sqlite(engine) else Path()
    free = shutil.disk_usage(folder).free
    message = f"{free / 1e9:.1f} GB free in {folder.resolve()}"
    if free < LEAST_FREE_BYTES:
        yield _warning("disk", f"{message}; make room before backups and the database fail")
    else:
        yield _fine("disk", message)
    with writing(engine) as session:
        session.merge(SettingRow(name="last_examined", value=now().isoformat(), changed_at=now()))
    yield _fine("disk", "the database takes what is written")


def _network(engine: Engine) -> Iterator[Finding]:
    with reading(engine) as session:
        network = read_network(session)
        rates_on(read_all_rates(session), local_day(now()))
    if not network.vehicles:
        yield _fault("network", "there is no vehicle; import vehicles before planning")
    unserved = [
        branch.name
        for branch in network.branches
        if not branch.is_hub and network.calendar.next_service(branch.id, local_day(now())) is None
    ]
    if unserved:
        yield _warning("network", f"never served: {', '.join(unserved)}; give them service days")
    yield _fine(
        "network", f"{len(network.branches)} places, {len(network.vehicles)} vehicles, rates hold"
    )


def _travel(engine: Engine, travel: str) -> Iterator[Finding]:
    with reading(engine) as session:
        network = read_network(session)
    some = [network.hub, *(name for name in network.branch_ids if name != network.hub)][:2]
    times = travel_times(network, some, source=travel)
    yield _fine("travel", f"{times.source} answers")
    for caveat in times.caveats:
        yield _warning("travel", str(caveat))


def _queue(engine: Engine) -> Iterator[Finding]:
    since = now() - timedelta(days=7)
    with reading(engine) as session:
        failed = session.scalars(
            select(JobRow).where(col(JobRow.state) == "failed", col(JobRow.finished_at) > since)
        ).all()
        overdue = session.scalar(
            select(func.count())
            .select_from(JobRow)
            .where(
                col(JobRow.state) == "queued",
                col(JobRow.run_after) < now() - timedelta(minutes=15),
            )
        )
        dead = session.scalar(
            select(func.count()).select_from(DeliveryRow).where(col(DeliveryRow.state) == "dead")
        )
    for job in failed:
        why = "; ".join(job.problems or ["no reason was kept"])
        yield _warning("queue", f"job {job.id} ({job.kind} {job.key}) failed: {why}")
    if overdue:
        yield _fault("queue", f"{overdue} jobs wait for over 15 minutes; is a worker running?")
    if dead:
        yield _warning("queue", f"{dead} webhook deliveries were given up; replay them")
    if not (failed or overdue or dead):
        yield _fine("queue", "no job failed this week, none is overdue")


def _transfers(engine: Engine) -> Iterator[Finding]:
    with reading(engine) as session:
        parked = session.scalar(
            select(func.count()).select_from(ParkedRow).where(col(ParkedRow.resolved_at).is_(None))
        )
        old = session.scalar(
            select(func.count())
            .select_from(TransferRow)
            .where(
                col(TransferRow.state).in_(("requested", "packed", "aboard", "at_hub")),
                col(TransferRow.changed_at) < now() - LONGEST_WAIT,
            )
        )
    if parked:
        yield _warning(
            "transfers", f"{parked} records name unknown branch codes; explain the codes"
        )
    if old:
        yield _warning("transfers", f"{old} transfers have not moved for {LONGEST_WAIT.days} days")
    if not (parked or old):
        yield _fine("transfers", "none parked, none forgotten")


def _fine(check: str, message: str) -> Finding:
    return Finding(check=check, level=Level.FINE, message=message)


def _warning(check: str, message: str) -> Finding:
    return Finding(check=check, level=Level.WARNING, message=message)


def _fault(check: str, message: str) -> Finding:
    return Finding(check=check, level=Level.FAULT, message=message)

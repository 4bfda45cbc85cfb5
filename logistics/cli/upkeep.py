"""Commands that keep an installation well: migrate, back up, restore, examine."""

# ruff: noqa: PLC0415 - a command loads only what it uses
from __future__ import annotations

from pathlib import Path  # noqa: TC003 - Typer reads it
from typing import TYPE_CHECKING, Annotated

import typer

from logistics.cli.console import print_json, tables
from logistics.cli.store import Database, unchanged

if TYPE_CHECKING:
    from logistics.operations.upkeep.doctor import Finding

FAULTS = 2


def register(app: typer.Typer) -> None:
    """
    Add the commands of this module.

    Parameters
    ----------
    app
        The program they become part of.
    """
    app.command()(migrate)
    app.command()(backup)
    app.command()(restore)
    app.command()(doctor)


def migrate(
    to: Annotated[
        str, typer.Option(help="Revision to go to, also an older one; `head` is this version's.")
    ] = "head",
    database: Database = None,
) -> None:
    """Bring the tables to a revision, all of the way or not at all."""
    from logistics.storage.migrations import current_revision
    from logistics.storage.migrations import migrate as run
    from logistics.storage.session import reachable

    engine = unchanged(database)
    with reachable(engine):
        before = current_revision(engine)
        run(engine, to)
        print_json({"before": before, "now": current_revision(engine)})


def backup(
    file: Annotated[Path, typer.Argument(help="Where to; replaced only by a whole backup.")],
    database: Database = None,
) -> None:
    """Back up the database while it is in use, into one file."""
    from logistics.storage.backup import backup as run
    from logistics.storage.session import reachable

    engine = unchanged(database)
    with reachable(engine):
        print_json({"file": str(file), "bytes": run(engine, file)})


def restore(
    file: Annotated[Path, typer.Argument(help="A backup, of SQLite or of PostgreSQL.")],
    database: Database = None,
) -> None:
    """Restore a backup into an empty database of either kind, and bring it to this version."""
    from logistics.storage.backup import restore as run
    from logistics.storage.session import reachable

    engine = unchanged(database)
    with reachable(engine):
        print_json({"restored": run(engine, file)})


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program.")] = False,
    database: Database = None,
) -> None:
    """Examine the installation: database, migrations, clock, disk, network, travel times, queue."""
    from api.settings import read_settings
    from logistics.network.travel import ROAD_GRAPH
    from logistics.operations.upkeep.doctor import Level, examine

    settings = read_settings()
    findings = examine(unchanged(database), travel=settings.travel or ROAD_GRAPH)
    if as_json:
        shown = [{"check": f.check, "level": f.level, "message": f.message} for f in findings]
        print_json({"findings": shown})
    else:
        for finding in findings:
            tables.print(_line(finding), soft_wrap=True)
    if any(finding.level is Level.FAULT for finding in findings):
        raise typer.Exit(FAULTS)


def _line(finding: Finding) -> str:
    return f"{finding.level.value:8} {finding.check:11} {finding.message}"

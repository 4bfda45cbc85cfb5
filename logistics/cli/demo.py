"""The command ``logistics demo``: a sample week from an empty database to a map and a bill."""

# ruff: noqa: PLC0415 - a command loads only what it uses
from __future__ import annotations

import time
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.table import Table

from logistics.cli.console import notes, tables
from logistics.cli.day import (
    Language,
    Span,
    planned,
    reported,
    viewed,
    write_map,
    write_report,
    write_sheets,
)
from logistics.cli.store import opened, shipped

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from logistics.storage.tables import PlanRow

FIRST_DAY: Final = date(2026, 11, 23)
DEMO_DAY: Final = date(2026, 11, 25)


def register(app: typer.Typer) -> None:
    """
    Add the commands of this module.

    Parameters
    ----------
    app
        The program they become part of.
    """
    app.command()(demo)


def demo(
    output: Annotated[Path, typer.Option(help="Folder to write to.")] = Path("out"),
    seconds: Annotated[
        float,
        typer.Option(min=0.1, help="Time to search for the last day's plan; others get half."),
    ] = 4.0,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processor cores to use.")] = 2,
) -> None:
    """Plan and drive two days of a sample week, plan the third; map, sheets and report."""
    began = time.monotonic()
    output.mkdir(parents=True, exist_ok=True)
    database = output / "demo.sqlite"
    for left in output.glob("demo.sqlite*"):
        left.unlink()
    engine = opened(str(database))
    _fill(engine)
    rows = []
    for number in range((DEMO_DAY - FIRST_DAY).days + 1):
        day = FIRST_DAY + timedelta(days=number)
        notes.print(f"Planning {day} ...")
        rows.append(_plan(engine, day, seconds if day == DEMO_DAY else seconds / 2, workers))
        if day < DEMO_DAY:
            _drive(engine, day)
    view = viewed(engine, DEMO_DAY)
    files = [
        *write_map(view, output, list(Language)),
        *write_sheets(view, output, list(Language)),
        *write_report(reported(engine, DEMO_DAY, Span.MONTH, shares=True), output, Language.SV),
    ]
    tables.print(_summary(rows))
    totals = view.totals
    tables.print(
        f"{DEMO_DAY}: {totals.items_delivered} items arrive today, {totals.items_at_hub} rest at "
        f"the hub, {totals.items_left} stay where they are."
    )
    tables.print("\nLook at:")
    for path in files:
        tables.print(f"  {path}", soft_wrap=True)
    tables.print(
        f"\nThen: make serve, or logistics plan 2026-11-26 --database {database}"
        f"\n({time.monotonic() - began:.0f} s)",
        soft_wrap=True,
    )


def _fill(engine: Engine) -> None:
    from logistics.demand.importers.files import read_transfers
    from logistics.operations.intake.receive import accept, receive_transfers
    from logistics.operations.network.import_network import import_folder
    from logistics.storage.session import writing

    sample = read_transfers(shipped("sample_week/transfers.csv").read_bytes())
    with writing(engine) as session:
        import_folder(session)
        accept(receive_transfers(session, sample, source="sample"))


def _plan(engine: Engine, day: date, seconds: float, workers: int) -> PlanRow:
    from logistics.operations.day.cut_off import cut_off_of
    from logistics.operations.day.local_time import moment
    from logistics.storage.session import reading

    with reading(engine) as session:
        until = moment(day, cut_off_of(session))
    return planned(engine, day, seconds=seconds, workers=workers, cut_off=until)


def _drive(engine: Engine, day: date) -> None:
    from logistics.operations.day.close import close_day
    from logistics.operations.day.publish import publish
    from logistics.storage.session import writing

    with writing(engine) as session:
        publish(session, day, actor="demo")
        close_day(session, day, as_planned=True, actor="demo")


def _summary(rows: list[PlanRow]) -> Table:
    table = Table(title="The sample week so far", box=None, pad_edge=False, padding=(0, 2))
    for heading in ("day", "state", "runs", "stops", "cost SEK", "proved bound SEK", "gap"):
        table.add_column(heading, justify="left" if heading in {"day", "state"} else "right")
    for row in rows:
        runs = row.answer["runs"]
        table.add_row(
            f"{row.service_date:%a %Y-%m-%d}",
            "driven" if row.service_date < DEMO_DAY else row.state,
            str(len(runs)),
            str(sum(len(run["stops"]) for run in runs)),
            f"{row.cost_sek:,.2f}",
            "-" if row.bound_sek is None else f"{row.bound_sek:,.2f}",
            "-" if row.gap is None else f"{row.gap:.2%}",
        )
    return table

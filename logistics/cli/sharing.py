"""The command that shares a day's or a span's cost by every rule, side by side."""

# ruff: noqa: PLC0415 - a command loads only what it uses
from __future__ import annotations

from datetime import datetime  # noqa: TC003 - typer reads it
from typing import TYPE_CHECKING, Annotated

import typer
from rich.box import SIMPLE
from rich.progress import Progress
from rich.table import Table

from logistics.cli.console import notes, print_json
from logistics.cli.day import Span
from logistics.cli.store import Database, opened

if TYPE_CHECKING:
    from logistics.operations.reports.compare_shares import SharesTable


def register(app: typer.Typer) -> None:
    """
    Add the commands of this module.

    Parameters
    ----------
    app
        The program they become part of.
    """
    app.command()(shares)


def shares(
    day: Annotated[
        datetime,
        typer.Argument(metavar="DATE", formats=["%Y-%m-%d"], help="Booked day, YYYY-MM-DD."),
    ],
    period: Annotated[Span, typer.Option(help="Which span around the date.")] = Span.DAY,
    error: Annotated[
        float | None,
        typer.Option(
            min=0, help="SEK a day by which a share may be wrong. [default: 0 a day, 1 else]"
        ),
    ] = None,
    searches: Annotated[
        int | None, typer.Option(min=1, help="Groups to plan a day. [default: all, 512 else]")
    ] = None,
    database: Database = None,
) -> None:
    """Share the cost and CO2e of what was driven by every rule, and say who pays too much."""
    from logistics.operations.reports.compare_shares import compare_shares
    from logistics.operations.reports.price_shares import MOST_SEARCHES
    from logistics.operations.reports.report_books import span_of
    from logistics.operations.reports.report_data import Period
    from logistics.storage.session import reading

    one_day = period is Span.DAY
    first, last = span_of(day.date(), Period(period.value))
    with Progress(console=notes, transient=True) as progress:
        task = progress.add_task("Pricing groups", total=None)
        with reading(opened(database)) as session:
            table = compare_shares(
                session,
                first,
                last,
                error_sek=(0.0 if one_day else 1.0) if error is None else error,
                most_searches=searches or (_ALL if one_day else MOST_SEARCHES),
                on_day=lambda done, of: progress.update(task, completed=done, total=of),
            )
    notes.print(_side_by_side(table))
    print_json(table.as_json())


#: Every group of fourteen municipalities.
_ALL = 2**14


def _side_by_side(table: SharesTable) -> Table:
    rules = sorted(table.sek.by_rule)
    shown = Table(title=f"Whole SEK, {table.first_day} to {table.last_day}", box=SIMPLE)
    for heading in ("", *rules, "alone"):
        shown.add_column(heading, justify="right" if heading else "left", overflow="fold")
    codes = sorted(next(iter(table.sek.by_rule.values())))
    for code in codes:
        row = [f"{table.sek.by_rule[rule][code]:,.0f}" for rule in rules]
        shown.add_row(table.names[code], *row, f"{table.alone_sek[code]:,.0f}")
    sums = [f"{sum(table.sek.by_rule[rule].values()):,.0f}" for rule in rules]
    shown.add_section()
    shown.add_row("", *sums, f"{sum(table.alone_sek.values()):,.0f}")
    dearer = [str(len(table.dearer[rule])) for rule in rules]
    shown.add_row("groups worse off", *dearer, "")
    return shown

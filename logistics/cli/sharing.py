"""The command that shares a day's or a span's cost by every rule, side by side."""

# ruff: noqa: PLC0415 - a command loads only what it uses
from __future__ import annotations

from datetime import datetime  # noqa: TC003 - typer reads it
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.box import SIMPLE
from rich.progress import Progress
from rich.table import Table

from logistics.cli.console import notes, print_json
from logistics.cli.day import Span
from logistics.cli.store import Database, opened

if TYPE_CHECKING:
    from collections.abc import Iterator

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


def shares(  # noqa: PLR0917 - one option a line
    day: Annotated[
        datetime,
        typer.Argument(metavar="DATE", formats=["%Y-%m-%d"], help="Booked day, YYYY-MM-DD."),
    ],
    period: Annotated[Span, typer.Option(help="Which span around the date.")] = Span.DAY,
    error: Annotated[
        float,
        typer.Option(min=0, help="SEK a day by which a share may be wrong; 0 proves every group."),
    ] = 0.0,
    seconds: Annotated[
        float | None,
        typer.Option(min=0, help="Time for proofs of each day. [default: 60 for one, 4 for each]"),
    ] = None,
    searches: Annotated[
        int | None, typer.Option(min=1, help="Groups to plan a day. [default: all, 512 else]")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processor cores to use.")] = 2,
    database: Database = None,
) -> None:
    """Share the cost and CO2e of what was driven by every rule, and say who pays too much."""
    from logistics.dispatch.coalitions import PROOF_SECONDS
    from logistics.operations.reports import share_games
    from logistics.operations.reports.compare_shares import compare_shares
    from logistics.operations.reports.report_books import span_of
    from logistics.operations.reports.report_data import Period
    from logistics.storage.session import reading

    one_day = period is Span.DAY
    first, last = span_of(day.date(), Period(period.value))
    allowed = PROOF_SECONDS if one_day else share_games.PROOF_SECONDS
    with Progress(console=notes, transient=True) as progress:
        task = progress.add_task("Pricing groups", total=None)
        with reading(opened(database)) as session:
            table = compare_shares(
                session,
                first,
                last,
                error_sek=error,
                most_searches=searches or (None if one_day else share_games.MOST_SEARCHES),
                proof_seconds=allowed if seconds is None else seconds,
                workers=workers,
                on_day=lambda done, of: progress.update(task, completed=done, total=of),
            )
    for shown in _side_by_side(table):
        notes.print(shown)
    notes.print(f"Shapley: {table.how_sure}.")
    print_json(table.as_json())


#: Rules by what a municipality has had, then by what it would pay in other company.
_TABLES: Final = (
    ("keys", ("per-stop", "per-item", "inhabitants", "equal", "mix")),
    ("by runs of their own", ("shapley", "nucleolus", "stand-alone")),
)


def _side_by_side(table: SharesTable) -> Iterator[Table]:
    """Show the rules in two tables, so that each fits a terminal of 80 columns."""
    alone = {code: f"{sek:,.0f}" for code, sek in table.alone_sek.items()}
    alone_sum = f"{sum(table.alone_sek.values()):,.0f}"
    for title, rules in _TABLES:
        by_rule = {rule: table.sek.by_rule[rule] for rule in rules if rule in table.sek.by_rule}
        days = str(table.first_day)
        if table.first_day != table.last_day:
            days += f" to {table.last_day}"
        shown = Table(title=f"Whole SEK, {days}: {title}", box=SIMPLE, pad_edge=False)
        shown.add_column("")
        for heading in (*by_rule, "alone"):
            shown.add_column(heading, justify="right", no_wrap=True)
        for code in sorted(next(iter(by_rule.values()))):
            cells = [f"{row[code]:,.0f}" for row in by_rule.values()]
            shown.add_row(table.names[code], *cells, alone[code])
        shown.add_section()
        shown.add_row("sum", *(f"{sum(row.values()):,.0f}" for row in by_rule.values()), alone_sum)
        dearer = [table.dearer[rule] for rule in by_rule]
        single = [sum(len(one.group) == 1 for one in found) for found in dearer]
        shown.add_row("dearer than alone", *map(str, single), "")
        shown.add_row("groups dearer", *(str(len(found)) for found in dearer), "")
        yield shown

"""The command that decides which copy goes to which reader, from files."""

# ruff: noqa: PLC0415 - a command loads only what it uses
from __future__ import annotations

from datetime import datetime  # noqa: TC003 - typer reads it
from pathlib import Path  # noqa: TC003 - typer reads it
from typing import TYPE_CHECKING, Annotated

import typer

from logistics.cli.console import print_json
from logistics.cli.journeys import Plans, PlansOf  # noqa: TC001 - typer reads them
from logistics.cli.store import file_content

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from logistics.cli.ways import Ways


def register(app: typer.Typer) -> None:
    """
    Add the commands of this module.

    Parameters
    ----------
    app
        The program they become part of.
    """
    app.command()(match)


def match(  # noqa: PLR0917 - an option each
    returns: Annotated[Path, typer.Argument(help="returns.csv; columns: docs/matching.md.")],
    holds: Annotated[Path, typer.Argument(help="holds.csv; columns: docs/matching.md.")],
    day: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%d"], help="Day on which items are packed.")
    ],
    shelf: Annotated[
        Path | None, typer.Option(help="shelf.csv: copies that could be sent for.")
    ] = None,
    any_order: Annotated[
        bool, typer.Option("--any-order", help="Fill the cheapest holds, not the first.")
    ] = False,
    float_room: Annotated[
        int, typer.Option(min=0, help="Books of others that each branch may keep.")
    ] = 0,
    home_only: Annotated[
        list[str] | None,
        typer.Option(help="Material that no branch lends elsewhere; may be given again."),
    ] = None,
    new_days: Annotated[
        int, typer.Option(min=0, help="Days for which a new copy serves its own branch only.")
    ] = 0,
    closed: Annotated[
        list[str] | None,
        typer.Option(
            metavar="OWNER:PICKUP:MATERIAL",
            help="What an owner does not lend there, * for any; may be given again.",
        ),
    ] = None,
    balance: Annotated[
        Path | None, typer.Option(help="balance.csv: spare those who lend more than they borrow.")
    ] = None,
    balance_sek: Annotated[
        float, typer.Option(min=0, help="SEK a copy of an owner that only lends counts dearer.")
    ] = 10.0,
    plan: Plans = None,
    database: PlansOf = None,
    data: Annotated[
        Path | None, typer.Option(help="Folder with the network's files. [default: shipped]")
    ] = None,
) -> None:
    """Decide for each returned item where it goes, and say why in one sentence."""
    from logistics.demand.importers.copies import read_balance, read_returned, read_shelf
    from logistics.demand.importers.files import read_holds
    from logistics.demand.matching.optimise import match as match_items
    from logistics.demand.matching.policy import Policy, lender_prices
    from logistics.demand.matching.records import lending_rules
    from logistics.demand.matching.unfilled import unfilled

    on = day.date()
    ways = _ways(plan or [], database, data, on)
    copies = read_returned(file_content(returns), returns.name)
    queues = read_holds(file_content(holds), holds.name, key=None)
    if shelf is not None:
        copies += read_shelf(file_content(shelf), shelf.name)
    lending = [] if balance is None else read_balance(file_content(balance), balance.name)
    policy = Policy(
        journeys=ways.on(on),
        rates=ways.rates,
        rules=lending_rules(home_only or [], closed or [], new_days=new_days),
        strict_queue=not any_order,
        float_room=dict.fromkeys(ways.places, float_room) if float_room else {},
        lender_price_sek=lender_prices(
            {one.branch: one.lent for one in lending},
            {one.branch: one.borrowed for one in lending},
            balance_sek,
        ),
    )
    found = match_items(copies, queues, on, policy)
    waits = unfilled(copies, queues, found.filled, on, policy)
    print_json(
        {
            "cost_sek": round(found.cost_sek, 2),
            "filled": len(found.filled),
            "choices": [
                {
                    "item": one.item,
                    "at": one.at,
                    "goes_to": one.goes_to,
                    "hold": one.hold,
                    "why": one.why,
                }
                for one in found.choices
            ],
            "unfilled": [{"hold": one.hold, "why": one.why} for one in waits],
        }
    )


def _ways(plans: Sequence[Path], database: str | None, data: Path | None, on: date) -> Ways:
    from logistics.cli.ways import ways_by_database, ways_by_files
    from logistics.errors import InputError

    if database and (plans or data):
        raise InputError("match: expected --database, or --plan and --data, not both")
    if database:
        return ways_by_database(database, on, own=True)
    return ways_by_files(data, plans, on, own=True)

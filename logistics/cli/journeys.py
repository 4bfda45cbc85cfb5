"""The command that writes expected days and kronor between branches for other programs."""

# ruff: noqa: PLC0415 - a command loads only what it uses
from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from logistics.cli.console import notes, print_json, write_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logistics.cli.ways import Ways


class Form(StrEnum):
    """
    For which program expected journeys are written.

    Attributes
    ----------
    KOHA
        Koha's transport cost matrix, CSV.
    EVERGREEN
        Evergreen's proximity adjustments, SQL.
    DAYS
        Expected days by weekday, CSV.
    SEK
        What carrying one item more adds by weekday, CSV.
    """

    KOHA = "koha"
    EVERGREEN = "evergreen"
    DAYS = "days"
    SEK = "sek"


Plans = Annotated[
    list[Path] | None,
    typer.Option(
        "--plan",
        metavar="ANSWER.json",
        help="A plan that tells the order of the calls: of its weekday where it is named by a "
        "date, else of any day; may be given again.",
    ),
]
PlansOf = Annotated[
    str | None,
    typer.Option(
        "--database",
        help="Read the network and the newest plans in force from this database.",
        show_default=False,
    ),
]


def register(app: typer.Typer) -> None:
    """
    Add the commands of this module.

    Parameters
    ----------
    app
        The program they become part of.
    """
    app.command()(journeys)


def journeys(  # noqa: PLR0917 - an option each
    form: Annotated[Form, typer.Argument(help="koha, evergreen, days or sek.")],
    output: Annotated[Path, typer.Option(help="File to write.")],
    monday: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%d"], help="Monday of a week without holidays.")
    ] = datetime(2026, 10, 5),  # noqa: DTZ001 - a day, not a moment
    system: Annotated[
        str, typer.Option(help="Whose branch codes, of branch_codes.csv.")
    ] = "libris",
    kronor: Annotated[
        bool, typer.Option("--kronor", help="Koha's costs in SEK: waiting and carrying.")
    ] = False,
    plan: Plans = None,
    database: PlansOf = None,
    scenario: Annotated[
        Path | None,
        typer.Option(
            metavar="SCENARIO.toml", help="Plan some weeks of this scenario and go by its plans."
        ),
    ] = None,
    data: Annotated[
        Path | None, typer.Option(help="Folder with the network's files. [default: shipped]")
    ] = None,
) -> None:
    """Export expected days and kronor between branches to Koha, Evergreen or a spreadsheet."""
    from logistics.demand.journey_exports import (
        by_weekday,
        evergreen_proximity,
        koha_transport_costs,
    )
    from logistics.demand.matching.journeys import mean_journeys

    first = monday.date() - timedelta(days=monday.weekday())
    ways = _ways(plan or [], database, scenario, data, first)
    week = [ways.on(first + timedelta(days=number)) for number in range(7)]
    codes = ways.codes(system)
    if form is Form.KOHA:
        price = ways.rates.waiting_sek_per_item_day["hold"] if kronor else None
        content = koha_transport_costs(mean_journeys(week), codes, sek_per_day=price)
    elif form is Form.EVERGREEN:
        content = evergreen_proximity(mean_journeys(week), codes).encode()
    else:
        content = by_weekday(week, "days" if form is Form.DAYS else "sek")
        codes = {place: place for place in ways.places}
    write_bytes(output, content)
    print_json(
        {
            "file": str(output),
            "places": len(codes),
            "without_code": [place for place in ways.places if place not in codes],
            "plans": ways.plans(),
        }
    )


def _ways(
    plans: Sequence[Path],
    database: str | None,
    scenario: Path | None,
    data: Path | None,
    monday: date,
) -> Ways:
    from logistics.cli.ways import ways_by_database, ways_by_files, ways_by_scenario
    from logistics.errors import InputError
    from logistics.simulation.scenario import read_scenario

    if sum(map(bool, (plans, database, scenario))) > 1:
        raise InputError("journeys: expected one of --plan, --database and --scenario")
    if database:
        return ways_by_database(database, monday)
    if scenario is None:
        return ways_by_files(data, plans, monday)
    with notes.status("Planning weeks of the scenario") as status:
        return ways_by_scenario(
            read_scenario(scenario), data, lambda day: status.update(f"Planned {day}")
        )

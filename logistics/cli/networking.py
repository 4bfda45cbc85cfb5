"""Commands on the network: what is uncertain about it, and where an address is."""

# ruff: noqa: PLC0415 - a command loads only what it uses
from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import Progress
from rich.table import Table

from logistics.cli.console import notes, print_json, tables
from logistics.cli.store import Database, opened

if TYPE_CHECKING:
    from logistics.network.verify import Finding

network = typer.Typer(help="What is known about branches, hours and roads.", no_args_is_help=True)

Url = Annotated[
    str,
    typer.Option(envvar="LOGISTICS_GEOCODER_URL", help="Geocoder that speaks as Nominatim does."),
]
UserAgent = Annotated[
    str,
    typer.Option(
        envvar="LOGISTICS_GEOCODER_USER_AGENT",
        help="Who asks; the public service wants a name that is your own.",
    ),
]
GEOCODER_URL = "https://nominatim.openstreetmap.org"
USER_AGENT = "courier-planner"


class Format(StrEnum):
    """
    How a list is printed.

    Attributes
    ----------
    TABLE
        For people.
    JSON
        For programs.
    """

    TABLE = "table"
    JSON = "json"


def register(app: typer.Typer) -> None:
    """
    Add the commands of this module.

    Parameters
    ----------
    app
        The program they become part of.
    """
    app.add_typer(network, name="network")


@network.command()
def verify(
    geocode: Annotated[
        bool, typer.Option("--geocode", help="Ask the geocoder where each branch is.")
    ] = False,
    geocoder_url: Url = GEOCODER_URL,
    user_agent: UserAgent = USER_AGENT,
    osrm: Annotated[
        str | None, typer.Option(help="Ask this OSRM server about roads and ways.")
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.TABLE,
    database: Database = None,
) -> None:
    """List every branch, hour and road that is uncertain, and what an outside source says."""
    from logistics.network.geocode import Geocoder, GeocoderSettings
    from logistics.network.osrm import OsrmSettings
    from logistics.network.verify import verify as verify_network
    from logistics.operations.network.load_network import read_network
    from logistics.storage.session import reading

    with reading(opened(database)) as session:
        stored = read_network(session)
    asked = Geocoder(GeocoderSettings(url=geocoder_url, user_agent=user_agent)) if geocode else None
    with Progress(console=notes, transient=True) as progress:
        task = progress.add_task("Asking", total=None)
        findings = verify_network(
            stored,
            geocoder=asked,
            osrm=None if osrm is None else OsrmSettings(url=osrm),
            on_progress=lambda done, of: progress.update(task, completed=done, total=of),
        )
    if form is Format.JSON:
        print_json({"findings": [asdict(finding) for finding in findings]})
    else:
        tables.print(findings_table(findings))


@network.command("geocode")
def geocode_address(
    address: Annotated[str, typer.Argument(help="Street and place.")],
    geocoder_url: Url = GEOCODER_URL,
    user_agent: UserAgent = USER_AGENT,
) -> None:
    """Find where an address is, to add a branch there."""
    from logistics.network.geocode import Geocoder, GeocoderSettings

    found = Geocoder(GeocoderSettings(url=geocoder_url, user_agent=user_agent)).find(address)
    print_json({"places": [asdict(place) for place in found]})


@network.command("hub")
def use_hub(
    place: Annotated[str, typer.Argument(help="Branch or terminal where runs start and end.")],
    carry: Annotated[
        bool, typer.Option("--carry", help="What rests at the hub so far is brought along.")
    ] = False,
    database: Database = None,
) -> None:
    """Let runs start and end elsewhere from now on; refused where something would be lost."""
    from logistics.operations.network.move_hub import move_hub
    from logistics.storage.session import writing

    with writing(opened(database)) as session:
        carried = move_hub(session, place, carry=carry, actor="command")
    print_json({"hub": place, "items_carried": carried})


def findings_table(findings: list[Finding]) -> Table:
    """
    Show what is uncertain, the least certain first.

    Parameters
    ----------
    findings
        What was found.

    Returns
    -------
    Table
        One line a finding.
    """
    asked = any(finding.instead for finding in findings)
    table = Table(title=f"{len(findings)} uncertain facts", box=None, pad_edge=False)
    for heading in ("sure", "about", "which", "doubt", *(["outside source"] if asked else [])):
        table.add_column(heading, overflow="fold", no_wrap=heading in {"sure", "about"})
    for finding in findings:
        cells = (finding.confidence, finding.topic, finding.subject, finding.doubt)
        table.add_row(*map(str, cells), *([finding.instead] if asked else []))
    return table

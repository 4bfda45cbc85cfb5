"""Commands that bring data in: a new database, the network, transfers, returns and holds."""

# ruff: noqa: PLC0415 - a command loads only what it uses
from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from logistics.cli.console import notes, print_json, write_bytes
from logistics.cli.store import Database, file_content, opened

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlmodel import Session

importing = typer.Typer(help="Bring one file into the database.", no_args_is_help=True)


class Setting(StrEnum):
    """
    Whether items go home after a loan.

    Attributes
    ----------
    HOME
        Every item goes back to the branch that owns it.
    FLOATING
        An item stays where it was handed in until somebody asks for it.
    """

    HOME = "home"
    FLOATING = "floating"


Plain = Annotated[
    bool, typer.Option("--plain", help="The first in its queue, else home, whatever the way.")
]


def register(app: typer.Typer) -> None:
    """
    Add the commands of this module.

    Parameters
    ----------
    app
        The program they become part of.
    """
    app.command()(init)
    app.command("sample-week")(sample_week)
    app.add_typer(importing, name="import")


def init(
    data: Annotated[
        Path | None, typer.Option(help="Folder with the network's files. [default: shipped]")
    ] = None,
    database: Database = None,
) -> None:
    """Create the database, or update it, and bring the network in."""
    from logistics.operations.network.import_network import import_folder
    from logistics.storage.session import writing

    engine = opened(database)
    with writing(engine) as session:
        counts = import_folder(session, data)
    notes.print(f"Database ready: {engine.url.render_as_string(hide_password=True)}")
    print_json({"imported": counts})


@importing.command()
def branches(file: Path, database: Database = None) -> None:
    """Bring branches in; those of the same id are replaced. Columns: data/README.md."""
    from logistics.operations.network.import_files import import_branch_file

    data = file_content(file)
    _store(database, lambda session: import_branch_file(session, data, file.name))


@importing.command()
def vehicles(file: Path, database: Database = None) -> None:
    """Bring vehicles in; those of the same id are replaced. Columns: data/README.md."""
    from logistics.operations.network.import_files import import_vehicle_file

    data = file_content(file)
    _store(database, lambda session: import_vehicle_file(session, data, file.name))


@importing.command()
def roads(
    file: Annotated[Path, typer.Argument(help="road_edges.csv; road_nodes.csv lies beside it.")],
    database: Database = None,
) -> None:
    """Replace the road graph. Columns: data/README.md."""
    from logistics.operations.network.import_files import import_road_files

    beside = file.with_name("road_nodes.csv")
    nodes, edges = file_content(beside), file_content(file)
    _store(
        database,
        lambda session: import_road_files(
            session, nodes, edges, nodes_name=beside.name, edges_name=file.name
        ),
    )


@importing.command()
def transfers(file: Path, database: Database = None) -> None:
    """Bring transfers in; the same request_id twice is one transfer. Columns: data/README.md."""
    from logistics.demand.importers.files import read_transfers
    from logistics.operations.intake.receive import Outcome, accept, receive_transfers

    records = read_transfers(file_content(file), file.name)

    def receive(session: Session) -> int:
        receipts = accept(receive_transfers(session, records, source="csv"))
        return sum(receipt.outcome is Outcome.CREATED for receipt in receipts)

    _store(database, receive)


@importing.command()
def returns(file: Path, plain: Plain = False, database: Database = None) -> None:
    """Bring returned items in; each goes to a reader who waits, else home."""
    from logistics.demand.importers.files import read_returns
    from logistics.operations.intake.match_returns import MatchBy
    from logistics.operations.intake.receive import accept
    from logistics.operations.intake.receive_returns import receive_returns

    items = read_returns(file_content(file), file.name)
    by = MatchBy.PLAIN if plain else MatchBy.BEST

    def receive(session: Session) -> int:
        return len(accept(receive_returns(session, items, source="csv", by=by)))

    _store(database, receive)


@importing.command()
def holds(file: Path, plain: Plain = False, database: Database = None) -> None:
    """Bring holds in; their references are hashed before they are stored."""
    from logistics.demand.importers.files import read_holds
    from logistics.operations.intake.match_returns import MatchBy
    from logistics.operations.intake.receive import accept
    from logistics.operations.intake.receive_returns import receive_holds
    from logistics.storage.secret import hash_key

    content, by = file_content(file), MatchBy.PLAIN if plain else MatchBy.BEST

    def receive(session: Session) -> int:
        places = read_holds(content, file.name, key=hash_key(session))
        return len(accept(receive_holds(session, places, source="csv", by=by)))

    _store(database, receive)


def sample_week(
    output: Annotated[Path, typer.Option(help="Where to write the CSV file.")] = Path(
        "transfers.csv"
    ),
    setting: Annotated[Setting, typer.Option(help="Whether items go home.")] = Setting.HOME,
    seed: Annotated[
        int | None, typer.Option(help="Another seed, another week. [default: the shipped one]")
    ] = None,
    data: Annotated[
        Path | None, typer.Option(help="Folder with the network's files. [default: shipped]")
    ] = None,
) -> None:
    """Make up a week of transfers whose volumes and flows follow the network's facts."""
    from logistics.demand.sample import SAMPLE_SEED, sample_transfers, write_transfers
    from logistics.network.branches import BranchKind
    from logistics.network.load import load_network
    from logistics.network.travel import road_graph_times

    network = load_network(data)
    inhabitants = {
        branch.id: branch.inhabitants
        for branch in network.branches
        if branch.kind is not BranchKind.TERMINAL
    }
    made = sample_transfers(
        inhabitants,
        road_graph_times(network, tuple(inhabitants)).metres,
        seed=SAMPLE_SEED if seed is None else seed,
        floating=setting is Setting.FLOATING,
    )
    write_bytes(output, write_transfers(made))
    print_json({"file": str(output), "transfers": len(made)})


def _store(database: str | None, store: Callable[[Session], int]) -> None:
    from logistics.storage.session import writing

    with writing(opened(database)) as session:
        count = store(session)
    print_json({"imported": count})

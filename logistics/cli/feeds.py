"""Commands that take in what other systems say: reports, SIP2 traffic, a watched folder, codes."""

# ruff: noqa: PLC0415 - a command loads only what it uses
from __future__ import annotations

import asyncio
import signal
import sys
import threading
from pathlib import Path  # noqa: TC003 - Typer reads it
from typing import TYPE_CHECKING, Annotated, Any

import typer

from logistics.cli import data
from logistics.cli.console import notes, print_json
from logistics.cli.store import Database, file_content, opened
from logistics.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from logistics.demand.adapters.koha import KohaClient
    from logistics.demand.adapters.sip2 import CheckinTap
    from logistics.demand.transfers import Transfer
    from logistics.operations.intake.receive_sip2 import Keeper

tap = typer.Typer(help="Listen to SIP2 check-ins; readers' fields are dropped as they pass.")
codes = typer.Typer(help="What other systems call our branches.", no_args_is_help=True)
koha = typer.Typer(help="Ask Koha's REST interface.", no_args_is_help=True)
folio = typer.Typer(help="Ask FOLIO.", no_args_is_help=True)

Source = Annotated[str, typer.Option(help="Name of the system in the table of branch codes.")]
Url = Annotated[str, typer.Option(help="Address of the system, such as https://koha.example.se.")]
Checked = Annotated[
    bool, typer.Option("--require-checksum", help="Pass over messages without a checksum.")
]


def register(app: typer.Typer) -> None:
    """
    Add the commands of this module.

    Parameters
    ----------
    app
        The program they become part of.
    """
    data.importing.command("koha")(import_koha)
    data.importing.command("folio")(import_folio)
    app.command("watch")(watch)
    for group, name in ((tap, "tap"), (codes, "code"), (koha, "koha"), (folio, "folio")):
        app.add_typer(group, name=name)


def import_koha(file: Path, source: Source = "koha", database: Database = None) -> None:
    """Bring Koha's report over branchtransfers in, as CSV; unknown branch codes are parked."""
    from logistics.demand.adapters.koha import read_branchtransfers

    _take(read_branchtransfers(file_content(file), file.name, source=source), source, database)


def import_folio(file: Path, source: Source = "folio", database: Database = None) -> None:
    """Bring FOLIO's report of items in transit in, as JSON; unknown branch codes are parked."""
    from logistics.demand.adapters.folio import read_in_transit

    _take(read_in_transit(file_content(file), file.name, source=source), source, database)


@folio.command("in-transit")
def folio_in_transit(
    url: Url,
    tenant: Annotated[str, typer.Option(help="The tenant's name.")],
    token: Annotated[str, typer.Option(envvar="FOLIO_TOKEN", help="Its token.")],
    source: Source = "folio",
    database: Database = None,
) -> None:
    """Fetch the items in transit, and take them in; unknown branch codes are parked."""
    import httpx2

    from logistics.demand.adapters.folio import fetch_in_transit, read_in_transit

    headers = {"x-okapi-tenant": tenant, "x-okapi-token": token}
    with httpx2.Client(base_url=url, headers=headers, timeout=60) as client:
        report = fetch_in_transit(client)
    _take(read_in_transit(report, source=source), source, database)


@koha.command("libraries")
def koha_libraries(
    url: Url,
    user: Annotated[str, typer.Option(help="Name of the account, for Basic authentication.")],
    password: Annotated[str, typer.Option(envvar="KOHA_PASSWORD", help="Its password.")],
    source: Source = "koha",
    database: Database = None,
) -> None:
    """List Koha's libraries, and which of our branches each code stands for."""
    from logistics.storage.codes import code_map
    from logistics.storage.session import reading

    libraries = _koha(url, user, password).libraries()
    with reading(opened(database)) as session:
        known = code_map(session, source)
    shown = [
        {"code": one.code, "name": one.name, "city": one.city, "branch": known.get(one.code)}
        for one in libraries
    ]
    print_json({"libraries": shown})


@koha.command("item")
def koha_item(
    barcode: str,
    url: Url,
    user: Annotated[str, typer.Option(help="Name of the account, for Basic authentication.")],
    password: Annotated[str, typer.Option(envvar="KOHA_PASSWORD", help="Its password.")],
) -> None:
    """Look an item up: whose it is and where Koha says that it is."""
    from dataclasses import asdict

    from logistics.errors import NotFoundError

    found = _koha(url, user, password).item(barcode)
    if found is None:
        raise NotFoundError(f"item {barcode!r}: Koha has none of this barcode")
    print_json(asdict(found))


@codes.command("list")
def list_codes(database: Database = None) -> None:
    """List every code of another system, and what waits for an explanation."""
    from collections import Counter

    from sqlmodel import col, select

    from logistics.operations.intake.parked import open_records
    from logistics.storage.session import reading
    from logistics.storage.tables import BranchCodeRow

    with reading(opened(database)) as session:
        order = (col(BranchCodeRow.system), col(BranchCodeRow.code))
        rows = session.exec(select(BranchCodeRow).order_by(*order)).all()
        parked = open_records(session)
    waiting = Counter((row.source, code) for row in parked for code in row.unknown_codes)
    shown = [
        {
            "source": row.system,
            "code": row.code,
            "branch": row.branch,
            "waiting": waiting[row.system, row.code],
        }
        for row in rows
    ]
    print_json({"codes": shown, "parked": len(parked)})


@codes.command("explain")
def explain(source: str, code: str, branch: str, database: Database = None) -> None:
    """Say which branch a code stands for; what waited for that is taken in."""
    from logistics.operations.intake.parked import explain_code
    from logistics.storage.session import writing

    with writing(opened(database)) as session:
        found = explain_code(session, source, code, branch, actor="command line")
    print_json({"taken_in": found.taken_in, "set_aside": list(found.set_aside)})


@tap.command("log")
def tap_a_log(
    file: Annotated[Path, typer.Argument(help="Log with SIP2 messages; - for stdin.")],
    follow: Annotated[
        bool, typer.Option("--follow", help="Go on as it is written, also when it is rotated.")
    ] = False,
    source: Source = "sip2",
    require_checksum: Checked = False,
    database: Database = None,
) -> None:
    """Read a log that shows SIP2 messages, such as Koha's sip.log."""
    from logistics.demand.adapters.sip2 import CheckinTap, tap_log
    from logistics.operations.intake.receive_sip2 import follow as lines_of

    stop = _stopped_by_signal() if follow else threading.Event()
    heard = CheckinTap(source, require_checksum=require_checksum)
    lines = lines_of(file, stop) if follow else _lines(file)
    _keep(heard, tap_log(heard, lines), source, database)


@tap.command("stream")
def tap_a_stream(
    file: Annotated[Path, typer.Argument(help="Bytes as they went over the wire; - for stdin.")],
    source: Source = "sip2",
    require_checksum: Checked = False,
    database: Database = None,
) -> None:
    """Read SIP2 as it went over the wire, both directions in one file or pipe."""
    from logistics.demand.adapters.sip2 import CheckinTap, tap_streams

    heard = CheckinTap(source, require_checksum=require_checksum)
    _keep(heard, tap_streams(heard, _pieces(file)), source, database)


@tap.command("proxy")
def tap_the_wire(
    listen: Annotated[str, typer.Option(help="HOST:PORT that the machines connect to.")],
    server: Annotated[str, typer.Option(help="HOST:PORT of the circulation system.")],
    source: Source = "sip2",
    require_checksum: Checked = False,
    database: Database = None,
) -> None:
    """Stand between machines and circulation system, and listen; bytes pass unchanged."""
    from logistics.demand.adapters.sip2 import CheckinTap
    from logistics.operations.intake.receive_sip2 import Keeper, forward

    here, there = _address("--listen", listen), _address("--server", server)
    keeper = Keeper(opened(database), source)
    heard = CheckinTap(source, require_checksum=require_checksum)

    async def run() -> None:
        stop = asyncio.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(name, stop.set)
        notes.print(f"Listening on {listen} for {server} (Ctrl-C stops)")
        await forward(heard, keeper, listen=here, server=there, stop=stop)

    asyncio.run(run())
    _close(heard, keeper)


def watch(
    folder: Annotated[
        Path | None, typer.Argument(help="The folder. [default: LOGISTICS_DROP_FOLDER]")
    ] = None,
    source: Annotated[
        str | None, typer.Option(help="Whose branch codes. [default: LOGISTICS_DROP_SOURCE]")
    ] = None,
    once: Annotated[
        bool, typer.Option("--once", help="Take in what is there now, and stop.")
    ] = False,
    database: Database = None,
) -> None:
    """Watch a folder for files; the service does so itself with LOGISTICS_DROP_FOLDER."""
    from api.background import watch_folder
    from api.settings import read_settings
    from logistics.operations.intake.match_returns import MatchBy
    from logistics.operations.intake.receive_feeds import drop_folder, look_alone

    given = {"drop_folder": folder, "drop_source": source}
    settings = read_settings(**{name: value for name, value in given.items() if value is not None})
    if settings.drop_folder is None:
        raise InputError("watch: no folder is named; give it, or set LOGISTICS_DROP_FOLDER")
    engine = opened(database)
    if not once:
        notes.print(f"Watching {settings.drop_folder} (Ctrl-C stops)")
        watch_folder(engine, settings, _stopped_by_signal())
        return
    drop = drop_folder(
        engine,
        settings.drop_folder,
        source=settings.drop_source,
        settle_seconds=0,
        by=MatchBy(settings.match_by),
    )
    taken = [
        {"file": one.name, "moved_to": str(one.moved_to), "problems": list(one.problems)}
        for one in look_alone(drop)
    ]
    print_json({"files": taken})


def _take(transfers: list[Transfer], source: str, database: str | None) -> None:
    from logistics.operations.intake.receive_feeds import take_in

    print_json(take_in(opened(database), transfers, source=source, actor="command line"))


def _koha(url: str, user: str, password: str) -> KohaClient:
    import httpx2

    from logistics.demand.adapters.koha import KohaClient

    return KohaClient(httpx2.Client(base_url=url, auth=(user, password), timeout=60))


def _keep(
    heard: CheckinTap, transfers: Iterable[Transfer], source: str, database: str | None
) -> None:
    from logistics.operations.intake.receive_sip2 import Keeper

    keeper = Keeper(opened(database), source)
    for transfer in transfers:
        keeper.keep(transfer)
    _close(heard, keeper)


def _close(heard: CheckinTap, keeper: Keeper) -> None:
    keeper.close()
    told: dict[str, Any] = {**keeper.counts, "passed_over": dict(heard.passed)}
    print_json(told)


def _lines(file: Path) -> Iterator[bytes]:
    if str(file) == "-":
        yield from sys.stdin.buffer
        return
    try:
        with file.open("rb") as content:
            yield from content
    except OSError as error:
        raise InputError(f"{file}: cannot be read: {error.strerror}") from error


def _pieces(file: Path) -> Iterator[tuple[str, bytes]]:
    for line in _lines(file):
        yield "1", line


def _stopped_by_signal() -> threading.Event:
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    return stop


def _address(option: str, text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not port.isdecimal() or not 0 < int(port) < 65_536:  # noqa: PLR2004  # ports of TCP
        raise InputError(f"{option} {text!r}: expected HOST:PORT, such as 127.0.0.1:6001")
    return host.strip("[]") or "127.0.0.1", int(port)

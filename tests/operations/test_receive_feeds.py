"""What other systems say in files and over the wire is stored once; what is unknown is parked."""

from __future__ import annotations

import asyncio
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from logistics.demand.adapters.sip2 import CheckinTap, tap_log
from logistics.demand.adapters.sip2_messages import checksum
from logistics.operations.intake import receive_sip2
from logistics.operations.intake.parked import explain_code, open_records
from logistics.operations.intake.receive_feeds import drop_folder, look_alone
from logistics.operations.intake.receive_sip2 import Keeper, follow, forward
from logistics.storage.session import reading, writing
from logistics.storage.tables import HoldRow, TransferRow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from sqlalchemy import Engine

    from logistics.demand.adapters.csv_drop import DropFolder, Dropped

TRANSFERS = "request_id,item,kind,origin,destination,requested_at\n"
ROW = "R1,3300,hold,nora,kumla,2026-11-24T08:00:00Z\n"
RETURNS = "item,title,owner,at,returned_at\n3301,T1,nora,kumla,2026-11-24T08:00:00Z\n"
HOLDS = "reference,title,pickup,placed_at,queue_position\nres-1,T9,nora,2026-11-24T08:00:00Z,1\n"
KOHA = (
    "branchtransfer_id,barcode,frombranch,tobranch,reason,daterequested,datesent,datearrived,"
    "datecancelled\n1,3302,NORA,kumla,Reserve,2026-11-24 08:00:00,,,\n"
)


def stored(engine: Engine) -> list[tuple[str, str, str]]:
    with reading(engine) as session:
        rows = session.exec(select(TransferRow).order_by(TransferRow.item)).all()
    return [(row.item, row.origin, row.destination) for row in rows]


def sip(text: str, sequence: int = 1) -> bytes:
    body = f"{text}AY{sequence}AZ".encode()
    return body + checksum(body).encode() + b"\r"


def asked(place: str, item: str, sequence: int = 1) -> bytes:
    head = "09N20261124    08000020261124    080000"
    return sip(f"{head}AP{place}|AO|AB{item}|AC|", sequence)


def answered(item: str, goes_to: str, sequence: int = 1, alert: str = "02") -> bytes:
    fields = f"AO|AB{item}|AQnora|CT{goes_to}|CV{alert}|AA19121212-1212|DASvea Svensson|"
    return sip(f"101YNY20261124    080001{fields}", sequence)


@pytest.fixture
def drop(engine: Engine, places: tuple[str, ...], tmp_path: Path) -> Callable[..., list[Dropped]]:
    del places
    folder = drop_folder(engine, tmp_path / "drop", source="koha", settle_seconds=0)

    def look(**files: str) -> list[Dropped]:
        for name, text in files.items():
            (folder.folder / f"{name.replace('_', '-')}.csv").write_text(text)
        return look_alone(folder)

    return look


def test_each_kind_of_file_is_taken_in(engine: Engine, drop: Callable[..., list[Dropped]]) -> None:
    dropped = drop(
        transfers=TRANSFERS + ROW, returns=RETURNS, holds=HOLDS, branchtransfers_night=KOHA
    )
    assert [one.problems for one in dropped] == [()] * 4
    assert stored(engine) == [("3300", "nora", "kumla"), ("3301", "kumla", "nora")]
    with reading(engine) as session:
        assert session.exec(select(HoldRow.pickup)).all() == ["nora"]
        (parked,) = open_records(session)
    assert (parked.source, parked.unknown_codes) == ("koha", ["NORA"])

    with writing(engine) as session:
        assert explain_code(session, "koha", "NORA", "nora").taken_in == 1
    assert stored(engine)[2] == ("3302", "nora", "kumla")
    # The night's report comes again, whole.
    assert [one.problems for one in drop(branchtransfers=KOHA)] == [()]
    assert len(stored(engine)) == 3


def test_a_file_that_contradicts_what_came_before_is_rejected_and_stops_no_other(
    engine: Engine, drop: Callable[..., list[Dropped]]
) -> None:
    drop(transfers=TRANSFERS + ROW)
    other = ROW.replace("3300", "3399") + ROW.replace("R1", "R2")
    third = ROW.replace("R1,3300", "R3,3301")
    dropped = drop(transfers_a=TRANSFERS + other, transfers_b=TRANSFERS + third)
    assert [len(one.problems) for one in dropped] == [1, 0]
    assert "item was '3300' and is '3399'" in dropped[0].problems[0]
    assert len(stored(engine)) == 2


def test_only_one_process_looks_at_a_time(
    engine: Engine, places: tuple[str, ...], tmp_path: Path
) -> None:
    del places
    first = second(engine, tmp_path / "in")
    (tmp_path / "in" / "transfers.csv").write_text(TRANSFERS + ROW)
    seen: list[Sequence[Dropped]] = []
    other = second(engine, tmp_path / "in")
    first.take_in = {"transfers": lambda *_: seen.append(look_alone(other))}
    assert len(look_alone(first)) == 1
    assert seen == [[]]


def second(engine: Engine, folder: Path) -> DropFolder:
    return drop_folder(engine, folder, source="csv", settle_seconds=0)


def test_a_log_is_followed_over_its_rotation(
    engine: Engine, places: tuple[str, ...], tmp_path: Path
) -> None:
    del places
    path, stop = tmp_path / "sip.log", threading.Event()
    tap, keeper = CheckinTap("sip2"), Keeper(engine, "sip2")

    def listen() -> None:
        for transfer in tap_log(tap, follow(path, stop, poll_seconds=0.01)):
            keeper.keep(transfer)

    listener = threading.Thread(target=listen)
    listener.start()
    wait = partial(_until, engine)
    with path.open("wb") as log:
        log.write(b"[77] INPUT MSG: '" + asked("nora", "1").strip() + b"'\n")
        log.write(b"[77] OUTPUT MSG: '" + answered("1", "kumla").strip() + b"'\n")
        log.flush()
        wait(1)
        path.rename(tmp_path / "sip.log.1")
        path.write_bytes(
            b"[77] IN '" + asked("kumla", "2", 2).strip() + b"'\n"
            b"[77] OUT '" + answered("2", "nora", 2, "04").strip() + b"'\n"
        )
        wait(2)
    stop.set()
    listener.join()
    keeper.close()
    assert stored(engine) == [("1", "nora", "kumla"), ("2", "kumla", "nora")]


def _until(engine: Engine, count: int) -> None:
    patience = threading.Event()
    for _ in range(1_000):
        if len(stored(engine)) == count:
            return
        patience.wait(0.01)
    raise AssertionError(stored(engine))


def test_the_wire_passes_unchanged_and_is_heard(engine: Engine, places: tuple[str, ...]) -> None:
    del places
    keeper, tap = Keeper(engine, "sip2"), CheckinTap("sip2", require_checksum=True)
    noise = os.urandom(50_000)

    async def circulation(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r")
        assert request == asked("nora", "3300")
        writer.write(noise + b"\r" + answered("3300", "kumla"))
        await writer.drain()
        writer.close()

    async def desk() -> bytes:
        server = await asyncio.start_server(circulation, "127.0.0.1", 0)
        async with server:
            stop = asyncio.Event()
            there = server.sockets[0].getsockname()[:2]
            here = ("127.0.0.1", _free_port())
            wire = asyncio.create_task(forward(tap, keeper, listen=here, server=there, stop=stop))
            reader, writer = await _connect(here)
            for byte in asked("nora", "3300"):
                writer.write(bytes([byte]))
            heard = await reader.read()
            writer.close()
            # A machine that waits is hung up on when the tap stops.
            _, idle = await _connect(here)
            stop.set()
            await wire
            idle.close()
        return heard

    # in a thread of its own: a browser test before may have left a loop running in this one
    with ThreadPoolExecutor(1) as apart:
        heard = apart.submit(lambda: asyncio.run(desk())).result()
    assert heard == noise + b"\r" + answered("3300", "kumla")
    keeper.close()
    assert keeper.counts == {"created": 1}
    assert stored(engine) == [("3300", "nora", "kumla")]


async def _connect(address: tuple[str, int]) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    for _ in range(500):
        try:
            return await asyncio.open_connection(*address)
        except OSError:
            await asyncio.sleep(0.01)
    raise AssertionError(address)


def _free_port() -> int:
    from tests.api.process import free_port

    return free_port()


def test_what_was_heard_is_stored_when_the_database_answers_again(
    engine: Engine, places: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    del places
    answers = [OperationalError("INSERT", {}, Exception("gone"))] * 3
    store = receive_sip2.receive_transfers

    def shaky(*given: object, **how: object) -> object:
        if answers:
            raise answers.pop()
        return store(*given, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(receive_sip2, "receive_transfers", shaky)
    keeper, tap = Keeper(engine, "sip2", pause_seconds=0.01), CheckinTap("sip2")
    for line in (asked("nora", "1"), answered("1", "kumla")):
        for transfer in tap_log(tap, [line]):
            keeper.keep(transfer)
    keeper.close()
    assert keeper.counts == {"created": 1}


def test_a_book_scanned_again_and_reported_too_is_one_transfer(
    engine: Engine, drop: Callable[..., list[Dropped]]
) -> None:
    keeper, tap = Keeper(engine, "sip2"), CheckinTap("sip2")
    for second in (0, 4, 9):
        head = f"09N20261124    08000{second}20261124    08000{second}"
        request = sip(f"{head}APnora|AO|AB3302|AC|")
        for transfer in tap_log(tap, [request, answered("3302", "kumla")]):
            keeper.keep(transfer)
    keeper.close()
    with writing(engine) as session:
        explain_code(session, "koha", "NORA", "nora")

    assert [one.problems for one in drop(branchtransfers=KOHA)] == [()]

    assert keeper.counts == {"created": 1, "known": 2}
    assert stored(engine) == [("3302", "nora", "kumla")]

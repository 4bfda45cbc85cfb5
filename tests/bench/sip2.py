"""The SIP2 tap among noise: check-ins on many lines that are full of random bytes and break.

Each machine sends random bytes before each check-in and gets random bytes before each answer, and
again and again its line breaks in the middle of a message. Every byte must be passed on as it was,
every check-in that was answered must be stored once, nothing else, and memory must stay flat.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
from sqlalchemy import func, select

from logistics.demand.adapters.sip2 import CheckinTap
from logistics.operations.intake.receive_sip2 import Keeper, forward
from logistics.storage.session import open_database, reading, writing
from logistics.storage.tables import TransferRow
from tests.api.places import add_places
from tests.api.process import free_port
from tests.databases import copy_sqlite, sqlite_template
from tests.operations.test_receive_feeds import answered, asked

MACHINES = 64
CHECK_INS = int(os.environ.get("SIP2_CHECK_INS", "20"))
#: Check-ins until a line breaks.
UNBROKEN = 5
NOISE_BYTES = 65_536
#: What the tap may grow by, whatever comes.
MOST_MEGABYTES = 100


@dataclass(kw_only=True)
class Sum:
    """What was passed on."""

    noise_bytes: int = 0
    breaks: int = 0
    grown: float = 0.0


def main() -> None:
    """Measure on SQLite."""
    folder = Path(tempfile.mkdtemp(prefix="courier-sip2-"))
    engine = open_database(copy_sqlite(sqlite_template(folder), folder))
    with writing(engine) as session:
        add_places(session)
    keeper, tap = Keeper(engine, "sip2"), CheckinTap("sip2", require_checksum=True)
    begin = time.perf_counter()
    told = asyncio.run(_rage(tap, keeper))
    keeper.close()
    seconds = time.perf_counter() - begin
    with reading(engine) as session:
        stored = session.scalar(select(func.count()).select_from(TransferRow))
    assert keeper.counts == {"created": MACHINES * CHECK_INS}, keeper.counts
    assert stored == MACHINES * CHECK_INS
    assert told.grown < MOST_MEGABYTES, f"{told.grown} MB"
    print(  # noqa: T201  # the answer
        json.dumps(
            {
                "machines": MACHINES,
                "check_ins_stored_once": stored,
                "lines_broken": told.breaks,
                "noise_megabytes": round(told.noise_bytes / 1e6),
                "grown_by_megabytes": round(told.grown),
                "seconds": round(seconds, 1),
            }
        ),
        flush=True,
    )


async def _rage(tap: CheckinTap, keeper: Keeper) -> Sum:
    told, stop = Sum(), asyncio.Event()
    system = await asyncio.start_server(_circulation, "127.0.0.1", 0, limit=4 * NOISE_BYTES)
    there, here = system.sockets[0].getsockname()[:2], ("127.0.0.1", free_port())
    process = psutil.Process()
    async with system:
        wire = asyncio.create_task(forward(tap, keeper, listen=here, server=there, stop=stop))
        await asyncio.sleep(0.2)
        before = process.memory_info().rss
        machines = [asyncio.create_task(_machine(number, here, told)) for number in range(MACHINES)]
        while not all(machine.done() for machine in machines):
            await asyncio.sleep(0.1)
            told.grown = max(told.grown, (process.memory_info().rss - before) / 1e6)
        await asyncio.gather(*machines)
        await asyncio.sleep(1)  # the last lines are hung up on
        stop.set()
        await wire
    return told


async def _machine(number: int, tap: tuple[str, int], told: Sum) -> None:
    noise = random.Random(number)
    for first in range(0, CHECK_INS, UNBROKEN):
        reader, writer = await asyncio.open_connection(*tap, limit=4 * NOISE_BYTES)
        writer.write(f"{number} {first}\r".encode())
        for count in range(first, min(first + UNBROKEN, CHECK_INS)):
            writer.write(noise.randbytes(NOISE_BYTES) + b"\r" + asked("nora", _item(number, count)))
            await writer.drain()
            expected = _answer(number, count)
            assert await reader.readexactly(len(expected)) == expected
            told.noise_bytes += 2 * NOISE_BYTES
        writer.write(asked("nora", "cut off")[:-20])
        await writer.drain()
        writer.close()
        told.breaks += 1


async def _circulation(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    number, first = map(int, (await reader.readuntil(b"\r")).split())
    for count in range(first, min(first + UNBROKEN, CHECK_INS)):
        await reader.readuntil(asked("nora", _item(number, count)))
        writer.write(_answer(number, count))
        await writer.drain()
    await reader.read()
    writer.close()


def _item(number: int, count: int) -> str:
    return f"{number}-{count}"


def _answer(number: int, count: int) -> bytes:
    noise = random.Random(f"{number} {count}").randbytes(NOISE_BYTES)
    return noise + b"\r" + answered(_item(number, count), "kumla")


if __name__ == "__main__":
    main()

"""Listen to SIP2 traffic and keep what it tells: a log, a stream, or the wire itself.

The wire comes first: bytes are passed on before they are read, and whatever happens to the
database, no desk waits for it. What was heard is kept in memory until it is stored.
"""

from __future__ import annotations

import asyncio
import logging
import os
import queue
import threading
import time
from typing import TYPE_CHECKING, Final

from sqlalchemy.exc import SQLAlchemyError

from logistics.demand.adapters.sip2_messages import MessageStream
from logistics.errors import InputError, UnavailableError
from logistics.operations.intake.receive import receive_transfers
from logistics.storage.session import writing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import BufferedReader
    from pathlib import Path

    from sqlalchemy import Engine

    from logistics.demand.adapters.sip2 import CheckinTap
    from logistics.demand.transfers import Transfer

MOST_WAITING: Final = 100_000
_BATCH: Final = 500
_PIECE_BYTES: Final = 65_536
_CONNECT_SECONDS: Final = 10.0
_MOST_CONNECTIONS: Final = 1_000
_LONGEST_LINE: Final = 65_536
log = logging.getLogger(__name__)


class Keeper:
    """
    Stores transfers as they are heard, in a thread of its own, and again until they are stored.

    Attributes
    ----------
    counts
        Number of transfers by outcome; ``lost`` where the database was away for too long.

    Parameters
    ----------
    engine
        The database.
    source
        Name of the circulation system in the table of branch codes.
    pause_seconds
        Wait before another try while the database does not answer.
    """

    def __init__(self, engine: Engine, source: str, *, pause_seconds: float = 2.0) -> None:
        self.counts: dict[str, int] = {}
        self._engine, self._source, self._pause = engine, source, pause_seconds
        self._waiting: queue.Queue[Transfer | None] = queue.Queue(MOST_WAITING)
        self._thread = threading.Thread(target=self._run, name="sip2", daemon=True)
        self._thread.start()

    def keep(self, transfer: Transfer) -> None:
        """
        Take a transfer in without waiting for the database.

        Parameters
        ----------
        transfer
            What was heard.
        """
        try:
            self._waiting.put_nowait(transfer)
        except queue.Full:
            self._count("lost", 1)
            log.warning("the database is away for too long: a transfer was lost")

    def close(self, seconds: float = 30.0) -> None:
        """
        Store what waits, then stop.

        Parameters
        ----------
        seconds
            How long to wait for it.

        Raises
        ------
        UnavailableError
            The database did not take everything in that time.
        """
        self._waiting.put(None)
        self._thread.join(seconds)
        if self._thread.is_alive():
            raise UnavailableError(
                f"{self._waiting.qsize()} transfers heard by the tap are not stored: the database "
                "does not answer; read the log of the traffic again when it does"
            )

    def _run(self) -> None:
        over = False
        while not over:
            batch = [self._waiting.get()]
            while len(batch) < _BATCH and not self._waiting.empty():
                batch.append(self._waiting.get_nowait())
            over = None in batch
            heard = [transfer for transfer in batch if transfer is not None]
            while heard and not self._store(heard):
                time.sleep(self._pause)

    def _store(self, heard: list[Transfer]) -> bool:
        try:
            with writing(self._engine) as session:
                receipts = receive_transfers(
                    session, heard, source=self._source, actor="sip2", park=True
                )
        except SQLAlchemyError as error:
            log.warning("the database does not answer (%s); trying again", type(error).__name__)
            return False
        for receipt in receipts:
            self._count(receipt.outcome.value, 1)
        return True

    def _count(self, outcome: str, number: int) -> None:
        self.counts[outcome] = self.counts.get(outcome, 0) + number


def follow(path: Path, stop: threading.Event, *, poll_seconds: float = 0.5) -> Iterator[bytes]:
    """
    Read a log's lines as they are written, also when it is rotated.

    Parameters
    ----------
    path
        The log.
    stop
        Set it to stop.
    poll_seconds
        Pause while nothing is written.

    Yields
    ------
    bytes
        Each complete line; the log is read from its beginning, since what is told twice is one.
    """
    while not stop.is_set():
        try:
            with path.open("rb") as file:
                yield from _lines(path, file, stop, poll_seconds)
        except FileNotFoundError:
            stop.wait(poll_seconds)


def _lines(
    path: Path, file: BufferedReader, stop: threading.Event, pause: float
) -> Iterator[bytes]:
    rest = b""
    while not stop.is_set():
        piece = file.readline(_LONGEST_LINE)
        rest += piece
        if rest.endswith(b"\n") or len(rest) > _LONGEST_LINE:
            yield rest
            rest = b""
        elif not piece:
            if _is_another(path, file):
                return
            stop.wait(pause)


def _is_another(path: Path, file: BufferedReader) -> bool:
    # Rotated: another file has the name. Emptied: it is shorter than what was read.
    here, there = os.fstat(file.fileno()), path.stat()
    return (here.st_ino, here.st_dev) != (there.st_ino, there.st_dev) or (
        there.st_size < file.tell()
    )


async def forward(
    tap: CheckinTap,
    keeper: Keeper,
    *,
    listen: tuple[str, int],
    server: tuple[str, int],
    stop: asyncio.Event,
) -> None:
    """
    Stand between self-service machines and the circulation system, and listen.

    Parameters
    ----------
    tap
        Turns check-ins into transfers.
    keeper
        Stores them.
    listen
        Address and port that the machines connect to.
    server
        Address and port of the circulation system.
    stop
        Set it to stop.

    Raises
    ------
    InputError
        It cannot listen there.
    """
    wire = _Wire(tap, keeper, server)
    try:
        listener = await asyncio.start_server(wire.connect, *listen, limit=_PIECE_BYTES)
    except OSError as error:
        raise InputError(
            f"cannot listen on {listen[0]}:{listen[1]}: {error.strerror}; is the port taken?"
        ) from error
    async with listener:
        await stop.wait()
        listener.close()
        await wire.hang_up()


class _Wire:
    def __init__(self, tap: CheckinTap, keeper: Keeper, server: tuple[str, int]) -> None:
        self._tap, self._keeper, self._server = tap, keeper, server
        self._calls: set[asyncio.Task[None]] = set()
        self._number = 0

    async def connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        call = asyncio.current_task()
        if call is None or len(self._calls) >= _MOST_CONNECTIONS:
            writer.close()
            return
        self._calls.add(call)
        try:
            await self._join(reader, writer)
        except (OSError, TimeoutError) as error:
            log.warning("a SIP2 connection ended: %s", type(error).__name__)
        finally:
            writer.close()
            self._calls.discard(call)

    async def hang_up(self) -> None:
        for call in list(self._calls):
            call.cancel()
        await asyncio.gather(*self._calls, return_exceptions=True)

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = asyncio.open_connection(*self._server, limit=_PIECE_BYTES)
        from_there, to_there = await asyncio.wait_for(there, _CONNECT_SECONDS)
        self._number += 1
        name = str(self._number)
        pumps = [
            asyncio.create_task(self._pump(name, reader, to_there)),
            asyncio.create_task(self._pump(name, from_there, writer)),
        ]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
            to_there.close()

    async def _pump(
        self, name: str, source: asyncio.StreamReader, sink: asyncio.StreamWriter
    ) -> None:
        stream = MessageStream()
        while piece := await source.read(_PIECE_BYTES):
            sink.write(piece)
            await sink.drain()
            for message in stream.feed(piece):
                transfer = self._tap.see(message, name)
                if transfer is not None:
                    self._keeper.keep(transfer)

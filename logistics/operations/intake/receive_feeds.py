"""Take in what other systems say in their own formats: reports, logs, files in a watched folder."""

from __future__ import annotations

import fcntl
import time
from collections import Counter
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Final

from logistics.demand.adapters.csv_drop import DropFolder, Dropped
from logistics.demand.adapters.folio import read_in_transit
from logistics.demand.adapters.koha import read_branchtransfers
from logistics.demand.importers.files import read_holds, read_returns, read_transfers
from logistics.errors import ConflictError, InputError
from logistics.operations.intake.match_returns import MatchBy
from logistics.operations.intake.receive import Outcome, accept, receive_transfers
from logistics.operations.intake.receive_returns import receive_holds, receive_returns
from logistics.storage.chunks import chunks
from logistics.storage.secret import hash_key
from logistics.storage.session import write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from sqlalchemy import Engine
    from sqlmodel import Session

    from logistics.demand.transfers import Transfer
    from logistics.operations.intake.receive import Receipt

#: Names of files in a drop folder begin with one of these.
FILE_KINDS: Final = ("transfers", "returns", "holds", "branchtransfers", "items-in-transit")

_TAKEN: Final = (Outcome.CREATED, Outcome.KNOWN, Outcome.PARKED)


def take_in(
    engine: Engine, transfers: Sequence[Transfer], *, source: str, actor: str
) -> dict[str, int]:
    """
    Store what another system reports, all of it or nothing.

    The same report may come again each night: what is known already is counted as known.

    Parameters
    ----------
    engine
        The database.
    transfers
        What is to travel, with the system's own branch codes; unknown codes are parked.
    source
        Name of the system in the table of branch codes.
    actor
        Who brings it, for the history.

    Returns
    -------
    dict[str, int]
        Number of requests by outcome: created, known, parked.

    Raises
    ------
    InputError
        A request has faults; with every fault.
    """
    parts = list(chunks(list(transfers)))

    def receive(session: Session) -> Counter[str]:
        counts: Counter[str] = Counter()
        for part in parts:
            receipts = receive_transfers(session, part, source=source, actor=actor, park=True)
            counts.update(receipt.outcome.value for receipt in _agreed(receipts))
        return counts

    counts = write(engine, receive)
    return {outcome.value: counts[outcome.value] for outcome in _TAKEN}


def drop_folder(
    engine: Engine,
    folder: Path,
    *,
    source: str,
    settle_seconds: float = 5.0,
    clock: Callable[[], float] = time.monotonic,
    by: MatchBy = MatchBy.BEST,
) -> DropFolder:
    """
    Watch a folder for files of transfers, returns, holds, and reports of Koha and FOLIO.

    Parameters
    ----------
    engine
        The database.
    folder
        The folder; made where it is missing.
    source
        Name in the table of branch codes of the system that writes the files.
    settle_seconds
        How long a file must stand still before it is read.
    clock
        Seconds that only grow.
    by
        How to decide who gets a returned item.

    Returns
    -------
    DropFolder
        To be looked at again and again, with :func:`look_alone`.

    Raises
    ------
    InputError
        The folder cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"drop folder {folder}: {error.strerror}; make it, or let the service write there"
        ) from error
    return DropFolder(
        folder=folder,
        take_in=drop_readers(engine, source, by),
        clock=clock,
        settle_seconds=settle_seconds,
    )


def drop_readers(
    engine: Engine, source: str, by: MatchBy = MatchBy.BEST
) -> Mapping[str, Callable[[bytes, str], object]]:
    """
    Say how each kind of file in a drop folder is taken in.

    Parameters
    ----------
    engine
        The database.
    source
        Name in the table of branch codes of the system that writes the files.
    by
        How to decide who gets a returned item.

    Returns
    -------
    Mapping[str, Callable[[bytes, str], object]]
        By the beginning of the file's name: takes bytes and name, stores all or nothing, raises
        InputError for faults.
    """
    readers: Mapping[str, Callable[[bytes, str], Sequence[Transfer]]] = {
        "transfers": read_transfers,
        "branchtransfers": partial(read_branchtransfers, source=source),
        "items-in-transit": partial(read_in_transit, source=source),
    }

    def transfers(kind: str, data: bytes, name: str) -> None:
        take_in(engine, readers[kind](data, name), source=source, actor="drop folder")

    def returns(data: bytes, name: str) -> None:
        items = read_returns(data, name)

        def receive(session: Session) -> None:
            told = receive_returns(session, items, source=source, actor="drop folder", by=by)
            _agreed(told)

        write(engine, receive)

    def holds(data: bytes, name: str) -> None:
        def receive(session: Session) -> None:
            places = read_holds(data, name, key=hash_key(session))
            _agreed(receive_holds(session, places, source=source, actor="drop folder", by=by))

        write(engine, receive)

    return {
        **{kind: partial(transfers, kind) for kind in readers},
        "returns": returns,
        "holds": holds,
    }


def look_alone(drop: DropFolder) -> list[Dropped]:
    """
    Look at a drop folder once, unless another process is doing so right now.

    Parameters
    ----------
    drop
        The folder.

    Returns
    -------
    list[Dropped]
        What was moved; empty when another process looks.
    """
    with _alone(drop.folder) as alone:
        return drop.look() if alone else []


@contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    with (folder / ".lock").open("wb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def _agreed(receipts: Iterable[Receipt]) -> list[Receipt]:
    # For a file a contradiction with what came before is a fault of the file.
    try:
        return accept(list(receipts))
    except ConflictError as error:
        raise InputError(error.problems) from error

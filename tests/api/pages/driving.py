"""What tests ask of a driven day: the run's code, the ticks that were taken in, where items are."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sqlalchemy import select

from logistics.storage.session import reading
from logistics.storage.tables import RunRow, StopRow, TickRow, TransferRow

if TYPE_CHECKING:
    from sqlalchemy import Engine


def run_of(engine: Engine) -> RunRow:
    with reading(engine) as session:
        return session.scalars(select(RunRow)).one()


def stops_of(engine: Engine) -> list[StopRow]:
    with reading(engine) as session:
        return list(session.scalars(select(StopRow).order_by(StopRow.number)))


def ticks(engine: Engine) -> list[TickRow]:
    with reading(engine) as session:
        return list(session.scalars(select(TickRow).order_by(TickRow.received_at)))


def steps(engine: Engine) -> list[tuple[str, int | None]]:
    """What was ticked, in the order in which it was taken in, as often as the database has it."""
    return [(tick.kind, tick.stop_number) for tick in ticks(engine)]


def states(engine: Engine) -> Counter[str]:
    with reading(engine) as session:
        return Counter(session.scalars(select(TransferRow.state)))


def whole_run(stops: int) -> list[tuple[str, int | None]]:
    return [("depart", None), *(("done", n) for n in range(1, stops + 1)), ("return", None)]

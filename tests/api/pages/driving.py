"""What tests ask of a driven day: the run's code, the ticks that were taken in, where items are."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sqlalchemy import select

from logistics.operations.change.keep_change import stamp
from logistics.operations.day.local_time import moment
from logistics.operations.day.stored_plans import IN_FORCE
from logistics.operations.road.keep_road import keep_on_the_road
from logistics.operations.road.on_the_road import Event, try_on_the_road
from logistics.storage.session import reading, writing
from logistics.storage.tables import PlanRow, RunRow, StopRow, TickRow, TransferRow
from tests.operations.helpers import TUESDAY

if TYPE_CHECKING:
    from sqlalchemy import Engine


def run_of(engine: Engine) -> RunRow:
    with reading(engine) as session:
        query = select(RunRow).join(PlanRow).where(PlanRow.state.in_(IN_FORCE))
        return session.scalars(query).one()


def stops_of(engine: Engine) -> list[StopRow]:
    with reading(engine) as session:
        query = select(StopRow).join(RunRow).join(PlanRow).where(PlanRow.state.in_(IN_FORCE))
        return list(session.scalars(query.order_by(StopRow.number)))


def ticks(engine: Engine) -> list[TickRow]:
    with reading(engine) as session:
        return list(session.scalars(select(TickRow).order_by(TickRow.received_at)))


def steps(engine: Engine) -> list[tuple[str, int | None]]:
    """What was taken in, in that order, as often as the database has it."""
    taken = [tick for tick in ticks(engine) if not tick.details.get("refused")]
    return [(tick.kind, tick.stop_number) for tick in taken]


def states(engine: Engine) -> Counter[str]:
    with reading(engine) as session:
        return Counter(session.scalars(select(TransferRow.state)))


def whole_run(stops: int) -> list[tuple[str, int | None]]:
    return [("depart", None), *(("done", n) for n in range(1, stops + 1)), ("return", None)]


def close_ahead(engine: Engine, branch: str) -> None:
    """A branch closes while the van is on the road: the rest of its run is planned anew."""
    _happens(engine, Event.BRANCH_CLOSES, branch, 7 * 3600)


def van_stops(engine: Engine, vehicle: str, at: int) -> None:
    """A van goes no further, and the rest of the day is planned anew."""
    _happens(engine, Event.VAN_STOPS, vehicle, at)


def _happens(engine: Engine, event: Event, subject: str, clock: int) -> None:
    at = moment(TUESDAY, clock)
    trial = try_on_the_road(engine, TUESDAY, event, subject, at=at, iterations=500)
    with reading(engine) as session:
        seen = stamp(session, TUESDAY)
    with writing(engine) as session:
        keep_on_the_road(
            session, TUESDAY, trial.plan,
            event=trial.event, subject=subject, clock=trial.clock, seen=seen,
        )  # fmt: skip

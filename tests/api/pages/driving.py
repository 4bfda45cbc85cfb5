"""What tests ask of a driven day and send to it: codes, ticks, where items are, what is told."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from logistics.operations.change.keep_change import stamp
from logistics.operations.day.local_time import moment
from logistics.operations.day.stored_plans import IN_FORCE
from logistics.operations.road.keep_road import keep_on_the_road
from logistics.operations.road.on_the_road import Event, try_on_the_road
from logistics.storage.feed import place_events, read_feed
from logistics.storage.session import reading, writing
from logistics.storage.tables import PlanRow, RunRow, StopRow, TickRow, TransferRow
from tests.api.pages.people import submit
from tests.operations.helpers import TUESDAY

if TYPE_CHECKING:
    from fastapi.testclient import TestClient
    from httpx2 import Response
    from sqlalchemy import Engine

JSON = {"Accept": "application/json"}


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


def tick(client: TestClient, code: str, kind: str, stop: int | str = "", **more: Any) -> Response:
    page, where = f"/tur/{code}", f"/tur/{code}/kvittera"
    return submit(client, page, where, **{"kind": kind, "stop": str(stop), "place": ""} | more)


def send(client: TestClient, code: str, **fields: Any) -> Response:
    """As the phone's queue sends a tick."""
    token = client.get(f"/tur/{code}/lage").json()["csrf"]
    answer: Response = client.post(
        f"/tur/{code}/kvittera", data={"csrf_token": token} | fields, headers=JSON
    )
    return answer


class Told:
    def __init__(self, subject: str | None, place: str | None, note: str) -> None:
        self.subject, self.place, self.note_of = subject, place, note


def exceptions(engine: Engine) -> list[Told]:
    """What the coordinator is told."""
    place_events(engine)
    with reading(engine) as session:
        events = read_feed(session, kinds=["run.exception"], limit=5_000)
    return [Told(event.subject, event.place, event.cause) for event in events]


def bundle(page: str, side: str) -> str:
    """The value of the first check box of a side, and what is inside."""
    start = page.index(f'name="bundle" value="{side} ') + len('name="bundle" value="')
    return page[start : page.index('"', start)]

"""Positions of the feed: without a gap, whatever others write meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import event, select
from sqlmodel import col

from api.webhooks import new_secret
from logistics.storage.feed import place_events, read_feed, tell
from logistics.storage.session import open_database, reading, writing
from logistics.storage.tables import DeliveryRow, FeedRow, WebhookRow, now
from tests.databases import postgres_only

if TYPE_CHECKING:
    from sqlalchemy import Engine


def happen(engine: Engine, count: int) -> None:
    with writing(engine) as session:
        tell(session, [{"kind": "plan.made", "at": now()} for _ in range(count)])


def positions(engine: Engine) -> tuple[list[int | None], list[int], int]:
    """Positions of the events, of what is owed to the webhook, and the last one given."""
    with reading(engine) as session:
        owed = select(col(DeliveryRow.position)).order_by(col(DeliveryRow.position))
        return (
            [one.position for one in read_feed(session)],
            list(session.scalars(owed)),
            session.get_one(FeedRow, 1).last,
        )


def subscribe(engine: Engine) -> None:
    with writing(engine) as session:
        session.add(WebhookRow(url="https://ils.example.se/courier", secret=new_secret()))


@postgres_only
def test_what_is_written_while_positions_are_given_gets_its_own(
    engine: Engine, database_url: str
) -> None:
    subscribe(engine)
    happen(engine, 3)
    others, late = open_database(database_url), [2, 0, 1]

    @event.listens_for(engine, "before_cursor_execute")
    def interfere(_: object, __: object, statement: str, *___: object) -> None:
        # As late as it can be: whatever was looked up before, this was not seen.
        if "UPDATE events SET position" in statement and late:
            happen(others, late.pop())

    assert place_events(engine) == 4
    assert place_events(engine) == 4
    assert place_events(engine) == 6
    others.dispose()

    assert positions(engine) == ([1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6], 6)


def test_a_counter_that_fell_behind_catches_up_and_what_was_not_owed_is(engine: Engine) -> None:
    subscribe(engine)
    happen(engine, 2)
    place_events(engine)
    with writing(engine) as session:
        session.get_one(FeedRow, 1).last = 1
        session.delete(session.scalars(select(DeliveryRow)).all()[1])
    happen(engine, 1)

    assert place_events(engine) == 3

    assert positions(engine) == ([1, 2, 3], [1, 2, 3], 3)

"""A returned item goes to the first who waits for it, else home, and nobody learns who waited."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from logistics.demand.returns import Hold, ReturnedItem
from logistics.demand.transfers import TransferState
from logistics.errors import NotFoundError
from logistics.operations.intake.match_returns import MatchBy
from logistics.operations.intake.parked import explain_code, open_records
from logistics.operations.intake.receive import Outcome
from logistics.operations.intake.receive_returns import receive_holds, receive_returns
from logistics.storage.session import reading, writing
from logistics.storage.tables import EventRow, HoldRow, ReturnedItemRow, TransferRow
from logistics.storage.transfers import Step, move
from tests.operations.test_receive import ask

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from logistics.operations.intake.receive import Receipt

pytestmark = pytest.mark.usefixtures("places")

NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)


def back(number: int = 1, **changes: str) -> ReturnedItem:
    fields = {"item": f"item-{number}", "title": "Röda rummet", "owner": "kumla", "at": "nora"}
    return ReturnedItem(returned_at=NOON + timedelta(minutes=number), **fields | changes)


def waits(reference: str, pickup: str, position: int = 1, item: str | None = None) -> Hold:
    return Hold(
        reference=reference,
        title="Röda rummet",
        pickup=pickup,
        placed_at=NOON,
        queue_position=position,
        item=item,
    )


def tell(engine: Engine, *items: ReturnedItem, source: str = "api") -> list[Receipt]:
    with writing(engine) as session:
        return receive_returns(session, items, source=source)


def journeys(engine: Engine) -> dict[str, tuple[str, str, str]]:
    with reading(engine) as session:
        rows = session.scalars(select(TransferRow)).all()
    return {row.item: (row.kind, row.origin, row.destination) for row in rows}


def test_the_first_in_the_queue_gets_the_first_copy(engine: Engine) -> None:
    with writing(engine) as session:
        receive_holds(session, [waits("second", "frovi", 2), waits("first", "askersund", 1)])
    tell(engine, back(1), back(2), back(3))
    assert journeys(engine) == {
        "item-1": ("hold", "nora", "askersund"),
        "item-2": ("hold", "nora", "frovi"),
        "item-3": ("return", "nora", "kumla"),
    }
    with reading(engine) as session:
        assert {hold.state for hold in session.scalars(select(HoldRow))} == {"assigned"}


def test_told_twice_is_one_journey(engine: Engine) -> None:
    first, again = tell(engine, back(1)), tell(engine, back(1))
    assert (first[0].outcome, again[0].outcome) == (Outcome.CREATED, Outcome.KNOWN)
    assert first[0].transfer_id == again[0].transfer_id is not None
    assert len(journeys(engine)) == 1


def test_an_item_at_home_stays_unless_somebody_waits_elsewhere(engine: Engine) -> None:
    receipts = tell(engine, back(1, at="kumla"))
    assert receipts[0].transfer_id is None
    assert journeys(engine) == {}
    with writing(engine) as session:
        receive_holds(session, [waits("here", "kumla")])
    tell(engine, back(2, at="kumla"))
    assert journeys(engine) == {}
    with reading(engine) as session:
        assert {row.state for row in session.scalars(select(ReturnedItemRow))} == {"stays"}
        assert session.scalars(select(HoldRow.state)).all() == ["assigned"]


def test_a_hold_for_one_copy_takes_no_other(engine: Engine) -> None:
    with writing(engine) as session:
        receive_holds(session, [waits("picky", "frovi", item="item-2")])
    tell(engine, back(1), back(2))
    assert journeys(engine)["item-1"] == ("return", "nora", "kumla")
    assert journeys(engine)["item-2"] == ("hold", "nora", "frovi")


def test_a_hold_told_again_gets_its_new_place(engine: Engine) -> None:
    with writing(engine) as session:
        receive_holds(session, [waits("a", "frovi", 1), waits("b", "askersund", 2)])
        again = receive_holds(session, [waits("a", "frovi", 3)])
    assert again[0].outcome is Outcome.KNOWN
    tell(engine, back(1))
    assert journeys(engine)["item-1"] == ("hold", "nora", "askersund")


def test_titles_are_kept_as_keyed_hashes_only(engine: Engine) -> None:
    with writing(engine) as session:
        receive_holds(session, [waits("a", "frovi")])
    tell(engine, back(1))
    with reading(engine) as session:
        hold, item = session.scalars(select(HoldRow)).one(), session.get(ReturnedItemRow, "x")
        titles = {hold.title, *session.scalars(select(ReturnedItemRow.title))}
    assert item is None
    assert len(titles) == 1
    assert "rummet" not in titles.pop()


def test_what_was_parked_travels_once_its_code_is_explained(engine: Engine) -> None:
    with writing(engine) as session:
        held = receive_holds(session, [waits("a", "FRÖ")], source="koha")
        parked = receive_returns(session, [back(1, owner="KUM")], source="koha")
        from logistics.operations.intake.receive import receive_transfers

        receive_transfers(session, [ask(1, origin="KUM")], source="koha", park=True)
    assert (held[0].outcome, parked[0].outcome) == (Outcome.PARKED, Outcome.PARKED)
    assert journeys(engine) == {}
    with writing(engine) as session:
        assert [row.kind for row in open_records(session)] == ["hold", "return", "transfer"]
        assert explain_code(session, "koha", "FRÖ", "frovi").taken_in == 1
        with pytest.raises(NotFoundError, match="'atlantis'"):
            explain_code(session, "koha", "KUM", "atlantis")
        assert explain_code(session, "koha", "KUM", "askersund").taken_in == 2
        assert not open_records(session)
    assert journeys(engine) == {
        "item-1": ("hold", "nora", "frovi"),
        "3018000001": ("hold", "askersund", "kumla"),
    }


def state_of(engine: Engine) -> dict[str, str]:
    with reading(engine) as session:
        return {row.request_id: row.state for row in session.scalars(select(TransferRow))}


def test_an_item_handed_in_twice_at_once_travels_from_where_it_is_now(engine: Engine) -> None:
    receipts = tell(engine, back(1), back(2, item="item-1", at="frovi"), back(3, item="item-1"))
    assert [one.transfer_id is None for one in receipts] == [True, True, False]
    assert receipts[0].why == "it was handed in again later"
    assert journeys(engine) == {"item-1": ("return", "nora", "kumla")}


def test_a_book_that_has_not_left_for_home_is_turned_round(engine: Engine) -> None:
    (home,) = tell(engine, back(1))
    with writing(engine) as session:
        held = receive_holds(session, [waits("b", "frovi", 2), waits("a", "askersund", 1)])
        again = receive_holds(session, [waits("a", "askersund", 1)])
    assert [one.transfer_id is None for one in held] == [True, False]
    assert again[0].outcome is Outcome.KNOWN
    assert state_of(engine) == {
        home.request_id: "cancelled",
        f"{home.request_id}:hold": "requested",
    }
    with reading(engine) as session:
        row = session.get_one(TransferRow, held[1].transfer_id)
        assert (row.kind, row.origin, row.destination) == ("hold", "nora", "askersund")
        cause = session.scalars(select(EventRow.cause).where(EventRow.transfer_id == row.id)).one()
    assert cause == held[1].why != ""


def test_a_reader_at_the_same_branch_keeps_the_book_there(engine: Engine) -> None:
    (home,) = tell(engine, back(1))
    with writing(engine) as session:
        (held,) = receive_holds(session, [waits("here", "nora")])
    assert held.transfer_id is None
    assert state_of(engine) == {home.request_id: "cancelled"}
    with reading(engine) as session:
        assert session.scalars(select(HoldRow.state)).all() == ["assigned"]


@pytest.mark.parametrize("packed", [True, False])
def test_a_packed_book_goes_home_and_so_does_any_by_the_plain_rule(
    engine: Engine, *, packed: bool
) -> None:
    (home,) = tell(engine, back(1))
    assert home.transfer_id is not None
    with writing(engine) as session:
        if packed:
            move(session, [Step(transfer=home.transfer_id, to=TransferState.PACKED)])
        by = MatchBy.BEST if packed else MatchBy.PLAIN
        (held,) = receive_holds(session, [waits("a", "askersund")], by=by)
    assert held.transfer_id is None
    assert list(state_of(engine)) == [home.request_id]
    with reading(engine) as session:
        assert session.scalars(select(HoldRow.state)).all() == ["waiting"]

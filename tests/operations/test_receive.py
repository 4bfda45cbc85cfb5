"""A request is one transfer, however often it is sent, and a different one is told apart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from logistics.demand.transfers import Transfer, TransferKind, transfer_id
from logistics.errors import ConflictError, InputError
from logistics.operations.intake.parked import explain_code, open_records
from logistics.operations.intake.receive import Outcome, accept, receive_transfers
from logistics.storage.codes import explain
from logistics.storage.feed import history, place_events, read_feed
from logistics.storage.session import reading, writing
from logistics.storage.tables import BranchCodeRow, EventRow, ParkedRow, TransferRow

if TYPE_CHECKING:
    from sqlalchemy import Engine

pytestmark = pytest.mark.usefixtures("places")

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)


def ask(number: int, **changes: object) -> Transfer:
    fields: dict[str, object] = {
        "request_id": f"r{number}",
        "item": f"3018{number:06d}",
        "kind": TransferKind.HOLD,
        "origin": "nora",
        "destination": "kumla",
        "requested_at": NOON,
    } | changes
    return Transfer(id=transfer_id(str(fields["request_id"])), **fields)  # type: ignore[arg-type]


def count(engine: Engine, table: type) -> int:
    with reading(engine) as session:
        return session.scalars(select(func.count()).select_from(table)).one()


def test_the_same_request_twice_is_one_transfer(engine: Engine) -> None:
    with writing(engine) as session:
        first = accept(receive_transfers(session, [ask(1)]))
    with writing(engine) as session:
        second = accept(receive_transfers(session, [ask(1)]))

    assert [receipt.outcome for receipt in first + second] == [Outcome.CREATED, Outcome.KNOWN]
    assert first[0].transfer_id == second[0].transfer_id
    assert count(engine, TransferRow) == 1
    assert count(engine, EventRow) == 1


def test_twice_in_one_request_is_one_transfer(engine: Engine) -> None:
    with writing(engine) as session:
        receipts = receive_transfers(session, [ask(1), ask(1), ask(1, item="other")])
    assert [receipt.outcome for receipt in receipts] == ["created", "known", "conflict"]
    assert count(engine, TransferRow) == 1


def test_another_content_names_the_fields_that_differ(engine: Engine) -> None:
    with writing(engine) as session:
        accept(receive_transfers(session, [ask(1)]))
    changed = ask(1, item="3018999999", requested_at=NOON + timedelta(hours=1))
    with writing(engine) as session:
        receipts = receive_transfers(session, [changed, ask(2)])

    assert [receipt.outcome for receipt in receipts] == [Outcome.CONFLICT, Outcome.CREATED]
    expected = (
        "transfer 'r1': item was '3018000001' and is '3018999999'; requested_at was "
        "'2026-11-24T11:00:00+00:00' and is '2026-11-24T12:00:00+00:00'; "
        "use a new request_id for a new request"
    )
    with pytest.raises(ConflictError) as caught:
        accept(receipts)
    assert caught.value.problems == [expected]


def test_the_same_moment_in_another_zone_is_the_same_request(engine: Engine) -> None:
    stockholm = datetime.fromisoformat("2026-11-24T12:00:00+01:00")
    with writing(engine) as session:
        accept(receive_transfers(session, [ask(1)]))
        assert receive_transfers(session, [ask(1, requested_at=stockholm)])[0].outcome == "known"


def test_every_unknown_branch_is_named(engine: Engine) -> None:
    with writing(engine) as session:
        receipts = receive_transfers(
            session, [ask(1, origin="atlantis", destination="mu"), ask(2, origin="x"), ask(3)]
        )
        with pytest.raises(InputError) as caught:
            accept(receipts)
        session.rollback()
    assert caught.value.problems == [
        (
            "transfer 'r1': origin is 'atlantis', which is not a branch and destination is 'mu', "
            "which is not a branch; import the branch or explain the code"
        ),
        (
            "transfer 'r2': origin is 'x', which is not a branch; "
            "import the branch or explain the code"
        ),
    ]
    assert count(engine, TransferRow) == 0


def test_codes_of_a_source_are_translated(engine: Engine) -> None:
    with writing(engine) as session:
        explain(session, "koha", "NORA01", "nora")
    with writing(engine) as session:
        accept(receive_transfers(session, [ask(1, origin="NORA01")], source="koha"))
        refused = receive_transfers(session, [ask(2, origin="NORA01")], source="sip2")
    assert refused[0].outcome is Outcome.REFUSED
    with reading(engine) as session:
        assert session.scalars(select(TransferRow.origin)).all() == ["nora"]


def test_two_codes_of_one_branch_are_no_journey(engine: Engine) -> None:
    with writing(engine) as session:
        explain(session, "koha", "NORA01", "nora")
        receipts = receive_transfers(session, [ask(1, destination="NORA01")], source="koha")
    assert "are both 'nora', expected two places" in receipts[0].problem


def test_an_unknown_code_is_parked_and_not_lost(engine: Engine) -> None:
    for _ in range(2):
        with writing(engine) as session:
            receipts = receive_transfers(
                session, [ask(1, origin="NEW9"), ask(2)], source="koha", park=True
            )
            assert receipts[0].outcome is Outcome.PARKED
    with reading(engine) as session:
        parked = session.scalars(select(ParkedRow)).one()
        code = session.scalars(select(BranchCodeRow)).one()
    assert (parked.request_id, parked.unknown_codes) == ("r1", ["NEW9"])
    assert (code.system, code.code, code.branch) == ("koha", "NEW9", None)


def test_a_record_that_never_can_be_taken_in_keeps_no_other_waiting(engine: Engine) -> None:
    parked = [ask(1, destination="NEW9"), ask(2, origin="NEW9", destination="NORA")]
    parked.append(ask(3, origin="NEW9"))
    with writing(engine) as session:
        receive_transfers(session, parked, source="koha", park=True)
        # The first has come again meanwhile, with another destination.
        accept(receive_transfers(session, [ask(1, destination="askersund")], source="koha"))
    with writing(engine) as session:
        assert explain_code(session, "koha", "NEW9", "frovi").taken_in == 1
        found = explain_code(session, "koha", "NORA", "frovi")

    assert found.taken_in == 0
    assert "origin 'NEW9' and destination 'NORA' are both 'frovi'" in found.set_aside[0]
    with reading(engine) as session:
        rows = {row.request_id: row for row in session.scalars(select(ParkedRow))}
        asked = set(session.scalars(select(TransferRow.request_id)))
        assert open_records(session) == []
    assert asked == {"r1", "r3"}
    assert "destination was 'askersund' and is 'frovi'" in rows["r1"].record["set_aside"]
    assert "set_aside" not in rows["r3"].record


def test_a_parked_request_keeps_the_hash_of_its_hold(engine: Engine) -> None:
    parked, holds = [ask(1, origin="NEW9")], {"r1": "reserve-4711"}
    with writing(engine) as session:
        receive_transfers(session, parked, source="koha", park=True, holds=holds)
        stored = str(session.scalars(select(ParkedRow)).one().record)
        explain_code(session, "koha", "NEW9", "nora")
        again = receive_transfers(session, parked, source="koha", park=True, holds=holds)
    assert "4711" not in stored
    assert again[0].outcome is Outcome.KNOWN


def test_a_hold_reference_is_kept_as_a_keyed_hash_only(engine: Engine) -> None:
    with writing(engine) as session:
        accept(receive_transfers(session, [ask(1)], holds={"r1": "reserve-4711"}))
        again = receive_transfers(session, [ask(1)], holds={"r1": "reserve-4711"})
        other = receive_transfers(session, [ask(1)], holds={"r1": "reserve-4712"})
    assert (again[0].outcome, other[0].outcome) == (Outcome.KNOWN, Outcome.CONFLICT)
    with reading(engine) as session:
        stored = session.scalars(select(TransferRow.hold_hash)).one()
    assert stored is not None
    assert "4711" not in stored
    assert len(stored) == 32


def test_thousands_at_once_are_stored_in_order_with_their_history(engine: Engine) -> None:
    many = [ask(number) for number in range(2_500)]
    with writing(engine) as session:
        accept(receive_transfers(session, many[:700], actor="key:ils"))
    with writing(engine) as session:
        receipts = accept(receive_transfers(session, many, actor="key:ils"))
    assert [receipt.request_id for receipt in receipts] == [f"r{n}" for n in range(2_500)]
    assert sum(receipt.outcome is Outcome.KNOWN for receipt in receipts) == 700

    assert place_events(engine) == 2_500
    with reading(engine) as session:
        feed = read_feed(session, limit=3_000)
        told = history(session, transfer_id("r2499"))
    assert [event.position for event in feed] == list(range(1, 2_501))
    assert {event.transfer_id for event in feed} == {transfer.id for transfer in many}
    assert [(event.kind, event.actor, event.place) for event in told] == [
        ("transfer.requested", "key:ils", "nora")
    ]

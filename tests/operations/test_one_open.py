from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlmodel import select

from logistics.demand.transfers import Transfer, TransferKind, TransferState, transfer_id
from logistics.operations.intake.receive import Outcome, Receipt, receive_transfers
from logistics.storage.feed import history
from logistics.storage.session import reading, write, writing
from logistics.storage.tables import TransferRow
from logistics.storage.transfers import Step, move

if TYPE_CHECKING:
    from sqlalchemy import Engine

MORNING = datetime(2026, 11, 24, 8, tzinfo=UTC)


def scan(
    name: str,
    minutes: int = 0,
    *,
    way: tuple[str, str] = ("nora", "kumla"),
    kind: TransferKind = TransferKind.RETURN,
    item: str = "book",
) -> Transfer:
    return Transfer(
        id=transfer_id(name),
        request_id=name,
        item=item,
        kind=kind,
        origin=way[0],
        destination=way[1],
        requested_at=MORNING + timedelta(minutes=minutes),
    )


def receive(engine: Engine, *transfers: Transfer) -> list[Receipt]:
    return write(engine, lambda session: receive_transfers(session, transfers))


def go(engine: Engine, name: str, *states: TransferState, at: str | None = None) -> None:
    for state in states:
        with writing(engine) as session:
            move(session, [Step(transfer=transfer_id(name), to=state, at=at)])


def states(engine: Engine) -> dict[str, str]:
    with reading(engine) as session:
        return {row.request_id: row.state for row in session.exec(select(TransferRow))}


@pytest.mark.parametrize("together", [True, False])
def test_a_book_scanned_again_where_it_waits_is_one_transfer(
    network: Engine, together: bool
) -> None:
    scans = [scan("s-1"), scan("s-2", 1), scan("s-3", 2)]
    parts = [scans] if together else [[one] for one in scans]

    receipts = [receipt for part in parts for receipt in receive(network, *part)]

    assert [one.outcome for one in receipts] == [Outcome.CREATED, Outcome.KNOWN, Outcome.KNOWN]
    assert {one.transfer_id for one in receipts} == {transfer_id("s-1")}
    assert states(network) == {"s-1": "requested"}


@pytest.mark.parametrize(("first", "second"), [(1, 1), (1, 150), (150, 1), (150, 150), (100, 101)])
def test_two_who_ask_for_a_book_at_once_make_one_transfer(
    network: Engine, first: int, second: int
) -> None:
    one, other = (
        [scan(name), *(scan(f"{name}-{n}", item=f"{name}-{n}") for n in range(1, many))]
        for name, many in (("s-1", first), ("s-2", second))
    )

    with ThreadPoolExecutor(1) as apart:
        with writing(network) as session:
            receive_transfers(session, one)
            later = apart.submit(receive, network, *other)
            time.sleep(0.3)
            assert not later.done(), "it answered before it could know of the first"
        receipts = later.result(30)

    assert [receipt.outcome for receipt in receipts] == [
        Outcome.KNOWN,
        *[Outcome.CREATED] * (second - 1),
    ]
    assert receipts[0].transfer_id == transfer_id("s-1")
    assert len(states(network)) == first + second - 1


def test_a_log_read_anew_after_the_book_has_arrived_makes_nothing(network: Engine) -> None:
    receive(network, scan("s-1"))
    receive(network, scan("s-2", 1))
    go(network, "s-1", TransferState.ABOARD, TransferState.DELIVERED)

    again = receive(network, scan("s-1"), scan("s-2", 1))

    assert {(one.outcome, one.transfer_id) for one in again} == {
        (Outcome.KNOWN, transfer_id("s-1"))
    }
    other = receive(network, scan("s-2", 1, way=("nora", "laxa")))
    assert [one.outcome for one in other] == [Outcome.CONFLICT]
    assert "destination was 'kumla' and is 'laxa'" in other[0].problem
    assert states(network) == {"s-1": "delivered"}
    journey = receive(network, scan("s-9", 600))  # it went there and came back since
    assert [one.outcome for one in journey] == [Outcome.CREATED]


@pytest.mark.parametrize(
    ("way", "before"),
    [
        (("nora", "laxa"), ()),
        (("kumla", "laxa"), (TransferState.PACKED,)),
        (("askersund", "kumla"), (TransferState.ABOARD,)),
        (("nora", "kumla"), (TransferState.MISSING,)),
        (("askersund", "kumla"), (TransferState.ABOARD, TransferState.AT_HUB)),
    ],
)
def test_a_later_request_for_another_way_takes_the_place_of_the_open_one(
    network: Engine, way: tuple[str, str], before: tuple[TransferState, ...]
) -> None:
    receive(network, scan("s-1"))
    go(network, "s-1", *before)

    receipts = receive(network, scan("s-2", 30, way=way))

    assert [one.outcome for one in receipts] == [Outcome.CREATED]
    assert states(network) == {"s-1": "cancelled", "s-2": "requested"}
    with reading(network) as session:
        last = history(session, transfer_id("s-1"))[-1]
    assert last.cause == f"'s-2' takes its place: {way[0]} to {way[1]}"
    again = receive(network, scan("s-1"))
    assert [(one.outcome, one.transfer_id) for one in again] == [
        (Outcome.KNOWN, transfer_id("s-1"))
    ]
    assert states(network) == {"s-1": "cancelled", "s-2": "requested"}


@pytest.mark.parametrize("together", [True, False])
def test_a_request_that_comes_after_a_later_one_has_ended_already(
    network: Engine, together: bool
) -> None:
    late, early = scan("s-2", 30, way=("laxa", "kumla")), scan("s-1")
    if together:
        receive(network, late, early)
    else:
        receive(network, late)
        receive(network, early)

    assert states(network) == {"s-1": "cancelled", "s-2": "requested"}
    with reading(network) as session:
        last = history(session, transfer_id("s-1"))[-1]
    assert last.cause == "'s-2' was asked for later: laxa to kumla"


def test_a_book_that_somebody_waits_for_now_goes_as_a_hold_until_it_is_packed(
    network: Engine,
) -> None:
    receive(network, scan("s-1"))
    receive(network, scan("s-2", 5, kind=TransferKind.HOLD))
    assert states(network) == {"s-1": "cancelled", "s-2": "requested"}

    go(network, "s-2", TransferState.PACKED)
    receipts = receive(network, scan("s-3", 9))

    assert [one.transfer_id for one in receipts] == [transfer_id("s-2")]
    assert states(network) == {"s-1": "cancelled", "s-2": "packed"}


def test_a_book_that_is_scanned_at_the_hub_rests_there(network: Engine) -> None:
    receive(network, scan("s-1"))
    go(network, "s-1", TransferState.ABOARD)
    go(network, "s-1", TransferState.AT_HUB, at="orebro")

    receive(network, scan("s-2", 90, way=("orebro", "kumla")))

    assert states(network) == {"s-1": "at_hub"}

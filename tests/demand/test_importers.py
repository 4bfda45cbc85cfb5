from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logistics.demand.importers import read_holds, read_returns, read_transfers
from logistics.demand.privacy import opaque
from logistics.demand.transfers import TransferKind
from logistics.errors import InputError

HEAD = "request_id,item,kind,origin,destination,requested_at\n"
ROW = "R1,3300,hold,nora,kumla,2026-11-24T08:00:00+01:00\n"
PLACES = {"nora", "kumla", "orebro"}


def problems_of(text: str | bytes) -> list[str]:
    data = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(InputError) as caught:
        read_transfers(data, "t.csv", places=PLACES)
    return caught.value.problems


def test_a_row_becomes_a_transfer() -> None:
    (found,) = read_transfers((HEAD + ROW).encode(), places=PLACES)
    assert (found.request_id, found.item, found.kind) == ("R1", "3300", TransferKind.HOLD)
    assert (found.origin, found.destination, found.at) == ("nora", "kumla", "nora")
    assert found.requested_at.isoformat() == "2026-11-24T07:00:00+00:00"


def test_semicolons_byte_order_mark_blank_lines_and_crlf_are_read() -> None:
    text = "\ufeff" + (HEAD + "\n" + ROW).replace(",", ";").replace("\n", "\r\n")
    assert len(read_transfers(text.encode())) == 1


def test_all_faults_of_a_file_at_once() -> None:
    text = HEAD + (
        "R1,3300,hold,nora,kumla,2026-11-24T08:00:00+01:00\n"
        "R2,3301,loan,nora,kumla,2026-11-24T08:00:00+01:00\n"
        "R3,,hold,nora,narnia,yesterday\n"
        "R4,3303,hold,nora,narnia,2026-11-24T08:00:00Z\n"
        "R5,3304,hold,nora,nora,2026-11-24T08:00:00Z\n"
        "R6,3305,hold,nora,kumla,2026-11-24T08:00:00\n"
        "R7,3306,hold\n"
    )
    found = problems_of(text)
    same_place = found.pop(4)
    assert same_place.startswith("t.csv line 6: transfer 't-")
    assert same_place.endswith("origin and destination are both 'nora', expected two places")
    assert found == [
        "t.csv line 3: kind is 'loan', expected one of hold, return, rebalance, supply",
        "t.csv line 4: item is blank, expected a barcode",
        (
            "t.csv line 4: requested_at is 'yesterday', expected a time with its zone, "
            "such as 2026-11-24T08:00:00+01:00"
        ),
        "t.csv line 5: destination is 'narnia', expected the code of a known branch",
        (
            "t.csv line 7: requested_at is '2026-11-24T08:00:00', expected a time with its zone, "
            "such as 2026-11-24T08:00:00+01:00"
        ),
        "t.csv line 8: 3 cells, expected 6 as in the heading",
    ]


def test_reader_fields_are_refused_by_name_with_a_reason() -> None:
    text = HEAD.replace("item,", "item,patron_id,colour,") + ROW
    first, second = problems_of(text)
    assert first.startswith("t.csv: field 'patron_id' looks like one about a reader")
    assert second.startswith("t.csv: column 'colour' is unknown, expected request_id, item")


def test_reader_values_are_refused_without_being_repeated() -> None:
    (problem,) = problems_of(HEAD + ROW.replace("R1", "811218-9876"))
    assert problem.startswith("t.csv line 2: request_id holds a Swedish personal number")
    assert "9876" not in problem


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(b"", "t.csv: the file is empty, expected a heading line", id="empty"),
        pytest.param(
            HEAD.encode() + b"R\xff", "t.csv line 2: byte 0xff is not UTF-8", id="not UTF-8"
        ),
        pytest.param(HEAD + "a\x00b", "t.csv line 2: a zero byte, expected text", id="zero byte"),
        pytest.param(HEAD + '"R1', "expected a well-formed CSV row", id="open quote"),
        pytest.param(HEAD.replace("item", "kind"), "column 'kind' stands twice", id="twice"),
        pytest.param(HEAD.replace("item,", ""), "column 'item' is missing", id="missing"),
        pytest.param(HEAD + ROW + ROW, "record 2: request_id 'R1' stands twice", id="same request"),
        pytest.param(HEAD + "x" * 150_000, "field larger than field limit", id="endless cell"),
    ],
)
def test_malformed_files(text: str | bytes, expected: str) -> None:
    assert any(expected in problem for problem in problems_of(text)), problems_of(text)


def test_faults_are_counted_to_a_thousand() -> None:
    assert problems_of(HEAD + "x\n" * 5000)[-1] == "t.csv: reading stopped after 1000 faults"


@given(st.binary(max_size=400))
def test_random_bytes_are_refused_in_words(data: bytes) -> None:
    with pytest.raises(InputError):
        read_transfers(data)


def test_returns() -> None:
    text = "item,title,owner,at,returned_at,material\n1,t,kumla,nora,2026-11-24T07:00:00Z,\n"
    (found,) = read_returns(text.encode(), places=PLACES)
    assert (found.owner, found.at, found.material) == ("kumla", "nora", "book")
    with pytest.raises(InputError, match="record 2: item '1' stands twice"):
        read_returns((text + "1,t,kumla,nora,2026-11-24T07:00:00Z,dvd\n").encode())


def test_holds_keep_only_a_hash_of_their_reference() -> None:
    text = "reference,title,pickup,placed_at,queue_position\n77,t,nora,2026-11-24T07:00:00Z,2\n"
    (found,) = read_holds(text.encode(), key=b"secret", places=PLACES)
    assert found.reference == opaque("77", b"secret")
    assert (found.queue_position, found.item) == (2, None)
    with pytest.raises(InputError, match="queue_position is '0', expected a whole number from 1"):
        read_holds(text.replace(",2\n", ",0\n").encode(), key=b"secret")

from __future__ import annotations

import random
import tracemalloc
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logistics.demand.adapters.sip2 import (
    PLACE_NOT_SEEN,
    CheckinTap,
    tap_log,
    tap_streams,
)
from logistics.demand.adapters.sip2_messages import (
    LONGEST_MESSAGE_BYTES,
    MessageStream,
    checksum,
    parse_message,
)
from logistics.demand.transfers import Transfer, TransferKind

DATE = "20261124    080000"
PATRON = "PATRON-4711|CYHOLD-0815|DAAnna Andersson|AFHello Anna|AGSlip for Anna"


def signed(text: str, sequence: str = "3") -> bytes:
    body = f"{text}AY{sequence}AZ".encode()
    return body + checksum(body).encode() + b"\r"


def request(
    item: str = "3300", place: str = "NORA", *, sequence: str = "3", more: str = ""
) -> bytes:
    return signed(f"09N{DATE}{DATE}AP{place}|AOBER|AB{item}|ACsecret|{more}", sequence)


def response(
    item: str = "3300", *, to: str = "KUML", alert: str = "02", sequence: str = "3", more: str = ""
) -> bytes:
    return signed(
        f"101YNY{DATE}AOBER|AB{item}|AQKUML|AJMoby Dick|AA{PATRON}|CT{to}|CV{alert}|{more}",
        sequence,
    )


def taps(*pieces: bytes, tap: CheckinTap | None = None) -> list[Transfer]:
    return list(tap_streams(tap or CheckinTap("koha"), (("1", piece) for piece in pieces)))


def test_a_hold_elsewhere_becomes_a_transfer() -> None:
    (found,) = taps(request(), response())
    assert (found.item, found.kind) == ("3300", TransferKind.HOLD)
    assert (found.origin, found.destination) == ("NORA", "KUML")
    # 08:00 in Stockholm in November is 07:00 UTC.
    assert found.requested_at.isoformat() == "2026-11-24T07:00:00+00:00"


@pytest.mark.parametrize(
    ("to", "kind"),
    [
        pytest.param("KUML", TransferKind.RETURN, id="to its permanent place"),
        pytest.param("LAXA", TransferKind.REBALANCE, id="to a shelf that is not its own"),
    ],
)
def test_without_a_hold_it_goes_home_or_floats(to: str, kind: TransferKind) -> None:
    (found,) = taps(request(), response(to=to, alert="04"))
    assert found.kind is kind


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        pytest.param(response(to="NORA"), "already there", id="destination is the place of return"),
        pytest.param(response(alert="01"), "stays here", id="hold at this library"),
        pytest.param(response(alert="00"), "stays here", id="no alert"),
        pytest.param(response(alert="99"), "stays here", id="other alert"),
        pytest.param(response(to=""), "no item or destination", id="no destination"),
        pytest.param(response().replace(b"101", b"100", 1), None, id="wrong checksum then"),
        pytest.param(response(to="K" * 61), "unusable code", id="endless code"),
        pytest.param(response(to="811218-9876"), "unusable code", id="a person in a code"),
    ],
)
def test_what_makes_no_transfer(reply: bytes, reason: str | None) -> None:
    tap = CheckinTap("koha")
    assert taps(request(), reply, tap=tap) == []
    assert dict(tap.passed) == ({reason: 1} if reason else {})


def test_what_was_not_on_loan_travels_too() -> None:
    # Koha answers 0 where the item was not on loan, and sends it on all the same.
    (found,) = taps(request(), signed(f"100YNY{DATE}AB3300|CTKUML|CV04|"))
    assert (found.origin, found.destination) == ("NORA", "KUML")


@pytest.mark.parametrize("end", ["", "\\r", "\\r\\n'", "<CR>", "[CR][LF]", "^M", '"', "<0D>", " "])
def test_logs_end_their_messages_as_they_like(end: str) -> None:
    lines = [
        f"2026-11-24T08:00:00 sip[77]: {way}: {line.decode().rstrip()}{end}\n".encode()
        for way, line in (("<-", request()), ("->", response()))
    ]
    assert len(list(tap_log(CheckinTap("koha"), lines))) == 1


def test_a_cancelled_checkin_makes_none() -> None:
    assert taps(request(more="BIY|"), response()) == []


def test_a_resend_is_the_same_transfer() -> None:
    first, second = taps(request(), response(), request(), response())
    assert first == second


def test_pairs_by_connection_sequence_and_item() -> None:
    pieces = [
        ("1 in", request(place="NORA")),
        ("2 in", request(place="LAXA")),
        ("2 out", response()),
        ("1 out", response()),
    ]
    assert [t.origin for t in tap_streams(CheckinTap("koha"), pieces)] == ["LAXA", "NORA"]


def test_without_the_request_the_place_is_parked_not_guessed() -> None:
    (found,) = taps(response())
    assert found.origin == PLACE_NOT_SEEN
    (told,) = taps(response(more="APSTOR|"))
    assert told.origin == "STOR"


def test_checksums_are_honoured() -> None:
    stream = MessageStream()
    damaged = request().replace(b"NORA", b"LAXA")
    assert list(stream.feed(damaged)) == []
    assert stream.skipped == {"checksum": 1}
    bare = f"09N{DATE}{DATE}APNORA|AB1|\r".encode()
    assert len(list(stream.feed(bare))) == 1
    tap = CheckinTap("koha", require_checksum=True)
    assert taps(bare, tap=tap) == []
    assert tap.passed == {"no checksum": 1}


def test_patron_fields_are_dropped_before_anything_else_sees_them() -> None:
    for line in (request(), response()):
        message = parse_message(line.rstrip(b"\r"))
        assert not isinstance(message, str)
        for planted in ("4711", "0815", "Anna", "secret", "Moby"):
            assert planted not in repr(message)
        assert set(message.fields) <= {"AB", "AO", "AP", "AQ", "BI", "CL", "CT", "CV"}
    (found,) = taps(request(), response())
    assert "Anna" not in repr(asdict(found))


def test_a_stream_may_be_cut_anywhere() -> None:
    data = request() + b"\n" + response()
    for cut in range(len(data)):
        assert len(taps(data[:cut], data[cut:])) == 1
    assert len(taps(*(data[i : i + 1] for i in range(len(data))))) == 1


def test_latin_1_is_read() -> None:
    line = f"09N{DATE}{DATE}APÖREBRO|AB1|AY1AZ".encode("latin-1")
    message = parse_message(line + checksum(line).encode())
    assert not isinstance(message, str)
    assert message.fields["AP"] == "ÖREBRO"


def test_broken_dates_do_not_lose_a_book() -> None:
    broken = signed(f"09N{'9' * 18}{DATE}APNORA|AB3300|")
    (found,) = taps(broken, response())
    assert found.origin == "NORA"
    impossible = signed(f"09N20261324    080000{DATE}APNORA|AB3300|")
    assert len(taps(impossible, response())) == 1
    utc = signed(f"09N20261124   Z080000{DATE}APNORA|AB3300|")
    assert taps(utc, response())[0].requested_at.hour == 8


def test_other_messages_are_skipped() -> None:
    stream = MessageStream()
    assert list(stream.feed(b"9900302.00\r\r\n23000\r09N\r")) == []
    assert stream.skipped == {"other": 2, "short": 1}


@given(st.lists(st.binary(max_size=300), max_size=6))
def test_random_bytes_make_nothing_and_break_nothing(pieces: list[bytes]) -> None:
    taps(*pieces, b"\r", request(), response())
    list(tap_log(CheckinTap("koha"), pieces))


@given(st.data())
def test_a_damaged_message_never_becomes_another_transfer(data: st.DataObject) -> None:
    good = response()
    at = data.draw(st.integers(0, len(good) - 2))
    byte = data.draw(st.integers(0, 255))
    damaged = good[:at] + bytes([byte]) + good[at + 1 :]
    honest = taps(request(), good)
    assert taps(request(), damaged) in ([], honest)


def test_a_message_cut_off_before_its_checksum_makes_nothing() -> None:
    cut = response().partition(b"AY")[0] + b"\n" + response().partition(b"AY")[2]
    assert taps(request(), response())
    assert taps(request(), cut) == []


def test_memory_stays_bounded_on_a_line_that_never_ends() -> None:
    noise = random.Random(1).randbytes(1 << 16).replace(b"\r", b"x").replace(b"\n", b"y")
    stream = MessageStream()
    tracemalloc.start()
    for _ in range(100):
        assert list(stream.feed(noise)) == []
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 * LONGEST_MESSAGE_BYTES + len(noise)
    assert stream.skipped["long"] == 1
    assert len(list(stream.feed(b"\r" + request()))) == 1


def test_requests_that_are_never_answered_are_forgotten() -> None:
    tap = CheckinTap("koha")
    taps(*(request(str(number)) for number in range(1_000)), tap=tap)
    assert len(tap._pending) == 256
    many = ((f"c{number}", b"x") for number in range(1_000))
    assert list(tap_streams(tap, many)) == []


def test_a_koha_log_is_read() -> None:
    stamp = b"[2026/11/24 08:00:00] [%d] [INFO] %s MSG: '%s'\n"
    lines = [
        stamp % (71, b"INPUT", request().rstrip()),
        stamp % (72, b"INPUT", request(place="LAXA").rstrip()),
        b"something else\n",
        stamp % (71, b"OUTPUT", response().rstrip()),
        stamp % (72, b"OUTPUT", response().rstrip().replace(b"KUML", b"NORA", 1)),
    ]
    tap = CheckinTap("koha")
    assert [transfer.origin for transfer in tap_log(tap, lines)] == ["NORA"]
    assert tap.passed == {"checksum": 1}

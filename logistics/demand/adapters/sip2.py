"""A tap on SIP2 traffic: a check-in whose item must go elsewhere becomes a transfer.

A response says so by its alert type (CV 02: a hold at another branch, 04: another branch without a
hold) and its destination (CT). Where the item is, only the request says (AP), so both are paired
by connection, sequence and item.
"""

from __future__ import annotations

import re
from collections import Counter, OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from logistics.demand.adapters.sip2_messages import (
    LONGEST_MESSAGE_BYTES,
    REQUEST,
    Message,
    MessageStream,
    parse_message,
)
from logistics.demand.privacy import personal_values
from logistics.demand.transfers import Transfer, TransferKind, transfer_id
from logistics.demand.waiting import LOCAL_TIME

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HOLD_ELSEWHERE: Final = "02"
SEND_ELSEWHERE: Final = "04"
#: Stands for the place of return where no request was seen. No table knows it, so the transfer is
#: parked for the coordinator and not lost.
PLACE_NOT_SEEN: Final = "place-of-return-not-seen"

_MOST_PENDING: Final = 256
_LONGEST_CODE: Final = 60
_IN_LOG: Final = re.compile(rb"(?<![0-9A-Za-z])(?:09[YN]|10[01][YN][YNU][YN])[0-9]{8}")
_CONNECTION: Final = re.compile(rb"\[([0-9]{1,10})\]")
#: What logs write for the end of a message, and what they put around it.
_END_IN_LOG: Final = re.compile(rb"(?:\\[rn]|[<\[](?:CR|LF|0[DdAa])[>\]]|\^[MJ]|['\"\s])+$")
_DATE: Final = re.compile(r"([0-9]{8})(    |   Z)([0-9]{6})")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pending:
    place: str
    at: datetime
    cancelled: bool


class CheckinTap:
    """
    Turns the check-ins of one source into transfers.

    Attributes
    ----------
    passed
        How many responses made no transfer, by reason.

    Parameters
    ----------
    source
        Name of the circulation system in the table of branch codes.
    require_checksum
        Whether messages without a checksum are passed over.
    """

    def __init__(self, source: str, *, require_checksum: bool = False) -> None:
        self.source = source
        self.require_checksum = require_checksum
        self.passed: Counter[str] = Counter()
        self._pending: OrderedDict[tuple[str, str | None, str], _Pending] = OrderedDict()
        self._checking: OrderedDict[str, None] = OrderedDict()

    def see(self, message: Message, connection: str = "") -> Transfer | None:
        """
        Take one message in.

        Parameters
        ----------
        message
            A request or a response, in the order of the wire.
        connection
            Name of the connection it came on; sequence digits repeat on each.

        Returns
        -------
        Transfer or None
            A transfer with the source's own branch codes, or None when the message makes none.
            The same check-in sent again makes the same transfer.
        """
        if message.checked:
            self._checking[connection] = None
            if len(self._checking) > _MOST_PENDING:
                self._checking.popitem(last=False)
        elif self.require_checksum or connection in self._checking:
            # where one message bears a checksum all do: this one was cut off before its own
            self.passed["no checksum"] += 1
            return None
        item = message.fields.get("AB", "")
        key = connection, message.sequence, item
        if message.code == REQUEST:
            self._remember(key, message)
            return None
        request = self._pending.get(key)
        reason = _passed_over(message, request)
        if reason is not None:
            self.passed[reason] += 1
            return None
        return self._transfer(message, request)

    def _remember(self, key: tuple[str, str | None, str], message: Message) -> None:
        fields = message.fields
        at = _date(message.fixed[1:19])
        cancelled = fields.get("BI") == "Y"
        self._pending[key] = _Pending(place=fields.get("AP", ""), at=at, cancelled=cancelled)
        self._pending.move_to_end(key)
        if len(self._pending) > _MOST_PENDING:
            self._pending.popitem(last=False)

    def _transfer(self, message: Message, request: _Pending | None) -> Transfer:
        fields = message.fields
        place = (request.place if request else "") or fields.get("AP", "") or PLACE_NOT_SEEN
        at = request.at if request else _date(message.fixed[4:22])
        kind = TransferKind.HOLD
        if fields["CV"] == SEND_ELSEWHERE:
            home = fields.get("AQ", "") in {"", fields["CT"]}
            kind = TransferKind.RETURN if home else TransferKind.REBALANCE
        # The clocks of both ends differ by seconds; the request's is the same in every resend.
        request_id = f"{self.source}:{fields['AB']}:{at:%Y%m%dT%H%M%SZ}"
        return Transfer(
            id=transfer_id(request_id),
            request_id=request_id,
            item=fields["AB"],
            kind=kind,
            origin=place,
            destination=fields["CT"],
            requested_at=at,
        )


def tap_streams(tap: CheckinTap, pieces: Iterable[tuple[str, bytes]]) -> Iterator[Transfer]:
    """
    Read the bytes of many connections as they arrive.

    Parameters
    ----------
    tap
        The tap.
    pieces
        Name of a connection and bytes of it; both directions of one connection share its name but
        must each be cut at ends of line, or carry names such as ``7 in`` and ``7 out``.

    Yields
    ------
    Transfer
        Each as soon as its response is complete.
    """
    streams: OrderedDict[str, MessageStream] = OrderedDict()
    for name, data in pieces:
        stream = streams.setdefault(name, MessageStream())
        streams.move_to_end(name)
        if len(streams) > _MOST_PENDING:
            streams.popitem(last=False)
        for message in stream.feed(data):
            transfer = tap.see(message, name.partition(" ")[0])
            if transfer is not None:
                yield transfer


def tap_log(tap: CheckinTap, lines: Iterable[bytes]) -> Iterator[Transfer]:
    """
    Read a log that shows SIP2 messages, such as Koha's ``sip.log``.

    Parameters
    ----------
    tap
        The tap.
    lines
        Lines of the log; a process number in square brackets names the connection.

    Yields
    ------
    Transfer
        Each check-in whose item must go elsewhere.
    """
    for line in lines:
        found = _IN_LOG.search(line[:LONGEST_MESSAGE_BYTES])
        if found is None:
            continue
        named = _CONNECTION.search(line[: found.start()])
        text = line[found.start() : found.start() + LONGEST_MESSAGE_BYTES]
        message = parse_message(_END_IN_LOG.sub(b"", text))
        if isinstance(message, Message):
            transfer = tap.see(message, named[1].decode() if named else "")
            if transfer is not None:
                yield transfer
        else:
            tap.passed[message] += 1


def _passed_over(message: Message, request: _Pending | None) -> str | None:
    fields = message.fields
    place = (request.place if request else "") or fields.get("AP", "")
    codes = {name: fields.get(name, "") for name in ("AB", "CT")} | {"AP": place}
    reasons = {
        "check-in cancelled": request is not None and request.cancelled,
        "stays here": fields.get("CV") not in {HOLD_ELSEWHERE, SEND_ELSEWHERE},
        "no item or destination": not codes["AB"] or not codes["CT"],
        "already there": codes["CT"] == place,
        "unusable code": max(map(len, codes.values())) > _LONGEST_CODE
        or any(personal_values(codes)),
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


def _date(text: str) -> datetime:
    # YYYYMMDDZZZZHHMMSS; four blanks are local time. A broken clock must not lose a book.
    match = _DATE.fullmatch(text)
    try:
        naive = datetime.strptime(match[1] + match[3], "%Y%m%d%H%M%S") if match else None  # noqa: DTZ007 (zone below)
    except ValueError:
        naive = None
    if match is None or naive is None:
        return datetime.now(UTC).replace(microsecond=0)
    zone = UTC if match[2].endswith("Z") else LOCAL_TIME
    return naive.replace(tzinfo=zone).astimezone(UTC)

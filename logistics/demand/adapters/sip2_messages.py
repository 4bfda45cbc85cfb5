"""SIP2 check-in messages out of a stream of bytes; fields about readers are dropped as they pass.

Of 3M's Standard Interchange Protocol 2.00 only the check-in request (09) and its response (10) are
read. What a stream holds besides, noise included, is skipped; memory is bounded whatever comes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from logistics.demand.privacy import SIP2_PRIVATE_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Longest message that is kept; the standard's fields end far below it.
LONGEST_MESSAGE_BYTES: Final = 8_192

REQUEST: Final = "09"
RESPONSE: Final = "10"
# Characters before the first field: code, flags and dates.
_FIXED: Final = {REQUEST: 39, RESPONSE: 24}
_KEPT: Final = frozenset({"AB", "AO", "AP", "AQ", "BI", "CL", "CT", "CV"})
_CHECKSUM_BYTES: Final = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """
    A check-in request or response without any field about a reader.

    Attributes
    ----------
    code
        ``09`` or ``10``.
    fixed
        Flags and dates that stand before the fields.
    fields
        Values by two-letter name; only names that transfers need are kept.
    sequence
        The sequence digit, None where the sender uses none.
    checked
        Whether a checksum was there; a wrong one makes no message.
    """

    code: str
    fixed: str
    fields: Mapping[str, str]
    sequence: str | None
    checked: bool


def checksum(data: bytes) -> str:
    """
    Work out the checksum of a message.

    Parameters
    ----------
    data
        The message up to and including ``AZ``.

    Returns
    -------
    str
        Four hexadecimal digits: the negated sum of all bytes, modulo 65536.
    """
    return f"{-sum(data) & 0xFFFF:04X}"


def parse_message(line: bytes) -> Message | str:
    """
    Read one message.

    Parameters
    ----------
    line
        The message without its end of line.

    Returns
    -------
    Message or str
        The message, or why there is none: ``other`` for another message or noise, ``checksum``
        for a wrong checksum, ``short`` for one cut off.
    """
    code = line[:2].decode("ascii", "replace")
    if code not in _FIXED:
        return "other"
    if len(line) < _FIXED[code]:
        return "short"
    body, sequence, checked = line, None, False
    tail = line[-_CHECKSUM_BYTES:]
    # Either mark asks for the check, so that a damaged byte cannot switch it off.
    if tail[:2] == b"AY" or tail[3:5] == b"AZ":
        if tail[5:].decode("ascii", "replace").upper() != checksum(line[:-4]):
            return "checksum"
        body, sequence, checked = line[:-_CHECKSUM_BYTES], chr(tail[2]), True
    text = _decode(body)
    fields: dict[str, str] = {}
    for part in text[_FIXED[code] :].split("|"):
        name, value = part[:2], part[2:].strip()
        if name == "AY" and sequence is None and len(value) == 1:
            sequence = value
        if name in _KEPT and name not in SIP2_PRIVATE_FIELDS and name not in fields:
            fields[name] = value
    fixed = text[2 : _FIXED[code]]
    return Message(code=code, fixed=fixed, fields=fields, sequence=sequence, checked=checked)


class MessageStream:
    """
    Cuts a stream of bytes into messages as they arrive.

    Attributes
    ----------
    skipped
        How often bytes made no message, by reason: other, short, checksum, long.

    Parameters
    ----------
    longest
        Longest message in bytes; what is longer is skipped up to the next end of line.
    """

    def __init__(self, *, longest: int = LONGEST_MESSAGE_BYTES) -> None:
        self.longest = longest
        self.skipped: Counter[str] = Counter()
        self._rest = bytearray()
        self._skipping = False

    def feed(self, data: bytes) -> Iterator[Message]:
        """
        Take bytes in and give out the messages they complete.

        Parameters
        ----------
        data
            Bytes as they came, cut anywhere.

        Yields
        ------
        Message
            Each complete check-in message.
        """
        start = 0
        while start < len(data):
            end = _end_of_line(data, start)
            piece = data[start : end if end >= 0 else len(data)]
            if not self._skipping:
                self._rest += piece[: self.longest + 1 - len(self._rest)]
                if len(self._rest) > self.longest:
                    self._rest.clear()
                    self._skipping = True
                    self.skipped["long"] += 1
            if end < 0:
                return
            start = end + 1
            line, self._skipping = bytes(self._rest), False
            self._rest.clear()
            if line:
                yield from self._parse(line)

    def _parse(self, line: bytes) -> Iterator[Message]:
        found = parse_message(line)
        if isinstance(found, Message):
            yield found
        else:
            self.skipped[found] += 1


def _end_of_line(data: bytes, start: int) -> int:
    ends = [at for at in (data.find(b"\r", start), data.find(b"\n", start)) if at >= 0]
    return min(ends, default=-1)


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")

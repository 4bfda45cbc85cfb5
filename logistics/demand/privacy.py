"""The wall: no field about a reader comes in, by whatever name it knocks.

Swedish library secrecy (offentlighets- och sekretesslagen 2009:400, chapter 40 section 3) and the
data minimisation of the GDPR (article 5.1 c) both ask for it. Doors accept listed fields only; what
stands here turns a refusal into a sentence that explains itself, and finds personal values that
hide in an allowed field.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from datetime import date
from typing import TYPE_CHECKING, Final

from logistics.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

#: SIP2 fields that carry a reader or a secret: patron (AA), patron password (AD), terminal password
#: (AC), name (AE), address (BD), e-mail (BE), telephone (BF), birth date (PB), class (PC), sex
#: (PF), hold patron (CY, DA), login (CN, CO) and texts for the screen or the printer, which may
#: name one (AF, AG).
SIP2_PRIVATE_FIELDS: Final = frozenset(
    {
        *("AA", "AC", "AD", "AE", "AF", "AG", "BD", "BE", "BF"),
        *("CN", "CO", "CY", "DA", "PB", "PC", "PF"),
    }
)

_PARTS: Final = (
    *("patron", "borrower", "lantagar", "laantagar", "reader", "lasare", "cardholder", "customer"),
    *("member", "userid", "username", "useroptional", "nameinformation", "kundnummer", "kundid"),
    *("personn", "persnr", "personid", "socialsecurity", "samordningsnummer", "password", "pinkod"),
    *("cardnumber", "cardno", "librarycard", "lanekort", "bibliotekskort", "kortnummer", "kortnr"),
    *("email", "epost", "mejl", "phone", "telefon", "mobilnummer", "birth", "fodelse", "gender"),
    *("firstname", "lastname", "surname", "givenname", "fornamn", "efternamn", "fullname"),
    *("streetaddress", "homeaddress", "gatuadress", "hemadress", "pincode"),
)
_WHOLE: Final = frozenset(
    {
        *("name", "namn", "user", "address", "adress", "age", "alder", "sex", "kon", "card"),
        *("kort", "kund", "mobil", "pnr", "ssn", "pin"),
    }
)

_EMAIL: Final = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}\.[A-Za-z]{2,24}")
_PERSONAL_NUMBER: Final = re.compile(
    r"(?<!\d)(?:(?P<century>19|20)(?P<long>\d{6})[-+]?|(?P<short>\d{6})[-+])(?P<last>\d{4})(?!\d)"
)
_LAST_MONTH = 12
_COORDINATION_DAYS = 60


def is_patron_field(name: str) -> bool:
    """
    Tell whether a field's name speaks of a reader.

    Parameters
    ----------
    name
        Name of a column, a JSON key or a two-letter SIP2 field.

    Returns
    -------
    bool
        True for names such as ``patron_id``, ``Låntagare``, ``personnummer`` or ``AA``.
    """
    stripped = name.strip()
    if stripped in SIP2_PRIVATE_FIELDS:
        return True
    plain = _plain(stripped)
    return plain in _WHOLE or any(part in plain for part in _PARTS)


def patron_fields(names: Iterable[str]) -> list[str]:
    """
    Explain each refused field that speaks of a reader.

    Parameters
    ----------
    names
        Names that a door does not accept.

    Returns
    -------
    list of str
        One sentence for each that looks like a reader's, in the order given.
    """
    return [
        f"field {name!r} looks like one about a reader; nothing about readers may be stored here, "
        "so leave the field out of the file or the request"
        for name in names
        if is_patron_field(name)
    ]


def personal_values(fields: Mapping[str, object]) -> Iterator[str]:
    """
    Find personal numbers and e-mail addresses in the values of allowed fields.

    Parameters
    ----------
    fields
        Values by name of field; only texts are looked at.

    Yields
    ------
    str
        One sentence for each; the value itself is not repeated.
    """
    for name, value in fields.items():
        if not isinstance(value, str):
            continue
        if "@" in value and _EMAIL.search(value):
            yield f"{name} holds an e-mail address, expected nothing about a reader"
        elif any(_is_personal_number(match) for match in _PERSONAL_NUMBER.finditer(value)):
            yield f"{name} holds a Swedish personal number, expected nothing about a reader"


def holds_personal_value(text: str) -> bool:
    """
    Tell whether a text holds a personal number or an e-mail address.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    bool
        True when it does; such a text must not be repeated in a message either.
    """
    return any(personal_values({"value": text}))


def refuse_personal_values(fields: Mapping[str, object]) -> None:
    """
    Refuse a record whose allowed fields hold something personal.

    Parameters
    ----------
    fields
        Values by name of field.

    Raises
    ------
    InputError
        With a sentence for each such value, without the value.
    """
    problems = list(personal_values(fields))
    if problems:
        raise InputError(problems)


def opaque(reference: str, key: bytes) -> str:
    """
    Make a hold's reference unreadable for anyone without the key.

    Parameters
    ----------
    reference
        The circulation system's own reference.
    key
        The installation's secret key.

    Returns
    -------
    str
        Thirty-two hexadecimal digits; the same for the same reference and key.
    """
    return hmac.new(key, reference.encode(), hashlib.sha256).hexdigest()[:32]


def _plain(name: str) -> str:
    folded = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in folded if letter.isascii() and letter.isalnum())


def _is_personal_number(match: re.Match[str]) -> bool:
    day = match["long"] or match["short"]
    digits = day + match["last"]
    if not _is_day(match["century"] or "20", day):
        return False
    doubled = [int(digit) * (2 - index % 2) for index, digit in enumerate(digits)]
    return sum(number // 10 + number % 10 for number in doubled) % 10 == 0


def _is_day(century: str, digits: str) -> bool:
    # A coordination number counts its day from 60 on.
    year, month, day = int(century + digits[:2]), int(digits[2:4]), int(digits[4:])
    if not 1 <= month <= _LAST_MONTH:
        return False
    try:
        date(year, month, day - _COORDINATION_DAYS if day > _COORDINATION_DAYS else day)
    except ValueError:
        return False
    return True

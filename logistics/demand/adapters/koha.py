"""Koha: the report over ``branchtransfers`` as CSV, and REST for libraries and items.

Koha's REST interface (``/api/v1``) has no route for transfers, so they come by a report, by SIP2
or by the drop folder. ``REPORT_SQL`` is the report to save in Koha; it selects nothing about
readers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import httpx2

from logistics.csvfile import Column, read_records
from logistics.demand.privacy import holds_personal_value, patron_fields, refuse_personal_values
from logistics.demand.transfers import Transfer, TransferKind, transfer_id
from logistics.demand.waiting import LOCAL_TIME
from logistics.errors import InputError, UnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

REPORT_SQL: Final = """\
SELECT t.branchtransfer_id, i.barcode, t.frombranch, t.tobranch, t.reason,
       t.daterequested, t.datesent, t.datearrived, t.datecancelled
FROM branchtransfers t JOIN items i ON i.itemnumber = t.itemnumber
WHERE t.datearrived IS NULL AND t.datecancelled IS NULL
"""

_KINDS: Final = {
    **dict.fromkeys(("Reserve", "Recall"), TransferKind.HOLD),
    **dict.fromkeys(
        ("StockrotationAdvance", "RotatingCollection", "LibraryFloatLimit"),
        TransferKind.REBALANCE,
    ),
    "Manual": TransferKind.SUPPLY,
}
_PAGE: Final = 100
_MOST_PAGES: Final = 1_000


def parse_local_time(text: str) -> datetime:
    """
    Read a time of Koha's database, which is local time without a zone.

    Parameters
    ----------
    text
        ``YYYY-MM-DD HH:MM:SS``.

    Returns
    -------
    datetime
        The time in Europe/Stockholm, or in its own zone where it has one.

    Raises
    ------
    ValueError
        The text is no time.
    """
    time = datetime.fromisoformat(text)
    return time if time.tzinfo else time.replace(tzinfo=LOCAL_TIME)


def _maybe_time(text: str) -> datetime | None:
    return None if text.upper() in _NOTHING else parse_local_time(text)


#: How the database's own client and dumps write that there is no value.
_NOTHING: Final = frozenset({"NULL", "\\N", "0000-00-00", "0000-00-00 00:00:00"})
_A_TIME: Final = "a time, such as 2026-11-24 08:00:00"
_COLUMNS: Final = (
    Column(name="branchtransfer_id", expected="a number"),
    Column(name="barcode", expected="a barcode", required=False),
    Column(name="itemnumber", expected="a number", required=False),
    Column(name="frombranch", expected="a branch code"),
    Column(name="tobranch", expected="a branch code"),
    Column(name="reason", required=False),
    *(
        Column(name=name, parse=_maybe_time, expected=_A_TIME, required=False)
        for name in ("daterequested", "datesent", "datearrived", "datecancelled")
    ),
    # Columns of the table that nothing is kept of: people write in them what they like.
    *(
        Column(name=name, parse=lambda _: "", required=False)
        for name in ("comments", "cancellation_reason")
    ),
)


def read_branchtransfers(
    data: bytes, name: str = "branchtransfers.csv", *, source: str = "koha"
) -> list[Transfer]:
    """
    Read the report over ``branchtransfers``.

    Parameters
    ----------
    data
        The report as CSV, separated as Koha's setting or its database client has it. Where it has
        no barcode, the item's number stands for it.
    name
        What to call it in faults.
    source
        Name of the system in the table of branch codes.

    Returns
    -------
    list of Transfer
        One for each transfer that has neither arrived nor been cancelled, with Koha's own branch
        codes. Reserve and Recall are holds; reasons of stock rotation, rotating collections and
        float limits even out shelves; Manual is supply; all others go home.

    Raises
    ------
    InputError
        With every fault, by line; columns about readers are refused by name.
    """

    def build(**fields: Any) -> Transfer | None:  # noqa: ANN401 (a row is read by heading)
        refuse_personal_values(fields)
        if fields.get("datearrived") or fields.get("datecancelled"):
            return None
        asked = fields.get("daterequested") or fields.get("datesent")
        if asked is None:
            raise InputError("daterequested and datesent are blank, expected one of them")
        request_id = f"{source}:{fields['branchtransfer_id']}"
        return Transfer(
            id=transfer_id(request_id),
            request_id=request_id,
            item=_item(fields.get("barcode", ""), fields.get("itemnumber", "")),
            kind=_KINDS.get(fields.get("reason", ""), TransferKind.RETURN),
            origin=fields["frombranch"],
            destination=fields["tobranch"],
            requested_at=asked,
        )

    rows = read_records(
        data,
        name,
        _COLUMNS,
        build,
        refuse=patron_fields,
        hide=holds_personal_value,
        in_windows=True,
    )
    return [row for row in rows if row is not None]


def _item(barcode: str, number: str) -> str:
    if barcode and barcode.upper() not in _NOTHING:
        return barcode
    if not number:
        raise InputError("barcode and itemnumber are blank, expected one of them")
    return f"itemnumber {number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class KohaLibrary:
    """
    A library as Koha knows it.

    Attributes
    ----------
    code
        Koha's ``library_id``.
    name
        Its name.
    postal_code
        Postal code, blank where Koha has none.
    city
        Town, blank where Koha has none.
    """

    code: str
    name: str
    postal_code: str = ""
    city: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KohaItem:
    """
    An item as Koha knows it.

    Attributes
    ----------
    barcode
        Koha's ``external_id``.
    title
        Koha's ``biblio_id``.
    owner
        Koha's ``home_library_id``.
    at
        Koha's ``holding_library_id``.
    material
        Koha's ``effective_item_type_id``, blank where it has none.
    """

    barcode: str
    title: str
    owner: str
    at: str
    material: str = ""


class KohaClient:
    """
    Reads libraries and items from Koha's REST interface; fields not listed here are not kept.

    Parameters
    ----------
    client
        An HTTP client with Koha's address as base and its credentials.
    """

    def __init__(self, client: httpx2.Client) -> None:
        self._client = client

    def libraries(self) -> list[KohaLibrary]:
        """
        List all libraries.

        Returns
        -------
        list of KohaLibrary
            In Koha's order.

        Raises
        ------
        UnavailableError
            Koha does not answer as it should.
        """
        return [
            KohaLibrary(
                code=_text(row, "library_id"),
                name=_text(row, "name"),
                postal_code=_text(row, "postal_code"),
                city=_text(row, "city"),
            )
            for row in self._rows("libraries", {})
        ]

    def item(self, barcode: str) -> KohaItem | None:
        """
        Look an item up.

        Parameters
        ----------
        barcode
            Its barcode.

        Returns
        -------
        KohaItem or None
            The item; None when Koha has none of this barcode.

        Raises
        ------
        UnavailableError
            Koha does not answer as it should.
        """
        for row in self._rows("items", {"external_id": barcode}):
            if _text(row, "external_id") == barcode:
                return KohaItem(
                    barcode=barcode,
                    title=_text(row, "biblio_id"),
                    owner=_text(row, "home_library_id"),
                    at=_text(row, "holding_library_id"),
                    material=_text(row, "effective_item_type_id"),
                )
        return None

    def _rows(self, path: str, query: Mapping[str, str]) -> Iterator[Mapping[str, object]]:
        for page in range(1, _MOST_PAGES + 1):
            rows = self._page(path, {**query, "_page": str(page), "_per_page": str(_PAGE)})
            yield from rows
            if len(rows) < _PAGE:
                return

    def _page(self, path: str, query: Mapping[str, str]) -> list[Mapping[str, object]]:
        try:
            answer = self._client.get(f"/api/v1/{path}", params=dict(query))
            answer.raise_for_status()
            rows = answer.json()
        except (httpx2.HTTPError, ValueError) as error:
            raise UnavailableError(
                f"Koha does not answer /api/v1/{path}: {error}; check its address and credentials"
            ) from error
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise UnavailableError(f"Koha answers /api/v1/{path} with something else than a list")
        return rows


def _text(row: Mapping[str, object], name: str) -> str:
    value = row.get(name)
    return "" if value is None else str(value)

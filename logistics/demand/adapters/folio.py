"""FOLIO: the report of items in transit (``GET /inventory-reports/items-in-transit``)."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Final

from logistics.demand.adapters.sip2 import PLACE_NOT_SEEN
from logistics.demand.privacy import personal_values
from logistics.demand.transfers import Transfer, TransferKind, transfer_id
from logistics.errors import InputError, UnavailableError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx2

_REPORT: Final = "/inventory-reports/items-in-transit"
_IN_TRANSIT: Final = "In transit"
_MOST_ITEMS: Final = 200_000


def read_in_transit(
    data: bytes, name: str = "items-in-transit.json", *, source: str = "folio"
) -> list[Transfer]:
    """
    Read the report of items in transit.

    Only the fields that a transfer needs are looked at; what FOLIO sends of a request's patron
    group or of a loan is never read.

    Parameters
    ----------
    data
        The answer as JSON: an object with ``items``.
    name
        What to call it in faults.
    source
        Name of the system in the table of branch codes, whose codes are FOLIO's identifiers of
        service points.

    Returns
    -------
    list of Transfer
        One for each item in transit; a hold where a request is attached, else a return.

    Raises
    ------
    InputError
        With every fault, by number of the item, from 1.
    """
    problems: list[str] = []
    transfers: list[Transfer] = []
    for number, item in enumerate(_items(data, name), start=1):
        where = f"{name} item {number}"
        try:
            transfers += _transfer(item, source)
        except InputError as error:
            problems += [f"{where}: {problem}" for problem in error.problems]
    if problems:
        raise InputError(problems)
    return transfers


def fetch_in_transit(client: httpx2.Client) -> bytes:
    """
    Fetch the report of items in transit.

    Parameters
    ----------
    client
        An HTTP client with FOLIO's address as base, and its tenant and token as headers.

    Returns
    -------
    bytes
        The report, for :func:`read_in_transit`.

    Raises
    ------
    UnavailableError
        FOLIO does not answer as it should.
    """
    import httpx2  # noqa: PLC0415  # only who fetches needs it

    try:
        answer = client.get(_REPORT)
        answer.raise_for_status()
    except httpx2.HTTPError as error:
        raise UnavailableError(
            f"FOLIO does not answer {_REPORT}: {error}; check its address, tenant and token"
        ) from error
    return answer.content


def _items(data: bytes, name: str) -> list[Mapping[str, object]]:
    try:
        report = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{name}: not JSON ({type(error).__name__}), expected a report") from error
    items = report.get("items") if isinstance(report, dict) else None
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise InputError(f"{name}: no list of items, expected an object with items")
    if len(items) > _MOST_ITEMS:
        raise InputError(f"{name}: {len(items)} items, expected at most {_MOST_ITEMS}; split it")
    return items


def _transfer(item: Mapping[str, object], source: str) -> list[Transfer]:
    status = _part(item, "status").get("name", _IN_TRANSIT)
    if status != _IN_TRANSIT:
        return []
    checked_in = _part(item, "lastCheckIn")
    destination = _part(item, "inTransitDestinationServicePoint").get("id")
    origin = _part(checked_in, "servicePoint").get("id")
    seen = {
        # Not every item has a barcode; all have FOLIO's own identifier.
        "barcode": item.get("barcode") or item.get("id"),
        "inTransitDestinationServicePointId": item.get("inTransitDestinationServicePointId")
        or destination,
        # Where it was sent from may be gone with the service point: parked, and not lost.
        "lastCheckIn.servicePoint.id": origin or PLACE_NOT_SEEN,
        "lastCheckIn.dateTime": checked_in.get("dateTime"),
    }
    problems = [
        f"{field} is {json.dumps(value)[:60]}, expected a text"
        for field, value in seen.items()
        if not isinstance(value, str) or not value.strip()
    ]
    problems += personal_values(seen)
    if problems:
        raise InputError(problems)
    barcode, destination, origin, time = (str(value).strip() for value in seen.values())
    if origin == destination:
        return []
    request_id = f"{source}:{barcode}:{time}"
    return [
        Transfer(
            id=transfer_id(request_id),
            request_id=request_id,
            item=barcode,
            kind=TransferKind.HOLD if item.get("request") else TransferKind.RETURN,
            origin=origin,
            destination=destination,
            requested_at=_time(time),
        )
    ]


def _part(item: Mapping[str, object], name: str) -> Mapping[str, object]:
    part = item.get(name)
    return part if isinstance(part, dict) else {}


def _time(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError(
            f"lastCheckIn.dateTime is {text[:60]!r}, expected a time with its zone"
        ) from error

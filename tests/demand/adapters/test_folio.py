from __future__ import annotations

import json
from typing import Any

import pytest

from logistics.demand.adapters.folio import read_in_transit
from logistics.demand.adapters.sip2 import PLACE_NOT_SEEN
from logistics.demand.transfers import TransferKind
from logistics.errors import InputError

# An item as mod-circulation's /inventory-reports/items-in-transit answers it, shortened.
ITEM: dict[str, Any] = {
    "id": "c3f4…",
    "title": "Moby Dick",
    "barcode": "3300",
    "status": {"name": "In transit"},
    "inTransitDestinationServicePointId": "sp-kumla",
    "inTransitDestinationServicePoint": {"id": "sp-kumla", "name": "Kumla"},
    "request": {"requestType": "Hold", "requestPatronGroup": "Students of Anna"},
    "lastCheckIn": {
        "dateTime": "2026-11-24T08:00:00.000+01:00",
        "servicePoint": {"id": "sp-nora", "name": "Nora"},
    },
}


def report(*items: object) -> bytes:
    return json.dumps({"items": items, "totalRecords": len(items)}).encode()


def test_an_item_in_transit_becomes_a_transfer() -> None:
    (found,) = read_in_transit(report(ITEM))
    assert (found.item, found.origin, found.destination) == ("3300", "sp-nora", "sp-kumla")
    assert found.kind is TransferKind.HOLD
    assert found.requested_at.isoformat() == "2026-11-24T07:00:00+00:00"
    assert "Anna" not in repr(found)


def test_without_a_request_it_goes_home() -> None:
    (found,) = read_in_transit(report({**ITEM, "request": None}))
    assert found.kind is TransferKind.RETURN


def test_items_that_are_not_in_transit_are_passed_over() -> None:
    there = {**ITEM, "inTransitDestinationServicePointId": "sp-nora"}
    lent = {**ITEM, "status": {"name": "Checked out"}}
    assert read_in_transit(report(there, lent)) == []


def test_what_one_item_lacks_keeps_no_other_back() -> None:
    bare = {**ITEM, "barcode": None, "id": "c3f4-0001", "request": None}
    del bare["inTransitDestinationServicePointId"]
    gone = {**ITEM, "lastCheckIn": {"dateTime": "2026-11-24T08:00:00Z"}}
    first, second = read_in_transit(b"\xef\xbb\xbf" + report(bare, gone))
    assert (first.item, first.destination) == ("c3f4-0001", "sp-kumla")
    assert (second.item, second.origin) == ("3300", PLACE_NOT_SEEN)


def test_all_faults_at_once_by_number() -> None:
    undated = {**ITEM, "lastCheckIn": {**ITEM["lastCheckIn"], "dateTime": "soon"}}
    person = {**ITEM, "barcode": "811218-9876"}
    with pytest.raises(InputError) as caught:
        read_in_transit(report(ITEM, {"barcode": 3}, undated, person))
    problems = caught.value.problems
    assert len(problems) == 5
    assert problems[0] == "items-in-transit.json item 2: barcode is 3, expected a text"
    assert "item 3: lastCheckIn.dateTime is 'soon', expected a time" in problems[3]
    assert "item 4: barcode holds a Swedish personal number" in problems[4]


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{}", b'{"items": 3}', b'{"items": [3]}', b"\xff", b"[" * 100_000]
)
def test_other_files_are_refused(data: bytes) -> None:
    with pytest.raises(InputError, match=r"expected a report|expected an object with items"):
        read_in_transit(data)

"""Every list is cut into pages in the same way; the router is walked, so that none forgets."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import pytest

from tests.api.day import publish
from tests.api.helpers import assert_problem, sqlite_only

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi.testclient import TestClient

DAY = "2026-11-24"
SPAN = {"first_day": DAY, "last_day": "2026-11-26"}
#: What to fill into addresses, and what lists must be asked for besides.
FILLED = {"date": DAY, "webhook": "1", "branch": "kumla"}
ASKED = {"/v1/calendar": SPAN, "/v1/webhooks/{webhook}/deliveries": {"state": "waiting"}}
HOOKS = [{"url": f"https://ils.example.se/{number}"} for number in range(3)]


def lists(client: TestClient) -> Iterator[tuple[str, dict[str, Any]]]:
    document = client.get("/v1/openapi.json").json()
    named = document["components"]["schemas"]
    for path, methods in document["paths"].items():
        answer = methods.get("get", {}).get("responses", {}).get("200", {})
        schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
        model = named.get(schema.get("$ref", "").rpartition("/")[2], {})
        if {"data", "next"} <= model.get("properties", {}).keys():
            yield path, methods["get"]


def fill(client: TestClient, vehicle: str) -> None:
    """At least two records in every list."""
    rates = client.get("/v1/rates").json()["data"][-1]
    parked = [
        {"request_id": f"p-{number}", "item": f"{number}", "kind": "hold", "origin": "NOR"}
        | {"destination": "kumla", "requested_at": f"{DAY}T06:00:00+01:00"}
        for number in range(2)
    ]
    posts = [
        *[("/v1/webhooks", body) for body in HOOKS],
        ("/v1/transfers?park=true&source=koha", parked),
        *[("/v1/keys", {"name": "test", "scopes": ["jobs:read"]})] * 2,
        *[("/v1/accounts", {"login": f"anna{number}", "role": "driver"}) for number in range(2)],
        *[("/v1/branches/kumla/calendar-addresses", {"name": f"desk {n}"}) for n in range(2)],
        *[("/v1/closures", {"branch": "nora", **SPAN})] * 2,
        *[
            (f"/v1/vehicles/{vehicle}/outages", {"first_day": d, "last_day": d})
            for d in SPAN.values()
        ],
        *[("/v1/rates", rates | {"valid_from": f"2030-01-0{number}"}) for number in (1, 2)],
        *[
            (f"/v1/plans/{DAY}/changes", {"kind": "must-visit", "subject": branch})
            for branch in ("kumla", "hallefors")
        ],
    ]
    for path, body in posts:
        answer = client.post(path, json=body, headers={"If-Match": "*"})
        assert answer.status_code in {201, 202}, (path, answer.text)
    publish(client)
    client.post(f"/v1/plans/{DAY}", json={"seconds": 0.2, "workers": 1})
    for day in SPAN.values():
        client.post(f"/v1/plans/{day}", json={}, headers={"Prefer": "respond-async"})
    client.get("/v1/events")


@sqlite_only
def test_every_list_is_read_to_its_end_a_record_at_a_time(day: TestClient) -> None:
    vehicle = day.get("/v1/vehicles").json()["data"][0]["id"]
    fill(day, vehicle)
    found = dict(lists(day))
    assert len(found) >= 16
    for path, operation in found.items():
        assert {"cursor", "limit"} <= {one["name"] for one in operation["parameters"]}, path
        address, asked = path.format(vehicle=vehicle, **FILLED), ASKED.get(path, {})
        whole = day.get(address, params=asked | {"limit": 1000}).json()
        assert whole["next"] is None, path
        assert len(whole["data"]) > (path != "/v1/runs"), path  # one van is enough
        read, cursor = [], None
        while True:
            here = asked | {"limit": 1} | ({"cursor": cursor} if cursor else {})
            page = day.get(address, params=here).json()
            assert len(page["data"]) == 1, (path, page)
            read += page["data"]
            cursor = page["next"]
            if cursor is None:
                break
        assert read == whole["data"], path


@pytest.mark.parametrize("text", ["", "\x00", "x y z", "-1", "é", "9" * 40, "2026-13-01 1"])
def test_a_cursor_of_another_list_is_refused(day: TestClient, text: str) -> None:
    cursor = base64.b64encode(text.encode(), b"-_").decode()
    for path, _ in lists(day):
        if "{" in path:
            continue
        answer = day.get(path, params=ASKED.get(path, {}) | {"cursor": cursor})
        if answer.status_code != 200:  # a name is a place in a list of names, whatever it is
            assert_problem(answer, "bad-input", "cursor")

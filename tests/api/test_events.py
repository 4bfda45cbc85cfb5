from __future__ import annotations

from typing import TYPE_CHECKING

from tests.api.helpers import assert_problem
from tests.api.test_transfers import asked

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi.testclient import TestClient


def test_the_feed_is_read_in_stretches_without_a_gap(client: TestClient) -> None:
    client.post("/v1/transfers", json=[asked(number) for number in range(5)])
    transfer = client.get("/v1/transfers").json()["data"][0]["id"]
    client.post(f"/v1/transfers/{transfer}/cancel", json={"reason": "withdrawn"})

    first = client.get("/v1/events", params={"limit": 4}).json()
    second = client.get("/v1/events", params={"after": first["last"]}).json()
    third = client.get("/v1/events", params={"after": second["last"]}).json()

    events = first["data"] + second["data"]
    assert [event["position"] for event in events] == [1, 2, 3, 4, 5, 6]
    assert events[-1]["kind"] == "transfer.cancelled"
    assert events[-1]["cause"] == "withdrawn"
    assert third == {"data": [], "last": 6}


def test_the_feed_can_be_narrowed_to_kinds(client: TestClient) -> None:
    client.post("/v1/transfers", json=asked(1))

    page = client.get("/v1/events", params={"kind": "transfer.delivered"}).json()

    assert page["data"] == []


def test_the_feed_needs_its_scope(stranger: TestClient, make_key: Callable[..., str]) -> None:
    key = {"Authorization": f"Bearer {make_key('transfers:read')}"}

    assert_problem(stranger.get("/v1/events", headers=key), "not-allowed", "events:read")

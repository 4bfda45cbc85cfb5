"""A Tuesday of the shipped network: eight transfers asked for on the Monday before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fastapi.testclient import TestClient
    from httpx2 import Response

DAY = "/v1/plans/2026-11-24"
PAIRS = [("nora", "kumla"), ("kumla", "nora"), ("laxa", "hallsberg"), ("askersund", "nora")]


def asked_on_monday() -> list[dict[str, str]]:
    return [
        {
            "request_id": f"r-{number}",
            "item": f"item-{number}",
            "kind": "hold" if number % 2 else "return",
            "origin": PAIRS[number % 4][0],
            "destination": PAIRS[number % 4][1],
            "requested_at": "2026-11-23T10:00:00+01:00",
        }
        for number in range(8)
    ]


def make(client: TestClient, **body: Any) -> dict[str, Any]:
    """Plan the day for a second."""
    answer = client.post(DAY, json={"seconds": 1} | body)
    assert answer.status_code == 201, answer.text
    plan: dict[str, Any] = answer.json()
    return plan


def seen(client: TestClient, path: str = DAY) -> dict[str, str]:
    """The header that says which version of it was seen."""
    return {"If-Match": client.get(path).headers["etag"]}


def close(client: TestClient, **body: Any) -> Response:
    """Close the day, as it is seen now."""
    return client.post(f"{DAY}/close", json=body, headers=seen(client))


def publish(client: TestClient) -> dict[str, Any]:
    """Plan the day, publish the plan, and return it."""
    version = make(client)["version"]
    etag = client.get(f"{DAY}?version={version}").headers["etag"]
    answer = client.post(f"{DAY}/publish", json={"version": version}, headers={"If-Match": etag})
    assert answer.status_code == 200, answer.text
    plan: dict[str, Any] = client.get(DAY).json()
    return plan

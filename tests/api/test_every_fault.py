from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.api.helpers import assert_problem, sqlite_only
from tests.api.test_transfers import asked

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

BAD_KEY = {"Idempotency-Key": "two words"}
KEY = "#/header/idempotency-key"


def pointers(body: dict[str, Any]) -> set[str]:
    return {fault["pointer"].lower() for fault in body["errors"]}


@sqlite_only
def test_a_wrong_header_and_a_wrong_body_are_told_together(client: TestClient) -> None:
    body = {"branch": 7, "first_day": "2026-12-02", "last_day": "2026-12-01", "colour": "red"}

    answer = client.post("/v1/closures", json=body, headers=BAD_KEY)

    told = pointers(assert_problem(answer, "bad-input", "is after it"))
    assert told == {KEY, "#/branch", "#/last_day", "#/colour"}


@sqlite_only
def test_transfers_are_judged_also_where_a_header_is_wrong(client: TestClient) -> None:
    many = [asked(1, kind="gift"), asked(2, origin="nowhere"), asked(3, destination="nora")]
    wrong = {"#/0/kind", "#/1/origin", "#/2/destination"}

    answer = client.post("/v1/transfers?park=perhaps", json=many, headers=BAD_KEY)
    assert pointers(assert_problem(answer, "bad-input")) == {KEY, "#/query/park", *wrong}
    parked = client.post("/v1/transfers?park=true", json=many, headers=BAD_KEY)
    assert pointers(assert_problem(parked, "bad-input")) == {KEY, *wrong - {"#/1/origin"}}
    right = client.post("/v1/transfers", json=asked(1), headers=BAD_KEY)
    assert pointers(assert_problem(right, "bad-input")) == {KEY}
    assert client.get("/v1/transfers").json()["data"] == []


@sqlite_only
@pytest.mark.parametrize("path", ["/v1/transfers", "/v1/closures"])
def test_a_body_that_is_no_json_hides_no_header(client: TestClient, path: str) -> None:
    headers = BAD_KEY | {"Content-Type": "application/json"}

    told = assert_problem(client.post(path, content=b'{"item": ', headers=headers), "malformed")

    assert KEY in pointers(told)
    assert len(told["errors"]) == 2


@sqlite_only
def test_a_stranger_learns_nothing_of_a_body(stranger: TestClient) -> None:
    headers = {"Content-Type": "application/json"}

    for path in ("/v1/closures", "/v1/transfers"):
        answer = stranger.post(path, content=b"{", headers=headers)
        assert_problem(answer, "not-authenticated")


@sqlite_only
def test_a_missing_version_is_told_with_the_body(client: TestClient) -> None:
    wrong = {"latitude": 152.9, "receiving_hours": "whenever"}

    both = assert_problem(client.patch("/v1/branches/nora", json=wrong), "bad-input")
    alone = assert_problem(client.patch("/v1/branches/nora", json={}), "precondition-required")
    bare = client.patch("/v1/branches/nora", json=wrong, headers={"If-Match": "7"})

    assert pointers(both) == {"#/header/if-match", "#/latitude", "#/receiving_hours"}
    assert pointers(alone) == {"#/header/if-match"}
    assert pointers(assert_problem(bare, "bad-input", "in its quotes")) == pointers(both)


@sqlite_only
def test_readers_are_refused_in_every_text_at_once_and_not_repeated(client: TestClient) -> None:
    item = {"item": "811218-9876", "title": "anna@example.se", "owner": "nora", "at": "kumla"}

    answer = client.post("/v1/returned-items", json={"data": [item, item]})

    told = assert_problem(answer, "bad-input", "personal number", "e-mail")
    assert {f"#/data/{number}/{name}" for number in (0, 1) for name in ("item", "title")} < (
        pointers(told)
    )
    assert "9876" not in answer.text
    assert "anna@" not in answer.text

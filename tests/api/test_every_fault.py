from __future__ import annotations

import json
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


@sqlite_only
def test_a_wrong_media_type_hides_no_other_fault(client: TestClient) -> None:
    plain = BAD_KEY | {"Content-Type": "text/plain"}
    kind = "#/header/content-type"
    bodies = {
        "/v1/closures": (b'{"branch": "nowhere"}', {"#/branch", "#/first_day", "#/last_day"}),
        "/v1/transfers?park=perhaps": (
            json.dumps(asked(1, kind="gift", origin="nowhere")).encode(),
            {"#/query/park", "#/kind", "#/origin"},
        ),
        "/v1/transfers/bulk?park=perhaps": (b"", {"#/query/park"}),
    }
    for path, (body, others) in bodies.items():
        told = assert_problem(
            client.post(path, content=body, headers=plain), "unsupported-media-type", "text/plain"
        )
        assert pointers(told) == {kind, KEY, *others}, path
        assert told["errors"][0]["pointer"] == kind
        junk = client.post(path, content=b"\xff", headers=plain)
        assert kind in pointers(assert_problem(junk, "unsupported-media-type"))


@sqlite_only
def test_a_body_that_says_nothing_of_itself_is_not_taken_in(client: TestClient) -> None:
    body = b'{"first_day": "2026-12-01", "last_day": "2026-12-01"}'

    told = assert_problem(client.post("/v1/closures", content=body), "unsupported-media-type")

    assert told["detail"] == "the body is of no type, expected application/json"
    assert client.get("/v1/closures").json()["data"] == []
    taken = client.post(
        "/v1/closures", content=body, headers={"Content-Type": "application/merge-patch+json"}
    )
    assert taken.status_code == 201, taken.text


@sqlite_only
@pytest.mark.parametrize(
    ("path", "body", "wrong"),
    [
        ("closures", {"branch": "nowhere", "first_day": "soon"}, {"branch", "first_day"}),
        ("depots", {"id": "a b", "branch": "nowhere"}, {"id", "branch"}),
        ("branches", {"municipality": "9999", "kind": "castle"}, {"municipality", "kind"}),
        ("vehicles", {"depot": "nowhere", "kind": "bike"}, {"depot", "kind"}),
        ("branch-codes", {"source": "", "branch": "nowhere"}, {"source", "branch"}),
        ("keys", {"branch": "no\x00where", "scopes": []}, {"branch", "scopes"}),
    ],
)
def test_names_that_only_the_database_knows_are_told_with_the_rest(
    client: TestClient, path: str, body: dict[str, Any], wrong: set[str]
) -> None:
    told = pointers(assert_problem(client.post(f"/v1/{path}", json=body), "bad-input"))

    assert {f"#/{name}" for name in wrong} <= told

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.api.helpers import assert_problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi.testclient import TestClient

ASKED = {
    "request_id": "koha-1",
    "item": "39001004321987",
    "kind": "hold",
    "origin": "nora",
    "destination": "kumla",
    "requested_at": "2026-11-24T08:15:00+01:00",
}


def asked(number: int, **changes: Any) -> dict[str, Any]:
    return ASKED | {"request_id": f"koha-{number}", "item": f"item-{number}"} | changes


def test_a_transfer_is_stored_and_found_again(client: TestClient) -> None:
    answer = client.post("/v1/transfers", json=ASKED)

    assert answer.status_code == 201, answer.text
    stored = answer.json()
    assert stored["state"] == "requested"
    assert stored["at"] == "nora"
    assert stored["requested_at"] == "2026-11-24T07:15:00Z"
    assert answer.headers["location"] == f"/v1/transfers/{stored['id']}"
    assert client.get(answer.headers["location"]).json() == stored


def test_the_same_request_twice_is_one_transfer(client: TestClient) -> None:
    first = client.post("/v1/transfers", json=ASKED)
    second = client.post("/v1/transfers", json=ASKED)

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert len(client.get("/v1/transfers").json()["data"]) == 1


def test_a_request_without_a_time_can_be_repeated(client: TestClient) -> None:
    timeless = {name: value for name, value in ASKED.items() if name != "requested_at"}
    first = client.post("/v1/transfers", json=timeless)

    again = client.post("/v1/transfers", json=timeless)

    assert again.status_code == 200, again.text
    assert again.json() == first.json()


def test_the_same_request_id_for_something_else_is_a_conflict(client: TestClient) -> None:
    client.post("/v1/transfers", json=ASKED)

    answer = client.post("/v1/transfers", json=ASKED | {"destination": "laxa"})

    assert_problem(answer, "conflict", "destination was 'kumla' and is 'laxa'")


def test_many_are_stored_in_their_order(client: TestClient) -> None:
    answer = client.post("/v1/transfers", json=[asked(1), asked(2), asked(1)])

    assert answer.status_code == 201, answer.text
    assert [(one["request_id"], one["outcome"]) for one in answer.json()["data"]] == [
        ("koha-1", "created"),
        ("koha-2", "created"),
        ("koha-1", "known"),
    ]
    assert len(client.get("/v1/transfers").json()["data"]) == 2


def test_of_many_all_faults_are_told_and_none_is_stored(client: TestClient) -> None:
    many = [asked(1), asked(2, origin="nowhere"), asked(3, destination="elsewhere")]

    answer = client.post("/v1/transfers", json=many)

    body = assert_problem(answer, "bad-input", "'nowhere'", "'elsewhere'")
    assert len(body["errors"]) == 2
    assert client.get("/v1/transfers").json()["data"] == []


def test_faults_of_every_kind_are_told_at_once(client: TestClient) -> None:
    many = [
        asked(1, kind="gift", origin="nowhere", colour="red"),
        asked(2, item="811218-9876"),
        asked(3, destination="nora"),
        asked(4, destination="anna@example.se", requested_at="soon"),
        7,
    ]

    for timed in (many, [one | {"requested_at": None} for one in many[1:3]]):
        answer = client.post("/v1/transfers", json=timed)
        assert_problem(answer, "bad-input")
        assert "9876" not in answer.text
        assert "anna@" not in answer.text
    body = assert_problem(client.post("/v1/transfers", json=many), "bad-input")
    assert sorted(fault["pointer"] for fault in body["errors"]) == [
        *("#/0/colour", "#/0/kind", "#/0/origin", "#/1/item", "#/2/destination"),
        *("#/3/destination", "#/3/requested_at", "#/4"),
    ]
    one = assert_problem(client.post("/v1/transfers", json=many[0]), "bad-input", "'nowhere'")
    assert {fault["pointer"] for fault in one["errors"]} == {"#/colour", "#/kind", "#/origin"}
    assert client.get("/v1/transfers").json()["data"] == []


def test_a_person_in_a_field_of_another_shape_is_not_repeated(client: TestClient) -> None:
    answer = client.post("/v1/transfers", json=ASKED | {"kind": "811218-9876"})

    assert_problem(answer, "bad-input", "kind is not repeated here")
    assert "9876" not in answer.text


def test_an_unknown_branch_code_can_wait_for_the_coordinator(client: TestClient) -> None:
    answer = client.post("/v1/transfers?park=true&source=koha", json=asked(1, origin="NOR"))

    assert answer.status_code == 202, answer.text
    receipt = answer.json()["data"][0]
    assert (receipt["outcome"], receipt["id"]) == ("parked", None)
    assert "'NOR'" in receipt["detail"]


@pytest.mark.parametrize(
    ("change", "pointer", "word"),
    [
        pytest.param({"colour": "red"}, "#/colour", "'colour' is unknown", id="unknown field"),
        pytest.param(
            {"patron_id": "7"}, "#/patron_id", "looks like one about a reader", id="patron field"
        ),
        pytest.param({"AA": "7"}, "#/AA", "looks like one about a reader", id="SIP2 patron field"),
        pytest.param({"kind": "gift"}, "#/kind", "'hold', 'return'", id="unknown kind"),
        pytest.param({"item": ""}, "#/item", "at least 1 character", id="blank"),
        pytest.param({"item": "a\x00b"}, "#/item", "pattern", id="NUL"),
        pytest.param({"item": "x" * 101}, "#/item", "at most 100", id="too long"),
        pytest.param(
            {"requested_at": "2026-11-24T08:15:00"}, "#/requested_at", "offset", id="no offset"
        ),
        pytest.param({"requested_at": 1764000000}, "#/requested_at", "offset", id="a number"),
        pytest.param(
            {"requested_at": "0001-01-01T00:00:00+14:00"}, "#/requested_at", "2000", id="long ago"
        ),
        pytest.param(
            {"requested_at": "2026-02-30T00:00:00Z"}, "#/requested_at", "no such", id="30 Feb"
        ),
    ],
)
def test_what_does_not_fit_is_refused_by_name(
    client: TestClient, change: dict[str, Any], pointer: str, word: str
) -> None:
    body = assert_problem(client.post("/v1/transfers", json=ASKED | change), "bad-input", word)

    assert [fault["pointer"] for fault in body["errors"]] == [pointer]


def test_origin_and_destination_differ(client: TestClient) -> None:
    answer = client.post("/v1/transfers", json=ASKED | {"destination": "nora"})

    assert_problem(answer, "bad-input", "both 'nora'")


def test_personal_data_in_an_allowed_field_is_refused_and_not_repeated(client: TestClient) -> None:
    answer = client.post("/v1/transfers", json=ASKED | {"item": "anna@example.se"})

    assert_problem(answer, "bad-input", "e-mail address")
    assert "anna@" not in answer.text


def test_a_list_goes_on_where_the_page_ended(client: TestClient) -> None:
    client.post("/v1/transfers", json=[asked(number) for number in range(7)])
    seen, cursor = [], None
    while True:
        where = {"limit": 3} | ({"cursor": cursor} if cursor else {})
        page = client.get("/v1/transfers", params=where).json()
        seen.append([one["request_id"] for one in page["data"]])
        cursor = page["next"]
        if cursor is None:
            break

    assert [len(page) for page in seen] == [3, 3, 1]
    assert sorted(one for page in seen for one in page) == [f"koha-{number}" for number in range(7)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"item": "item-2"}, {"koha-2"}),
        ({"request_id": "koha-1"}, {"koha-1"}),
        ({"branch": "laxa"}, {"koha-2", "koha-3"}),
        ({"origin": "laxa"}, {"koha-3"}),
        ({"kind": "return"}, {"koha-3"}),
        ({"kind": ["return", "hold"]}, {"koha-1", "koha-2", "koha-3"}),
        ({"state": "delivered"}, set()),
        ({"date": "2026-11-24"}, {"koha-1", "koha-2"}),
        # 23:30 on the 22nd in UTC is half past midnight on the 23rd in Sweden.
        ({"date": "2026-11-23"}, {"koha-3"}),
    ],
)
def test_a_list_can_be_narrowed(client: TestClient, query: dict[str, Any], found: set[str]) -> None:
    client.post(
        "/v1/transfers",
        json=[
            asked(1),
            asked(2, destination="laxa"),
            asked(3, origin="laxa", kind="return", requested_at="2026-11-22T23:30:00Z"),
        ],
    )

    page = client.get("/v1/transfers", params=query).json()

    assert {one["request_id"] for one in page["data"]} == found


@pytest.mark.parametrize(
    "query", ["cursor=junk", "cursor=anVuaw==", "limit=0", "state=lost", "colour=red", "date=soon"]
)
def test_a_list_refuses_what_it_does_not_know(client: TestClient, query: str) -> None:
    assert_problem(client.get(f"/v1/transfers?{query}"), "bad-input")


def test_a_cancelled_transfer_keeps_its_reason(client: TestClient) -> None:
    transfer = client.post("/v1/transfers", json=ASKED).json()["id"]

    answer = client.post(f"/v1/transfers/{transfer}/cancel", json={"reason": "hold withdrawn"})

    assert answer.status_code == 200, answer.text
    assert answer.json()["state"] == "cancelled"
    history = client.get(f"/v1/transfers/{transfer}/history").json()
    assert [(step["kind"], step["cause"]) for step in history["data"]] == [
        ("transfer.requested", ""),
        ("transfer.cancelled", "hold withdrawn"),
    ]
    assert history["data"][1]["actor"].startswith("key:")
    again = client.post(f"/v1/transfers/{transfer}/cancel", json={"reason": "once more"})
    assert_problem(again, "conflict", "no step from cancelled")


def test_an_unknown_transfer_is_not_found(client: TestClient) -> None:
    assert_problem(client.get("/v1/transfers/t-" + "0" * 20), "not-found")
    assert_problem(client.get("/v1/transfers/nonsense"), "bad-input")


def test_a_branch_sees_its_own_and_no_other(
    client: TestClient, stranger: TestClient, make_key: Callable[..., str]
) -> None:
    to_kumla, to_laxa = (
        client.post("/v1/transfers", json=one).json()["id"]
        for one in (asked(1), asked(2, destination="laxa"))
    )
    of_laxa = {"Authorization": f"Bearer {make_key(branch='laxa')}"}

    page = stranger.get("/v1/transfers", headers=of_laxa).json()

    assert [one["id"] for one in page["data"]] == [to_laxa]
    assert stranger.get(f"/v1/transfers/{to_laxa}", headers=of_laxa).status_code == 200
    assert_problem(stranger.get(f"/v1/transfers/{to_kumla}", headers=of_laxa), "not-allowed")
    cancel = stranger.post(
        f"/v1/transfers/{to_kumla}/cancel", headers=of_laxa, json={"reason": "mine now"}
    )
    assert_problem(cancel, "not-allowed")
    foreign = stranger.post("/v1/transfers", headers=of_laxa, json=asked(3))
    assert_problem(foreign, "not-allowed", "other branches")

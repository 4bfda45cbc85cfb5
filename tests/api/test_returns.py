from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlmodel import select

from logistics.storage.session import reading
from logistics.storage.tables import HoldRow, ReturnedItemRow
from tests.api.helpers import assert_problem, sqlite_only
from tests.api.test_transfers import asked

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import FastAPI
    from fastapi.testclient import TestClient


def returned(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "item": f"item-{number}",
        "title": f"bib-{number}",
        "owner": "nora",
        "at": "kumla",
        "returned_at": "2026-11-24T09:30:00+01:00",
    } | changes


def hold(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "reference": f"hold-{number}",
        "title": f"bib-{number}",
        "pickup": "laxa",
        "placed_at": "2026-11-20T12:00:00+01:00",
        "queue_position": 1,
    } | changes


def test_an_item_goes_to_who_waits_for_it_else_home(client: TestClient) -> None:
    held = client.post("/v1/holds", json={"data": [hold(1)]})
    assert held.status_code == 201, held.text

    answer = client.post("/v1/returned-items", json={"data": [returned(1), returned(2)]})

    assert answer.status_code == 201, answer.text
    transfers = {one["item"]: one for one in client.get("/v1/transfers").json()["data"]}
    assert (transfers["item-1"]["kind"], transfers["item-1"]["destination"]) == ("hold", "laxa")
    assert (transfers["item-2"]["kind"], transfers["item-2"]["destination"]) == ("return", "nora")
    again = client.post("/v1/returned-items", json={"data": [returned(1), returned(2)]})
    assert {one["outcome"] for one in again.json()["data"]} == {"known"}
    assert len(client.get("/v1/transfers").json()["data"]) == 2


def test_references_and_titles_are_kept_as_hashes_alone(app: FastAPI, client: TestClient) -> None:
    client.post("/v1/holds", json={"data": [hold(1)]})
    client.post("/v1/returned-items", json={"data": [returned(2)]})

    with reading(app.state.engine) as session:
        stored = [
            repr(row)
            for table in (HoldRow, ReturnedItemRow)
            for row in session.exec(select(table)).all()
        ]
    assert len(stored) == 2
    assert "hold-1" not in str(stored)
    assert "bib-" not in str(stored)


def test_an_unknown_code_waits_until_it_is_explained(client: TestClient) -> None:
    client.post("/v1/transfers?park=true&source=koha", json=asked(1, origin="NOR"))
    parked = client.get("/v1/parked").json()["data"]
    assert [(one["source"], one["unknown_codes"]) for one in parked] == [("koha", ["NOR"])]

    meaning = {"source": "koha", "code": "NOR", "branch": "nora"}
    told = client.post("/v1/branch-codes", json=meaning)

    assert told.status_code == 201, told.text
    assert told.json() == {"records": 1, "set_aside": []}
    assert client.get("/v1/parked").json()["data"] == []
    assert client.get("/v1/transfers").json()["data"][0]["origin"] == "nora"
    nowhere = client.post("/v1/branch-codes", json=meaning | {"branch": "nowhere"})
    assert_problem(nowhere, "not-found")


@sqlite_only
def test_nothing_about_a_reader_comes_in(client: TestClient) -> None:
    named = client.post("/v1/holds", json={"data": [hold(1, patron="Karin")]})
    assert_problem(named, "bad-input", "about a reader")
    hidden = client.post("/v1/holds", json={"data": [hold(1, reference="19811218-9876")]})
    assert_problem(hidden, "bad-input", "personal number")


@sqlite_only
def test_a_branch_reports_for_itself(stranger: TestClient, make_key: Callable[..., str]) -> None:
    key = {"Authorization": f"Bearer {make_key(branch='nora')}"}

    for path, record in (("holds", hold(1)), ("returned-items", returned(1))):
        answer = stranger.post(f"/v1/{path}", json={"data": [record]}, headers=key)
        assert_problem(answer, "not-allowed")
    assert_problem(stranger.get("/v1/parked", headers=key), "not-allowed")


def test_a_withdrawn_hold_gets_no_copy_until_it_is_reported_again(client: TestClient) -> None:
    client.post("/v1/holds", json={"data": [hold(1), hold(2)]})

    gone = client.post("/v1/holds/withdraw", json={"references": ["hold-1", "hold-9"]})

    assert gone.json() == {
        "data": [
            {"outcome": "withdrawn", "transfer": None},
            {"outcome": "unknown", "transfer": None},
        ]
    }
    client.post("/v1/returned-items", json={"data": [returned(1), returned(2)]})
    goes = {one["item"]: one for one in client.get("/v1/transfers").json()["data"]}
    assert (goes["item-1"]["kind"], goes["item-1"]["destination"]) == ("return", "nora")
    assert (goes["item-2"]["kind"], goes["item-2"]["destination"]) == ("hold", "laxa")
    again = client.post("/v1/holds", json={"data": [hold(1)]}).json()["data"]
    assert [one["outcome"] for one in again] == ["created"]
    # the copy that was to go home and has not left is turned round to it
    goes = {one["destination"]: one["state"] for one in wanted(client, "item-1")}
    assert goes == {"nora": "cancelled", "laxa": "requested"}


def test_a_copy_on_its_way_to_a_withdrawn_hold_is_named(client: TestClient) -> None:
    client.post("/v1/holds", json={"data": [hold(1)]})
    client.post("/v1/returned-items", json={"data": [returned(1)]})
    (sent,) = wanted(client, "item-1")

    for _ in range(2):
        gone = client.post("/v1/holds/withdraw", json={"references": ["hold-1"]}).json()["data"]
        assert gone == [{"outcome": "withdrawn", "transfer": sent["id"]}]
    reason = {"reason": "the hold was withdrawn"}
    assert client.post(f"/v1/transfers/{sent['id']}/cancel", json=reason).status_code == 200


def test_a_hold_that_waits_for_a_branch_code_is_withdrawn_too(client: TestClient) -> None:
    body = {"data": [hold(1, pickup="LAX")]}
    assert client.post("/v1/holds?source=koha", json=body).status_code == 202

    gone = client.post("/v1/holds/withdraw", json={"references": ["hold-1"]}).json()["data"]

    assert [one["outcome"] for one in gone] == ["withdrawn"]
    assert client.get("/v1/parked").json()["data"] == []
    assert client.post("/v1/holds?source=koha", json=body).status_code == 202
    assert len(client.get("/v1/parked").json()["data"]) == 1


def test_branch_codes_are_listed_with_those_nobody_explained(client: TestClient) -> None:
    client.post("/v1/transfers?park=true&source=koha", json=asked(1, origin="NOR"))
    client.post("/v1/branch-codes", json={"source": "folio", "code": "N O", "branch": "nora"})

    first = client.get("/v1/branch-codes", params={"limit": 1}).json()
    second = client.get("/v1/branch-codes", params={"cursor": first["next"]}).json()

    told = [(one["source"], one["code"], one["branch"]) for one in first["data"] + second["data"]]
    assert told == [("folio", "N O", "nora"), ("koha", "NOR", None)]
    only = client.get("/v1/branch-codes", params={"source": "koha"}).json()["data"]
    assert [one["code"] for one in only] == ["NOR"]


def wanted(client: TestClient, item: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get("/v1/transfers", params={"item": item}).json()["data"]
    return found

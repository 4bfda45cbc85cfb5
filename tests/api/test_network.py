from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.api.helpers import assert_problem, sqlite_only

if TYPE_CHECKING:
    from fastapi.testclient import TestClient


def test_branches_and_vehicles_are_listed_and_changed_by_who_saw_them(day: TestClient) -> None:
    for kind, name, change in (
        ("branches", "nora", {"driver_note": "ring the bell at the back"}),
        ("vehicles", day.get("/v1/vehicles").json()["data"][0]["id"], {"cost_per_km_sek": 4.25}),
    ):
        where = f"/v1/{kind}/{name}"
        assert name in {one["id"] for one in day.get(f"/v1/{kind}").json()["data"]}
        seen = day.get(where)

        assert_problem(day.patch(where, json=change), "precondition-required")
        headers = {"If-Match": seen.headers["etag"]}
        changed = day.patch(where, json=change, headers=headers)
        assert changed.status_code == 200, changed.text
        assert changed.json() == seen.json() | change | {"revision": seen.json()["revision"] + 1}
        stale = day.patch(where, json=change, headers=headers)
        assert_problem(stale, "changed-meanwhile", name)
        assert_problem(day.get(f"/v1/{kind}/nowhere"), "not-found")
    audit = day.get("/v1/audit").json()["data"]
    assert [entry["action"] for entry in audit] == ["change vehicle", "change branch"]


@sqlite_only
@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"receiving_hours": "whenever"}, "opening hours"),
        ({"latitude": 152.9}, "less than or equal to 70"),
        ({"driver_note": "key at 19811218-9876"}, "personal number"),
        ({"nickname": "another"}, "'nickname'"),
    ],
)
def test_a_change_that_cannot_be_is_refused(
    day: TestClient, change: dict[str, Any], word: str
) -> None:
    answer = day.patch("/v1/branches/nora", json=change, headers={"If-Match": "*"})

    assert_problem(answer, "bad-input", word)


def test_a_closed_branch_is_not_served_and_the_calendar_says_why(day: TestClient) -> None:
    span = {"first_day": "2026-12-07", "last_day": "2026-12-13", "language": "en"}
    before = day.get("/v1/calendar", params=span).json()["data"]
    closure = {
        "branch": "nora", "first_day": "2026-12-08", "last_day": "2026-12-08", "reason": "floor",
    }  # fmt: skip

    made = day.post("/v1/closures", json=closure)
    assert made.status_code == 201, made.text
    after = day.get("/v1/calendar", params=span).json()["data"]

    assert [one["date"] for one in before if "nora" in one["served"]] != []
    assert "nora" in before[1]["served"]
    assert "floor" in after[1]["not_served"]["nora"]
    assert [one["service_day"] for one in after] == [True] * 5 + [False] * 2
    assert day.delete(f"/v1/closures/{made.json()['id']}").status_code == 204
    assert day.get("/v1/calendar", params=span).json()["data"] == before
    assert_problem(day.delete("/v1/closures/9999"), "not-found")


@sqlite_only
def test_spans_and_places_are_checked(day: TestClient) -> None:
    backwards = {"first_day": "2026-12-08", "last_day": "2026-12-07"}
    assert_problem(day.get("/v1/calendar", params=backwards), "bad-input", "is after")
    assert_problem(day.post("/v1/closures", json=backwards), "bad-input", "is after")
    long = {"first_day": "2026-01-01", "last_day": "2026-12-31"}
    assert_problem(day.get("/v1/calendar", params=long), "bad-input", "62 days")
    assert_problem(day.post("/v1/closures", json=long | {"branch": "nowhere"}), "not-found")


def test_a_vehicle_goes_out_of_traffic_and_back(day: TestClient) -> None:
    van = day.get("/v1/vehicles").json()["data"][0]["id"]
    where = f"/v1/vehicles/{van}/outages"
    span = {"first_day": "2026-12-01", "last_day": "2026-12-02", "reason": "inspection"}

    made = day.post(where, json=span).json()

    assert day.get(where).json()["data"] == [made]
    assert day.delete(f"{where}/{made['id']}").status_code == 204
    assert day.get(where).json()["data"] == []
    assert_problem(day.delete(f"{where}/{made['id']}"), "not-found")
    assert_problem(day.post("/v1/vehicles/nowhere/outages", json=span), "not-found")


def test_rates_hold_from_a_day_on(day: TestClient) -> None:
    rates = day.get("/v1/rates").json()["data"][-1] | {"valid_from": "2027-07-01"}

    made = day.post("/v1/rates", json=rates)

    assert made.status_code == 201, made.text
    assert day.get("/v1/rates").json()["data"][-1] == rates
    assert_problem(day.post("/v1/rates", json=rates), "conflict", "2027-07-01")
    less = rates | {"waiting_sek_per_item_day": {"hold": 1.0}}
    assert_problem(day.post("/v1/rates", json=less), "bad-input", "no waiting rate for class")


def test_a_closure_is_prolonged_by_who_saw_it(day: TestClient) -> None:
    closure = {"branch": "nora", "first_day": "2026-12-08", "last_day": "2026-12-08"}
    made = day.post("/v1/closures", json=closure)
    where = made.headers["location"]
    assert day.get(where).json() == made.json()
    span = {"first_day": "2026-12-07", "last_day": "2026-12-11"}

    assert_problem(day.patch(where, json={"last_day": "2026-12-09"}), "precondition-required")
    headers = {"If-Match": made.headers["etag"]}
    changed = day.patch(where, json={"last_day": "2026-12-11"}, headers=headers)

    assert changed.json() == made.json() | {"last_day": "2026-12-11"}
    assert day.get(where).headers["etag"] == changed.headers["etag"] != made.headers["etag"]
    calendar = day.get("/v1/calendar", params=span).json()["data"]
    assert [one["date"] for one in calendar if "nora" in one["served"]] == ["2026-12-07"]
    stale = day.patch(where, json={"reason": "floor"}, headers=headers)
    assert_problem(stale, "changed-meanwhile", "closure")
    assert_problem(day.get("/v1/closures/9999"), "not-found")


@sqlite_only
def test_a_closure_does_not_end_before_it_begins(day: TestClient) -> None:
    closure = {"branch": "nora", "first_day": "2026-12-08", "last_day": "2026-12-09"}
    where = day.post("/v1/closures", json=closure).headers["location"]

    for change, field in (
        ({"last_day": "2026-12-07"}, "last"),
        ({"first_day": "2026-12-10"}, "first"),
    ):
        answer = day.patch(where, json=change, headers={"If-Match": "*"})
        body = assert_problem(answer, "bad-input", "expected")
        assert body["errors"][0]["pointer"] == f"#/{field}_day"
    assert day.get(where).json() | closure == day.get(where).json()


def test_rates_are_taken_back_until_they_hold(day: TestClient) -> None:
    rates = day.get("/v1/rates").json()["data"]
    coming = rates[-1] | {"valid_from": "2026-11-25"}
    assert day.post("/v1/rates", json=coming).status_code == 201

    assert day.delete("/v1/rates/2026-11-25").status_code == 204

    assert day.get("/v1/rates").json()["data"] == rates
    assert_problem(day.delete("/v1/rates/2026-11-25"), "not-found")
    held = rates[0]["valid_from"]
    assert_problem(day.delete(f"/v1/rates/{held}"), "conflict", "POST /v1/rates")
    day.post("/v1/rates", json=coming | {"valid_from": "2026-11-24"})
    assert_problem(day.delete("/v1/rates/2026-11-24"), "conflict", "after 2026-11-24")


def test_a_vehicle_gets_other_hours_and_another_place(day: TestClient) -> None:
    day.post("/v1/depots", json={"id": "nora", "branch": "nora"})
    van = day.get("/v1/vehicles").json()["data"][0]
    change = {"depot": "nora", "shift_start": 25_200, "shift_end": 61_200, "capacity_crates": 12}

    changed = day.patch(f"/v1/vehicles/{van['id']}", json=change, headers={"If-Match": "*"})

    assert changed.json() == van | change | {"revision": van["revision"] + 1}


@sqlite_only
def test_all_that_a_vehicle_cannot_be_is_told_at_once(day: TestClient) -> None:
    where = f"/v1/vehicles/{day.get('/v1/vehicles').json()['data'][0]['id']}"
    before = day.get(where).json()

    change = {"shift_end": before["shift_start"], "depot": "nowhere", "capacity_crates": 1}
    answer = day.patch(where, json=change, headers={"If-Match": "*"})

    body = assert_problem(answer, "bad-input", "an end after the start", "GET /v1/depots")
    assert [fault["pointer"] for fault in body["errors"]] == ["#/shift_end", "#/depot"]
    assert day.get(where).json() == before

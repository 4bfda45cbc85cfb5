from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.api.day import make, publish
from tests.api.helpers import assert_problem, sqlite_only

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

KARLSTAD = {
    "code": "1780",
    "name": "Karlstad",
    "population": 97_233,
    "population_date": "2024-12-31",
    "area_square_kilometres": 1516.4,
}
PATTERN = {"branch": "nora", "weekdays": [4, 2], "weeks": "odd", "valid_from": "2026-12-07"}


def test_a_municipality_joins_and_is_changed_by_who_saw_it(day: TestClient) -> None:
    made = day.post("/v1/municipalities", json=KARLSTAD)

    assert made.status_code == 201, made.text
    where = made.headers["location"]
    seen = day.get(where)
    assert seen.json() == made.json()
    assert {name: seen.json()[name] for name in KARLSTAD} == KARLSTAD
    assert KARLSTAD["code"] in [one["code"] for one in day.get("/v1/municipalities").json()["data"]]
    change = {"population": 97_500, "population_date": "2025-12-31"}
    assert_problem(day.patch(where, json=change), "precondition-required")
    headers = {"If-Match": seen.headers["etag"]}
    changed = day.patch(where, json=change, headers=headers)
    assert changed.json() == seen.json() | change
    assert_problem(day.patch(where, json=change, headers=headers), "changed-meanwhile", "1780")
    assert day.get(where).headers["etag"] == changed.headers["etag"]
    audit = day.get("/v1/audit").json()["data"]
    assert [one["action"] for one in audit] == ["change municipality", "make municipality"]


def test_neither_code_nor_name_of_a_municipality_is_taken_twice(day: TestClient) -> None:
    assert_problem(
        day.post("/v1/municipalities", json=KARLSTAD | {"code": "1884"}), "conflict", "PATCH"
    )
    taken = KARLSTAD | {"name": "Nora"}
    assert_problem(day.post("/v1/municipalities", json=taken), "conflict", "'1884' has")
    renamed = day.patch("/v1/municipalities/1885", json={"name": "Nora"}, headers={"If-Match": "*"})
    assert_problem(renamed, "conflict", "'1884' has")
    assert_problem(day.get("/v1/municipalities/0001"), "not-found", "0001")


def test_a_branch_becomes_a_depot_and_is_one_no_more(day: TestClient) -> None:
    made = day.post("/v1/depots", json={"id": "nora", "branch": "nora"})

    assert made.status_code == 201, made.text
    listed = {one["id"]: one for one in day.get("/v1/depots").json()["data"]}
    assert listed["nora"] == made.json()
    assert [name for name, one in listed.items() if one["in_use"]] == ["orebro"]
    assert day.get("/v1/plans").status_code == 200
    assert_problem(day.post("/v1/depots", json={"id": "nora", "branch": "kumla"}), "conflict")
    assert_problem(day.post("/v1/depots", json={"id": "x", "branch": "nowhere"}), "bad-input")
    assert day.delete("/v1/depots/nora").status_code == 204
    assert_problem(day.delete("/v1/depots/nora"), "not-found")


@sqlite_only
def test_the_hub_and_where_vehicles_stand_remain_depots(day: TestClient) -> None:
    assert_problem(day.delete("/v1/depots/orebro"), "conflict", "it is the hub")
    day.post("/v1/depots", json={"id": "nora", "branch": "nora"})
    van = day.get("/v1/vehicles").json()["data"][0] | {"id": "van-n", "depot": "nora"}
    van = {name: van[name] for name in van.keys() - {"active", "revision"}}
    assert day.post("/v1/vehicles", json=van).status_code == 201

    assert_problem(day.delete("/v1/depots/nora"), "conflict", "'van-n'")


def test_a_branch_is_served_on_other_days_from_a_day_on(day: TestClient) -> None:
    where, of_nora = "/v1/service-patterns", {"branch": "nora"}
    before = day.get(where, params=of_nora).json()["data"]
    tag = {"If-Match": day.get("/v1/branches/nora").headers["etag"]}

    made = day.post(where, json=PATTERN, headers=tag)

    assert made.status_code == 201, made.text
    after = day.get(where, params=of_nora).json()
    assert after == made.json()
    assert [one["valid_until"] for one in after["data"][:-1]] == ["2026-12-06"] * len(before)
    newest = after["data"][-1]
    assert (newest["weekdays"], newest["weeks"]) == ([2, 4], "odd")
    assert (newest["valid_from"], newest["valid_until"]) == ("2026-12-07", None)
    span = {"first_day": "2026-12-07", "last_day": "2026-12-27"}
    served = [
        one["date"] for one in day.get("/v1/calendar", params=span).json()["data"]
        if "nora" in one["served"]
    ]  # fmt: skip
    assert served == ["2026-12-15", "2026-12-17"]  # week 51; weeks 50 and 52 are even
    assert day.get("/v1/branches/nora").headers["etag"] == made.headers["etag"]
    assert_problem(day.post(where, json=PATTERN, headers=tag), "changed-meanwhile", "'nora'")


def test_no_weekday_ends_the_service_of_a_branch(day: TestClient) -> None:
    body = PATTERN | {"weekdays": []}
    made = day.post("/v1/service-patterns", json=body, headers={"If-Match": "*"})

    assert {one["valid_until"] for one in made.json()["data"]} == {"2026-12-06"}
    span = {"first_day": "2026-12-01", "last_day": "2026-12-31"}
    days = day.get("/v1/calendar", params=span).json()["data"]
    assert max(one["date"] for one in days if "nora" in one["served"]) < "2026-12-07"


@sqlite_only
@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"weekdays": [1, 1]}, "twice"),
        ({"weekdays": [8]}, "less than or equal to 7"),
        ({"weeks": "third"}, "odd"),
        ({"valid_from": "soon"}, "expected a date"),
    ],
)
def test_service_days_that_cannot_be_are_refused(
    day: TestClient, change: dict[str, object], word: str
) -> None:
    answer = day.post("/v1/service-patterns", json=PATTERN | change, headers={"If-Match": "*"})

    assert_problem(answer, "bad-input", word)


@sqlite_only
def test_service_days_of_an_unknown_branch_are_not_found(day: TestClient) -> None:
    assert_problem(day.get("/v1/service-patterns", params={"branch": "nowhere"}), "not-found")
    body = PATTERN | {"branch": "nowhere"}
    answer = day.post("/v1/service-patterns", json=body, headers={"If-Match": "*"})
    assert_problem(answer, "not-found")


def test_another_depot_is_taken_into_use(day: TestClient) -> None:
    moved = day.patch("/v1/depots/lindesberg", json={"in_use": True})

    assert moved.status_code == 200, moved.text
    assert (moved.json()["in_use"], moved.json()["items_carried"]) == (True, 0)
    in_use = {one["id"] for one in day.get("/v1/depots").json()["data"] if one["in_use"]}
    assert in_use == {"lindesberg"}
    newest = day.get("/v1/audit").json()["data"][0]
    assert (newest["action"], newest["subject"]) == ("move hub", "lindesberg")
    assert make(day)["version"] == 1
    assert_problem(day.patch("/v1/depots/nowhere", json={"in_use": True}), "not-found", "nowhere")
    assert_problem(day.patch("/v1/depots/orebro", json={"in_use": False}), "bad-input")


def test_a_hub_is_not_left_while_a_plan_begins_there(day: TestClient) -> None:
    publish(day)

    answer = day.patch("/v1/depots/lindesberg", json={"in_use": True})

    assert_problem(answer, "conflict", "the plan of 2026-11-24 begins at 'orebro'")

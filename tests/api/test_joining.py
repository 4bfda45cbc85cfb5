from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from api.schemas.joining import NewBranch, NewVehicle
from tests.api.day import DAY, make
from tests.api.helpers import assert_problem, sqlite_only

if TYPE_CHECKING:
    from fastapi.testclient import TestClient


def example(kind: type[NewBranch | NewVehicle]) -> dict[str, Any]:
    found: dict[str, Any] = kind.model_config["json_schema_extra"]["examples"][0]  # type: ignore[index,call-overload]
    return found


BRANCH, VEHICLE = example(NewBranch), example(NewVehicle)


def test_a_branch_joins_and_is_served_and_planned(day: TestClient) -> None:
    asked = BRANCH | {"driver_note": "ring twice", "receiving_hours": "Mo-Fr 08:00-17:00"}

    made = day.post("/v1/branches", json=asked, headers={"Idempotency-Key": "join-1"})

    assert made.status_code == 201, made.text
    shown = day.get(made.headers["location"])
    assert shown.json() == made.json()
    assert shown.headers["etag"] == made.headers["etag"]
    kept = {name: made.json()[name] for name in asked if name != "weekdays"}
    assert kept == {name: value for name, value in asked.items() if name != "weekdays"}
    again = day.post("/v1/branches", json=asked, headers={"Idempotency-Key": "join-1"})
    assert again.content == made.content
    span = {"first_day": "2026-12-07", "last_day": "2026-12-13"}
    calendar = day.get("/v1/calendar", params=span).json()["data"]
    assert [BRANCH["id"] in one["served"] for one in calendar] == [
        number in {1, 3} for number in range(7)
    ]
    transfer = {"request_id": "new-1", "item": "new", "kind": "hold", "origin": BRANCH["id"]}
    sent = day.post("/v1/transfers", json=transfer | {"destination": "nora"})
    assert sent.status_code == 201, sent.text
    assert "make branch" in [one["action"] for one in day.get("/v1/audit").json()["data"]]


@sqlite_only
def test_a_branch_that_joined_is_called_at(day: TestClient) -> None:
    day.post("/v1/branches", json=BRANCH)
    decided = {"kind": "must-visit", "subject": BRANCH["id"]}
    answer = day.post(f"{DAY}/changes", json=decided, headers={"If-Match": "*"})
    assert answer.status_code == 201, answer.text

    plan = make(day)

    assert BRANCH["id"] in {stop["branch"] for run in plan["runs"] for stop in run["stops"]}


@sqlite_only
def test_a_vehicle_joins_the_fleet(day: TestClient) -> None:
    made = day.post("/v1/vehicles", json=VEHICLE)

    assert made.status_code == 201, made.text
    assert day.get(made.headers["location"]).json() == made.json()
    assert made.json() == made.json() | VEHICLE
    change = {"cost_per_km_sek": 5.5}
    headers = {"If-Match": made.headers["etag"]}
    assert day.patch(made.headers["location"], json=change, headers=headers).status_code == 200
    unknown = VEHICLE | {"id": "van-10", "depot": "nowhere"}
    assert_problem(day.post("/v1/vehicles", json=unknown), "bad-input", "'nowhere'")
    assert day.get("/v1/audit").json()["data"][1]["action"] == "make vehicle"


@sqlite_only
@pytest.mark.parametrize(
    ("path", "body", "wrong"),
    [
        (
            "/v1/branches",
            BRANCH
            | {
                "latitude": 5.0,
                "receiving_hours": "whenever",
                "weekdays": [2, 2],
                "driver_note": "ask anna@example.se",
            },
            {"latitude", "receiving_hours", "weekdays", "driver_note"},
        ),
        (
            "/v1/vehicles",
            VEHICLE | {"shift_end": 100, "max_hours": 25.0, "energy": "steam"},
            {"shift_end", "max_hours", "energy"},
        ),
    ],
)
def test_every_fault_of_who_joins_is_told(
    day: TestClient, path: str, body: dict[str, Any], wrong: set[str]
) -> None:
    answer = day.post(path, json=body)

    told = assert_problem(answer, "bad-input")
    assert {fault["pointer"] for fault in told["errors"]} == {f"#/{name}" for name in wrong}
    assert "anna@" not in answer.text


def test_of_two_that_join_under_one_name_one_does(day: TestClient) -> None:
    for path, body in (("/v1/branches", BRANCH), ("/v1/vehicles", VEHICLE)):
        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(lambda _, p=path, b=body: day.post(p, json=b), range(2)))
        assert sorted(answer.status_code for answer in answers) == [201, 409]
        refused = next(answer for answer in answers if answer.status_code == 409)
        assert_problem(refused, "conflict", body["id"])


@sqlite_only
def test_a_branch_of_an_unknown_municipality_does_not_join(day: TestClient) -> None:
    answer = day.post("/v1/branches", json=BRANCH | {"municipality": "9999"})

    assert_problem(answer, "bad-input", "'9999'", "POST /v1/municipalities")

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from api.door import CSRF_HEADER
from api.security.accounts import create_account
from logistics.storage.session import writing
from tests.api.day import publish
from tests.api.helpers import assert_problem, sqlite_only
from tests.api.pages.driving import close_ahead

if TYPE_CHECKING:
    from fastapi.testclient import TestClient
    from sqlalchemy import Engine


def report(number: int, minutes: int = 0, **more: Any) -> dict[str, Any]:
    at = f"2026-11-24T{7 + minutes // 60:02d}:{minutes % 60:02d}:00+01:00"
    return {"id": f"phone-{number:04d}", "at": at, **more}


def test_a_run_is_driven_stop_by_stop(day: TestClient) -> None:
    publish(day)
    run = day.get("/v1/runs").json()["data"][0]
    where = f"/v1/runs/{run['code']}"

    left = day.post(f"{where}/depart", json=report(0))
    assert left.status_code == 200, left.text
    assert left.json()["run"]["state"] == "under_way"
    for number, stop in enumerate(run["stops"], start=1):
        path = f"{where}/stops/{stop['code']}"
        assert day.post(f"{path}/arrive", json=report(2 * number, 10 * number)).is_success
        done = day.post(f"{path}/done", json=report(2 * number + 1, 10 * number + 5))
        assert done.status_code == 200, done.text
    back = day.post(f"{where}/return", json=report(99, 200))

    assert back.status_code == 200, back.text
    assert back.json()["run"]["state"] == "done"
    states = {one["state"] for one in day.get("/v1/transfers").json()["data"]}
    assert states <= {"delivered", "at_hub", "requested"}
    assert "delivered" in states
    delivered = day.get("/v1/transfers?state=delivered").json()["data"][0]["id"]
    assert day.get(f"/v1/transfers/{delivered}/arrival").json()["basis"] == "delivered"
    again = day.post(f"{where}/depart", json=report(100, 201))
    assert_problem(again, "conflict", "it is done")


def test_a_phone_without_network_sends_everything_later_and_twice(day: TestClient) -> None:
    publish(day)
    run = day.get("/v1/runs").json()["data"][0]
    ticks = [report(0, kind="depart"), report(1, 10, kind="done", stop=1, plan_version=1)]
    where = f"/v1/runs/{run['code']}/ticks"

    first = day.post(where, json={"data": ticks})
    second = day.post(where, json={"data": ticks})

    assert first.status_code == 200, first.text
    assert second.status_code == 200, second.text
    assert first.json()["moved"]
    assert second.json()["moved"] == {}
    assert second.json()["run"]["stops"][0]["done_at"] == "2026-11-24T06:10:00Z"


@sqlite_only
def test_a_report_that_cannot_be_is_refused(day: TestClient) -> None:
    publish(day)
    where = f"/v1/runs/{day.get('/v1/runs').json()['data'][0]['code']}"

    unknown = day.post(f"{where}/stops/99/done", json=report(1, plan_version=1))
    assert_problem(unknown, "bad-input", "no stop 99")
    note = report(2, note="ring 198112189876 first")
    assert_problem(day.post(f"{where}/depart", json=note), "bad-input", "personal number")
    unknown = day.post("/v1/runs/0000000000000000/depart", json=report(3))
    assert_problem(unknown, "not-found")
    assert_problem(day.post(f"{where}/depart", json=report(4) | {"id": "x"}), "bad-input")


@sqlite_only
def test_a_number_alone_is_no_name_of_a_stop(day: TestClient) -> None:
    publish(day)
    run = day.get("/v1/runs").json()["data"][0]
    where = f"/v1/runs/{run['code']}"
    assert run["plan_version"] == 1

    for path in ("stops/1/arrive", "stops/1/done", "stops/1/exception"):
        alone = day.post(f"{where}/{path}", json=report(1))
        assert_problem(alone, "conflict", "name the stop by its code, or give plan_version")
        older = day.post(f"{where}/{path}", json=report(1, plan_version=7))
        assert_problem(older, "conflict", "name it by its code")
    listed = {"data": [report(1, kind="done", stop=1)]}
    assert_problem(day.post(f"{where}/ticks", json=listed), "conflict", "give plan_version")
    assert not any(stop["arrived_at"] for stop in day.get(where).json()["stops"])
    by_code = {"data": [report(1, kind="done", stop_code=run["stops"][0]["code"])]}
    assert day.post(f"{where}/ticks", json=by_code).json()["run"]["stops"][0]["done_at"]


@sqlite_only
def test_a_late_report_lands_at_its_own_stop_whatever_was_planned_since(
    day: TestClient, engine: Engine
) -> None:
    publish(day)
    before = day.get("/v1/runs").json()["data"][0]
    where = f"/v1/runs/{before['code']}"
    first, shut, *later = before["stops"]
    taken = report(1, 10, plan_version=1)
    assert day.post(f"{where}/stops/{first['number']}/done", json=taken).is_success
    close_ahead(engine, shut["branch"])

    # The phone still shows version 1, where the numbers behind the closed branch are one higher.
    late = report(2, 30, plan_version=1)
    by_number = day.post(f"{where}/stops/{later[0]['number']}/done", json=late)
    assert_problem(by_number, "conflict", "stop 3 of version 1 may be another in version 2")
    by_code = day.post(f"{where}/stops/{later[0]['code']}/done", json=late)
    assert by_code.status_code == 200, by_code.text
    after = by_code.json()["run"]
    done = [stop["branch"] for stop in after["stops"] if stop["done_at"]]
    assert (after["plan_version"], done) == (2, [first["branch"], later[0]["branch"]])
    gone = day.post(f"{where}/stops/{shut['code']}/done", json=report(3, 40, plan_version=1))
    assert_problem(gone, "conflict", "does not call at")

    again = day.post(f"{where}/stops/{first['number']}/done", json=taken)
    assert (again.status_code, again.json()["moved"]) == (200, {})


@pytest.mark.parametrize("date", ["2026-11-23", "2026-11-25"])
@sqlite_only
def test_a_driver_sees_and_drives_today_alone(day: TestClient, engine: Engine, date: str) -> None:
    publish(day)
    code = day.get("/v1/runs").json()["data"][0]["code"]
    with writing(engine) as session:
        create_account(session, login="dan", role="driver", password="a van full of books")  # noqa: S106
    del day.headers["Authorization"]
    body = {"login": "dan", "password": "a van full of books"}
    day.headers[CSRF_HEADER] = day.post("/v1/session", json=body).json()["csrf_token"]

    assert day.get(f"/v1/runs/{code}").status_code == 200
    assert_problem(day.get(f"/v1/runs?date={date}"), "not-allowed", "today")
    assert_problem(day.get("/v1/transfers"), "not-allowed")
    day.app.state.now = lambda: engine_now(date)  # type: ignore[attr-defined]
    assert_problem(day.get(f"/v1/runs/{code}"), "not-allowed", "today")
    assert_problem(day.post(f"/v1/runs/{code}/depart", json=report(1)), "not-allowed")


def engine_now(date: str) -> Any:
    from datetime import UTC, datetime

    return datetime.fromisoformat(f"{date}T10:00:00").replace(tzinfo=UTC)

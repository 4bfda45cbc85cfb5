from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from fastapi.testclient import TestClient
from sqlmodel import select

from api.app import create_app
from api.security import calendar_addresses
from api.security.keys import create_key, digest
from logistics.storage.session import reading, writing
from logistics.storage.tables import AuditRow, CalendarAddressRow
from tests.api.conftest import NOW
from tests.api.day import publish
from tests.api.helpers import assert_problem, sqlite_only

if TYPE_CHECKING:
    import pytest
    from httpx2 import Response
    from sqlalchemy import Engine

    from api.settings import Settings

OF_KUMLA = "/v1/branches/kumla/calendar-addresses"


def made(client: TestClient, where: str = OF_KUMLA, **headers: str) -> dict[str, Any]:
    answer = client.post(where, json={"name": "staff calendar"}, headers=headers)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def fetch(client: TestClient, url: str) -> Response:
    """As a calendar program does: without any key."""
    path = url.removeprefix("http://testserver")
    with TestClient(client.app) as program:
        return program.get(path)


def test_a_calendar_program_subscribes_without_a_key_until_it_is_revoked(
    engine: Engine, day: TestClient
) -> None:
    publish(day)
    shown = made(day)

    answer = fetch(day, shown["url"])

    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/calendar")
    assert answer.text == day.get("/v1/branches/kumla/calendar.ics").text
    assert "BEGIN:VEVENT" in answer.text
    english = fetch(day, f"{shown['url']}?language=en")
    assert english.text == day.get("/v1/branches/kumla/calendar.ics?language=en").text
    (listed,) = day.get(OF_KUMLA).json()["data"]
    assert listed == shown["address"] | {"last_used_at": listed["last_used_at"]}
    assert listed["last_used_at"] is not None
    gone = day.delete(f"{OF_KUMLA}/{shown['address']['id']}")
    assert gone.status_code == 204
    assert_problem(fetch(day, shown["url"]), "not-found", "revoked")
    assert day.get(OF_KUMLA).json()["data"] == []
    with reading(engine) as session:
        said = [(row.action, row.subject) for row in session.exec(select(AuditRow))]
    number = shown["address"]["id"]
    assert said[-2:] == [
        ("make calendar address", f"kumla {number}"),
        ("revoke calendar address", f"kumla {number}"),
    ]


def test_the_secret_is_in_the_first_answer_alone(
    engine: Engine, day: TestClient, capfd: pytest.CaptureFixture[str]
) -> None:
    once = {"Idempotency-Key": "calendar-1"}
    url = made(day, **once)["url"]
    token = url.rpartition("/")[2].removesuffix(".ics")
    fetch(day, url)

    again = day.post(OF_KUMLA, json={"name": "staff calendar"}, headers=once)

    assert again.status_code == 409
    assert "not shown twice" in again.json()["detail"]
    with reading(engine) as session:
        (row,) = session.exec(select(CalendarAddressRow))
    assert row.digest == digest(token)
    assert token not in repr(row)
    assert token not in again.text
    said = capfd.readouterr()
    assert "/v1/calendars/{token}.ics" in said.out + said.err
    assert token not in said.out + said.err


def test_a_branch_makes_and_revokes_its_own_alone(engine: Engine, day: TestClient) -> None:
    with writing(engine) as session:
        scopes = ["calendars:write", "plans:read"]
        _, token = create_key(session, name="laxa", scopes=scopes, branch="laxa")
    foreign = made(day)["address"]["id"]
    day.headers["Authorization"] = f"Bearer {token}"

    own = made(day, "/v1/branches/laxa/calendar-addresses")

    assert fetch(day, own["url"]).status_code == 200
    for answer in (
        day.get(OF_KUMLA),
        day.post(OF_KUMLA, json={"name": "x"}),
        day.delete(f"{OF_KUMLA}/{foreign}"),
    ):
        assert_problem(answer, "not-allowed", "'kumla'")
    swapped = day.delete(f"/v1/branches/laxa/calendar-addresses/{foreign}")
    assert_problem(swapped, "not-found")


@sqlite_only
def test_an_address_that_is_none_is_not_found(day: TestClient) -> None:
    assert_problem(fetch(day, f"/v1/calendars/{'a' * 43}.ics"), "not-found")
    assert_problem(fetch(day, "/v1/calendars/short.ics"), "bad-input")
    assert_problem(day.get("/v1/branches/nowhere/calendar-addresses"), "not-found")
    nowhere = day.post("/v1/branches/nowhere/calendar-addresses", json={"name": "x"})
    assert_problem(nowhere, "not-found")


@sqlite_only
def test_an_address_is_fetched_so_often_and_not_oftener(
    engine: Engine, settings: Settings, day: TestClient
) -> None:
    url, other = made(day)["url"], made(day)["url"]
    slow = settings.model_copy(update={"rate_calendar": "2/hour"})
    with TestClient(create_app(slow, engine=engine, now=lambda: NOW)) as program:
        answers = [program.get(url) for _ in range(3)]
        assert [one.status_code for one in answers] == [200, 200, 429]
        assert_problem(answers[-1], "too-many-requests")
        assert int(answers[-1].headers["retry-after"]) > 0
        assert program.get(other).status_code == 200


@sqlite_only
def test_a_branch_has_so_many_and_no_more(day: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar_addresses, "MOST", 1)
    made(day)

    assert_problem(day.post(OF_KUMLA, json={"name": "x"}), "conflict", "expected fewer")


@sqlite_only
def test_use_is_noted_once_a_day(engine: Engine, day: TestClient) -> None:
    shown = made(day)
    fetch(day, shown["url"])
    first = day.get(OF_KUMLA).json()["data"][0]["last_used_at"]

    fetch(day, shown["url"])
    assert day.get(OF_KUMLA).json()["data"][0]["last_used_at"] == first
    with writing(engine) as session:
        row = session.get_one(CalendarAddressRow, shown["address"]["id"])
        assert row.last_used_at is not None
        row.last_used_at -= timedelta(days=2)
    fetch(day, shown["url"])
    assert day.get(OF_KUMLA).json()["data"][0]["last_used_at"] > first

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from api.security.keys import create_key
from api.security.roles import SCOPES
from logistics.storage.session import writing
from tests.api.day import DAY, close, make, publish, seen
from tests.api.helpers import assert_problem, sqlite_only

if TYPE_CHECKING:
    from fastapi.testclient import TestClient
    from sqlalchemy import Engine


def test_a_driven_day_is_closed_and_reported(day: TestClient) -> None:
    plan = publish(day)

    closed = close(day, as_planned=True)

    assert closed.status_code == 200, closed.text
    booked = closed.json()["data"]
    assert [one["distance_metres"] for one in booked] == [
        run["distance_metres"] for run in plan["runs"]
    ]
    report = day.get(f"{DAY}/report").json()
    assert report["totals"]["runs"] == len(plan["runs"])
    month = day.get("/v1/reports/2026-11-30", params={"period": "month"}).json()
    assert month["totals"]["distance_metres"] == report["totals"]["distance_metres"]
    assert closed.headers["etag"] == day.get(DAY).headers["etag"]
    assert_problem(close(day), "conflict")


@sqlite_only
@pytest.mark.parametrize(
    ("form", "media_type", "begins"),
    [
        ("html", "text/html", b"<!doctype html>"),
        ("pdf", "application/pdf", b"%PDF-"),
        ("xlsx", "application/vnd.openxmlformats", b"PK"),
        ("csv", "application/zip", b"PK"),
    ],
)
def test_a_report_comes_in_every_form(
    day: TestClient, form: str, media_type: str, begins: bytes
) -> None:
    publish(day)
    close(day, as_planned=True)

    answer = day.get(f"{DAY}/report", params={"format": form, "language": "en"})

    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith(media_type)
    assert answer.content.lstrip().lower()[:20].startswith(begins.lower())


@sqlite_only
def test_a_day_goes_out_as_calendar_geojson_and_gpx(day: TestClient) -> None:
    plan = publish(day)
    branch = plan["runs"][0]["stops"][0]["branch"]

    calendar = day.get(f"/v1/branches/{branch}/calendar.ics")
    geojson = day.get(f"{DAY}/runs.geojson")
    gpx = day.get(f"{DAY}/runs/1.gpx")

    assert calendar.headers["content-type"].startswith("text/calendar")
    assert calendar.text.startswith("BEGIN:VCALENDAR")
    assert calendar.text.count("BEGIN:VEVENT") == 1
    assert json.loads(geojson.text)["type"] == "FeatureCollection"
    assert gpx.headers["content-type"].startswith("application/gpx+xml")
    assert ET.fromstring(gpx.content).tag.endswith("gpx")  # noqa: S314  # our own
    assert_problem(day.get(f"{DAY}/runs/99.gpx"), "not-found")
    assert_problem(day.get("/v1/branches/nowhere/calendar.ics"), "not-found")


def test_a_decision_about_a_day_is_obeyed_and_taken_back(day: TestClient) -> None:
    closed = {"kind": "close-branch", "subject": "kumla", "reason": "water damage"}
    where = f"{DAY}/changes"
    before = seen(day, where)
    assert_problem(day.post(where, json=closed), "precondition-required", "If-Match")
    made = day.post(where, json=closed, headers=before)
    assert made.status_code == 201, made.text
    assert made.headers["etag"] == day.get(where).headers["etag"]
    again = closed | {"subject": "laxa"}
    assert_problem(day.post(where, json=again, headers=before), "changed-meanwhile", "decided")
    assert day.get(f"{DAY}/changes").json()["data"] == [made.json()]

    plan = make(day)

    stops = {stop["branch"] for run in plan["runs"] for stop in run["stops"]}
    assert "kumla" not in stops
    number = made.json()["id"]
    other_day = f"/v1/plans/2026-11-25/changes/{number}"
    assert_problem(day.delete(other_day, headers={"If-Match": "*"}), "not-found")
    assert_problem(day.delete(f"{where}/{number}"), "precondition-required")
    early = {"If-Match": made.headers["etag"]}  # before the day was planned
    assert_problem(day.delete(f"{where}/{number}", headers=early), "changed-meanwhile")
    assert day.delete(f"{where}/{number}", headers=seen(day, where)).status_code == 204
    assert day.get(f"{DAY}/changes").json()["data"] == []
    wrong = closed | {"subject": "nowhere"}
    refused = day.post(where, json=wrong, headers=seen(day, where))
    assert_problem(refused, "bad-input", "'nowhere'")


@sqlite_only
def test_a_branch_reads_its_own_calendar_alone(day: TestClient, engine: Engine) -> None:
    with writing(engine) as session:
        _, token = create_key(session, name="nora", scopes=SCOPES, branch="nora")
    key = {"Authorization": f"Bearer {token}"}

    assert day.get("/v1/branches/nora/calendar.ics", headers=key).status_code == 200
    for path in ("/v1/branches/kumla/calendar.ics", f"{DAY}/report", f"{DAY}/runs.geojson"):
        assert_problem(day.get(path, headers=key), "not-allowed")


def test_only_the_day_that_was_seen_is_closed(day: TestClient) -> None:
    publish(day)
    body = {"as_planned": True}
    old = {"If-Match": '"2026-11-24.1.1"'}

    assert_problem(day.post(f"{DAY}/close", json=body), "precondition-required", "If-Match")
    stale = assert_problem(day.post(f"{DAY}/close", json=body, headers=old), "changed-meanwhile")

    assert stale["errors"][0]["pointer"] == "#/header/If-Match"
    assert day.get(DAY).json()["state"] == "published"

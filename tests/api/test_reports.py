from __future__ import annotations

import json
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from api.security.keys import create_key
from api.security.roles import SCOPES
from logistics.storage.session import writing
from tests.api.day import DAY, make, publish
from tests.api.helpers import assert_problem, sqlite_only

if TYPE_CHECKING:
    from fastapi.testclient import TestClient
    from sqlalchemy import Engine


def test_a_driven_day_is_closed_and_reported(day: TestClient) -> None:
    plan = publish(day)

    closed = day.post(f"{DAY}/close", json={"as_planned": True})

    assert closed.status_code == 200, closed.text
    booked = closed.json()["data"]
    assert [one["distance_metres"] for one in booked] == [
        run["distance_metres"] for run in plan["runs"]
    ]
    report = day.get(f"{DAY}/report").json()
    assert report["totals"]["runs"] == len(plan["runs"])
    month = day.get("/v1/reports/2026-11-30", params={"period": "month"}).json()
    assert month["totals"]["distance_metres"] == report["totals"]["distance_metres"]
    assert_problem(day.post(f"{DAY}/close", json={}), "conflict")


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
    day.post(f"{DAY}/close", json={"as_planned": True})

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
    made = day.post(f"{DAY}/changes", json=closed)
    assert made.status_code == 201, made.text
    assert day.get(f"{DAY}/changes").json()["data"] == [made.json()]

    plan = make(day)

    stops = {stop["branch"] for run in plan["runs"] for stop in run["stops"]}
    assert "kumla" not in stops
    number = made.json()["id"]
    assert_problem(day.delete(f"/v1/plans/2026-11-25/changes/{number}"), "not-found")
    assert day.delete(f"{DAY}/changes/{number}").status_code == 204
    assert day.get(f"{DAY}/changes").json()["data"] == []
    wrong = closed | {"subject": "nowhere"}
    assert_problem(day.post(f"{DAY}/changes", json=wrong), "bad-input", "'nowhere'")


@sqlite_only
def test_a_branch_reads_its_own_calendar_alone(day: TestClient, engine: Engine) -> None:
    with writing(engine) as session:
        _, token = create_key(session, name="nora", scopes=SCOPES, branch="nora")
    key = {"Authorization": f"Bearer {token}"}

    assert day.get("/v1/branches/nora/calendar.ics", headers=key).status_code == 200
    for path in ("/v1/branches/kumla/calendar.ics", f"{DAY}/report", f"{DAY}/runs.geojson"):
        assert_problem(day.get(path, headers=key), "not-allowed")

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime

import gpxpy
import pytest
from icalendar import Calendar

from maps.escape import visible
from maps.exports import branch_calendar, moment, run_gpx, runs_geojson
from tests.maps import hostile
from tests.maps.sample import sample_view

VIEW = sample_view()


@pytest.mark.parametrize(
    ("day", "utc"),
    [
        pytest.param(date(2026, 11, 24), datetime(2026, 11, 24, 7, tzinfo=UTC), id="winter"),
        pytest.param(date(2026, 3, 29), datetime(2026, 3, 29, 6, tzinfo=UTC), id="an hour lost"),
        pytest.param(date(2026, 10, 25), datetime(2026, 10, 25, 7, tzinfo=UTC), id="one gained"),
    ],
)
def test_eight_is_eight_on_the_wall_clock(day: date, utc: datetime) -> None:
    assert moment(day, 8 * 3600).astimezone(UTC) == utc


def test_calendar_of_a_branch_has_its_visits() -> None:
    calendar = Calendar.from_ical(branch_calendar([VIEW], "nora"))
    (event,) = calendar.walk("VEVENT")
    assert str(event["summary"]) == "Bil 1 kommer 08:44"
    assert event.decoded("dtstart") == datetime(2026, 11, 24, 7, 44, 46, tzinfo=UTC)
    assert "Packa: 33 exemplar" in str(event["description"])
    assert int(event["sequence"]) == 3


def test_calendar_keeps_hostile_names_in_one_property() -> None:
    view = hostile.hostile_view()
    for stop in view.runs[0].stops:
        calendar = Calendar.from_ical(branch_calendar([view], stop.place.id))
        assert len(calendar.walk("VEVENT")) == 1


@pytest.mark.parametrize("name", hostile.NAMES)
def test_a_hostile_name_is_text_in_a_calendar(name: str) -> None:
    run = VIEW.runs[0]
    stop = replace(run.stops[0], place=replace(run.stops[0].place, address=name))
    view = replace(VIEW, runs=(replace(run, vehicle_name=name, stops=(stop,)),))
    content = branch_calendar([view], stop.place.id)
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    assert str(event["location"]).strip() == visible(name).strip()
    assert visible(name) in str(event["summary"])
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00]", str(event["summary"]))
    lines = content.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    assert sum(line.startswith((b"BEGIN:", b"END:")) for line in lines) == 4


def test_geojson_has_a_line_a_run_and_a_point_a_stop() -> None:
    features = json.loads(runs_geojson(VIEW))["features"]
    kinds = [feature["geometry"]["type"] for feature in features]
    assert kinds.count("LineString") == 2
    assert kinds.count("Point") == 18
    assert features[1]["geometry"]["coordinates"] == [15.13169, 59.71409]
    assert features[1]["properties"]["arrive"] == "2026-11-24T06:44:42+01:00"
    assert len(json.loads(runs_geojson(VIEW, [2]))["features"]) == 3


def test_gpx_is_read_back() -> None:
    gpx = gpxpy.parse(run_gpx(VIEW, 2))
    assert [point.name for point in gpx.waypoints] == ["1 Fellingsbro", "2 Frövi"]
    hub = VIEW.hub.point
    track = gpx.tracks[0].segments[0].points
    assert (track[0].latitude, track[0].longitude) == hub
    assert (track[-1].latitude, track[-1].longitude) == hub
    assert gpxpy.parse(run_gpx(VIEW, 9)).tracks == []
    assert gpxpy.parse(run_gpx(hostile.hostile_view(), 1)).waypoints

"""Runs and visits in formats that other programs read: iCalendar, GeoJSON, GPX."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import gpxpy.gpx
from icalendar import Calendar, Event

from maps import terms
from maps.escape import visible
from maps.i18n import words
from maps.visits import visits

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logistics.operations.view.day_view import DayView
    from logistics.operations.view.place_records import Point
    from logistics.operations.view.run_records import RunView, StopView
    from maps.i18n import Words

ZONE = ZoneInfo("Europe/Stockholm")


def moment(day: date, seconds: int) -> datetime:
    """
    Turn a clock time of a service day into a moment.

    Parameters
    ----------
    day
        The service day.
    seconds
        What the clock on the wall shows, as seconds since midnight; may pass 24 hours.

    Returns
    -------
    datetime
        In Swedish local time, also on days when the clock changes.
    """
    return datetime.combine(day, time(), tzinfo=ZONE) + timedelta(seconds=seconds)


def branch_calendar(views: Iterable[DayView], branch: str, *, language: str = "sv") -> bytes:
    """
    Write when vans call at a branch, for a calendar to subscribe to.

    Parameters
    ----------
    views
        The days.
    branch
        Id of the branch.
    language
        ``sv`` or ``en``.

    Returns
    -------
    bytes
        iCalendar; an event a visit, with the same identity when a day is planned anew.
    """
    w = words(language)
    calendar = Calendar()
    calendar.add("prodid", "-//courier-planner//branch visits//SV")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for view in views:
        for place, calls in visits(view, branch):
            calendar["x-wr-calname"] = visible(place.name)
            for number, call in enumerate(calls, 1):
                calendar.add_component(_visit(view, call.run, call.stop, number, w))
    return bytes(calendar.to_ical())


def runs_geojson(view: DayView, numbers: Sequence[int] | None = None) -> str:
    """
    Write runs as GeoJSON: a line a run, a point a stop.

    Parameters
    ----------
    view
        The day.
    numbers
        Numbers of the runs; None for all.

    Returns
    -------
    str
        A FeatureCollection (RFC 7946), longitude first.
    """
    features: list[dict[str, Any]] = []
    for run in _chosen(view, numbers):
        line = [_position(point) for point in _line(run)]
        features.append(
            _feature("LineString", line, {"run": run.number, "vehicle": run.vehicle_name})
        )
        features += [
            _feature("Point", _position(stop.place.point), _facts(view, run, stop))
            for stop in run.stops
        ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


def run_gpx(view: DayView, number: int) -> str:
    """
    Write a run as GPX for a navigator: stops as way points, the way along the roads as a track.

    Parameters
    ----------
    view
        The day.
    number
        Number of the run.

    Returns
    -------
    str
        GPX 1.1; empty of points when the day has no such run.
    """
    file = gpxpy.gpx.GPX()
    file.creator = "courier-planner"
    file.time = datetime.combine(view.service_day, time(), tzinfo=UTC)
    for run in _chosen(view, [number]):
        file.name = visible(f"{run.vehicle_name} {view.service_day.isoformat()}")
        for stop in run.stops:
            latitude, longitude = stop.place.point
            file.waypoints.append(
                gpxpy.gpx.GPXWaypoint(
                    latitude=latitude,
                    longitude=longitude,
                    time=moment(view.service_day, stop.arrive).astimezone(UTC),
                    name=visible(f"{stop.number} {stop.place.short_name}"),
                    description=visible(stop.place.address),
                )
            )
        points = [gpxpy.gpx.GPXTrackPoint(latitude=y, longitude=x) for y, x in _line(run)]
        track = gpxpy.gpx.GPXTrack(name=file.name)
        track.segments.append(gpxpy.gpx.GPXTrackSegment(points))
        file.tracks.append(track)
    return str(file.to_xml())


def _chosen(view: DayView, numbers: Sequence[int] | None) -> list[RunView]:
    return [run for run in view.runs if numbers is None or run.number in numbers]


def _line(run: RunView) -> list[Point]:
    """Join the legs, without the points they share."""
    points: list[Point] = []
    for leg in run.legs:
        points += leg.line[1:] if points and leg.line and points[-1] == leg.line[0] else leg.line
    return points


def _position(point: Point) -> list[float]:
    latitude, longitude = point
    return [longitude, latitude]


def _feature(kind: str, coordinates: object, properties: dict[str, object]) -> dict[str, Any]:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _facts(view: DayView, run: RunView, stop: StopView) -> dict[str, object]:
    return {
        "run": run.number,
        "stop": stop.number,
        "branch": stop.place.id,
        "name": stop.place.name,
        "arrive": moment(view.service_day, stop.arrive).isoformat(),
        "depart": moment(view.service_day, stop.depart).isoformat(),
        "items_off": sum(bundle.items for bundle in stop.unload),
        "items_on": sum(bundle.items for bundle in stop.load),
    }


def _visit(view: DayView, run: RunView, stop: StopView, number: int, w: Words) -> Event:
    event = Event()
    day = view.service_day
    event.add("uid", f"{day.isoformat()}-{stop.place.id}-{number}@courier-planner")
    event.add("dtstamp", view.saved_at or datetime.combine(day, time(), tzinfo=UTC))
    event.add("sequence", view.version)
    event.add("dtstart", moment(day, stop.arrive).astimezone(UTC))
    event.add("dtend", moment(day, stop.depart).astimezone(UTC))
    van = w.t("{van} comes at {time}", van=run.vehicle_name, time=w.clock(stop.arrive))
    event.add("summary", visible(van))
    off = w.t("Receive: {n}", n=terms.items(w, sum(bundle.items for bundle in stop.unload)))
    on = w.t("Pack: {n}", n=terms.items(w, sum(bundle.items for bundle in stop.load)))
    event.add("description", f"{on}\n{off}")
    event.add("location", visible(stop.place.address or stop.place.name))
    return event

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from logistics.network.branches import Confidence, CoordinateQuality
from logistics.network.geocode import Geocoder, GeocoderSettings
from logistics.network.osrm import OsrmSettings
from logistics.network.verify import Finding, Topic, verify
from tests.network.servers import nominatim, osrm_table, served

if TYPE_CHECKING:
    from logistics.network.network import Network


def about(findings: list[Finding], topic: Topic, subject: str) -> Finding:
    (found,) = [one for one in findings if (one.topic, one.subject) == (topic, subject)]
    return found


def test_everything_unsure_is_listed_by_topic(shipped: Network) -> None:
    findings = verify(shipped)
    # All 21 doors, the hours of 20 branches (the hub takes goods at any time), 104 roads.
    assert Counter(one.topic for one in findings) == {
        Topic.BRANCH: 8,
        Topic.POSITION: 21,
        Topic.HOURS: 20,
        Topic.SERVICE_DAYS: 20,
        Topic.ROAD: 104,
        Topic.ROAD_NODE: 36,
        Topic.VEHICLE: 2,
    }
    assert not any(one.instead for one in findings)
    topics = [list(Topic).index(one.topic) for one in findings]
    assert topics == sorted(topics)


def test_least_certain_come_first(shipped: Network) -> None:
    branches = [one for one in verify(shipped) if one.topic is Topic.BRANCH]
    assert [one.confidence for one in branches] == [Confidence.LOW] * 4 + [Confidence.MEDIUM] * 4
    assert about(branches, Topic.BRANCH, "grythyttan").doubt.startswith(
        "does Grythyttans bibliotek exist as described? no independent evidence found"
    )


def test_what_is_sure_is_not_listed(shipped: Network) -> None:
    sure = tuple(
        replace(
            place,
            confidence=Confidence.HIGH,
            hours_confidence=Confidence.HIGH,
            coordinate_quality=CoordinateQuality.DOOR,
        )
        for place in shipped.branches
    )
    topics = {one.topic for one in verify(replace(shipped, branches=sure))}
    assert not topics & {Topic.BRANCH, Topic.POSITION, Topic.HOURS}


def test_unknown_hours_are_told(shipped: Network) -> None:
    blank = tuple(replace(place, receiving_hours=None) for place in shipped.branches)
    found = about(verify(replace(shipped, branches=blank)), Topic.HOURS, "nora")
    assert found.doubt == "receiving hours are unknown; it is taken to receive at any time"


def test_geocoder_says_where_it_is_instead(shipped: Network) -> None:
    steps: list[tuple[int, int]] = []
    with served(nominatim) as url:
        geocoder = Geocoder(GeocoderSettings(url=url, pause_seconds=0))
        findings = verify(
            shipped, geocoder=geocoder, on_progress=lambda done, of: steps.append((done, of))
        )
    nora = about(findings, Topic.POSITION, "nora")
    # From (59.51926, 15.03979): 0.00054 degrees north are 60 m, 0.00031 east 18 m.
    assert nora.difference_metres == 63
    assert nora.instead.endswith("Sverige (59.51980, 15.04010), the address")
    kumla = about(findings, Topic.POSITION, "kumla")
    assert kumla.instead == "finds nothing for 'Parkgatan 14, 692 80 Kumla'"
    assert kumla.difference_metres is None
    assert steps[-1] == (21, 21)


def test_a_branch_without_a_street_is_looked_up_by_name(shipped: Network) -> None:
    with served(nominatim) as url:
        findings = verify(shipped, geocoder=Geocoder(GeocoderSettings(url=url, pause_seconds=0)))
    assert about(findings, Topic.POSITION, "asbro").instead == (
        "finds nothing for 'Åsbro bibliotek, Åsbro'"
    )


def test_osrm_says_how_long_it_takes_instead(shipped: Network) -> None:
    with served(osrm_table) as url:
        findings = verify(shipped, osrm=OsrmSettings(url=url))
    road = about(findings, Topic.ROAD, "vedevag - frovi")
    # The server: 0.07413 degrees east, 0.06023 south at twice the price: 7,413 + 12,046 m.
    assert road.instead.startswith("19459 m, ")
    assert road.difference_metres == 19_459 - 8_500
    # With a server even the sure roads are measured, and ways between branches compared.
    assert sum(one.topic is Topic.ROAD for one in findings) == 107
    ways = [one for one in findings if one.topic is Topic.TRAVEL]
    assert ways
    assert all(one.difference_seconds for one in ways)
    off = [abs(one.difference_seconds or 0) for one in ways]
    assert off == sorted(off, reverse=True)


def test_a_silent_service_is_a_finding_and_asked_once(shipped: Network) -> None:
    geocoder = Geocoder(GeocoderSettings(url="http://127.0.0.1:1", pause_seconds=0))
    findings = verify(shipped, geocoder=geocoder, osrm=OsrmSettings(url="http://127.0.0.1:1"))
    silent = [one.doubt for one in findings if one.topic is Topic.SERVICE]
    assert len(silent) == 2
    assert "geocoder http://127.0.0.1:1 gives no answer" in silent[0]
    assert "OSRM server http://127.0.0.1:1 does not answer" in silent[1]
    assert len(findings) == 211 + 2


@pytest.mark.parametrize("quality", [CoordinateQuality.ADDRESS, CoordinateQuality.LOCALITY])
def test_only_a_surveyed_door_is_certain(shipped: Network, quality: CoordinateQuality) -> None:
    places = tuple(replace(place, coordinate_quality=quality) for place in shipped.branches)
    found = about(verify(replace(shipped, branches=places)), Topic.POSITION, "nora")
    assert found.doubt.startswith(f"position is that of the {quality}: Storgatan 15")

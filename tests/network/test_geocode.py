from __future__ import annotations

import time

import pytest

from logistics.errors import InputError, UnavailableError
from logistics.network.branches import CoordinateQuality
from logistics.network.geocode import Geocoder, GeocoderSettings, geocode
from tests.network.servers import Answer, nominatim, served


def settings(url: str, **more: object) -> GeocoderSettings:
    return GeocoderSettings(url=url, pause_seconds=0.0, **more)  # type: ignore[arg-type]


def test_an_address_becomes_a_position() -> None:
    with served(nominatim) as url:
        found = geocode("Storgatan 15, 713 80 Nora", settings(url))
    assert found is not None
    assert found.position == (59.5198, 15.0401)
    assert found.quality is CoordinateQuality.ADDRESS
    assert found.address.startswith("Nora bibliotek, 15, Storgatan")


def test_a_street_is_no_address() -> None:
    with served(nominatim) as url:
        found = geocode("Storgatan, Nora", settings(url))
    assert found is not None
    assert found.quality is CoordinateQuality.LOCALITY


def test_a_place_that_nobody_knows() -> None:
    with served(nominatim) as url:
        assert geocode("Narniavägen 1", settings(url)) is None


def test_requests_say_who_asks_where_and_how_many() -> None:
    seen: list[tuple[str, dict[str, list[str]], str]] = []

    def note(path: str, query: dict[str, list[str]], agent: str) -> Answer:
        seen.append((path, query, agent))
        return nominatim(path, query, agent)

    with served(note) as url:
        Geocoder(settings(f"{url}/geo/", user_agent="bergslagen", country="no")).find(
            "Nora", limit=5
        )
    ((path, query, agent),) = seen
    assert path == "/geo/search"
    assert agent == "bergslagen"
    assert query == {
        "q": ["Nora"],
        "format": ["json"],
        "limit": ["5"],
        "countrycodes": ["no"],
        "accept-language": ["sv"],
    }


def test_pauses_are_kept() -> None:
    with served(nominatim) as url:
        geocoder = Geocoder(GeocoderSettings(url=url, pause_seconds=0.3))
        begin = time.perf_counter()
        geocoder.find("Nora")
        geocoder.find("Nora")
    assert time.perf_counter() - begin >= 0.3


def test_offline_it_says_so_and_what_to_do() -> None:
    with pytest.raises(
        UnavailableError,
        match=r"geocoder http://127\.0\.0\.1:1 gives no answer for 'Nora' \(Geocoder\w+: .*"
        "without the internet give latitude and longitude yourself",
    ):
        geocode("Nora", settings("http://127.0.0.1:1", timeout_seconds=2.0))


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param((200, b"<html>"), id="no JSON"),
        pytest.param((200, [{"lat": "59.5"}]), id="half a place"),
        pytest.param((429, {"error": "slow down"}), id="too many requests"),
        pytest.param((403, {"error": "blocked"}), id="refused"),
        pytest.param((500, b""), id="broken"),
    ],
)
def test_an_answer_that_is_none(answer: Answer) -> None:
    with (
        served(lambda *_: answer) as url,
        pytest.raises(UnavailableError, match="gives no answer for 'Nora'"),
    ):
        geocode("Nora", settings(url))


def test_a_slow_geocoder_is_not_waited_for() -> None:
    def sleep(*_: object) -> Answer:
        time.sleep(1)
        return 200, []

    with served(sleep) as url, pytest.raises(UnavailableError, match="GeocoderTimedOut"):
        geocode("Nora", settings(url, timeout_seconds=0.2))


def test_blank_address_is_refused() -> None:
    with pytest.raises(InputError, match="address is blank, expected a street and a town"):
        geocode("  ")


@pytest.mark.parametrize("url", ["nominatim.openstreetmap.org", "ftp://x.org", "http://"])
def test_an_address_of_the_service_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(InputError, match="geocoder address is"):
        Geocoder(settings(url))

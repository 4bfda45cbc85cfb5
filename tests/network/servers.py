"""Small local servers that speak as the real ones do, so that no test needs the internet."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Answer = tuple[int, object]


@contextmanager
def served(answer: Callable[[str, dict[str, list[str]], str], Answer]) -> Iterator[str]:
    """
    Serve what a function answers to path, query and user agent; bytes are sent as they are.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            agent = self.headers.get("User-Agent", "")
            status, body = answer(parts.path, parse_qs(parts.query), agent)
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            # A client that has lost its patience is part of some tests.
            with suppress(ConnectionError):
                self.send_response(status)
                self.send_header("Content-Type", "application/json; charset=UTF-8")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def osrm_table(path: str, query: dict[str, list[str]], _agent: str) -> Answer:
    """
    Answer as OSRM's table service: one metre east costs a second, one north two, less to go back.

    The shape, order of coordinates (longitude first), limits and errors are those of OSRM 5 and 6.
    """
    service, version, _profile, points = path.strip("/").split("/")
    assert (service, version) == ("table", "v1")
    assert query["annotations"] == ["duration,distance"]
    places = [tuple(map(float, point.split(","))) for point in points.split(";")]
    if len(places) > 100:
        return 400, {"code": "TooBig", "message": "Too many table coordinates"}

    def metres(start: tuple[float, ...], end: tuple[float, ...]) -> float:
        return round(abs(end[0] - start[0]) * 1e5 + abs(end[1] - start[1]) * 2e5, 1)

    def waypoint(place: tuple[float, ...]) -> dict[str, object]:
        away = 812.4 if place == places[0] else 4.1
        return {"hint": "AAAA", "distance": away, "name": "Storgatan", "location": list(place)}

    return 200, {
        "code": "Ok",
        "distances": [[metres(a, b) for b in places] for a in places],
        "durations": [[metres(a, b) * (1 if b > a else 0.9) for b in places] for a in places],
        "sources": [waypoint(place) for place in places],
        "destinations": [waypoint(place) for place in places],
    }


def nominatim(_path: str, query: dict[str, list[str]], _agent: str) -> Answer:
    """Answer as Nominatim's search does: a library at Storgatan 15 in Nora, else the street."""
    text = query["q"][0]
    if "Nora" not in text:
        return 200, []
    house = "15" in text or "bibliotek" in text
    return 200, [
        {
            "place_id": 104310212,
            "licence": "Data © OpenStreetMap contributors, ODbL 1.0. http://osm.org/copyright",
            "osm_type": "way",
            "osm_id": 51327841,
            "lat": "59.5198" if house else "59.5192",
            "lon": "15.0401" if house else "15.0398",
            "class": "amenity" if house else "highway",
            "type": "library" if house else "residential",
            "place_rank": 30 if house else 26,
            "importance": 0.2,
            "addresstype": "amenity" if house else "road",
            "name": "Nora bibliotek" if house else "Storgatan",
            "display_name": ("Nora bibliotek, 15, " if house else "")
            + "Storgatan, Nora, Nora kommun, Örebro län, 713 31, Sverige",
            "boundingbox": ["59.5197", "59.5199", "15.0399", "15.0403"],
        }
    ]

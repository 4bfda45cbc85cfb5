"""Travel times from an OSRM server's table service."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from itertools import combinations_with_replacement, product
from typing import TYPE_CHECKING, Any, Final

import httpx2

from logistics.errors import InputError, UnavailableError
from logistics.network.caveats import FAR_FROM_ROAD
from logistics.network.travel import TravelTimes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from logistics.network.network import Network
    from logistics.network.road_records import Position

#: A place farther from the nearest road than this is worth a word.
FARTHEST_FROM_ROAD_METRES: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class OsrmSettings:
    """
    How to reach an OSRM server.

    Attributes
    ----------
    url
        Address of the server, as ``http://127.0.0.1:5000``.
    profile
        Profile its data were prepared with.
    timeout_seconds
        Time for one request.
    block
        Starts and ends of one request; a server takes 100 coordinates unless told otherwise, and
        addresses of more than some 8,000 characters are often refused on the way.
    """

    url: str
    profile: str = "driving"
    timeout_seconds: float = 30.0
    block: int = 50


def osrm_times(
    network: Network,
    ids: Sequence[str],
    settings: OsrmSettings,
    *,
    client: httpx2.Client | None = None,
) -> TravelTimes:
    """
    Ask an OSRM server for travel, block by block.

    Parameters
    ----------
    network
        The network, for the positions.
    ids
        Places, the hub among them.
    settings
        How to reach the server.
    client
        An open client to use; None opens one.

    Returns
    -------
    TravelTimes
        Its caveats name the places that lie far from any road.

    Raises
    ------
    InputError
        The server finds no road near a place, or no way between two.
    UnavailableError
        The server does not answer, or answers something else.
    """
    positions = {place: network.branch(place).position for place in ids}
    return osrm_table(positions, settings, client=client)


def osrm_table(
    positions: Mapping[str, Position],
    settings: OsrmSettings,
    *,
    client: httpx2.Client | None = None,
) -> TravelTimes:
    """
    Ask an OSRM server for travel between any positions, block by block.

    Parameters
    ----------
    positions
        Latitude and longitude of each place.
    settings
        How to reach the server.
    client
        An open client to use; None opens one.

    Returns
    -------
    TravelTimes
        In the order of the positions; its caveats name the places that lie far from any road.

    Raises
    ------
    InputError
        The server finds no road near a place, or no way between two.
    UnavailableError
        The server does not answer, or answers something else.
    """
    if client is None:
        with httpx2.Client(timeout=settings.timeout_seconds) as opened:
            return osrm_table(positions, settings, client=opened)
    ids, server = tuple(positions), _Server(settings, client)
    away: dict[str, float] = {}
    ways: dict[tuple[str, str], tuple[int, int]] = {}
    problems: list[str] = []
    blocks = [ids[first : first + settings.block] for first in range(0, len(ids), settings.block)]
    for one, other in combinations_with_replacement(blocks, 2):
        answer = server.table({place: positions[place] for place in (*one, *other)})
        away |= answer.away
        for start, end in product(answer.places, repeat=2):
            way = answer.way(start, end)
            if way is None:
                problems.append(
                    f"OSRM server {settings.url}: no way from {start!r} to {end!r}; "
                    "check both positions and the map the server uses"
                )
            else:
                ways[start, end] = way
    if problems:
        raise InputError(dict.fromkeys(problems))
    return TravelTimes(
        ids=ids,
        metres=tuple(tuple(ways[start, end][0] for end in ids) for start in ids),
        seconds=tuple(tuple(ways[start, end][1] for end in ids) for start in ids),
        source=settings.url,
        caveats=tuple(
            FAR_FROM_ROAD.format(place=repr(place), metres=f"{metres:.0f}")
            for place, metres in sorted(away.items())
            if metres > FARTHEST_FROM_ROAD_METRES
        ),
    )


class _Answer:
    def __init__(self, places: Sequence[str], document: dict[str, Any]) -> None:
        self.places = tuple(places)
        self._index = {place: number for number, place in enumerate(places)}
        self._metres = _matrix(document["distances"], len(places))
        self._seconds = _matrix(document["durations"], len(places))
        self.away = {
            place: float(snapped["distance"])
            for place, snapped in zip(places, document["sources"], strict=True)
        }

    def way(self, start: str, end: str) -> tuple[int, int] | None:
        row, column = self._index[start], self._index[end]
        metres, seconds = self._metres[row][column], self._seconds[row][column]
        return None if metres is None or seconds is None else (round(metres), round(seconds))


def _matrix(rows: list[list[float | None]], size: int) -> list[list[float | None]]:
    if len(rows) != size or any(len(row) != size for row in rows):
        raise ValueError(f"a table that is not {size} by {size}")
    numbers = [[None if cell is None else float(cell) for cell in row] for row in rows]
    if not all(cell is None or 0 <= cell < math.inf for row in numbers for cell in row):
        raise ValueError("a table of numbers from 0 up")
    return numbers


class _Server:
    def __init__(self, settings: OsrmSettings, client: httpx2.Client) -> None:
        self._settings = settings
        self._client = client

    def table(self, positions: Mapping[str, Position]) -> _Answer:
        document = self._get(positions)
        code = document.get("code")
        if code == "NoSegment":
            raise InputError(self._no_road(positions, str(document.get("message"))))
        if code != "Ok":
            raise UnavailableError(
                f"OSRM server {self._settings.url} answers {code}: {document.get('message')}; "
                "expected Ok, see its --max-table-size and its profile"
            )
        try:
            return _Answer(tuple(positions), document)
        except (KeyError, TypeError, ValueError) as error:
            raise UnavailableError(
                f"OSRM server {self._settings.url} answers without {error}; expected durations, "
                "distances and sources as OSRM gives them since version 5.19"
            ) from error

    def _get(self, positions: Mapping[str, Position]) -> dict[str, Any]:
        points = ";".join(
            f"{longitude:.6f},{latitude:.6f}" for latitude, longitude in positions.values()
        )
        address = f"{self._settings.url.rstrip('/')}/table/v1/{self._settings.profile}/{points}"
        try:
            answer = self._client.get(address, params={"annotations": "duration,distance"})
            document = answer.json()
        except httpx2.InvalidURL as error:
            raise InputError(
                f"OSRM address is {self._settings.url!r} ({error}), "
                "expected one such as http://127.0.0.1:5000"
            ) from error
        except httpx2.HTTPError as error:
            raise UnavailableError(
                f"OSRM server {self._settings.url} does not answer ({type(error).__name__}: "
                f"{error}); start it, or take travel from the road graph"
            ) from error
        except ValueError as error:
            raise UnavailableError(
                f"OSRM server {self._settings.url} answers {answer.status_code} and no JSON; "
                "is it an OSRM server?"
            ) from error
        if not isinstance(document, dict):
            raise UnavailableError(
                f"OSRM server {self._settings.url} answers {type(document).__name__}, expected an "
                "object; is it an OSRM server?"
            )
        return document

    def _no_road(self, positions: Mapping[str, Position], message: str) -> str:
        number = re.search(r"coordinate (\d+)", message)
        places = list(positions)
        known = number is not None and int(number[1]) < len(places)
        place = repr(places[int(number[1])]) if known and number else "a place"
        return (
            f"OSRM server {self._settings.url}: no road near {place}; check its position and the "
            "map the server uses"
        )

"""Travel times that were computed once, kept so that a plan can be made again years later."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from logistics.errors import InputError
from logistics.network.osrm import OsrmSettings, osrm_times
from logistics.network.travel import (
    CIRCUITY,
    ROAD_GRAPH,
    STRAIGHT_LINE,
    STRAIGHT_LINE_KILOMETRES_PER_HOUR,
    TravelTimes,
    road_graph_times,
    straight_line_times,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logistics.network.network import Network


class MatrixStore(Protocol):
    """A place that keeps travel times; storage has a table of them."""

    def get(self, key: str, /) -> TravelTimes | None:
        """
        Look travel times up.

        Parameters
        ----------
        key
            What ``matrix_key`` made of source and places.

        Returns
        -------
        TravelTimes or None
            None when they were never kept.
        """
        ...

    def put(self, key: str, times: TravelTimes, /) -> None:
        """
        Keep travel times.

        Parameters
        ----------
        key
            What ``matrix_key`` made of source and places.
        times
            The travel times.
        """
        ...


class FileMatrixStore:
    """
    Travel times in a folder, one JSON file each.

    Parameters
    ----------
    folder
        The folder; made when the first file is written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str) -> TravelTimes | None:
        """
        Look travel times up.

        Parameters
        ----------
        key
            What ``matrix_key`` made of source and places.

        Returns
        -------
        TravelTimes or None
            None when they were never kept.

        Raises
        ------
        InputError
            The file is damaged.
        """
        path = self._path(key)
        try:
            fields = json.loads(path.read_text(encoding="utf-8"))
            return times_from_json(fields)
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(f"{path}: damaged ({error}); delete it to compute it again") from error

    def put(self, key: str, times: TravelTimes) -> None:
        """
        Keep travel times; a reader never sees half a file.

        Parameters
        ----------
        key
            What ``matrix_key`` made of source and places.
        times
            The travel times.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self._folder, suffix=".tmp")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(times_to_json(times), file)
        Path(name).replace(self._path(key))

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}.json"


def times_to_json(times: TravelTimes) -> dict[str, object]:
    """
    Turn travel times into what JSON can hold.

    Parameters
    ----------
    times
        The travel times.

    Returns
    -------
    dict
        Its fields by name.
    """
    return {
        "ids": list(times.ids),
        "metres": [list(row) for row in times.metres],
        "seconds": [list(row) for row in times.seconds],
        "source": times.source,
        "caveats": list(times.caveats),
    }


def times_from_json(fields: dict[str, list[list[int]]]) -> TravelTimes:
    """
    Turn fields read from JSON into travel times.

    Parameters
    ----------
    fields
        What ``times_to_json`` wrote.

    Returns
    -------
    TravelTimes
        The travel times.

    Raises
    ------
    InputError
        A matrix is not square, not whole or negative.
    """
    return TravelTimes(
        ids=tuple(map(str, fields["ids"])),
        metres=tuple(map(tuple, fields["metres"])),
        seconds=tuple(map(tuple, fields["seconds"])),
        source=str(fields["source"]),
        caveats=tuple(map(str, fields["caveats"])),
    )


def matrix_key(network: Network, ids: Sequence[str], source: str) -> str:
    """
    Name travel times after everything they depend on.

    Parameters
    ----------
    network
        The network.
    ids
        Places, the hub among them.
    source
        ``road-graph``, ``straight-line`` or the address of an OSRM server.

    Returns
    -------
    str
        64 hexadecimal digits; another position, road or speed gives another name.
    """
    parts: list[object] = [source, [(place, *network.branch(place).position) for place in ids]]
    if source == ROAD_GRAPH:
        parts.append([network.branch(place).road_node for place in ids])
        parts.append([(node.id, *node.position) for node in network.roads.nodes])
        parts.append(
            [
                (edge.from_node, edge.to_node, edge.length_metres, edge.speed_kilometres_per_hour)
                for edge in network.roads.edges
            ]
        )
    elif source == STRAIGHT_LINE:
        parts.append((CIRCUITY, STRAIGHT_LINE_KILOMETRES_PER_HOUR))
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def travel_times(
    network: Network,
    ids: Sequence[str],
    *,
    source: str = ROAD_GRAPH,
    store: MatrixStore | None = None,
) -> TravelTimes:
    """
    Give the travel times of a set of places, from the store where it has them.

    Parameters
    ----------
    network
        The network.
    ids
        Places, the hub among them.
    source
        ``road-graph``, ``straight-line`` or the address of an OSRM server.
    store
        Where they are kept; None computes them each time.

    Returns
    -------
    TravelTimes
        The travel times.

    Raises
    ------
    InputError
        The source is none of the three, or finds no way between two places.
    NotFoundError
        A place is not in the network.
    UnavailableError
        The OSRM server does not answer.
    """
    key = matrix_key(network, ids, source)
    kept = store.get(key) if store else None
    if kept is not None:
        return kept
    times = _compute(network, ids, source)
    if store:
        store.put(key, times)
    return times


def _compute(network: Network, ids: Sequence[str], source: str) -> TravelTimes:
    if source == ROAD_GRAPH:
        return road_graph_times(network, ids)
    if source == STRAIGHT_LINE:
        return straight_line_times(network, ids)
    if source.startswith(("http://", "https://")):
        return osrm_times(network, ids, OsrmSettings(url=source))
    raise InputError(
        f"travel source is {source!r}, expected {ROAD_GRAPH}, {STRAIGHT_LINE} or the address of "
        "an OSRM server such as http://127.0.0.1:5000"
    )

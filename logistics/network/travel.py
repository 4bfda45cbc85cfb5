"""How long it takes and how far it is from every place to every other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from logistics.errors import InputError, NotFoundError
from logistics.network.branches import Confidence, CoordinateQuality
from logistics.network.caveats import ESTIMATED_ROADS, STRAIGHT_LINES, TOWN_ONLY
from logistics.network.road_records import straight_metres
from logistics.units import METRES_PER_KILOMETRE, SECONDS_PER_HOUR

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from logistics.network.network import Network
    from logistics.network.road_records import RoadEdge

ROAD_GRAPH: Final = "road-graph"
STRAIGHT_LINE: Final = "straight-line"

#: Roads are longer than the straight line by this factor: the shipped graph's median, rounded.
CIRCUITY: Final = 1.3
#: Mean speed from place to place: the shipped graph's median, rounded down.
STRAIGHT_LINE_KILOMETRES_PER_HOUR: Final = 75.0

Matrix = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TravelTimes:
    """
    Travel between a set of places; row is where it starts, column where it ends.

    Attributes
    ----------
    ids
        The places, in the order of rows and columns.
    metres
        Driving distance.
    seconds
        Driving time.
    source
        Where they come from: ``road-graph``, ``straight-line`` or the address of an OSRM server.
    caveats
        What a plan made with them should admit to, one sentence each.

    Raises
    ------
    InputError
        A place stands twice, or a matrix is not square, not whole or negative.
    """

    ids: tuple[str, ...]
    metres: Matrix
    seconds: Matrix
    source: str
    caveats: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        problems = list(self._faults())
        if problems:
            raise InputError(problems)

    def between(self, start: str, end: str) -> tuple[int, int]:
        """
        Look up one way.

        Parameters
        ----------
        start
            Where it starts.
        end
            Where it ends.

        Returns
        -------
        tuple of int
            Metres and seconds.

        Raises
        ------
        NotFoundError
            A place is not among them.
        """
        row, column = self._index(start), self._index(end)
        return self.metres[row][column], self.seconds[row][column]

    def among(self, ids: Sequence[str]) -> TravelTimes:
        """
        Keep only some places.

        Parameters
        ----------
        ids
            The places to keep, in their new order.

        Returns
        -------
        TravelTimes
            The smaller matrices.

        Raises
        ------
        NotFoundError
            A place is not among them.
        """
        kept = [self._index(place) for place in ids]

        def cut(matrix: Matrix) -> Matrix:
            return tuple(tuple(matrix[row][column] for column in kept) for row in kept)

        return TravelTimes(
            ids=tuple(ids),
            metres=cut(self.metres),
            seconds=cut(self.seconds),
            source=self.source,
            caveats=self.caveats,
        )

    def _index(self, place: str) -> int:
        if place not in self.ids:
            raise NotFoundError(f"place {place!r} has no travel times, expected one of {self.ids}")
        return self.ids.index(place)

    def _faults(self) -> Iterator[str]:
        size = len(self.ids)
        if len(set(self.ids)) < size:
            yield f"travel times: ids are {self.ids}, expected each once"
        for name in ("metres", "seconds"):
            matrix = getattr(self, name)
            if len(matrix) != size or any(len(row) != size for row in matrix):
                yield f"travel times: {name} is not square, expected {size} rows of {size} numbers"
            elif not all(type(value) is int and value >= 0 for row in matrix for value in row):
                yield f"travel times: {name} holds other than whole numbers, expected 0 or more"


def road_graph_times(network: Network, ids: Sequence[str]) -> TravelTimes:
    """
    Measure travel along the road graph, by the fastest ways.

    Parameters
    ----------
    network
        The network.
    ids
        Places, the hub among them.

    Returns
    -------
    TravelTimes
        Its caveats count the estimated roads among those driven.

    Raises
    ------
    NotFoundError
        A place is not on the graph.
    """
    ways: list[list[tuple[int, int]]] = []
    driven: set[RoadEdge] = set()
    for start in ids:
        ways.append(network.roads.travel_from(start, ids))
        driven |= network.roads.roads_from(start, ids)
    return TravelTimes(
        ids=tuple(ids),
        metres=tuple(tuple(metres for metres, _ in row) for row in ways),
        seconds=tuple(tuple(seconds for _, seconds in row) for row in ways),
        source=ROAD_GRAPH,
        caveats=tuple(_road_caveats(network, ids, driven)),
    )


def straight_line_times(
    network: Network,
    ids: Sequence[str],
    *,
    circuity: float = CIRCUITY,
    kilometres_per_hour: float = STRAIGHT_LINE_KILOMETRES_PER_HOUR,
) -> TravelTimes:
    """
    Guess travel from straight lines, the last resort where no roads are known.

    Parameters
    ----------
    network
        The network.
    ids
        Places, the hub among them.
    circuity
        How much longer a road is than the straight line, 1 or more.
    kilometres_per_hour
        Mean speed.

    Returns
    -------
    TravelTimes
        With a caveat that says what it is.

    Raises
    ------
    InputError
        The circuity is below 1 or the speed is not positive.
    NotFoundError
        A place is not in the network.
    """
    if not (circuity >= 1 and kilometres_per_hour > 0):
        raise InputError(
            f"straight lines: circuity is {circuity} and speed {kilometres_per_hour} km/h, "
            "expected at least 1 and more than 0"
        )
    positions = [network.branch(place).position for place in ids]
    lengths = [[straight_metres(a, b) * circuity for b in positions] for a in positions]
    seconds_per_metre = SECONDS_PER_HOUR / (kilometres_per_hour * METRES_PER_KILOMETRE)
    return TravelTimes(
        ids=tuple(ids),
        metres=tuple(tuple(round(length) for length in row) for row in lengths),
        seconds=tuple(
            tuple(round(length * seconds_per_metre) for length in row) for row in lengths
        ),
        source=STRAIGHT_LINE,
        caveats=(
            STRAIGHT_LINES.format(circuity=f"{circuity:g}", speed=f"{kilometres_per_hour:g}"),
        ),
    )


def _road_caveats(network: Network, ids: Sequence[str], driven: set[RoadEdge]) -> Iterator[str]:
    unsure = [edge for edge in driven if edge.confidence is Confidence.LOW]
    if unsure:
        yield ESTIMATED_ROADS.format(estimated=len(unsure), all=len(driven))
    doors = [network.branch(place) for place in ids]
    vague = [door for door in doors if door.coordinate_quality is CoordinateQuality.LOCALITY]
    if vague:
        yield TOWN_ONLY.format(vague=len(vague), all=len(ids))

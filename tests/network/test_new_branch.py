from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from logistics.errors import InputError, NotFoundError
from logistics.network.branches import Branch, Confidence
from logistics.network.new_branch import (
    Detour,
    RoadSpot,
    best_detours,
    changed_ways,
    connect,
    nearest_road,
)
from logistics.network.road_records import RoadEdge, RoadNode, straight_metres
from logistics.network.roads import RoadGraph
from logistics.network.travel import TravelTimes, road_graph_times

if TYPE_CHECKING:
    from logistics.network.network import Network

# One road of 11.6 km that runs 5.7 km east, then 5.7 km east again, bent north at its middle.
WEST = RoadNode(id="west", name="Väst", latitude=59.0, longitude=15.0)
EAST = RoadNode(id="east", name="Öst", latitude=59.0, longitude=15.2)
BENT = RoadEdge(
    from_node="west",
    to_node="east",
    road="Rv50",
    length_metres=12_000,
    speed_kilometres_per_hour=60,
    geometry=((59.01, 15.1),),
)
ROADS = RoadGraph([WEST, EAST], [BENT])


@pytest.fixture
def village(shipped: Network) -> Branch:
    return replace(
        shipped.branch("nora"), id="jarnboas", locality="Järnboås", road_node="?", is_hub=False
    )


@pytest.mark.parametrize(
    ("position", "share", "spot"),
    [
        pytest.param((59.05, 15.1), 0.5, (59.01, 15.1), id="at the bend"),
        pytest.param((59.0053, 15.05), 0.25, (59.005, 15.05), id="beside the first half"),
        pytest.param((59.0047, 15.15), 0.75, (59.005, 15.15), id="beside the second half"),
    ],
)
def test_a_click_finds_its_place_along_the_road(
    position: tuple[float, float], share: float, spot: tuple[float, float]
) -> None:
    found = nearest_road(ROADS, position)
    assert found.edge is BENT
    assert found.node is None
    assert found.share == pytest.approx(share, abs=0.01)
    assert found.position == pytest.approx(spot, abs=0.001)
    assert found.metres == round(straight_metres(position, found.position) * 1.3)
    assert found.name == "road 'west' to 'east' (Rv50)"


@pytest.mark.parametrize(
    ("longitude", "node"),
    [
        pytest.param(14.9, WEST, id="beyond the end"),
        pytest.param(15.004, WEST, id="within 300 m of the end"),
        pytest.param(15.196, EAST, id="within 300 m of the other end"),
        pytest.param(15.01, None, id="600 m along"),
    ],
)
def test_near_an_end_the_click_means_the_end(longitude: float, node: RoadNode | None) -> None:
    found = nearest_road(ROADS, (59.0, longitude))
    assert found.node is node
    assert (found.edge is None) == (node is not None)


def test_a_click_beside_the_earth_or_without_roads_is_told() -> None:
    with pytest.raises(InputError) as caught:
        nearest_road(RoadGraph([], []), (159.0, 15.0))
    assert caught.value.problems == [
        (
            "position (159.0, 15.0) is not on Earth, expected latitude -90 to 90 and longitude "
            "-180 to 180; are they swapped?"
        ),
        "the road graph has no roads, expected one or more",
    ]


def test_a_branch_along_a_road_cuts_it_in_two(shipped: Network, village: Branch) -> None:
    # A fifth of the way from Nora to Hjulsjö, whose 40 km are drawn as one straight line.
    nora, hjulsjo = shipped.roads.node("nora"), shipped.roads.node("hjulsjo")
    there = replace(
        village,
        latitude=0.8 * nora.latitude + 0.2 * hjulsjo.latitude,
        longitude=0.8 * nora.longitude + 0.2 * hjulsjo.longitude,
    )
    placed, roads = connect(shipped, there)
    assert placed.road_node == "jn_jarnboas"
    assert roads.node("jn_jarnboas").confidence is Confidence.LOW
    ((metres, seconds),) = roads.travel_from("nora", ["jarnboas"])
    assert metres == pytest.approx(8_000, abs=50)
    assert seconds == pytest.approx(8_000 / (65 / 3.6), abs=5)
    others = [one.id for one in shipped.branches]
    for start in others:
        assert roads.travel_from(start, others) == [
            pytest.approx(way, abs=1) for way in shipped.roads.travel_from(start, others)
        ]


def test_a_cut_keeps_the_bends(shipped: Network, village: Branch) -> None:
    small = replace(shipped, roads=ROADS, branches=())
    placed, roads = connect(small, replace(village, latitude=59.0047, longitude=15.15))
    first, second = roads.edges
    assert (first.geometry, second.geometry) == (((59.01, 15.1),), ())
    assert first.length_metres + second.length_metres == 12_000
    assert (second.from_node, second.to_node) == (placed.road_node, "east")


def test_a_branch_in_a_town_stands_at_its_node(shipped: Network, village: Branch) -> None:
    there = replace(village, latitude=59.5191, longitude=15.0399)
    placed, roads = connect(shipped, there)
    assert placed.road_node == "nora"
    assert len(roads.nodes) == len(shipped.roads.nodes)
    assert roads.travel_from("nora", ["jarnboas"])[0][0] < 100


def test_a_branch_that_is_there_already_is_refused(shipped: Network) -> None:
    with pytest.raises(InputError, match="branch 'nora': it stands twice"):
        connect(shipped, shipped.branch("nora"))


def test_best_place_on_a_run() -> None:
    # On a line a - x - b - c, x lies on the way from a to b; only c to a and back is longer.
    at = {"a": 0, "x": 4, "b": 10, "c": 20}
    matrix = tuple(tuple(abs(at[i] - at[j]) * 60 for j in at) for i in at)
    times = TravelTimes(ids=tuple(at), metres=matrix, seconds=matrix, source="test")
    assert best_detours(times, "x", limit=1)[0].seconds == 0
    worst = best_detours(times, "x", limit=99)[-1]
    assert worst == Detour(after="c", before="b", metres=720, seconds=720)
    with pytest.raises(NotFoundError, match="place 'y' has no travel times"):
        best_detours(times, "y")


def test_what_a_faster_road_changes(shipped: Network) -> None:
    faster = [
        replace(edge, speed_kilometres_per_hour=100.0) if edge.to_node == "stora" else edge
        for edge in shipped.roads.edges
    ]
    ids = ("orebro", "stora", "nora")
    before = road_graph_times(shipped, ids)
    roads = RoadGraph(shipped.roads.nodes, faster, shipped.branches)
    after = road_graph_times(replace(shipped, roads=roads), ids)
    # 15.2 km at 100 in place of 78 km/h: 547 s in place of 702 s, both ways.
    assert changed_ways(before, before) == []
    changes = changed_ways(before, after)
    assert {(start, end) for start, end, _, _ in changes} == {
        ("orebro", "stora"),
        ("stora", "orebro"),
        ("nora", "stora"),
        ("stora", "nora"),
    }
    assert {(metres, seconds) for _, _, metres, seconds in changes} <= {(0, -154), (0, -155)}


def test_spot_is_a_record() -> None:
    spot = RoadSpot(node=WEST, edge=None, share=0.0, position=WEST.position, metres=5, seconds=1)
    assert spot.name == "Väst"

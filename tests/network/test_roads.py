from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from logistics.errors import InputError, NotFoundError
from logistics.network.branches import Branch, BranchKind, Confidence
from logistics.network.road_records import RoadEdge, RoadNode, connector, straight_metres
from logistics.network.roads import RoadGraph

if TYPE_CHECKING:
    from logistics.network.network import Network

# A square of about 5.7 x 11.1 km: west and east ends of a northern and a southern road.
NODES = (
    RoadNode(id="nw", name="Nordväst", latitude=59.1, longitude=15.0),
    RoadNode(id="ne", name="Nordost", latitude=59.1, longitude=15.1),
    RoadNode(id="sw", name="Sydväst", latitude=59.0, longitude=15.0),
    RoadNode(id="se", name="Sydost", latitude=59.0, longitude=15.1),
)


def road(start: str, end: str, metres: int, speed: float = 60, **more: object) -> RoadEdge:
    return RoadEdge(
        from_node=start,
        to_node=end,
        road="Rv50",
        length_metres=metres,
        speed_kilometres_per_hour=speed,
        **more,  # type: ignore[arg-type]
    )


EDGES = (
    road("nw", "ne", 6_000, 30),
    road("nw", "sw", 12_000, 100, geometry=((59.07, 14.98), (59.03, 14.99))),
    road("sw", "se", 6_000, 100),
    road("ne", "se", 12_000, 100),
)


def branch(name: str, node: str, latitude: float, longitude: float) -> Branch:
    return Branch(
        id=name,
        name=name.title(),
        municipality="1885",
        kind=BranchKind.MAIN,
        locality=name.title(),
        latitude=latitude,
        longitude=longitude,
        road_node=node,
        source="test",
        confidence=Confidence.HIGH,
    )


WEST, EAST = branch("west", "nw", 59.1, 15.0), branch("east", "se", 59.0, 15.1)


def test_fastest_way_wins_over_the_shortest() -> None:
    # West to east: over ne 6 km at 30 and 12 km at 100 are 1,152 s; over sw 18 km at 100, 648 s.
    graph = RoadGraph(NODES, EDGES, [WEST, EAST])
    assert graph.travel_from("west", ["west", "east"]) == [(0, 0), (18_000, 648)]
    assert [edge.name for edge in graph.roads_between("west", "east")] == [
        EDGES[1].name,
        EDGES[2].name,
    ]


def test_line_follows_the_geometry_both_ways() -> None:
    graph = RoadGraph(NODES, EDGES, [WEST, EAST])
    out = graph.polyline("west", "east")
    assert out == [(59.1, 15.0), (59.07, 14.98), (59.03, 14.99), (59.0, 15.0), (59.0, 15.1)]
    assert graph.polyline("east", "west") == out[::-1]
    assert graph.line(EDGES[1]) == out[:4]
    assert graph.polyline("west", "west") == [(59.1, 15.0)]


def test_connector_leads_from_door_to_node() -> None:
    # One minute of latitude is 1,856 m; times 1.3 at 30 km/h.
    door = branch("door", "nw", 59.1 + 1 / 60, 15.0)
    metres, seconds = connector(door.position, NODES[0].position)
    assert metres == pytest.approx(1_856 * 1.3, abs=5)
    assert seconds == pytest.approx(metres / (30 / 3.6))
    graph = RoadGraph(NODES, EDGES, [WEST, door])
    assert graph.travel_from("west", ["door"]) == [(round(metres), round(seconds))]


def test_two_branches_at_one_place_are_no_distance_apart() -> None:
    bus = replace(WEST, id="bus")
    assert RoadGraph(NODES, EDGES, [WEST, bus]).travel_from("west", ["bus"]) == [(0, 0)]


def test_every_fault_of_a_graph_comes_at_once() -> None:
    island = (
        RoadNode(id="i1", name="Ö 1", latitude=58.0, longitude=15.0),
        RoadNode(id="i2", name="Ö 2", latitude=58.001, longitude=15.0),
    )
    edges = [*EDGES, road("ne", "nw", 7_000), road("nw", "se", 5_000), road("i1", "i2", 200)]
    lost = branch("lost", "narnia", 59.0, 15.0)
    with pytest.raises(InputError) as caught:
        RoadGraph((*NODES, NODES[0], *island), [*edges, road("nw", "x", 5)], [WEST, WEST, lost])
    assert caught.value.problems == [
        "road node 'nw': it stands twice",
        "road 'ne' to 'nw' (Rv50): it stands twice; a second road needs a node of its own",
        (
            "road 'nw' to 'se' (Rv50): length_metres is 5000, but its ends lie 12531 m apart; "
            "check the length and both positions"
        ),
        "road 'nw' to 'x' (Rv50): 'x' is no road node",
        "road nodes 'i1', 'i2': no road leads there from the rest of the graph",
        "branch 'west': it stands twice",
        "branch 'lost': road_node is 'narnia', expected a road node",
    ]


def test_unknown_names_are_told() -> None:
    graph = RoadGraph(NODES, EDGES, [WEST])
    with pytest.raises(NotFoundError, match="branch 'east' is not on the road graph"):
        graph.travel_from("west", ["east"])
    with pytest.raises(NotFoundError, match="road node 'x' is not in the road graph"):
        graph.node("x")


def test_a_branch_more_makes_a_new_graph() -> None:
    graph = RoadGraph(NODES, EDGES, [WEST])
    assert graph.with_branch(EAST).travel_from("west", ["east"]) == [(18_000, 648)]
    with pytest.raises(NotFoundError, match="'east'"):
        graph.polyline("west", "east")
    with pytest.raises(InputError, match="branch 'west': it stands twice"):
        graph.with_branch(WEST)


@pytest.mark.parametrize(
    ("start", "end", "kilometres", "source"),
    [
        ("orebro", "lindesberg", 40, "lindesberg.se"),
        ("orebro", "ljusnarsberg", 80, "en.wikipedia Kopparberg"),
        ("orebro", "lekeberg", 27, "de.wikipedia Fjugesta"),
        ("lindesberg", "frovi", 18, "lindesberg.se"),
        ("laxa", "laxa-rofors", 5, "sv.wikipedia Röfors"),
    ],
)
def test_shipped_graph_agrees_with_published_distances(
    shipped: Network, start: str, end: str, kilometres: float, source: str
) -> None:
    ((metres, _),) = shipped.roads.travel_from(start, [end])
    assert metres / 1_000 == pytest.approx(kilometres, rel=0.07), source


def test_shipped_roads_are_neither_shorter_than_crows_fly_nor_absurd(shipped: Network) -> None:
    for edge in shipped.roads.edges:
        line = shipped.roads.line(edge)
        circuity = edge.length_metres / straight_metres(line[0], line[-1])
        assert 1 <= circuity < 1.5, edge.name
        assert 30 <= edge.speed_kilometres_per_hour <= 110, edge.name


def test_no_shipped_branch_is_far_from_its_node(shipped: Network) -> None:
    for place in shipped.branches:
        node = shipped.roads.node(place.road_node)
        assert straight_metres(place.position, node.position) < 2_000, place.id


def test_more_places_than_trees_are_kept() -> None:
    # A road of 70 nodes a minute of latitude (1,856 m) apart; the first tree is long forgotten
    # when it is asked for again.
    nodes = [RoadNode(id=f"n{n}", name="", latitude=57 + n / 60, longitude=15.0) for n in range(70)]
    edges = [road(f"n{n}", f"n{n + 1}", 2_000) for n in range(69)]
    places = [branch(f"b{n}", f"n{n}", 57 + n / 60, 15.0) for n in range(70)]
    graph = RoadGraph(nodes, edges, places)
    first = graph.travel_from("b0", ["b69"])
    for place in places:
        graph.travel_from(place.id, ["b0"])
    assert graph.travel_from("b0", ["b69"]) == first == [(138_000, 8_280)]

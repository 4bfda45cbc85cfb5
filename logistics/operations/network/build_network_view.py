"""Describe the network as it is on a day, for the map and the tables people look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from logistics.operations.network.network_view import (
    BranchView,
    ClosureView,
    NetworkView,
    RoadRowView,
    Sureness,
)
from logistics.operations.view.view_places import base_map, place_views

if TYPE_CHECKING:
    from datetime import date

    from logistics.network.branches import Branch
    from logistics.network.network import Network
    from logistics.network.road_records import RoadEdge
    from logistics.operations.view.place_records import PlaceView

_ORDER: Final = {Sureness.LOW: 0, Sureness.MEDIUM: 1, Sureness.HIGH: 2}


def build_network_view(network: Network, day: date) -> NetworkView:
    """
    Describe the network.

    Parameters
    ----------
    network
        The network.
    day
        The day.

    Returns
    -------
    NetworkView
        Unsure branches and roads first; closures that are over by the day are left out.
    """
    places = place_views(network)
    branches = [
        _branch(network, branch, places[branch.id], day)
        for branch in network.branches
        if not branch.is_hub
    ]
    roads = [_road(network, edge) for edge in network.roads.edges]
    return NetworkView(
        day=day,
        hub=places[network.hub],
        branches=tuple(sorted(branches, key=lambda view: (_ORDER[view.sureness], view.place.name))),
        roads=tuple(sorted(roads, key=lambda view: (_ORDER[view.sureness], view.road, view.start))),
        base_map=base_map(network),
    )


def _branch(network: Network, branch: Branch, place: PlaceView, day: date) -> BranchView:
    own = (c for c in network.calendar.closures if c.branch in {None, branch.id})
    coming = sorted((c for c in own if c.last_day >= day), key=lambda closure: closure.first_day)
    return BranchView(
        place=place,
        kind=branch.kind.value,
        weekdays=branch.service_days,
        hours=branch.receiving_hours or "",
        served=network.calendar.is_served(branch.id, day),
        next_service=network.calendar.next_service(branch.id, day),
        closures=tuple(
            ClosureView(first_day=c.first_day, last_day=c.last_day, reason=c.reason) for c in coming
        ),
        sureness=Sureness(branch.confidence.value),
        source=branch.source,
        hours_sureness=Sureness(branch.hours_confidence.value),
        hours_source=branch.hours_source,
    )


def _road(network: Network, edge: RoadEdge) -> RoadRowView:
    return RoadRowView(
        start=network.roads.node(edge.from_node).name,
        end=network.roads.node(edge.to_node).name,
        road=edge.road,
        length_metres=edge.length_metres,
        speed_kilometres_per_hour=edge.speed_kilometres_per_hour,
        sureness=Sureness(edge.confidence.value),
        source=edge.source,
    )

"""Places and the base map as they are shown: names, positions, roads, towns, borders."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from logistics.network.branches import BranchKind, Confidence, CoordinateQuality
from logistics.operations.view.place_records import (
    BaseMapView,
    BorderView,
    PlaceView,
    RoadView,
    TownView,
)

if TYPE_CHECKING:
    from logistics.network.branches import Branch
    from logistics.network.network import Network
    from logistics.network.road_records import RoadEdge

_TRUNK: Final = re.compile(r"\bE\d+|\bRv ?\d+", re.IGNORECASE)
_COUNTY: Final = re.compile(r"\b(?:Lv|länsväg)? ?\d{3}\b", re.IGNORECASE)


def place_views(network: Network) -> dict[str, PlaceView]:
    """
    Describe all places.

    Parameters
    ----------
    network
        The network.

    Returns
    -------
    dict[str, PlaceView]
        Branches and hub by identifier.
    """
    owners = {owner.code: owner.name for owner in network.municipalities}
    shared = Counter(branch.locality for branch in network.branches)
    return {
        branch.id: PlaceView(
            id=branch.id,
            name=branch.name,
            short_name=_short_name(branch, alone=shared[branch.locality] == 1),
            point=branch.position,
            municipality=owners.get(branch.municipality, ""),
            address=branch.address,
            certain=branch.confidence is not Confidence.LOW
            and branch.coordinate_quality is not CoordinateQuality.LOCALITY,
        )
        for branch in network.branches
    }


def base_map(network: Network) -> BaseMapView:
    """
    Describe what lies under the runs.

    Parameters
    ----------
    network
        The network.

    Returns
    -------
    BaseMapView
        Roads, towns and borders.
    """
    mains = {branch.road_node for branch in network.branches if branch.kind is BranchKind.MAIN}
    served = {branch.road_node for branch in network.branches}
    towns = [node for node in network.roads.nodes if node.kind == "town"]
    return BaseMapView(
        roads=tuple(
            RoadView(
                line=tuple(network.roads.line(edge)),
                road=edge.road,
                rank=_rank(edge),
                certain=edge.confidence is not Confidence.LOW,
            )
            for edge in network.roads.edges
        ),
        towns=tuple(
            TownView(
                name=node.name,
                point=node.position,
                rank=1 if node.id in mains else 2 if node.id in served else 3,
            )
            for node in towns
        ),
        borders=tuple(
            BorderView(name=border.name, rings=border.rings, member=border.member)
            for border in network.boundaries
        ),
        sources=tuple(sorted({node.source for node in towns if node.source})),
    )


def _short_name(branch: Branch, *, alone: bool) -> str:
    return branch.locality if alone or branch.kind is BranchKind.MAIN else branch.name


def _rank(edge: RoadEdge) -> int:
    if _TRUNK.search(edge.road):
        return 1
    return 2 if _COUNTY.search(edge.road) else 3

"""The whole network: places, vehicles, roads, calendar and borders, as everything else asks it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from logistics.errors import InputError, NotFoundError
from logistics.network.boundaries import Boundary
from logistics.network.branches import Branch, Confidence, Municipality
from logistics.network.calendar import ServiceCalendar
from logistics.network.patterns import Closure, ServicePattern
from logistics.network.road_records import RoadEdge, RoadNode
from logistics.network.roads import RoadGraph
from logistics.network.vehicles import VehicleRecord

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchCode:
    """
    What another system calls a branch.

    Attributes
    ----------
    system
        The other system, as ``libris``.
    code
        Its code.
    branch
        Identifier of the branch or depot here.
    source
        Where it comes from.
    confidence
        How sure it is.
    """

    system: str
    code: str
    branch: str
    source: str = ""
    confidence: Confidence = Confidence.LOW


@dataclass(frozen=True, slots=True, kw_only=True)
class Depot:
    """
    A place where runs can start and end.

    Attributes
    ----------
    id
        Short name.
    branch
        Branch that it is; None for a terminal of its own.
    terminal
        The terminal; None where it is a branch.
    default
        Whether it is the hub unless another is chosen.
    source
        Where it comes from.
    confidence
        How sure it is.
    """

    id: str
    branch: str | None
    terminal: Branch | None
    default: bool
    source: str = ""
    confidence: Confidence = Confidence.LOW


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkRecords:
    """
    What files or a database say about a network, before it is put together.

    Attributes
    ----------
    municipalities
        Members of the cooperation.
    branches
        Places a van calls at.
    vehicles
        The fleet.
    road_nodes
        Towns and junctions.
    road_edges
        Roads between them.
    patterns
        Weekly service patterns.
    closures
        Closures of branches and of the whole service.
    boundaries
        Municipal borders.
    depots
        Places that can be the hub.
    branch_codes
        What other systems call the branches.
    """

    municipalities: tuple[Municipality, ...]
    branches: tuple[Branch, ...]
    vehicles: tuple[VehicleRecord, ...]
    road_nodes: tuple[RoadNode, ...]
    road_edges: tuple[RoadEdge, ...]
    patterns: tuple[ServicePattern, ...]
    closures: tuple[Closure, ...] = ()
    boundaries: tuple[Boundary, ...] = ()
    depots: tuple[Depot, ...] = ()
    branch_codes: tuple[BranchCode, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Network:
    """
    Everything that is known about where things are; made by ``build_network``.

    Attributes
    ----------
    hub
        Identifier of the hub, which is one of the branches.
    municipalities
        The members of the cooperation.
    branches
        All places a van calls at, the hub among them.
    vehicles
        The fleet.
    roads
        Road graph with every branch on it.
    calendar
        Service calendar of every branch.
    boundaries
        Municipal borders, those of neighbours too.
    depots
        Places that can be the hub.
    branch_codes
        What other systems call the branches.
    """

    hub: str
    municipalities: tuple[Municipality, ...]
    branches: tuple[Branch, ...]
    vehicles: tuple[VehicleRecord, ...]
    roads: RoadGraph
    calendar: ServiceCalendar
    boundaries: tuple[Boundary, ...] = ()
    depots: tuple[Depot, ...] = ()
    branch_codes: tuple[BranchCode, ...] = ()
    _by_id: dict[str, Branch] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {branch.id: branch for branch in self.branches})

    @property
    def branch_ids(self) -> tuple[str, ...]:
        """Identifiers of all places, the hub among them."""
        return tuple(self._by_id)

    def branch(self, branch_id: str) -> Branch:
        """
        Find a branch or the hub.

        Parameters
        ----------
        branch_id
            Its identifier.

        Returns
        -------
        Branch
            The place.

        Raises
        ------
        NotFoundError
            There is none.
        """
        if branch_id not in self._by_id:
            raise NotFoundError(
                f"branch {branch_id!r} is not in the network, "
                f"expected one of {', '.join(sorted(self._by_id))}"
            )
        return self._by_id[branch_id]


def build_network(records: NetworkRecords, hub: str) -> Network:
    """
    Put a network together from its records.

    Parameters
    ----------
    records
        What the files or the database say.
    hub
        Identifier of the hub: a branch, or a depot of its own, which then joins the branches.

    Returns
    -------
    Network
        The network; of each branch the service days and whether it is the hub are filled in.

    Raises
    ------
    InputError
        With every fault: the hub is no place, a branch stands twice, or the roads have faults.
    """
    given = {branch.id for branch in records.branches}
    terminals = [
        depot.terminal
        for depot in records.depots
        if depot.id == hub and depot.terminal and hub not in given
    ]
    places = _places([*records.branches, *terminals], hub, records.patterns)
    if not any(place.is_hub for place in places):
        raise InputError(f"hub is {hub!r}, expected a branch or a depot")
    return Network(
        hub=hub,
        municipalities=records.municipalities,
        branches=places,
        vehicles=records.vehicles,
        roads=RoadGraph(records.road_nodes, records.road_edges, places),
        calendar=ServiceCalendar(
            patterns=records.patterns,
            closures=records.closures,
            receiving_hours={place.id: place.receiving_hours for place in places},
            hub=hub,
        ),
        boundaries=records.boundaries,
        depots=records.depots,
        branch_codes=records.branch_codes,
    )


def _places(
    branches: Sequence[Branch], hub: str, patterns: Sequence[ServicePattern]
) -> tuple[Branch, ...]:
    return tuple(
        replace(
            branch,
            is_hub=branch.id == hub,
            service_days=tuple(
                sorted({d for p in patterns if p.branch == branch.id for d in p.weekdays})
            ),
        )
        for branch in branches
    )

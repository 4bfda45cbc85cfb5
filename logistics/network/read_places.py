"""Read the files of places: municipalities, branches, depots, and their codes elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from logistics.csvfile import read_records
from logistics.errors import InputError
from logistics.network.branches import Branch, BranchKind, Municipality, position_faults
from logistics.network.network import BranchCode, Depot
from logistics.network.road_records import straight_metres
from logistics.network.rows import Once, Reference, checked, columns_of
from logistics.units import METRES_PER_KILOMETRE, kilometres

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping

    from logistics.network.road_records import RoadNode

#: A branch farther from its road node than this was given the wrong node or position.
FARTHEST_FROM_NODE_METRES: Final = 25 * METRES_PER_KILOMETRE


def read_municipalities(data: bytes, name: str = "municipalities.csv") -> list[Municipality]:
    """
    Read the members of the cooperation.

    Parameters
    ----------
    data
        The CSV file.
    name
        What to call it in faults.

    Returns
    -------
    list of Municipality
        One a row.

    Raises
    ------
    InputError
        With every fault, by line.
    """
    return read_records(data, name, columns_of("municipalities.csv", key="code"), Municipality)


def read_branches(
    data: bytes,
    name: str = "branches.csv",
    *,
    municipalities: Container[str] | None = None,
    road_nodes: Mapping[str, RoadNode] | None = None,
) -> list[Branch]:
    """
    Read branches.

    Parameters
    ----------
    data
        The CSV file.
    name
        What to call it in faults.
    municipalities
        Codes of the municipalities; None accepts any.
    road_nodes
        Road nodes by identifier; None accepts any.

    Returns
    -------
    list of Branch
        One a row.

    Raises
    ------
    InputError
        With every fault, by line.
    """
    columns = columns_of(
        "branches.csv",
        Reference(column="municipality", names=municipalities, file="municipalities.csv"),
        Reference(column="road_node", names=road_nodes, file="road_nodes.csv"),
        key="id",
    )

    def build(**fields: Any) -> Branch:  # noqa: ANN401 (a row is read by heading)
        return checked(_place_faults(fields, road_nodes), lambda: Branch(**fields))

    return read_records(data, name, columns, build)


def read_depots(
    data: bytes,
    name: str = "depots.csv",
    *,
    branches: Container[str] | None = None,
    road_nodes: Mapping[str, RoadNode] | None = None,
) -> list[Depot]:
    """
    Read the places where runs can start and end.

    Parameters
    ----------
    data
        The CSV file.
    name
        What to call it in faults.
    branches
        Identifiers of the branches; None accepts any.
    road_nodes
        Road nodes by identifier; None accepts any.

    Returns
    -------
    list of Depot
        One a row.

    Raises
    ------
    InputError
        With every fault, by line.
    """
    columns = columns_of(
        "depots.csv",
        Reference(column="branch", names=branches, file="branches.csv, or blank"),
        Reference(column="road_node", names=road_nodes, file="road_nodes.csv"),
        key="id",
    )
    once = Once("default")

    def build(**fields: Any) -> Depot:  # noqa: ANN401 (a row is read by heading)
        problems = once.faults("yes") if fields["default"] else []
        return checked(problems, lambda: _depot(fields, road_nodes))

    return read_records(data, name, columns, build)


def read_branch_codes(
    data: bytes, name: str = "branch_codes.csv", *, branches: Container[str] | None = None
) -> list[BranchCode]:
    """
    Read what other systems call the branches.

    Parameters
    ----------
    data
        The CSV file.
    name
        What to call it in faults.
    branches
        Identifiers of the branches and depots; None accepts any.

    Returns
    -------
    list of BranchCode
        One a row.

    Raises
    ------
    InputError
        With every fault, by line.
    """
    columns = columns_of(
        "branch_codes.csv",
        Reference(column="branch", names=branches, file="branches.csv or depots.csv"),
    )
    once = Once("code")

    def build(**fields: Any) -> BranchCode:  # noqa: ANN401 (a row is read by heading)
        problems = once.faults(fields["system"], fields["code"])
        return checked(problems, lambda: BranchCode(**fields))

    return read_records(data, name, columns, build)


def _depot(fields: dict[str, Any], road_nodes: Mapping[str, RoadNode] | None) -> Depot:
    common = {key: fields[key] for key in ("id", "default", "source", "confidence")}
    if "branch" in fields:
        return Depot(branch=fields["branch"], terminal=None, **common)
    needed = ("locality", "latitude", "longitude", "road_node")
    missing = [key for key in needed if key not in fields]
    if missing:
        raise InputError(
            f"depot {fields['id']!r}: {key} is blank, expected it where branch is blank"
            for key in missing
        )
    place = {key: value for key, value in fields.items() if key != "default"}
    terminal = checked(
        _place_faults(fields, road_nodes),
        lambda: Branch(municipality="", kind=BranchKind.TERMINAL, **place),
    )
    return Depot(branch=None, terminal=terminal, **common)


def _place_faults(
    fields: Mapping[str, Any], road_nodes: Mapping[str, RoadNode] | None
) -> Iterator[str]:
    node = (road_nodes or {}).get(fields["road_node"])
    door = fields["latitude"], fields["longitude"]
    if node is None or any(position_faults(*door)):
        return
    away = straight_metres(door, node.position)
    if away > FARTHEST_FROM_NODE_METRES:
        swapped = door[1], door[0]
        near = not any(position_faults(*swapped)) and straight_metres(swapped, node.position) < away
        hint = "latitude and longitude look swapped" if near else "is it the nearest node?"
        yield (
            f"position {door} lies {kilometres(away):.0f} km from road_node {node.id!r}, expected "
            f"at most {kilometres(FARTHEST_FROM_NODE_METRES):.0f} km; {hint}"
        )

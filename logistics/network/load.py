"""Load a network from a folder of files, or refuse it with every fault of every file."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from logistics.errors import InputError
from logistics.network.boundaries import read_boundaries
from logistics.network.network import Network, NetworkRecords, build_network
from logistics.network.read_places import (
    read_branch_codes,
    read_branches,
    read_depots,
    read_municipalities,
)
from logistics.network.read_roads import read_road_edges, read_road_nodes
from logistics.network.read_service import read_closures, read_service_calendar, read_vehicles

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from logistics.network.network import Depot

T = TypeVar("T")

#: The network that comes with this program.
DATA_FOLDER: Final = Path(__file__).resolve().parents[2] / "data"

#: Files that a network can do without.
OPTIONAL: Final = frozenset({"closures.csv", "branch_codes.csv", "municipal_borders.geojson"})


def load_network(folder: Path | None = None, *, hub: str | None = None) -> Network:
    """
    Load a network.

    Parameters
    ----------
    folder
        Folder with the files that ``data/README.md`` describes; None for the shipped network.
    hub
        Depot to use as hub; None for the file's default.

    Returns
    -------
    Network
        The network.

    Raises
    ------
    InputError
        With every fault of every file, by file and line.
    """
    files = DataFiles(DATA_FOLDER if folder is None else folder)
    municipalities = files.read("municipalities.csv", read_municipalities)
    nodes = files.read("road_nodes.csv", read_road_nodes)
    codes = None if municipalities is None else {row.code for row in municipalities}
    node_of = None if nodes is None else {node.id: node for node in nodes}
    edges = files.read("road_edges.csv", partial(read_road_edges, road_nodes=node_of))
    branches = files.read(
        "branches.csv", partial(read_branches, municipalities=codes, road_nodes=node_of)
    )
    names = None if branches is None else {branch.id for branch in branches}
    depots = files.read("depots.csv", partial(read_depots, branches=names, road_nodes=node_of))
    depot_names = None if depots is None else {depot.id for depot in depots}
    places = None if names is None or depot_names is None else names | depot_names
    vehicles = files.read("vehicles.csv", partial(read_vehicles, depots=depot_names))
    patterns = files.read("service_calendar.csv", partial(read_service_calendar, branches=names))
    closures = files.read("closures.csv", partial(read_closures, branches=names))
    branch_codes = files.read("branch_codes.csv", partial(read_branch_codes, branches=places))
    boundaries = files.read("municipal_borders.geojson", read_boundaries)
    hub = hub or _default_hub(files, depots)
    files.refuse()
    records = NetworkRecords(
        municipalities=tuple(municipalities or ()),
        branches=tuple(branches or ()),
        vehicles=tuple(vehicles or ()),
        road_nodes=tuple(nodes or ()),
        road_edges=tuple(edges or ()),
        patterns=tuple(patterns or ()),
        closures=tuple(closures or ()),
        boundaries=tuple(boundaries or ()),
        depots=tuple(depots or ()),
        branch_codes=tuple(branch_codes or ()),
    )
    return build_network(records, hub)


class DataFiles:
    """
    Reads the files of a folder one by one and gathers what is wrong with all of them.

    Parameters
    ----------
    folder
        Where they lie.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.problems: list[str] = []

    def read(self, name: str, reader: Callable[[bytes], list[T]]) -> list[T] | None:
        """
        Read a file, or note why that cannot be.

        Parameters
        ----------
        name
            Of the file.
        reader
            Makes records of its content.

        Returns
        -------
        list or None
            The records; None where the file is absent or has a fault.
        """
        try:
            return reader((self._folder / name).read_bytes())
        except FileNotFoundError:
            if name not in OPTIONAL:
                self.problems.append(f"{self._folder / name}: no such file, expected it there")
        except OSError as error:
            self.problems.append(f"{self._folder / name}: {error.strerror}, expected a file")
        except InputError as error:
            self.problems += error.problems
        return None

    def refuse(self) -> None:
        """
        Stop where anything was wrong.

        Raises
        ------
        InputError
            With every fault of every file.
        """
        if self.problems:
            raise InputError(self.problems)


def _default_hub(files: DataFiles, depots: Sequence[Depot] | None) -> str:
    defaults = [depot.id for depot in depots or () if depot.default]
    if depots is not None and not defaults:
        files.problems.append("depots.csv: no row has default yes, expected the hub")
    return defaults[0] if defaults else ""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from logistics.errors import InputError
from logistics.network.load import DATA_FOLDER
from logistics.operations.import_files import (
    import_branch_file,
    import_road_files,
    import_vehicle_file,
)
from logistics.operations.load_network import read_network
from logistics.storage.session import reading, writing

if TYPE_CHECKING:
    from sqlalchemy import Engine

DEFECTS = Path(__file__).parents[1] / "data" / "network"
NODES = (DATA_FOLDER / "road_nodes.csv").read_bytes()
EDGES = (DATA_FOLDER / "road_edges.csv").read_bytes()


def test_a_branch_file_replaces_branches_of_the_same_id(network: Engine) -> None:
    data = (DATA_FOLDER / "branches.csv").read_bytes().replace(b"Nora bibliotek", b"Nora nya")
    with writing(network) as session:
        assert import_branch_file(session, data) == 20
    with reading(network) as session:
        assert read_network(session).branch("nora").name == "Nora nya"


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("branches_unknown_municipality.csv", "municipality is '9999', expected a row of"),
        ("branches_unknown_node.csv", "road_node is 'narnia', expected a row of road_nodes.csv"),
        ("branches_swapped.csv", "latitude and longitude look swapped"),
    ],
)
def test_what_a_branch_names_must_be_in_the_database(
    network: Engine, name: str, fault: str
) -> None:
    with pytest.raises(InputError, match=f"{name} line 2: .*{fault}"), writing(network) as session:
        import_branch_file(session, (DEFECTS / name).read_bytes(), name)


def test_a_vehicle_file_must_name_known_depots(network: Engine) -> None:
    with writing(network) as session:
        assert import_vehicle_file(session, (DATA_FOLDER / "vehicles.csv").read_bytes()) == 2
    name = "vehicles_unknown_depot.csv"
    with (
        pytest.raises(InputError, match=r"depot is 'atlantis', expected a row of depots\.csv"),
        writing(network) as session,
    ):
        import_vehicle_file(session, (DEFECTS / name).read_bytes(), name)


def test_new_roads_must_reach_every_branch(network: Engine) -> None:
    lines = EDGES.decode().splitlines(keepends=True)
    without = "".join(line for line in lines if "frovi," not in line).encode()
    with (
        pytest.raises(InputError, match="road nodes 'frovi': no road leads there"),
        writing(network) as session,
    ):
        import_road_files(session, NODES, without)
    with writing(network) as session:
        assert import_road_files(session, NODES, EDGES) == 107
    with reading(network) as session:
        assert len(read_network(session).roads.edges) == 107

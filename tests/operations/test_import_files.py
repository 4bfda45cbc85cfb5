from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from logistics.errors import InputError
from logistics.network.load import DATA_FOLDER
from logistics.operations.network.import_files import (
    import_branch_file,
    import_road_files,
    import_vehicle_file,
)
from logistics.operations.network.import_network import import_folder
from logistics.operations.network.load_network import read_network
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


def test_faults_of_the_network_rates_and_factors_come_at_once(
    engine: Engine, tmp_path: Path
) -> None:
    for path in [*DATA_FOLDER.glob("*.csv"), *DATA_FOLDER.glob("*.geojson")]:
        shutil.copy(path, tmp_path)
    (tmp_path / "rates.csv").unlink()
    (tmp_path / "vehicles.csv").write_text("id\n", encoding="utf-8")
    factors = tmp_path / "emission_factors.csv"
    factors.write_text(
        factors.read_text(encoding="utf-8").replace(",2853,", ",much,"), encoding="utf-8"
    )
    with pytest.raises(InputError) as caught, writing(engine) as session:
        import_folder(session, tmp_path)
    told = [problem.removeprefix(f"{tmp_path}/") for problem in caught.value.problems]
    assert {problem.split(":")[0].split(" ")[0] for problem in told} == {
        "vehicles.csv",
        "rates.csv",
        "emission_factors.csv",
    }
    assert "rates.csv: no such file, expected it there" in told
    with reading(engine) as session, pytest.raises(InputError, match="no network is in the"):
        read_network(session)

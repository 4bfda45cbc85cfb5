"""One small file for each defect; ``faults.txt`` beside them holds the sentences they must give."""

from __future__ import annotations

import shutil
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from logistics.errors import InputError
from logistics.network.boundaries import read_boundaries
from logistics.network.load import load_network
from logistics.network.patterns import Weeks
from logistics.network.read_places import (
    read_branch_codes,
    read_branches,
    read_depots,
    read_municipalities,
)
from logistics.network.read_roads import read_road_edges, read_road_nodes
from logistics.network.read_service import read_closures, read_service_calendar, read_vehicles
from tests.network.conftest import DEFECTS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from logistics.network.network import Network

FAULTS = (DEFECTS / "faults.txt").read_text(encoding="utf-8").splitlines()
FILES = sorted(path.name for path in DEFECTS.iterdir() if path.suffix in {".csv", ".geojson"})
# A byte-order mark and semicolons come from spreadsheets; which depot is the hub is asked later.
SOUND = {"branches_bom.csv", "branches_semicolon.csv", "depots_no_default.csv"}


def reader(network: Network, name: str) -> Callable[..., list[Any]]:
    nodes = {node.id: node for node in network.roads.nodes}
    codes = {municipality.code for municipality in network.municipalities}
    branches = {branch.id for branch in network.branches}
    depots = {depot.id for depot in network.depots}
    readers: dict[str, Callable[..., list[Any]]] = {
        "branch_codes": partial(read_branch_codes, branches=branches),
        "branches": partial(read_branches, municipalities=codes, road_nodes=nodes),
        "closures": partial(read_closures, branches=branches),
        "depots": partial(read_depots, branches=branches, road_nodes=nodes),
        "municipal_borders": read_boundaries,
        "municipalities": read_municipalities,
        "road_edges": partial(read_road_edges, road_nodes=nodes),
        "road_nodes": read_road_nodes,
        "service_calendar": partial(read_service_calendar, branches=branches),
        "vehicles": partial(read_vehicles, depots=depots),
    }
    return readers[next(kind for kind in KINDS if name.startswith(kind))]


KINDS = (
    "branch_codes",
    "branches",
    "closures",
    "depots",
    "municipal_borders",
    "municipalities",
    "road_edges",
    "road_nodes",
    "service_calendar",
    "vehicles",
)


@pytest.mark.parametrize("name", [name for name in FILES if name not in SOUND])
def test_defective_file_is_refused_with_file_line_value_and_expectation(
    shipped: Network, name: str
) -> None:
    with pytest.raises(InputError, match=name.replace(".", r"\.")) as caught:
        reader(shipped, name)((DEFECTS / name).read_bytes(), name)
    assert caught.value.problems == [line for line in FAULTS if line.startswith(name)]


@pytest.mark.parametrize("name", sorted(SOUND))
def test_what_spreadsheets_write_is_read(shipped: Network, name: str) -> None:
    assert len(reader(shipped, name)((DEFECTS / name).read_bytes(), name)) == 1


def test_every_expected_sentence_belongs_to_a_file() -> None:
    assert {line.split(" line ")[0].split(":")[0].split(" ")[0] for line in FAULTS} == {
        name for name in FILES if name not in SOUND
    }


def test_all_faults_of_one_file_come_at_once(shipped: Network) -> None:
    name = "branches_five_faults.csv"
    with pytest.raises(InputError) as caught:
        reader(shipped, name)((DEFECTS / name).read_bytes(), name)
    # Line 3: id given twice, unknown owner, no number; line 4: unknown owner and node.
    assert [problem.split(":")[0][-6:] for problem in caught.value.problems] == [
        *["line 3"] * 3,
        *["line 4"] * 2,
    ]


def test_faults_of_all_files_come_at_once(folder: Path) -> None:
    for kind in ("vehicles_no_crates", "closures_bad_date", "road_edges_too_fast"):
        file = next(name for name in KINDS if kind.startswith(name))
        shutil.copy(DEFECTS / f"{kind}.csv", folder / f"{file}.csv")
    (folder / "municipalities.csv").unlink()
    with pytest.raises(InputError) as caught:
        load_network(folder)
    told = [problem.removeprefix(str(folder)) for problem in caught.value.problems]
    assert [problem.split(" ")[0] for problem in told] == [
        "/municipalities.csv:",
        "road_edges.csv",
        "vehicles.csv",
        "closures.csv",
    ]
    assert told[0].endswith("no such file, expected it there")


def test_a_broken_file_does_not_make_others_look_wrong(folder: Path) -> None:
    # Branches name municipalities; while those cannot be read, no branch is blamed.
    (folder / "municipalities.csv").write_text("code\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_network(folder)
    assert {problem.split(":")[0] for problem in caught.value.problems} == {"municipalities.csv"}


def test_a_folder_in_place_of_a_file_is_told(folder: Path) -> None:
    (folder / "vehicles.csv").unlink()
    (folder / "vehicles.csv").mkdir()
    with pytest.raises(InputError, match=r"vehicles\.csv: Is a directory, expected a file"):
        load_network(folder)


def test_a_network_can_do_without_closures_codes_and_borders(folder: Path) -> None:
    for name in ("closures.csv", "branch_codes.csv", "municipal_borders.geojson"):
        (folder / name).unlink()
    network = load_network(folder)
    assert (network.calendar.closures, network.branch_codes, network.boundaries) == ((), (), ())


def test_one_depot_must_be_the_default(folder: Path) -> None:
    shutil.copy(DEFECTS / "depots_no_default.csv", folder / "depots.csv")
    with pytest.raises(InputError, match="no row has default yes, expected the hub"):
        load_network(folder)


def test_hub_must_be_a_place() -> None:
    with pytest.raises(InputError, match="hub is 'stockholm', expected a branch or a depot"):
        load_network(hub="stockholm")


def test_closure_of_everything_has_no_branch() -> None:
    data = b"branch,first_day,last_day,source,confidence\n*,2026-12-28,2026-12-30,test,high\n"
    (closure,) = read_closures(data, branches={"nora"})
    assert closure.branch is None


def test_shipped_network(shipped: Network) -> None:
    assert shipped.hub == "orebro"
    assert shipped.branch("orebro").is_hub
    assert len(shipped.branches) == 21
    assert len(shipped.municipalities) == 9
    assert sum(one.population for one in shipped.municipalities) == 108_777
    assert shipped.branch("nora").service_days == (1, 2, 3, 4, 5)
    assert shipped.branch("asbro").service_days == (1, 3, 5)
    bus = [p for p in shipped.calendar.patterns if p.branch == "lindesberg-bokbuss"]
    assert [pattern.weeks for pattern in bus] == [Weeks.EVEN]
    assert {one.name for one in shipped.boundaries if one.member} == {
        one.name for one in shipped.municipalities
    }


def test_inhabitants_of_branches_sum_to_their_municipality(shipped: Network) -> None:
    for municipality in shipped.municipalities:
        own = [one for one in shipped.branches if one.municipality == municipality.code]
        assert sum(one.inhabitants for one in own) == municipality.population, municipality.name


def test_alternative_hub_is_a_branch(shipped: Network) -> None:
    network = load_network(hub="lindesberg")
    assert network.hub == "lindesberg"
    assert [one.id for one in network.branches if one.is_hub] == ["lindesberg"]
    assert set(shipped.branch_ids) - set(network.branch_ids) == {"orebro"}

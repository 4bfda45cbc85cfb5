"""Each public format, by the smallest file that has all of its parts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from logistics.errors import InputError
from logistics.planning.benchmark.instance import best_known, instance_files, read_instance
from logistics.planning.check import check
from logistics.planning.plan import Route
from logistics.planning.problem import problem_to_json
from logistics.planning.timing import build_plan
from tests.planning.days import small_day

if TYPE_CHECKING:
    from pathlib import Path

LILIM = "2\t10\t1\n0 0 0 0 0 100 0 0 0\n1 3 4 5 0 50 2 0 2\n2 3 0 -5 10 60 2 1 0\n"
SARTORI = """NAME: tiny
ROUTE-TIME: 30
CAPACITY: 9
NODES
0 41.0 2.0 0 0 60 0 0 0
1 41.1 2.0 4 0 50 2 0 2
2 41.2 2.0 -4 10 60 2 1 0
EDGES
0 5 3
5 0 4
3 6 0
EOF
"""
EXPLICIT = """NAME : tiny
TYPE : VRPSPD
DIMENSION : 3
VEHICLES : 1
CAPACITY : 10
DISTANCE : 0
EDGE_WEIGHT_TYPE : EXPLICIT
EDGE_WEIGHT_FORMAT : FULL_MATRIX
EDGE_WEIGHT_SECTION
0 50000 30000
50000 0 40000
30000 40000 0
PICKUP_AND_DELIVERY_SECTION
1 0 0 10000000 0 0 0
2 0 0 10000000 0 3 4
3 0 0 10000000 0 2 6
DEPOT_SECTION
1
-1
EOF
"""
PLANAR = """NAME : tiny
TYPE : MVRPB
DIMENSION : 3
VEHICLES : 1
CAPACITY : 10
EDGE_WEIGHT_TYPE : EXACT_2D
NODE_COORD_SECTION
1 0 0
2 3 4
3 3 0
PICKUP_AND_DELIVERY_SECTION
1 0 0 10000000 0 0 0
2 0 0 10000000 0 3 4
3 0 0 10000000 0 2 6
DEPOT_SECTION
1
-1
EOF
"""
WANGCHEN = """Tiny

CUSTOMER  VEHICLE
NUMBER	  NUMBER     CAPACITY
   2        2       10

CUSTOMER
CUST NO.  XCOORD.   YCOORD.   DDEMAND   PDEMAND   READY TIME  DUE DATE   SERVICE TIME

    0      0         0          0          0          0       100          0
    1      3         4          4          3          0        50          2
    2      3         0          6          2         10        60          2
"""
JD = """NAME : tiny
TYPE : VRPSDPTW
DIMENSION : 3
VEHICLES : 5
DISPATCHINGCOST : 300
UNITCOST : 0.014
CAPACITY : 2.5
EDGE_WEIGHT_TYPE : EXPLICIT
NODE_SECTION
0,0,0,0,100,0
1,1.0,0.5,0,50,2
2,1.5,0.25,10,60,2
DISTANCETIME_SECTION
0,1,5000,5
1,0,5000,5
0,2,3000,3
2,0,3000,3
1,2,4000,4
2,1,4000,4
DEPOT_SECTION
0
"""


# One van calls at 1, then at 2: 5 + 4 + 3 = 12 of distance in every format.
@pytest.mark.parametrize(
    ("text", "family", "cost"),
    [
        pytest.param(LILIM, "lilim", 12.0, id="lilim"),
        pytest.param(SARTORI, "sartori", 12.0, id="sartori"),
        pytest.param(EXPLICIT, "vrpspd", 12.0, id="explicit"),
        pytest.param(PLANAR, "vrpspd", 12.0, id="planar"),
        pytest.param(WANGCHEN, "wangchen", 12.0, id="wangchen"),
        pytest.param(JD, "jd", 300 + 0.014 * 12_000, id="jd"),
    ],
)
def test_a_plan_costs_what_the_literature_counts(
    tmp_path: Path, text: str, family: str, cost: float
) -> None:
    file = tmp_path / "tiny.txt"
    file.write_text(text)
    instance = read_instance(file)
    plan = build_plan(instance.problem, [Route(vehicle=0, sites=(1, 2))])
    assert check(instance.problem, plan) == []
    assert instance.family == family
    assert instance.cost(plan) == pytest.approx(cost)
    assert plan.cost.delay == 0.0


@pytest.mark.parametrize("text", [LILIM, SARTORI])
def test_a_delivery_before_its_pickup_is_dear(tmp_path: Path, text: str) -> None:
    file = tmp_path / "tiny.txt"
    file.write_text(text)
    problem = read_instance(file).problem
    plan = build_plan(problem, [Route(vehicle=0, sites=(2, 1))])
    assert plan.cost.delay == 1e7


def test_rieck_counts_in_hundredths_and_limits_the_fleet(tmp_path: Path) -> None:
    file = tmp_path / "20_1_01.vrpspd"
    file.write_text(EXPLICIT.replace("DISTANCE : 0\n", ""))
    instance = read_instance(file)
    plan = build_plan(instance.problem, [Route(vehicle=0, sites=(1, 2))])
    assert instance.cost(plan) == pytest.approx(1200.0)
    assert len(instance.problem.vehicles) == 1


def test_a_day_problem_is_an_instance(tmp_path: Path) -> None:
    file = tmp_path / "small.json"
    file.write_text(json.dumps(problem_to_json(small_day())))
    assert read_instance(file).problem == small_day()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("hello", "no known format"),
        (LILIM.replace("50 2 0 2", "50"), "out of shape"),
        (EXPLICIT.replace("EXPLICIT", "GEO"), "expected EXPLICIT or EXACT_2D"),
        (PLANAR.replace("CAPACITY", "ROOM"), "out of shape"),
    ],
)
def test_a_file_without_shape_is_refused(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "tiny.txt"
    file.write_text(text)
    with pytest.raises(InputError, match=told):
        read_instance(file)


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "tiny.txt"
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="not UTF-8"):
        read_instance(file)


def test_best_known_values_stand_beside_the_instances(tmp_path: Path) -> None:
    folder = tmp_path / "lilim"
    folder.mkdir()
    table = "set,instance,best_known_cost,best_known_vehicles,convention\n"
    rows = 'lilim,lc1,828.9,10,"min vehicles, then distance"\nlilim,lc2,5.0,,min distance\n'
    (tmp_path / "best_known.csv").write_text(table + rows + "jd,lc3,,,\n")
    found = [best_known(folder / f"lc{number}.txt") for number in (1, 2, 3)]
    assert [one and (one.cost, one.vehicles) for one in found] == [(828.9, 10), (5.0, None), None]


def test_a_folder_gives_its_instances_in_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a.vrpspd", "notes.md"):
        (tmp_path / name).write_text("")
    assert [file.name for file in instance_files(tmp_path)] == ["a.vrpspd", "b.txt"]
    assert list(instance_files(tmp_path / "b.txt")) == [tmp_path / "b.txt"]
    with pytest.raises(InputError, match="neither a folder nor a file"):
        list(instance_files(tmp_path / "absent"))

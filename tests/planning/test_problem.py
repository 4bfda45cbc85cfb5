from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logistics.errors import InputError
from logistics.planning.problem import parse_problem, problem_to_json, read_problem
from logistics.planning.records import Shipment, Site
from tests.planning.days import small_day
from tests.planning.strategies import days

INSTANCES = sorted((Path(__file__).parents[2] / "data" / "instances").glob("*.json"))


def small_json() -> dict[str, Any]:
    return problem_to_json(small_day())


def faults_of(value: Any) -> list[str]:
    data = value if isinstance(value, str | bytes) else json.dumps(value)
    with pytest.raises(InputError) as caught:
        parse_problem(data)
    return caught.value.problems


@given(day=days())
def test_a_problem_written_is_read_back_equal(day: Any) -> None:
    assert parse_problem(json.dumps(problem_to_json(day))) == day


@pytest.mark.parametrize("path", INSTANCES, ids=lambda path: path.stem)
def test_every_stored_day_is_sound(path: Path) -> None:
    assert read_problem(path).name == path.stem


def test_a_byte_order_mark_is_skipped() -> None:
    assert parse_problem(json.dumps(small_json()).encode("utf-8-sig")) == small_day()


def test_absent_fields_mean_what_the_format_says() -> None:
    value = small_json()
    del value["break"]
    for site in value["sites"]:
        del site["window"]
    del value["sites"][0]["must_visit"]
    for name in ("cost_per_stop", "max_runs", "turnaround_seconds"):
        del value["vehicles"][0][name]
    del value["shipments"][0]["direct_only"]
    assert parse_problem(json.dumps(value)) == small_day()


def test_all_faults_are_reported_at_once() -> None:
    value = small_json()
    value["colour"] = "red"
    value["sites"][1]["window"] = [500, 400]
    value["shipments"][0]["items"] = -1
    value["shipments"].append({**value["shipments"][0], "to": "nowhere", "items": 2})
    value["travel_metres"] = value["travel_metres"][:2]
    assert faults_of(value) == [
        (
            'problem: field "colour" is not known; expected only name, hub, sites, travel_metres, '
            "travel_seconds, vehicles, shipments, handling_seconds_per_item, break"
        ),
        'site "north": window is [500, 400], ends before it begins; swap the two?',
        'shipment "book": items is -1, expected a whole number from 0 to 2^53',
        'shipment "book": to is "nowhere", not a site',
        "travel_metres: is 2 rows, expected 3 rows, one a site",
    ]


@pytest.mark.parametrize(
    "number",
    [
        pytest.param("1.5", id="fraction"),
        pytest.param("5.0", id="fraction that is whole"),
        pytest.param("-1", id="negative"),
        pytest.param('"7"', id="text"),
        pytest.param("true", id="boolean"),
        pytest.param("null", id="null"),
        pytest.param("NaN", id="NaN"),
        pytest.param("Infinity", id="infinity"),
        pytest.param("1e400", id="too large for a float"),
        pytest.param("9007199254740993", id="beyond 2^53"),
        pytest.param("1" + "0" * 30, id="10^30"),
        pytest.param("1" * 5000, id="more digits than Python reads"),
        pytest.param("[1]", id="list"),
    ],
)
@pytest.mark.parametrize("place", ["items", "travel", "capacity"])
def test_a_wrong_kind_of_number_is_refused(number: str, place: str) -> None:
    value = small_json()
    if place == "items":
        value["shipments"][0]["items"] = "HERE"
    elif place == "capacity":
        value["vehicles"][0]["capacity"] = "HERE"
    else:
        value["travel_seconds"][1][2] = "HERE"
    found = faults_of(json.dumps(value).replace('"HERE"', number))
    assert len(found) == 1
    assert "expected a whole number from 0 to 2^53" in found[0]


@pytest.mark.parametrize("amount", ["-0.01", "NaN", "-Infinity", '"1"', "true", "1e30", "null"])
def test_a_wrong_kind_of_amount_is_refused(amount: str) -> None:
    value = small_json()
    value["shipments"][0]["cost_if_left"] = "HERE"
    found = faults_of(json.dumps(value).replace('"HERE"', amount))
    assert ["SEK" in fault for fault in found] == [True]


def test_the_largest_whole_number_is_kept() -> None:
    value = small_json()
    value["shipments"][0]["items"] = 2**53
    assert parse_problem(json.dumps(value)).shipments[0].items == 2**53


@pytest.mark.parametrize(
    ("data", "told"),
    [
        pytest.param(b"", "not JSON", id="empty"),
        pytest.param("oj", "not JSON", id="not JSON"),
        pytest.param(b"\xff\xfe{}", "not UTF-8", id="not UTF-8"),
        pytest.param("[" * 100_000, "brackets too deep", id="lists too deep"),
        pytest.param('{"a":' * 100_000, "brackets too deep", id="objects too deep"),
        pytest.param("[1]", "expected a JSON object", id="a list"),
        pytest.param("null", "expected a JSON object", id="null"),
    ],
)
def test_what_is_no_json_object_is_refused(data: Any, told: str) -> None:
    assert [told in fault for fault in faults_of(data)] == [True]


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (("hub",), "nowhere", 'hub "nowhere" is not a site'),
        (("hub",), ["hub"], 'hub ["hub"] is not a site'),
        (("sites",), {}, "sites is {}, expected a list"),
        (("sites", 0), 7, "site number 1: is 7, expected an object"),
        (("sites", 1, "id"), "south", 'site "south": id is given twice'),
        (("sites", 1, "id"), "", 'site "": id is "", expected a text that is not empty'),
        (("sites", 1, "window"), [1], "expected two whole numbers"),
        (("sites", 1, "window"), "8-10", "expected two whole numbers"),
        (("sites", 1, "must_visit"), 1, "must_visit is 1, expected true or false"),
        (("sites", 1, "windw"), None, "is 'window' meant?"),
        (("vehicles", 0, "shift"), [2, 1], "ends before it begins"),
        (("vehicles", 0, "shift"), None, "expected two whole numbers"),
        (("shipments", 0, "from"), "south", 'from and to are both "south"'),
        (("shipments", 0, "from"), 3, "from is 3, expected a text"),
        (("travel_metres", 1), [0, 1], 'row of "north" is 2 numbers, expected 3'),
        (("travel_metres", 1), None, 'row of "north" is null, expected 3 numbers'),
        (("travel_metres",), None, "travel_metres: is null, expected 3 rows"),
        (("break",), [], "break: is [], expected an object"),
        (("break",), {"after_seconds": 1}, 'break: field "seconds" is missing'),
        (("name",), 12, "name is 12, expected a text"),
        (("handling_seconds_per_item",), 0.5, "expected a whole number"),
    ],
)
def test_each_fault_names_the_record_and_what_was_expected(
    path: tuple[Any, ...], value: Any, told: str
) -> None:
    day = small_json()
    place: Any = day
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    assert any(told in fault for fault in faults_of(day)), faults_of(day)


@pytest.mark.parametrize("name", sorted(set(small_json()) - {"break"}))
def test_a_missing_field_is_named(name: str) -> None:
    value = small_json()
    del value[name]
    assert f'problem: field "{name}" is missing' in faults_of(value)


def test_a_key_that_stands_twice_is_refused() -> None:
    text = json.dumps(small_json()).replace('"items": 1', '"items": 1, "items": 2')
    assert faults_of(text) == ['shipment "book": field "items" stands twice']


def test_half_a_character_is_refused() -> None:
    text = json.dumps(small_json()).replace('"name": "small"', '"name": "\\ud800"')
    assert ["whole Unicode characters" in fault for fault in faults_of(text)] == [True]


def test_very_many_faults_are_cut_short() -> None:
    value = small_json()
    value["shipments"] = [{**value["shipments"][0], "id": str(n), "items": -1} for n in range(999)]
    found = faults_of(value)
    assert len(found) == 201
    assert found[-1] == "and 799 faults more"


def test_a_matrix_of_faults_is_cut_short() -> None:
    value = small_json()
    count = 30
    value["sites"] = [{"id": str(n), "stop_seconds": 0} for n in range(count)]
    value["travel_metres"] = [[-1] * count] * count
    found = [fault for fault in faults_of(value) if fault.startswith("travel_metres")]
    assert len(found) == 21
    assert found[-1] == "travel_metres: and 880 faults more like these"


@pytest.mark.parametrize("name", ["", "absent.json", "nul\0l"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_problem(tmp_path / name)


@given(data=st.binary(max_size=50) | st.text(max_size=50))
def test_no_data_crash_the_reader(data: bytes | str) -> None:
    faults_of(data)


def test_records_check_themselves() -> None:
    with pytest.raises(InputError, match="stop_seconds is -1"):
        Site(id="x", stop_seconds=-1)
    with pytest.raises(InputError, match="cost_if_left is NaN"):
        Shipment(
            id="x", origin="a", destination="b", items=1, cost_if_at_hub=1, cost_if_left=math.nan
        )

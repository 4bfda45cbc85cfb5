"""A day problem is solved and checked by command, and whatever is wrong with it is said."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from logistics.cli.app import main
from logistics.cli.store import shipped
from logistics.planning.problem import problem_to_json
from tests.planning.days import HOUR, small_day, with_site

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Runs a command and returns its exit code and what it printed on both streams."""

    def command(*arguments: object) -> tuple[int, str, str]:
        code = main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return command


@pytest.fixture
def day(tmp_path: Path) -> Path:
    path = tmp_path / "day.json"
    path.write_text(json.dumps(problem_to_json(small_day())), encoding="utf-8")
    return path


def test_the_answer_stands_alone_on_stdout_and_in_the_file(run: Any, day: Path) -> None:
    kept = day.parent / "answers" / "day.json"
    code, out, _ = run("solve", day, "--seconds", 2, "--workers", 1, "--output", kept)
    answer = json.loads(out)
    assert code == 0
    assert json.loads(kept.read_text(encoding="utf-8")) == answer
    # 35 km and 45 minutes at 2 kr and 360 kr, and the van itself: see small_day.
    assert answer["cost"]["total"] == pytest.approx(440.0)
    assert [stop["site"] for stop in answer["runs"][0]["stops"]] == ["north", "south"]
    assert answer["status"] == "optimal"


def test_what_solve_printed_passes_check(run: Any, day: Path) -> None:
    answer = day.parent / "answer.json"
    answer.write_text(run("solve", day, "--seconds", 1)[1], encoding="utf-8")
    code, out, _ = run("check", day, answer)
    assert (code, json.loads(out)) == (0, {"problem": "small", "violations": [], "cost": 440.0})


def test_a_broken_rule_is_named_with_exit_code_3(run: Any, day: Path) -> None:
    answer = json.loads(run("solve", day, "--seconds", 1)[1])
    answer["runs"][0]["stops"][0]["begin"] += 60
    (day.parent / "late.json").write_text(json.dumps(answer), encoding="utf-8")
    code, out, err = run("check", day, day.parent / "late.json")
    assert (code, out) == (3, "")
    assert "north" in err


def test_a_compulsory_site_that_no_van_reaches_is_named_with_exit_code_3(
    run: Any, day: Path
) -> None:
    early = with_site(small_day(), "south", window=(0, HOUR))
    day.write_text(json.dumps(problem_to_json(early)), encoding="utf-8")
    code, out, err = run("solve", day, "--seconds", 1)
    assert (code, out) == (3, "")
    assert "site 'south': must be visited, but 'van' arrives at 08:10 at the earliest" in err


@pytest.fixture
def kept_out(day: Path) -> Path:
    """An answer of the small day whose window at south comes too early for any van."""
    early = with_site(small_day(), "south", window=(0, HOUR), must_visit=False)
    day.write_text(json.dumps(problem_to_json(early)), encoding="utf-8")
    return day.parent / "answer.json"


def test_what_is_not_delivered_is_explained_with_a_change_that_delivers_it(
    run: Any, day: Path, kept_out: Path
) -> None:
    run("solve", day, "--seconds", 1, "--output", kept_out)
    code, out, _ = run("explain", day, kept_out)
    explained = json.loads(out)["not_delivered"]
    assert code == 0
    assert explained
    (change,) = explained[0]["changes"]
    assert explained[0]["reasons"] == ["window"]
    assert (change["kind"], change["subject"]) == ("window-later", "south")
    # The change is real: with the window so much later the book can arrive, if it is worth it.
    wider = (0, HOUR + 60 * change["amount"])
    urgent = replace(small_day().shipments[0], cost_if_at_hub=900.0, cost_if_left=900.0)
    changed = with_site(small_day(shipments=(urgent,)), "south", window=wider, must_visit=False)
    day.write_text(json.dumps(problem_to_json(changed)), encoding="utf-8")
    answer = json.loads(run("solve", day, "--seconds", 1)[1])
    stops = [stop for one in answer["runs"] for stop in one["stops"]]
    assert "south" in [stop["site"] for stop in stops]


def test_one_shipment_may_be_asked_for_in_swedish(run: Any, day: Path, kept_out: Path) -> None:
    run("solve", day, "--seconds", 1, "--output", kept_out)
    name = json.loads(run("explain", day, kept_out)[1])["not_delivered"][0]["shipment"]
    code, out, _ = run("explain", day, kept_out, "--shipment", name, "--language", "sv")
    (explained,) = json.loads(out)["not_delivered"]
    assert (code, explained["shipment"]) == (0, name)
    assert "längre kommer det fram i dag" in explained["words"][1]
    code, out, err = run("explain", day, kept_out, "--shipment", "nobody")
    assert (code, out) == (2, "")
    assert "'nobody'" in err


def test_two_answers_are_compared_and_a_broken_one_is_refused(run: Any, day: Path) -> None:
    answer = day.parent / "answer.json"
    solved = json.loads(run("solve", day, "--seconds", 1, "--output", answer)[1])
    code, out, _ = run("compare", day, answer, answer)
    compared = json.loads(out)
    assert (code, compared["difference_sek"], compared["moved_stops"]) == (0, 0.0, 0)
    assert compared["words"] == ["Costs the same: 440 kr."]
    solved["runs"][0]["stops"][0]["begin"] += 60
    broken = day.parent / "late.json"
    broken.write_text(json.dumps(solved), encoding="utf-8")
    assert run("compare", day, answer, broken)[0] == 3


def test_a_plan_that_people_know_stays_where_a_moved_stop_costs_more_than_it_saves(
    run: Any, day: Path
) -> None:
    answer = day.parent / "answer.json"
    run("solve", day, "--seconds", 1, "--output", answer)
    # Ten minutes more on the first leg make the other order cheaper, by less than the price.
    changed = json.loads(day.read_text(encoding="utf-8"))
    row = [site["id"] for site in changed["sites"]].index("north")
    changed["travel_seconds"][0][row] += 600
    changed["travel_metres"][0][row] += 6_000
    day.write_text(json.dumps(changed), encoding="utf-8")
    free = json.loads(run("solve", day, "--seconds", 1, "--before", answer)[1])
    kept = json.loads(
        run("solve", day, "--seconds", 1, "--before", answer, "--moved-stop", 1000)[1]
    )
    assert [stop["site"] for stop in free["runs"][0]["stops"]] == ["south", "north"]
    assert [stop["site"] for stop in kept["runs"][0]["stops"]] == ["north", "south"]


def spoiled(**changes: Any) -> bytes:
    """The small day with fields of the file itself changed."""
    return json.dumps({**problem_to_json(small_day()), **changes}).encode()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(b"hello", "not JSON", id="not JSON"),
        pytest.param(b"", "not JSON", id="empty"),
        pytest.param('{"name": "Hällefors"}'.encode("latin-1"), "not UTF-8", id="not UTF-8"),
        pytest.param(b"[" * 100_000, "brackets too deep", id="100,000 open brackets"),
        pytest.param(b"[]", "expected a JSON object", id="a list"),
        pytest.param(spoiled(hub="nowhere"), 'hub "nowhere" is not a site', id="no hub"),
        pytest.param(spoiled(patron="P1"), 'field "patron" is not known', id="unknown field"),
        pytest.param(spoiled(travel_metres=[[0]]), "1 rows, expected 3", id="short matrix"),
        pytest.param(spoiled(handling_seconds_per_item=float("nan")), "NaN", id="not a number"),
        pytest.param(spoiled(handling_seconds_per_item=10**30), "1e+30", id="10^30"),
        pytest.param(spoiled(handling_seconds_per_item=-1), "is -1", id="negative"),
        pytest.param(spoiled(handling_seconds_per_item=True), "is true", id="true"),
    ],
)
def test_a_malformed_problem_is_refused_in_words(
    run: Any, tmp_path: Path, content: bytes, told: str
) -> None:
    (tmp_path / "bad.json").write_bytes(content)
    code, out, err = run("solve", tmp_path / "bad.json")
    assert (code, out) == (2, "")
    assert told in err


def test_what_cannot_be_read_or_written_is_named(run: Any, day: Path) -> None:
    assert run("solve", day.parent)[0] == 2
    assert "No such file" in run("solve", day.parent / "none.json")[2]
    code, _, err = run("solve", day, "--seconds", 1, "--output", day / "below-a-file.json")
    assert code == 2
    assert "choose another --output" in err


def test_words_that_are_no_command_are_refused(run: Any) -> None:
    code, _, err = run("solve", "--seconds", "long")
    assert code == 2
    assert "--help" in err
    assert run("fly")[0] == 2


# twenty-eight sites are not proved within the first plan's milliseconds
STOPPED_AT_THE_FIRST_PLAN = """
import os, signal, sys
from logistics.cli import solving
from logistics.cli.app import run

signal.signal(signal.SIGINT, signal.default_int_handler)  # test runners pass Ctrl-C over
show, costs = solving.progress_table, []

def stop(progress):
    if progress.cost is not None and not costs:
        costs.append(progress.cost)
        os.kill(os.getpid(), signal.SIGINT)
    return show(progress)

solving.progress_table = stop
run()
"""


def test_ctrl_c_gives_the_best_plan_so_far() -> None:
    day = shipped("instances/twenty-eight.json")
    done = subprocess.run(
        [sys.executable, "-c", STOPPED_AT_THE_FIRST_PLAN, "solve", str(day), "--seconds", "300"],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["runs"]
    assert answer["seconds"] < 300


@pytest.mark.parametrize("command", [[], ["plan"], ["solve"], ["import"], ["network", "verify"]])
def test_help_says_what_a_command_does(run: Any, command: list[str]) -> None:
    code, out, _ = run(*command, "--help")
    assert code == 0
    assert "Usage: logistics" in out

"""Deciding which copy goes to which reader, run as a user runs it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from logistics.cli import main
from tests.cli.test_journeys import answer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

RETURNS = (
    "item,title,owner,at,returned_at,material\n"
    "i1,t1,nora,kumla,2026-11-23T10:00:00+01:00,book\n"
    "i2,t2,nora,kumla,2026-11-23T10:00:00+01:00,dvd\n"
)
HOLDS = (
    "reference,title,pickup,placed_at,queue_position\n"
    "h1,t1,laxa,2026-11-20T10:00:00+01:00,1\n"
    "h2,t2,laxa,2026-11-20T10:00:00+01:00,1\n"
)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "returns.csv").write_text(RETURNS, encoding="utf-8")
    (tmp_path / "holds.csv").write_text(HOLDS, encoding="utf-8")
    return tmp_path


def goes(
    files: Path, capsys: pytest.CaptureFixture[str], *more: object
) -> dict[str, tuple[str, bool]]:
    words = ("match", files / "returns.csv", files / "holds.csv", "--day", "2026-11-24", *more)
    assert main([str(word) for word in words]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert all(one["why"] for one in found["choices"])
    return {one["item"]: (one["goes_to"], one["hold"] is not None) for one in found["choices"]}


def test_a_returned_item_goes_to_who_waits(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert goes(files, capsys) == {"i1": ("laxa", True), "i2": ("laxa", True)}


@pytest.mark.parametrize("rule", [("--home-only", "dvd"), ("--closed", "nora:*:dvd")])
def test_rules_keep_a_copy_at_home(
    files: Path, capsys: pytest.CaptureFixture[str], rule: tuple[str, str]
) -> None:
    assert goes(files, capsys, *rule) == {"i1": ("laxa", True), "i2": ("nora", False)}


def test_a_copy_on_the_readers_own_shelf_spares_the_road(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head = "item,title,owner,at,acquired,leaves_home\n"
    shelf = files / "shelf.csv"
    shelf.write_text(head + "s1,t1,laxa,laxa,2026-11-01,no\n", encoding="utf-8")
    found = goes(files, capsys, "--shelf", shelf)
    assert found == {"s1": ("laxa", True), "i1": ("nora", False), "i2": ("laxa", True)}
    shelf.write_text(head + "s1,t1,kumla,kumla,2026-11-01,yes\n", encoding="utf-8")
    assert "s1" not in goes(files, capsys, "--shelf", shelf, "--new-days", 90)


def test_a_new_copy_that_is_handed_in_serves_its_own_branch(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head, one, _ = RETURNS.splitlines()
    (files / "returns.csv").write_text(f"{head},acquired\n{one},2026-11-01\n", encoding="utf-8")
    assert goes(files, capsys, "--new-days", 90) == {"i1": ("nora", False)}
    assert goes(files, capsys, "--new-days", 20) == {"i1": ("laxa", True)}


def test_holds_keep_their_names_and_say_why_they_wait(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("match", files / "returns.csv", files / "holds.csv", "--day", "2026-11-24")
    assert main([*map(str, words), "--home-only", "dvd"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["hold"] for one in found["choices"]] == ["h1", None]
    (waits,) = found["unfilled"]
    assert waits == {"hold": "h2", "why": "the rules let no copy of the title be lent at laxa"}


def test_who_lends_more_than_it_borrows_is_spared(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shelf, balance = files / "shelf.csv", files / "balance.csv"
    shelf.write_text("item,title,owner,at\ns1,t1,askersund,askersund\n", encoding="utf-8")
    assert goes(files, capsys, "--shelf", shelf)["i1"] == ("laxa", True)
    balance.write_text("branch,lent,borrowed\nnora,90,0\naskersund,10,90\n", encoding="utf-8")
    found = goes(files, capsys, "--shelf", shelf, "--balance", balance, "--balance-sek", 500)
    assert found["s1"] == ("laxa", True)
    assert found["i1"] == ("nora", False)


# Two copies at home wait for one reader at Kumla. Which of them the van has aboard when it comes
# there is the plan's to say: of the day itself, or of another Tuesday.
@pytest.mark.parametrize(
    ("named", "order", "lent"),
    [
        pytest.param("2026-11-24", ("nora", "kumla", "lekeberg"), "n", id="the day's own"),
        pytest.param("2026-11-24", ("lekeberg", "kumla", "nora"), "l", id="the other way round"),
        pytest.param("2026-11-17", ("lekeberg", "kumla", "nora"), "l", id="of the weekday"),
    ],
)
def test_the_plan_tells_which_copy_is_on_its_way(
    files: Path,
    capsys: pytest.CaptureFixture[str],
    named: str,
    order: tuple[str, ...],
    lent: str,
) -> None:
    two_copies_for_kumla(files)
    plan = files / "plan.json"
    plan.write_text(answer(named, *order), encoding="utf-8")
    found = goes(files, capsys, "--plan", plan)
    assert found.pop(lent) == ("kumla", True)
    assert {hold for _, hold in found.values()} == {False}


def test_a_database_gives_network_rates_and_plans(
    files: Path, run: Callable[..., Any], database_url: str
) -> None:
    two_copies_for_kumla(files)
    run("init")
    words = ("--database", database_url)
    files_too = (str(files / "returns.csv"), str(files / "holds.csv"), "--day", "2026-11-24")
    with_network = run("match", *files_too, *words)
    assert with_network["filled"] == 1
    assert with_network == run("match", *files_too)
    told = run("journeys", "koha", "--output", str(files / "koha.csv"), *words)
    assert told["plans"] == {}
    assert told["places"] > 5
    refused = run("match", *files_too, *words, "--plan", "plan.json", code=2)
    assert "expected --database, or --plan and --data, not both" in refused


def two_copies_for_kumla(files: Path) -> None:
    head, waits = RETURNS.splitlines()[0], HOLDS.splitlines()[0]
    when = "2026-11-23T10:00:00+01:00"
    rows = (f"n,t1,nora,nora,{when},book", f"l,t1,lekeberg,lekeberg,{when},book")
    (files / "returns.csv").write_text("\n".join((head, *rows)) + "\n", encoding="utf-8")
    hold = "h1,t1,kumla,2026-11-20T10:00:00+01:00,1"
    (files / "holds.csv").write_text(f"{waits}\n{hold}\n", encoding="utf-8")


def test_a_way_that_is_no_way_is_named(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("match", files / "returns.csv", files / "holds.csv", "--day", "2026-11-24")
    assert main([*map(str, words), "--closed", "nora:dvd"]) == 2
    assert "expected owner:pickup:material, as kumla:*:dvd" in capsys.readouterr().err

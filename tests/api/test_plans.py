from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from api.security.keys import create_key
from api.security.roles import SCOPES
from logistics.planning.check import check
from logistics.planning.plan import parse_plan
from logistics.planning.problem import parse_problem
from logistics.storage.session import writing
from tests.api.day import DAY, make, publish
from tests.api.helpers import assert_problem, sqlite_only

if TYPE_CHECKING:
    from fastapi.testclient import TestClient
    from sqlalchemy import Engine


def scripts_of(page: str) -> list[dict[str, str | None]]:
    """Attributes of every script that a browser would run."""
    found: list[dict[str, str | None]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            if tag == "script" and dict(attrs).get("type") != "application/json":
                found.append(dict(attrs))

    Reader().feed(page)
    return found


def test_a_day_is_planned_shown_and_printed(day: TestClient) -> None:
    made = day.post(DAY, json={"seconds": 1})
    assert made.status_code == 201, made.text
    plan = made.json()

    assert (plan["version"], plan["state"]) == (1, "draft")
    assert day.get(DAY).json() == plan
    assert day.get(made.headers["location"]).headers["etag"] == made.headers["etag"]
    problem = parse_problem(day.get(f"{DAY}/problem").content)
    assert check(problem, parse_plan(json.dumps(plan["answer"]))) == []
    assert [run["vehicle"] for run in plan["runs"]] == [
        run["vehicle"] for run in plan["answer"]["runs"]
    ]
    page = day.get(f"{DAY}/map")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "Nora" in page.text
    nonce = re.search(r"'nonce-([^']+)'", page.headers["content-security-policy"])
    assert nonce is not None
    scripts = scripts_of(page.text)
    assert scripts
    assert all(script.get("nonce") == nonce[1] for script in scripts)
    for paper in ("sheets", "packing-lists", "labels"):
        html = day.get(f"{DAY}/{paper}", params={"language": "en"})
        assert html.status_code == 200, html.text
        assert html.text.lstrip().lower().startswith("<!doctype html>")
        pdf = day.get(f"{DAY}/{paper}", params={"format": "pdf"})
        assert pdf.headers["content-type"] == "application/pdf"
        assert pdf.content.startswith(b"%PDF-")


@sqlite_only
def test_a_plan_that_is_known_is_not_sent_again(day: TestClient) -> None:
    make(day)
    etag = day.get(DAY).headers["etag"]

    again = day.get(DAY, headers={"If-None-Match": etag})

    assert again.status_code == 304
    assert again.content == b""


@sqlite_only
def test_a_day_without_a_plan_is_not_found(day: TestClient) -> None:
    assert_problem(day.get(DAY), "not-found", "plan the day first")
    assert_problem(day.get(f"{DAY}?version=7"), "not-found", "no version 7")
    assert_problem(day.get("/v1/plans/2026-02-30"), "bad-input", "no such date")
    assert_problem(day.get("/v1/plans/tomorrow"), "bad-input", "expected a date")


def test_only_the_plan_that_was_seen_is_published(day: TestClient) -> None:
    first = make(day)
    second = make(day, seed=1)
    assert (first["version"], second["version"]) == (1, 2)
    etag = day.get(f"{DAY}?version=2").headers["etag"]

    blind = day.post(f"{DAY}/publish", json={"version": 2})
    assert_problem(blind, "precondition-required", "If-Match")
    stale = day.post(f"{DAY}/publish", json={"version": 2}, headers={"If-Match": '"old"'})
    assert_problem(stale, "changed-meanwhile")
    seen = day.post(f"{DAY}/publish", json={"version": 2}, headers={"If-Match": etag})
    assert seen.status_code == 200, seen.text
    assert seen.json()["state"] == "published"
    assert seen.headers["etag"] != etag
    twice = day.post(
        f"{DAY}/publish", json={"version": 2}, headers={"If-Match": seen.headers["etag"]}
    )
    assert_problem(twice, "conflict", "expected draft")
    states = {plan["version"]: plan["state"] for plan in day.get("/v1/plans").json()["data"]}
    assert states == {1: "draft", 2: "published"}
    kinds = [event["kind"] for event in day.get("/v1/events?limit=100").json()["data"]]
    assert kinds.count("plan.published") == 1
    assert kinds.count("transfer.expected") == 8


def test_a_transfer_says_when_it_arrives(day: TestClient) -> None:
    transfer = day.get("/v1/transfers").json()["data"][0]["id"]
    before = day.get(f"/v1/transfers/{transfer}/arrival").json()
    make(day)
    draft = day.get(f"/v1/transfers/{transfer}/arrival").json()
    etag = day.get(DAY).headers["etag"]
    day.post(f"{DAY}/publish", json={"version": 1}, headers={"If-Match": etag})
    published = day.get(f"/v1/transfers/{transfer}/arrival").json()

    assert before["basis"] == "timetable"
    assert draft["basis"] == "timetable"  # a draft is no promise
    assert before["promised_on"] == published["promised_on"] == before["expected_at"][:10]
    assert published["basis"] == "published plan"
    assert published["expected_at"].startswith("2026-11-2")


def test_two_plans_are_compared(day: TestClient) -> None:
    make(day)
    make(day, seed=1)

    answer = day.get(f"{DAY}/compare", params={"version": 2, "with": 1})

    assert answer.status_code == 200, answer.text
    compared = answer.json()
    assert compared["before"]["total"] > 0
    assert compared["sentences"] is not None


@sqlite_only
def test_programs_read_what_is_packed_and_received(day: TestClient) -> None:
    plan = publish(day)

    lists = day.get(f"{DAY}/packing-lists", params={"format": "json"}).json()

    assert (lists["date"], lists["version"]) == (plan["date"], plan["version"])
    called = [(run["number"], stop["branch"]) for run in plan["runs"] for stop in run["stops"]]
    assert sorted((one["run"], one["branch"]) for one in lists["data"]) == sorted(called)
    packed = [bundle for one in lists["data"] for bundle in one["pack"]]
    received = [bundle for one in lists["data"] for bundle in one["receive"]]
    assert {bundle["origin"] for bundle in packed} <= {one["branch"] for one in lists["data"]}
    assert all(len(one["transfers"]) == one["items"] for one in (*packed, *received))
    moved = {name for bundle in packed for name in bundle["transfers"]}
    assert moved >= {name for bundle in received for name in bundle["transfers"]}
    assert len(moved) == 8
    own = day.get(f"{DAY}/packing-lists", params={"format": "json", "branch": "nora"}).json()
    assert own["data"] == [one for one in lists["data"] if one["branch"] == "nora"]


@sqlite_only
def test_a_branch_sees_its_packing_list_alone(day: TestClient, engine: Engine) -> None:
    make(day)
    with writing(engine) as session:
        _, token = create_key(session, name="nora", scopes=SCOPES, branch="nora")
    key = {"Authorization": f"Bearer {token}"}

    own = day.get(f"{DAY}/packing-lists", headers=key)

    assert own.status_code == 200
    assert "Nora" in own.text
    for path in ("", "/map", "/sheets", "/problem", "/packing-lists?branch=kumla"):
        assert_problem(day.get(DAY + path, headers=key), "not-allowed")


def test_a_repeated_request_to_plan_makes_one_plan(day: TestClient) -> None:
    key = {"Idempotency-Key": "plan-once"}
    first = day.post(DAY, json={"seconds": 1}, headers=key)
    second = day.post(DAY, json={"seconds": 1}, headers=key)

    assert first.content == second.content
    assert len(day.get("/v1/plans").json()["data"]) == 1


def test_a_branch_lists_what_is_on_its_way_to_it(engine: Engine, day: TestClient) -> None:
    publish(day)
    to_kumla = day.get("/v1/transfers", params={"destination": "kumla"}).json()["data"]
    gone, lost, *coming = sorted(one["id"] for one in to_kumla)
    day.post(f"/v1/transfers/{gone}/cancel", json={"reason": "not wanted"})
    day.post("/v1/transfers/missing", json={"transfers": [lost]})

    listed = day.get("/v1/branches/kumla/arrivals", params={"limit": 1}).json()
    rest = day.get("/v1/branches/kumla/arrivals", params={"cursor": listed["next"]}).json()

    told = {one["transfer"]: one for one in listed["data"] + rest["data"]}
    assert told.keys() == {lost, *coming}
    assert told[lost]["expected_at"] is None
    assert all(one["basis"] == "published plan" for name, one in told.items() if name != lost)
    for name, one in told.items():
        assert one | day.get(f"/v1/transfers/{name}/arrival").json() == one
    with writing(engine) as session:
        _, token = create_key(session, name="laxa", scopes=["transfers:read"], branch="laxa")
    of_laxa = {"Authorization": f"Bearer {token}"}
    answer = day.get("/v1/branches/kumla/arrivals", headers=of_laxa)
    assert_problem(answer, "not-allowed", "'kumla'")
    assert_problem(day.get("/v1/branches/nowhere/arrivals"), "not-found")

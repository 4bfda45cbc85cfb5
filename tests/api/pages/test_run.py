"""The driver's page without a script: every step by plain forms, bound to today, each once."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader
from sqlalchemy import delete, select, update

from api.problems import ProblemError
from logistics.storage.session import reading, writing
from logistics.storage.tables import (
    BranchRow,
    LegRow,
    PlanRow,
    RunRow,
    TransferRow,
)
from tests.api.conftest import NOW
from tests.api.pages.driving import (
    bundle,
    exceptions,
    run_of,
    send,
    states,
    steps,
    stops_of,
    tick,
    ticks,
    van_stops,
    whole_run,
)
from tests.api.pages.people import hidden
from tests.databases import copy_sqlite
from tests.maps.hostile import NAMES, SCRIPT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fastapi import FastAPI
    from fastapi.testclient import TestClient
    from sqlalchemy import Engine

    from logistics.operations.road.ticks import Driven

EVENING = datetime(2026, 11, 24, 22, 30, tzinfo=UTC)


@pytest.fixture
def database_url(_published: Path, tmp_path: Path) -> str:
    return copy_sqlite(_published, tmp_path)


@pytest.fixture
def code(engine: Engine) -> str:
    return run_of(engine).code


def test_a_whole_run_is_driven_without_a_script(
    enter: Callable[[str], TestClient], engine: Engine, code: str
) -> None:
    driver = enter("driver")
    assert driver.get("/tur").headers["location"] == f"/tur/{code}"
    for kind, stop in whole_run(9):
        page = driver.get(f"/tur/{code}").text
        step = {"depart": 0, "return": 10}.get(kind, stop)
        assert f'data-first="{step}"' in page
        assert ("Kvitterat." in page) is (step != 0)
        fields = hidden(page, f"/tur/{code}/kvittera")
        fields |= {"kind": kind, "stop": str(stop or ""), "place": ""}
        answer = driver.post(f"/tur/{code}/kvittera", data=fields)
        assert answer.headers["location"] == f"/tur/{code}"

    assert 'data-first="11"' in driver.get(f"/tur/{code}").text
    assert steps(engine) == whole_run(9)
    assert not states(engine)["aboard"]


def test_the_same_step_is_ticked_once_by_tap_by_reload_and_by_another_phone(
    enter: Callable[[str], TestClient], engine: Engine, code: str
) -> None:
    one, other = enter("driver"), enter("driver")
    fields = hidden(one.get(f"/tur/{code}").text, f"/tur/{code}/kvittera")
    for _ in range(3):
        assert one.post(f"/tur/{code}/kvittera", data=fields).status_code == 303
    assert tick(other, code, "depart").status_code == 303
    assert send(other, code, kind="depart").json() == {"outcome": "taken", "known": True}
    assert steps(engine) == [("depart", None)]


def test_a_tick_happened_when_it_was_tapped_whatever_the_clock_of_the_phone_says(
    enter: Callable[[str], TestClient], engine: Engine, code: str
) -> None:
    driver = enter("driver")
    ages = {"depart": str(90 * 60 * 1000), "arrive": "nonsense", "done": str(10**11)}
    for kind, age in ages.items():
        stop = "" if kind == "depart" else "1"
        assert send(driver, code, kind=kind, stop=stop, age=age).json()["outcome"] == "taken"

    came = {one.kind: NOW - one.at for one in ticks(engine)}
    assert came["depart"] == timedelta(minutes=90)
    assert came["arrive"] == timedelta()
    assert came["done"] == timedelta(hours=36)


def test_a_closed_branch_is_passed_by_with_a_word(
    enter: Callable[[str], TestClient], engine: Engine, code: str
) -> None:
    driver = enter("driver")
    send(driver, code, kind="depart")
    answer = tick(driver, code, "exception", 1, reason="closed", note="ringde två gånger")

    assert answer.status_code == 303, answer.text
    assert [one.note_of for one in exceptions(engine)] == [
        "Stängt, ingen öppnade: ringde två gånger"
    ]
    page = driver.get(f"/tur/{code}").text
    assert 'data-first="2"' in page
    assert '<small data-said="1">✗ förbikörd' in page
    tick(driver, code, "done", 1)  # they came after all
    assert '<small data-said="1">✓ klart' in driver.get(f"/tur/{code}").text


@pytest.mark.parametrize(
    ("reason", "state", "said"),
    [("missing", "missing", "Buntar saknas, till "), ("no-room", "requested", "Buntar fick inte")],
)
def test_bundles_that_are_missing_or_do_not_fit_are_named_and_the_rest_is_done(
    enter: Callable[[str], TestClient],
    engine: Engine,
    code: str,
    reason: str,
    state: str,
    said: str,
) -> None:
    driver = enter("driver")
    send(driver, code, kind="depart")
    chosen = bundle(driver.get(f"/tur/{code}").text, "on")
    answer = tick(driver, code, "exception", 1, reason=reason, bundle=chosen)

    assert answer.status_code == 303, answer.text
    told = exceptions(engine)
    assert [one.place for one in told] == [stops_of(engine)[0].branch_id]
    assert told[0].note_of.startswith(said)
    assert steps(engine) == [("depart", None), ("exception", 1), ("done", 1)]
    with reading(engine) as session:
        taken = select(TransferRow.state).join(LegRow).where(LegRow.board_stop == 1)
        found = set(session.scalars(taken))
    assert found == {"aboard", state}


def test_a_broken_van_is_told_and_the_stop_waits(
    enter: Callable[[str], TestClient], engine: Engine, code: str
) -> None:
    driver = enter("driver")
    send(driver, code, kind="depart")
    tick(driver, code, "exception", 1, reason="breakdown")

    assert [one.note_of for one in exceptions(engine)] == ["Bilen har gått sönder"]
    assert 'data-first="1"' in driver.get(f"/tur/{code}").text


def test_a_note_about_a_person_does_not_stop_the_tick(
    enter: Callable[[str], TestClient], engine: Engine, code: str
) -> None:
    driver = enter("driver")
    send(driver, code, kind="depart")
    fields = {"kind": "exception", "stop": "1", "id": "phone-0001", "reason": "closed"}
    answer = send(driver, code, **fields, note="ring 19811218-9876")

    assert answer.json()["outcome"] == "taken"
    assert "9876" not in exceptions(engine)[0].note_of
    assert "togs bort" in exceptions(engine)[0].note_of


@pytest.mark.parametrize(
    ("fields", "status", "why"),
    [
        ({"kind": "fly"}, 422, "kind: expected one of depart"),
        ({"kind": "done", "stop": "x"}, 422, "expected its number"),
        ({"kind": "done", "stop": "99"}, 422, "inget stopp 99"),
        ({"kind": "return"}, 409, "inte kvitterade"),
        ({"kind": "exception", "stop": "1"}, 422, "Välj vad som har hänt"),
        ({"kind": "exception", "stop": "1", "reason": "closed", "id": "x"}, 422, "id: expected"),
        (
            {"kind": "exception", "stop": "1", "reason": "missing", "id": "phone-0001"},
            422,
            "Välj vilka buntar",
        ),
    ],
)
def test_a_tick_that_cannot_be_says_why(
    enter: Callable[[str], TestClient], code: str, fields: dict[str, str], status: int, why: str
) -> None:
    driver = enter("driver")
    answer = send(driver, code, **fields)
    assert answer.json()["outcome"] == "refused"
    assert why in answer.json()["why"]
    assert answer.status_code == status
    assert tick(driver, code, **fields).status_code == status  # type: ignore[arg-type]


def test_the_driver_of_a_van_that_stops_is_told_what_becomes_of_the_goods(
    enter: Callable[[str], TestClient], engine: Engine, code: str
) -> None:
    driver = enter("driver")
    send(driver, code, kind="depart")
    send(driver, code, kind="done", stop="1")
    van_stops(engine, run_of(engine).vehicle_id, 17 * 3600 + 3000)
    with reading(engine) as session:
        here = session.scalars(select(RunRow.code).join(PlanRow).where(PlanRow.version == 2)).one()
    assert here == code

    page = driver.get(f"/tur/{code}")
    assert page.status_code == 200
    assert "Den här turen är avbruten" in page.text
    assert "exemplar ligger i Bil 1, som har stannat vid" in page.text
    assert driver.get("/tur").headers["location"] == f"/tur/{code}"
    assert driver.get(f"/tur/{code}/blad").status_code == 404
    missing = {"kind": "exception", "stop": "1", "reason": "missing", "id": "missing-1"}
    assert send(driver, code, **missing).json()["outcome"] == "refused"
    assert driver.get(f"/tur/{code}/lage").json()["version"] == 2


def test_a_tick_that_finds_the_service_busy_is_kept_by_the_phone_and_told_to_nobody(
    enter: Callable[[str], TestClient],
    engine: Engine,
    code: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    driver = enter("driver")

    def crowded(*_: object, **__: object) -> Driven:
        raise ProblemError("busy", "other changes are being tried; one moment")

    with monkeypatch.context() as patch:
        patch.setattr("api.pages.run.drive", crowded)
        answer = send(driver, code, kind="depart")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert answer.headers["content-type"].startswith("text/html")  # which no phone takes for a word
    assert ticks(engine) == []
    assert send(driver, code, kind="depart").json()["outcome"] == "taken"


def test_the_codes_on_paper_lead_to_the_run_and_to_its_stop(
    enter: Callable[[str], TestClient], engine: Engine, code: str
) -> None:
    driver, third = enter("driver"), stops_of(engine)[2]
    assert driver.get(f"/tur/{third.code}").headers["location"] == f"/tur/{code}?stopp=3"
    assert 'data-first="3"' in driver.get(f"/tur/{code}?stopp=3").text
    assert driver.get("/tur/0123456789abcdef").headers["location"] == "/tur"

    pdf = driver.get(f"/tur/{code}/blad?format=pdf")
    assert pdf.headers["content-type"] == "application/pdf"
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf.content)).pages)
    said = " ".join(text.split())
    for stop in stops_of(engine):
        with reading(engine) as session:
            branch = session.get_one(BranchRow, stop.branch_id)
        # a name too long for its column gives way to the short one
        names = f"{re.escape(branch.name)}|{re.escape(branch.locality)}"
        assert re.search(rf"\b{stop.number} \d\d:\d\d ({names})", said), branch.name


def test_what_there_is_no_run_for_is_said(
    app: FastAPI, enter: Callable[[str], TestClient], engine: Engine
) -> None:
    driver = enter("driver")
    app.state.now = lambda: datetime(2026, 11, 28, 8, tzinfo=UTC)
    page = driver.get("/tur").text
    assert "Ingen bil kör i dag." in page
    assert "Nästa turer går måndag 30 november." in page
    app.state.now = lambda: NOW
    with writing(engine) as session:
        session.execute(update(PlanRow).values(state="draft"))
    assert "Dagens plan är inte publicerad än" in driver.get("/tur").text


def test_of_several_runs_one_chooses(
    enter: Callable[[str], TestClient], engine: Engine, code: str
) -> None:
    with writing(engine) as session:
        old = session.scalars(select(RunRow)).one()
        columns = old.model_dump() | {"id": None, "number": 2, "code": "second-run-code"}
        session.add(RunRow(**columns))
    page = enter("driver").get("/tur").text
    assert f'href="/tur/{code}"' in page
    assert 'href="/tur/second-run-code"' in page
    assert page.count("har inte kört än") == 2


def test_hostile_names_are_text(
    enter: Callable[[str], TestClient], engine: Engine, code: str
) -> None:
    with writing(engine) as session:
        for row, name in zip(session.scalars(select(BranchRow)), NAMES * 9, strict=False):
            row.name, row.locality = name[:200], name[:100] or "x"
            row.street_address = row.driver_note = name[:200]
    page = enter("driver").get(f"/tur/{code}").text
    assert "<img src=x" not in page
    assert "\u202e" not in page
    assert SCRIPT.replace("<", "&lt;").replace(">", "&gt;")[:30] in page


def test_the_worker_names_the_files_it_keeps(enter: Callable[[str], TestClient]) -> None:
    driver = enter("driver")
    answer = driver.get("/tur/sw.js")
    assert answer.headers["service-worker-allowed"] == "/tur"
    assert answer.headers["content-type"].startswith("text/javascript")
    kept = answer.text.split("\n")[0].partition("[")[2].partition("]")[0]
    for path in kept.replace('"', "").split(", "):
        assert driver.get(path).status_code == 200, path


def test_a_stop_whose_rows_were_thinned_out_is_still_shown(
    enter: Callable[[str], TestClient], engine: Engine, code: str
) -> None:
    with writing(engine) as session:
        session.execute(delete(LegRow))
    assert enter("driver").get(f"/tur/{code}").status_code == 200

"""Ticks that come late: from a tunnel, after a new plan, or when the day is closed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from logistics.storage.session import reading, writing
from logistics.storage.tables import (
    PlanRow,
    StaffSessionRow,
    TransferRow,
    now,
)
from tests.api.pages.driving import bundle, close_ahead, exceptions, run_of, send, stops_of, ticks
from tests.databases import copy_sqlite

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fastapi import FastAPI
    from fastapi.testclient import TestClient
    from sqlalchemy import Engine


EVENING = datetime(2026, 11, 24, 22, 30, tzinfo=UTC)


@pytest.fixture
def database_url(_published: Path, tmp_path: Path) -> str:
    return copy_sqlite(_published, tmp_path)


@pytest.fixture
def code(engine: Engine) -> str:
    return run_of(engine).code


def test_a_driver_sees_the_runs_of_today_alone_but_late_ticks_are_taken(
    app: FastAPI, enter: Callable[[str], TestClient], engine: Engine, code: str
) -> None:
    driver = enter("driver")
    send(driver, code, kind="depart")
    app.state.now = lambda: EVENING + timedelta(hours=9)

    assert driver.get(f"/tur/{code}").headers["location"] == "/tur"
    assert "Den turen är inte i dag." in driver.get("/tur").text
    assert driver.get(f"/tur/{code}/blad").status_code == 404
    late = str(int(timedelta(hours=18).total_seconds() * 1000))
    assert send(driver, code, kind="done", stop="1", age=late).json()["outcome"] == "taken"
    assert ticks(engine)[-1].at == EVENING - timedelta(hours=9)
    app.state.now = lambda: EVENING + timedelta(days=2)
    answer = send(driver, code, kind="done", stop="2")
    assert (answer.status_code, answer.json()["outcome"]) == (404, "refused")
    assert enter("coordinator").get(f"/tur/{code}").status_code == 200


def test_a_tick_after_the_day_is_closed_is_refused_in_words(
    enter: Callable[[str], TestClient], engine: Engine, code: str
) -> None:
    with writing(engine) as session:
        session.execute(update(PlanRow).values(state="closed"))
    answer = send(enter("driver"), code, kind="depart")
    assert answer.status_code == 409
    assert "Planens version 1 är bokförd och stängd." in answer.json()["why"]
    assert [one.note_of for one in exceptions(engine)] == [
        f"Togs inte emot, kört från navet: {answer.json()['why']}"
    ]


def test_a_late_tick_lands_at_its_branch_or_is_told_to_the_coordinator(
    enter: Callable[[str], TestClient], engine: Engine, code: str
) -> None:
    driver, before = enter("driver"), stops_of(engine)
    send(driver, code, kind="depart")
    close_ahead(engine, before[1].branch_id)
    old = {"kind": "done", "version": "1"}

    answer = send(driver, code, **old, stop="4", place=before[3].code)
    assert answer.json() == {"outcome": "taken", "known": False}
    after = {stop.branch_id: stop for stop in stops_of(engine)}
    assert after[before[3].branch_id].done_at is not None
    assert sum(stop.done_at is not None for stop in after.values()) == 1

    why = []
    for _ in range(2):
        answer = send(driver, code, **old, stop="2", place=before[1].code)
        assert (answer.status_code, answer.json()["outcome"]) == (409, "refused")
        why.append(answer.json()["why"])
    assert why[0] == why[1]
    assert why[0].startswith("Planen har ändrats, och tur 1 stannar inte längre vid ")
    told = [(one.place, one.note_of) for one in exceptions(engine)]
    assert told == [(before[1].branch_id, f"Togs inte emot, klart: {why[0]}")]
    page = enter("coordinator").get("/dag/2026-11-24").text
    note = page[page.index('id="told"') :].split("</section>")[0]
    assert "Rätta för hand:" in note
    assert why[0] in note
    assert why[0] in enter("coordinator").get("/dag/2026-11-24/fran-vagen").text


def test_bundles_are_named_by_the_sheet_that_the_driver_had(
    enter: Callable[[str], TestClient], engine: Engine, code: str
) -> None:
    driver, before = enter("driver"), stops_of(engine)
    send(driver, code, kind="depart")
    page = driver.get(f"/tur/{code}").text
    card = page[page.index('data-step="4"') :]
    chosen = bundle(card, "on")
    close_ahead(engine, before[1].branch_id)
    fields = {"kind": "exception", "reason": "missing", "id": "phone-0001", "bundle": chosen}
    answer = send(driver, code, **fields, stop="4", place=before[3].code, version="1")

    assert answer.json()["outcome"] == "taken", answer.text
    assert exceptions(engine)[0].place == before[3].branch_id
    with reading(engine) as session:
        assert "missing" in set(session.scalars(select(TransferRow.state)))


def test_a_phone_that_lay_in_a_pocket_all_day_is_still_logged_in(
    app: FastAPI, enter: Callable[[str], TestClient], engine: Engine, code: str
) -> None:
    driver, coordinator = enter("driver"), enter("coordinator")
    with writing(engine) as session:
        for row in session.scalars(select(StaffSessionRow)):
            row.seen_at = now() - timedelta(minutes=590)
    app.state.door.forget()
    assert driver.get(f"/tur/{code}").status_code == 200
    assert "/logga-in" in coordinator.get(f"/tur/{code}").headers["location"]

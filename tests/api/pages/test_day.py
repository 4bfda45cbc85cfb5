"""The coordinator's day: shown in each state, changed only by who has seen it as it is."""

from __future__ import annotations

import json
import re
import threading
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from sqlmodel import select

from api.pages import day_turn
from logistics.operations.day.plan_day import plan_day
from logistics.operations.day.stored_plans import read_stored_plan
from logistics.operations.upkeep.schedule import Schedule, handlers
from logistics.operations.upkeep.work import work_once
from logistics.storage.session import reading, writing
from logistics.storage.tables import BranchRow, DayChangeRow, PlanRow
from tests.api.pages.people import hidden, submit
from tests.maps.hostile import SCRIPT
from tests.operations.helpers import TUESDAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import FastAPI
    from fastapi.testclient import TestClient

DAY = "/dag/2026-11-24"
CLOSE_NORA = f"{DAY}/prova?andra=close-branch&vad=nora&skal=vattenl%C3%A4cka"


#: Each test finds what the sample week asks for before its Tuesday.
pytestmark = pytest.mark.usefixtures("asked")


def keep(client: TestClient, trial: str) -> str:
    """Look at what a change would do, keep it, and return the page of the day."""
    answer = submit(client, trial, f"{DAY}/behall")
    assert answer.status_code == 303, answer.text
    return client.get(answer.headers["location"]).text


def test_a_day_without_a_plan_offers_to_make_one_and_tells_how_far_it_is(
    app: FastAPI, enter: Callable[[str], TestClient]
) -> None:
    client = enter("coordinator")
    assert client.get("/dag").headers["location"] == DAY
    assert "Ingen plan än" in client.get(DAY).text

    assert submit(client, DAY, f"{DAY}/planera").headers["location"] == DAY
    page = client.get(DAY).text
    assert "Väntar på sin tur" in page
    assert '<noscript><meta http-equiv="refresh"' in page
    watched = re.search(r'data-progress="([^"]+)"', page)
    assert watched

    assert work_once(app.state.engine, handlers(Schedule(plan_seconds=0.5)), worker="w")
    said = client.get(watched[1]).text
    told = [json.loads(line[6:])["said"] for line in said.splitlines() if line[:5] == "data:"]
    assert any(one.startswith("Bäst hittills") for one in told)
    assert "event: end" in said
    page = client.get(DAY).text
    assert "Utkast 1" in page
    assert "framsteg" not in page


def test_a_plan_that_failed_says_why_and_what_to_do(
    app: FastAPI, enter: Callable[[str], TestClient]
) -> None:
    with writing(app.state.engine) as session:
        session.add(
            DayChangeRow(service_date=TUESDAY, kind="must-visit", subject="frovi", details={})
        )
    client = enter("coordinator")
    submit(client, DAY, f"{DAY}/planera")
    work_once(app.state.engine, handlers(Schedule(plan_seconds=0.5)), worker="w")

    page = client.get(DAY).text
    assert "Dagen gick inte att planera" in page
    assert "Frövi måste besökas, men besöks inte den dagen" in page


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2026-12-25", "Det är Juldagen, en helgdag."),
        ("2026-11-28", "Turkalendern har ingen tur den här dagen (lördag)."),
    ],
)
def test_a_day_on_which_nothing_runs_says_why_and_leads_on(
    enter: Callable[[str], TestClient], day: str, words: str
) -> None:
    page = enter("coordinator").get(f"/dag/{day}").text
    assert words in page
    assert "Inget att göra den här dagen" in page
    assert "Till måndag" in page


def test_the_date_picker_knows_the_service_calendar(enter: Callable[[str], TestClient]) -> None:
    page = enter("coordinator").get("/dag/2026-12-23").text
    assert 'aria-label="Turdagen efter: måndag 28 december"' in page
    assert 'aria-label="torsdag 24 december 2026: Julafton"' in page
    assert (
        enter("coordinator").get("/dag?datum=2026-12-01").headers["location"] == "/dag/2026-12-01"
    )


@pytest.mark.usefixtures("planned")
def test_every_number_leads_to_the_transfers_behind_it(enter: Callable[[str], TestClient]) -> None:
    client = enter("coordinator")
    page = client.get(DAY).text
    totals = re.search(r'<dl class="totals">.*?</dl>', page, re.DOTALL)
    assert totals
    links = [one.replace("&amp;", "&") for one in re.findall(r'href="([^"]+)"', totals[0])]
    assert len(links) == 7
    for link in links:
        assert client.get(link.partition("#")[0]).status_code == 200
    number = re.search(r"utfall=left\">(\d+)</a>", totals[0])
    assert number
    rows = client.get(f"{DAY}/transporter?utfall=left").text.count('<th scope="row">')
    assert rows == int(number[1])
    assert client.get(f"{DAY}/transporter?utfall=junk").status_code == 422


@pytest.mark.usefixtures("planned")
def test_what_does_not_arrive_says_why_and_what_would_bring_it(
    enter: Callable[[str], TestClient],
) -> None:
    client = enter("coordinator")
    page = client.get(DAY).text
    links = re.findall(r'class="why" href="([^"]*/varfor[^"]*)"', page)
    where = links[0].replace("&amp;", "&")
    part = client.get(where, headers={"HX-Request": "true"}).text
    said = re.search(r'<span class="remedy">(I dag: [^<]*)</span>', part)
    assert said
    assert said[1] in client.get(where).text
    again = client.get(DAY).text
    # What is known stands on the page at once; nobody has to ask for it any more.
    assert again.count(said[1]) == 1
    assert len(re.findall('class="why" href', again)) == len(links) - 1
    assert client.get(f"{DAY}/varfor?frakt=nothing").status_code == 404


def test_a_change_is_seen_before_it_is_kept_and_can_be_taken_back(
    planned: FastAPI, enter: Callable[[str], TestClient]
) -> None:
    client = enter("coordinator")
    trial = client.get(CLOSE_NORA).text
    assert "Om: Nora är stängt (vattenläcka)" in trial
    assert "Besöks inte längre: Nora." in trial
    assert re.search(r'"before"', trial)  # the old runs lie faint below
    with reading(planned.state.engine) as session:
        assert session.exec(select(DayChangeRow)).all() == []

    page = keep(client, CLOSE_NORA)
    assert "Sparat som utkast 2." in page
    assert "Nora är stängt (vattenläcka)" in page
    assert 'data-site="nora"' not in page

    back = re.search(r'href="([^"]*angra=\d+[^"]*)"', page)
    assert back
    page = keep(client, back[1].replace("&amp;", "&"))
    assert "Sparat som utkast 3." in page
    assert 'data-site="nora"' in page
    assert "vattenläcka" not in page


def test_a_move_by_hand_is_judged_and_stays_when_the_day_is_planned_again(
    planned: FastAPI, enter: Callable[[str], TestClient]
) -> None:
    client = enter("coordinator")
    page = client.get(DAY).text
    last = re.findall(r'href="([^"]*andra=move[^"]*)" data-move="up"', page)[-1]
    page = keep(client, last.replace("&amp;", "&"))
    order = re.findall(r'data-site="(\w+)"', page)
    assert "flyttad för hand" in page

    plan_day(planned.state.engine, TUESDAY, seconds=0.5, workers=1, moved_stop_sek=10)
    again = re.findall(r'data-site="(\w+)"', client.get(DAY).text)
    moved = re.search(r"vad=(\w+)", last)
    assert moved
    place = order.index(moved[1])
    assert again.index(moved[1]) < again.index(order[place + 1])


def test_a_move_that_breaks_a_rule_names_it_and_cannot_be_kept(
    planned: FastAPI, enter: Callable[[str], TestClient]
) -> None:
    with writing(planned.state.engine) as session:
        plan = session.exec(select(PlanRow)).one()
        van = plan.answer["runs"][0]["vehicle"]
        session.get_one(BranchRow, "laxa").receiving_hours = "Mo-Fr 06:00-07:10"
    page = enter("coordinator").get(f"{DAY}/prova?andra=move&vad=laxa&bil={van}&plats=9").text
    assert "Det här bryter mot en regel och kan inte behållas" in page
    assert re.search(r"kommer till Laxå [\d\s]+ min för sent", page)
    assert f'action="{DAY}/behall"' not in page


@pytest.mark.usefixtures("planned")
@pytest.mark.parametrize("strength", ["vehicle", "order", "time"])
def test_a_stop_is_fixed_in_three_strengths_and_let_go(
    enter: Callable[[str], TestClient], strength: str
) -> None:
    client = enter("coordinator")
    answer = submit(client, f"{DAY}/stopp/nora", f"{DAY}/las", stopp="nora", styrka=strength)
    assert answer.status_code == 303
    page = client.get(DAY).text
    assert "Nora behåller" in page
    assert '<span class="pin">' in page
    assert f'value="{strength}" checked' in client.get(f"{DAY}/stopp/nora").text

    submit(client, f"{DAY}/stopp/nora", f"{DAY}/las", stopp="nora", styrka="")
    assert '<span class="pin">' not in client.get(DAY).text


def test_two_coordinators_at_once_overwrite_nothing(
    planned: FastAPI, enter: Callable[[str], TestClient]
) -> None:
    first, second = enter("coordinator"), enter("admin")
    theirs = f"{DAY}/prova?andra=close-branch&vad=laxa&skal=sn%C3%B6"
    seen = hidden(second.get(theirs).text, f"{DAY}/behall")
    keep(first, CLOSE_NORA)

    answer = second.post(f"{DAY}/behall", data=seen)

    assert answer.status_code == 409
    assert "Någon annan hann före" in answer.text
    assert "Nora är stängt (vattenläcka)" in answer.text
    assert "en kollega" in answer.text
    again = re.search(r'href="([^"]*prova[^"]*)"', answer.text)
    assert again
    with reading(planned.state.engine) as session:
        assert [row.subject for row in session.exec(select(DayChangeRow))] == ["nora"]
        assert [row.version for row in session.exec(select(PlanRow))] == [1, 2]
    keep(second, again[1].replace("&amp;", "&"))
    page = first.get(DAY).text
    assert "Laxå är stängt (snö)" in page
    assert "Nora är stängt (vattenläcka)" in page


@pytest.mark.usefixtures("planned")
def test_publishing_asks_once_freezes_and_offers_the_print(
    enter: Callable[[str], TestClient],
) -> None:
    first, second = enter("coordinator"), enter("admin")
    late = hidden(second.get(DAY).text, f"{DAY}/publicera")
    answer = submit(first, DAY, f"{DAY}/publicera")
    assert answer.status_code == 303
    page = first.get(DAY).text
    assert "Publicerad, version 1" in page
    for paper in ("sheets", "packing-lists", "labels"):
        assert f"/v1/plans/2026-11-24/{paper}?version=1" in page
    assert f'action="{DAY}/publicera"' not in page

    answer = second.post(f"{DAY}/publicera", data=late)
    assert answer.status_code == 409
    assert "Publicerad, version 1" in answer.text

    assert "Utkast 2" in keep(first, CLOSE_NORA)
    submit(first, DAY, f"{DAY}/publicera")
    assert "Publicerad, version 2" in first.get(DAY).text
    assert "Ersatt, version 1" in first.get(DAY).text

    submit(first, DAY, f"{DAY}/bokfor")
    page = first.get(DAY).text
    assert "Stängd, version 2" in page
    assert "inget kan ändras längre" in page


@pytest.mark.usefixtures("planned")
def test_two_versions_stand_side_by_side(enter: Callable[[str], TestClient]) -> None:
    client = enter("coordinator")
    keep(client, CLOSE_NORA)
    page = client.get(f"{DAY}/jamfor?version=2&mot=1").text
    assert "Version 2 mot version 1" in page
    assert "Besöks inte längre: Nora." in page


@pytest.mark.usefixtures("planned")
def test_what_cannot_be_is_refused_in_words(enter: Callable[[str], TestClient]) -> None:
    client = enter("coordinator")
    refused = client.get(f"{DAY}/prova?andra=must-visit&vad=frovi")
    assert refused.status_code == 409
    assert "Inget ändrades." in refused.text
    assert client.get(f"{DAY}/stopp/frovi").status_code == 404
    assert client.get(f"{DAY}?version=99").status_code == 404
    fields = hidden(client.get(CLOSE_NORA).text, f"{DAY}/behall")
    assert client.post(f"{DAY}/behall", data=fields | {"plan": "junk"}).status_code == 422


@pytest.mark.parametrize(
    "search",
    ["prova?andra=close-branch&vad=nora", "pa-vagen?handelse=stangt&vad=nora", "varfor?frakt={}"],
)
def test_one_search_too_many_is_asked_to_come_again(
    planned: FastAPI,
    enter: Callable[[str], TestClient],
    monkeypatch: pytest.MonkeyPatch,
    search: str,
) -> None:
    with reading(planned.state.engine) as session:
        plan = read_stored_plan(session, TUESDAY)
    late = next(one.id for one in plan.problem.shipments if plan.promises[one.id].row.reason)
    monkeypatch.setattr(day_turn, "_places", threading.BoundedSemaphore(1))
    client = enter("coordinator")
    path = f"{DAY}/{search.format(quote(late))}"
    with day_turn.taking_turns(0.01):
        answer = client.get(path)
        by_itself = client.get(f"{path}&sjalv=1", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    # A page that asks by itself is told nothing: its reader has not asked for anything.
    assert by_itself.status_code == (204 if search.startswith("varfor") else 503)
    assert "Andra ändringar prövas just nu." in answer.text
    assert "Försök igen" in answer.text
    assert client.get(path).status_code in {200, 409}


def test_a_hostile_name_is_text_on_every_page_of_a_day(
    planned: FastAPI, enter: Callable[[str], TestClient]
) -> None:
    with writing(planned.state.engine) as session:
        session.get_one(BranchRow, "nora").locality = SCRIPT
    client = enter("coordinator")
    for path in (DAY, CLOSE_NORA, f"{DAY}/stopp/nora", f"{DAY}/transporter"):
        page = client.get(path).text
        assert "&lt;/script&gt;&lt;img src=x" in page, path
        assert "<img" not in page, path


def test_a_form_that_was_tampered_with_is_refused(
    planned: FastAPI, enter: Callable[[str], TestClient]
) -> None:
    client = enter("coordinator")
    fields = hidden(client.get(CLOSE_NORA).text, f"{DAY}/behall")
    for wrong in ({"asked": "junk"}, {"asked": '{"andra": "burn"}'}, {"plan": "eJw="}):
        assert client.post(f"{DAY}/behall", data=fields | wrong).status_code == 422
    with reading(planned.state.engine) as session:
        assert session.exec(select(DayChangeRow)).all() == []

"""The network pages: what is known and how surely; changes are tried before they are kept."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from api.app import create_app
from api.pages.network_words import hours_fault
from api.settings import Settings
from logistics.operations.network import preview_week
from logistics.storage.session import reading, writing
from logistics.storage.tables import AuditRow, BranchRow, ClosureRow, ServicePatternRow
from maps.i18n import words
from tests.api.conftest import NOW
from tests.api.pages.people import PASSWORD, hidden, submit
from tests.maps.hostile import RIGHT_TO_LEFT, SCRIPT
from tests.network.servers import nominatim, served

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

NORA = "/natet/nora"
GYTTORP = {
    "visa": "1", "namn": "Gyttorps bibliotek", "kommun": "1884", "slag": "branch", "ort": "Gyttorp",
    "lat": "59,505", "lon": "14.965", "invanare": "900", "timmar": "Mo-Fr 10:00-15:00",
    "dag": ["1", "3"],
}  # fmt: skip


@pytest.fixture(autouse=True)
def _short_search(monkeypatch: pytest.MonkeyPatch) -> None:
    defaults = preview_week.preview_week.__kwdefaults__
    monkeypatch.setitem(defaults, "iterations", 20)
    monkeypatch.setitem(defaults, "seconds", 600.0)


def text_of(page: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


def test_the_unsure_stands_first_with_its_source(enter: Callable[[str], TestClient]) -> None:
    page = enter("coordinator").get("/natet").text
    rows = re.findall(r'class="sure (\w+)"', page)
    assert rows == sorted(rows, key=["low", "medium", "high"].index)
    assert len(rows) == 20
    said = text_of(page)
    assert "8 bibliotek, 21 lägen, mottagningstider för 20" in said
    assert "no independent evidence found" in said
    assert 'href="/natet/laxa-rofors"' in page


@pytest.mark.parametrize(
    ("view", "words_there"),
    [
        ("kalender", ("besöks inte på tisdagar, bara mån, ons, fre", "lindenytt.com 2025")),
        ("vagar", ("inte bekräftad", "km/h")),
        ("stangt", ("Stäng hela trafiken",)),
        ("nonsense", ("Bibliotek",)),
    ],
)
def test_each_view_shows_rows_with_their_source(
    enter: Callable[[str], TestClient], view: str, words_there: tuple[str, ...]
) -> None:
    answer = enter("coordinator").get(f"/natet?vy={view}")
    assert answer.status_code == 200
    for one in words_there:
        assert one in text_of(answer.text)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("mån-fre 08:00-17:00", "Skriv Mo i stället för mån."),
        ("Mo-Fr 8.00-17.00", "Skriv 08:00 i stället för 8.00."),
        ("Mo-Fr 07:30-17:00; tis off", "”tis off” går inte att läsa"),
        ("whenever", "Skriv som Mo-Fr 07:30-17:00; PH off."),
        ("Mo-Fr 07:30-17:00; PH off", ""),
        ("", ""),
    ],
)
def test_wrong_hours_are_explained(typed: str, said: str) -> None:
    fault = hours_fault(words("sv", "api"), typed)
    assert said in fault
    assert bool(fault) == bool(said)


def test_hours_are_tried_then_kept_once(engine: Engine, enter: Callable[[str], TestClient]) -> None:
    coordinator = enter("coordinator")
    assert "07:30–17:00" in coordinator.get(NORA).text  # noqa: RUF001  # a span

    wrong = coordinator.get(f"{NORA}/oppettider", params={"timmar": "8.00-17"})
    assert wrong.status_code == 422
    assert 'value="8.00-17"' in wrong.text
    assert 'aria-invalid="true"' in wrong.text

    tried = coordinator.get(f"{NORA}/oppettider", params={"timmar": "Mo-Fr 13:00-15:00"})
    assert "Tar emot: mån-fre 13:00-15:00" in text_of(tried.text).replace("\u2013", "-")
    assert "onsdag 25 november" in tried.text
    assert "behovet är uppskattat" in tried.text
    fields = hidden(tried.text, f"{NORA}/oppettider")
    kept = coordinator.post(f"{NORA}/oppettider", data=fields)
    assert kept.headers["location"] == NORA
    again = coordinator.post(f"{NORA}/oppettider", data=fields)  # a double click
    assert again.headers["location"] == NORA
    assert "13:00–15:00" in coordinator.get(NORA).text  # noqa: RUF001  # a span
    with reading(engine) as session:
        row = session.get_one(BranchRow, "nora")
        assert (row.hours_confidence, row.revision) == ("high", 2)
        assert session.scalars(select(AuditRow.action)).all() == ["log in", "change hours"]

    late = coordinator.post(f"{NORA}/oppettider", data=fields | {"once": "another"})
    assert late.status_code == 409
    assert "Någon annan hann före" in late.text


def test_service_days_are_tried_then_kept(
    engine: Engine, enter: Callable[[str], TestClient]
) -> None:
    coordinator = enter("coordinator")
    path = "/natet/hjortkvarn/turdagar"
    query = {"dag": ["2", "4", "9"], "veckor": "odd", "fran": "2026-11-30"}
    tried = coordinator.get(path, params=query)
    assert "Besöks tis, tors, udda veckor, från måndag 30 november 2026" in text_of(tried.text)

    data = hidden(tried.text, path) | {"dag": ["2", "4"]}
    assert coordinator.post(path, data=data).headers["location"] == "/natet/hjortkvarn"

    with reading(engine) as session:
        rows = select(ServicePatternRow).where(ServicePatternRow.branch == "hjortkvarn")
        assert [row.weekdays for row in session.scalars(rows)] == [[1, 3, 5], [2, 4]]
    assert "Besöks inte längre från" in coordinator.get(path, params={"fran": "2026-11-30"}).text
    assert coordinator.get(path, params={"fran": "soon"}).status_code == 422


def test_a_closure_is_tried_kept_and_taken_back(
    engine: Engine, enter: Callable[[str], TestClient]
) -> None:
    coordinator = enter("coordinator")
    query = {"fran": "2026-12-01", "till": "2026-12-02", "skal": "nytt golv"}
    tried = coordinator.get(f"{NORA}/stangning", params=query)
    assert "Stängt tisdag 1 december 2026 till onsdag 2 december 2026: nytt golv" in text_of(
        tried.text
    )
    coordinator.post(f"{NORA}/stangning", data=hidden(tried.text, f"{NORA}/stangning"))
    assert "nytt golv" in coordinator.get(NORA).text
    assert "nytt golv" in coordinator.get("/natet?vy=stangt").text

    with reading(engine) as session:
        number = session.scalars(select(ClosureRow.id).order_by(ClosureRow.id.desc())).first()
    opened = submit(coordinator, NORA, f"/natet/stangningar/{number}/oppna")
    assert opened.headers["location"] == NORA
    assert "nytt golv" not in coordinator.get(NORA).text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"fran": "2026-12-02", "till": "2026-12-01"}, "Sista dagen är före den första."),
        ({"fran": "1/12", "till": "2026-12-01"}, "Skriv dagen som 2026-12-24."),
        ({"fran": "2026-12-01", "till": "", "skal": "Eva 19811218-9876"}, "personal number"),
    ],
)
def test_a_closure_that_cannot_be_is_explained_in_its_field(
    enter: Callable[[str], TestClient], query: dict[str, str], said: str
) -> None:
    answer = enter("coordinator").get(f"{NORA}/stangning", params=query)
    assert answer.status_code == 422
    assert said in text_of(answer.text)


def test_the_whole_service_is_closed_from_the_list(enter: Callable[[str], TestClient]) -> None:
    coordinator = enter("coordinator")
    wrong = coordinator.get("/natet/alla/stangning?fran=never")
    assert wrong.headers["location"] == "/natet?vy=stangt"
    path = "/natet/alla/stangning"
    tried = coordinator.get(f"{path}?fran=2026-12-21&till=2026-12-23&skal=vila")
    kept = coordinator.post(path, data=hidden(tried.text, path))
    assert kept.headers["location"] == "/natet?vy=stangt"
    assert "Hela trafiken" in coordinator.get("/natet?vy=stangt").text
    assert "hela trafiken" in coordinator.get(NORA).text


def test_a_library_is_added_by_its_position(
    engine: Engine, enter: Callable[[str], TestClient]
) -> None:
    coordinator = enter("coordinator")
    tried = coordinator.get("/natet/ny", params=GYTTORP)
    assert "Ett nytt bibliotek; det ansluts till vägnätet vid" in text_of(tried.text)
    sent = hidden(tried.text, "/natet/ny") | {"dag": ["1", "3"]}

    kept = coordinator.post("/natet/ny", data=sent)

    assert kept.headers["location"] == "/natet/gyttorps-bibliotek"
    page = text_of(coordinator.get("/natet/gyttorps-bibliotek").text)
    assert "mån, ons, varje vecka" in page
    with reading(engine) as session:
        row = session.get_one(BranchRow, "gyttorps-bibliotek")
        assert (row.latitude, row.longitude, row.source[:11]) == (59.505, 14.965, "samordnaren")
    assert coordinator.get("/natet/ny", params=GYTTORP).status_code == 422  # the name is taken


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("namn", "", "Skriv ett namn."),
        ("lat", "159", "Klicka på kartan, eller skriv grader mellan 55 och 70."),
        ("kommun", "0000", "Välj en kommun."),
        ("invanare", "många", "Skriv ett tal."),
        ("timmar", "mån 8-9", "Skriv Mo i stället för mån."),
        ("slag", "terminal", "Välj vad det är."),
        ("ort", " ", "Skriv en ort."),
    ],
)
def test_what_is_wrong_with_a_new_library_stands_at_its_field(
    enter: Callable[[str], TestClient], field: str, value: str, said: str
) -> None:
    answer = enter("coordinator").get("/natet/ny", params=GYTTORP | {field: value})
    assert answer.status_code == 422
    assert said in text_of(answer.text)


def test_an_address_is_looked_up_where_a_geocoder_is_set(engine: Engine) -> None:
    with served(nominatim) as url:
        settings = Settings(
            _env_file=None, public_url="http://testserver", worker=False, geocoder_url=url
        )
        app = create_app(settings, engine=engine, now=lambda: NOW)
        client = TestClient(app, follow_redirects=False)
        submit(client, "/logga-in", login="coordinator", password=PASSWORD)
        found = client.get("/natet/ny?adress=Storgatan 15, 713 80 Nora").text
        nobody = client.get("/natet/ny?adress=Narniavägen 1").text
    assert "lat=59.51980&amp;lon=15.04010" in found
    assert "Ingen känner till adressen" in nobody
    silent = client.get("/natet/ny?adress=Storgatan").text
    assert "Adressökningen svarar inte" in silent


def test_without_a_geocoder_the_page_says_what_to_do(enter: Callable[[str], TestClient]) -> None:
    page = enter("coordinator").get("/natet/ny?adress=Storgatan").text
    assert "Ingen adressökning är inställd här. Klicka på kartan" in page


def test_hostile_names_are_text(engine: Engine, enter: Callable[[str], TestClient]) -> None:
    with writing(engine) as session:
        for branch in session.scalars(select(BranchRow)).all():
            branch.name, branch.locality = SCRIPT, f"{RIGHT_TO_LEFT} {branch.id}"
            branch.source = branch.hours_source = SCRIPT
        session.add(
            ClosureRow(
                branch="nora",
                first_day=NOW.date(),
                last_day=NOW.date(),
                reason=SCRIPT,
                source=SCRIPT,
            )
        )
    coordinator = enter("coordinator")
    for path in ("/natet", "/natet?vy=kalender", "/natet?vy=stangt", NORA, "/natet/ny"):
        page = coordinator.get(path).text
        assert "<img src=x" not in page, path
        assert "</script><img" not in page, path
    tried = coordinator.get("/natet/ny", params=GYTTORP | {"namn": SCRIPT, "ort": SCRIPT})
    assert "<img src=x" not in tried.text
    assert html.escape(SCRIPT) in tried.text

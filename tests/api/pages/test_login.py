from __future__ import annotations

import html
import re
import sqlite3
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx2
import psycopg
import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionError
from sqlmodel import col, select

from api.app import create_app
from api.overload import is_overload
from api.pages.login import onward
from api.security import accounts
from logistics.storage.session import reading, writing
from logistics.storage.tables import AuditRow
from tests.api.conftest import NOW
from tests.api.issuer import CLIENT, SECRET, Provider, provider
from tests.api.pages.people import PASSWORD, hidden, submit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fastapi import FastAPI
    from httpx2 import Response
    from sqlalchemy import Engine
    from sqlmodel import Session

    from api.settings import Settings

WRONG = "no"


def test_who_is_not_logged_in_is_asked_to_and_comes_back(visitor: TestClient) -> None:
    asked = visitor.get("/sok?q=123")
    assert asked.status_code == 303
    assert asked.headers["location"] == "/logga-in?next=/sok%3Fq%3D123"

    answer = submit(
        visitor, asked.headers["location"], "/logga-in", login="coordinator", password=PASSWORD
    )

    assert answer.status_code == 303
    assert answer.headers["location"] == "/sok?q=123"
    assert visitor.get("/sok?q=123").status_code == 200


def test_a_wrong_password_is_said_and_the_name_is_kept(visitor: TestClient) -> None:
    answer = submit(visitor, "/logga-in", login="<b>karin</b>", password=WRONG)

    assert answer.status_code == 401
    assert "Namnet eller lösenordet stämmer inte" in answer.text
    assert 'value="&lt;b&gt;karin&lt;/b&gt;"' in answer.text
    assert "set-cookie" not in answer.headers


def test_too_many_attempts_are_said(visitor: TestClient) -> None:
    answers = [submit(visitor, "/logga-in", login="driver", password=WRONG) for _ in range(11)]

    assert [one.status_code for one in answers] == [401] * 10 + [429]
    assert "För många försök" in answers[-1].text


@contextmanager
def crowded(app: FastAPI) -> Iterator[None]:
    """Another process keeps the only place for a writer, and nobody is patient."""
    engine = app.state.engine

    def hurry(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA busy_timeout = 10")

    engine.dispose()
    event.listen(engine, "connect", hurry)
    other = sqlite3.connect(engine.url.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.close()
    event.remove(engine, "connect", hurry)
    engine.dispose()


def test_a_log_in_while_the_database_is_taken_is_asked_to_come_again(
    visitor: TestClient, app: FastAPI
) -> None:
    fields = {"login": "driver", "password": PASSWORD, "next": "/sok"}
    with crowded(app):
        answer = visitor.post("/logga-in", data=fields)
        program = visitor.post("/v1/session", json={"login": "driver", "password": PASSWORD})

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "Mycket att göra just nu" in answer.text
    assert 'value="driver"' in answer.text
    assert PASSWORD not in answer.text
    assert (program.status_code, program.headers["retry-after"]) == (503, "5")
    assert program.json()["type"].endswith(":busy")
    again = submit(visitor, "/logga-in?next=/sok", "/logga-in", login="driver", password=PASSWORD)
    assert (again.status_code, again.headers["location"]) == (303, "/sok")


def test_a_crowd_at_the_log_in_queues_and_the_last_is_asked_to_come_again(
    visitor: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "_guessing", threading.BoundedSemaphore(1))
    monkeypatch.setattr(accounts, "_PATIENCE_SECONDS", 0.01)
    fields = {"login": "driver", "password": PASSWORD}
    with accounts._guessing:
        answer = visitor.post("/logga-in", data=fields)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert visitor.post("/logga-in", data=fields).status_code == 303


def test_nobody_waits_for_the_arithmetic_of_a_password(
    visitor: TestClient, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    guess = accounts.guess

    def slow(session: Session, login: str, password: str) -> accounts.Guess:
        with writing(app.state.engine) as other:  # queues behind a log-in that holds the lock
            other.add(AuditRow(actor="somebody", action="writes meanwhile"))
        written.append(login)
        return guess(session, login, password)

    monkeypatch.setattr(accounts, "guess", slow)
    answer = submit(visitor, "/logga-in", login="driver", password=PASSWORD)
    assert (answer.status_code, written) == (303, ["driver"])


def test_a_page_that_cannot_be_read_says_when_to_come_again(
    enter: Callable[[str], TestClient], app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = enter("coordinator")

    def taken(*_: object) -> None:
        raise NoConnectionError("every connection is taken")

    monkeypatch.setattr(app.state.door, "_by_cookie", taken)
    app.state.door.forget()
    answer = client.get("/sok?q=1")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "Databasen har för mycket att göra" in answer.text
    assert '<a class="button primary" href="/sok?q=1">Försök igen</a>' in answer.text


@pytest.mark.parametrize(
    ("code", "passes"),
    [
        (sqlite3.SQLITE_BUSY, True),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, True),
        (sqlite3.SQLITE_FULL, False),
    ],
)
def test_a_full_disk_is_no_crowd(code: int, *, passes: bool) -> None:
    origin = sqlite3.OperationalError("told by SQLite")
    origin.sqlite_errorcode = code
    assert is_overload(OperationalError("INSERT", {}, origin)) is passes


@pytest.mark.parametrize(("state", "passes"), [("55P03", True), (None, True), ("42P01", False)])
def test_a_missing_table_is_no_crowd(state: str | None, *, passes: bool) -> None:
    origin = psycopg.OperationalError("told by PostgreSQL")
    origin.sqlstate = state
    assert is_overload(OperationalError("INSERT", {}, origin)) is passes


def test_a_log_in_from_a_page_of_another_site_is_refused(visitor: TestClient) -> None:
    fields = {"login": "coordinator", "password": PASSWORD}
    answer = visitor.post("/logga-in", data=fields, headers={"Origin": "https://evil.example"})

    assert answer.status_code == 403
    assert answer.headers["content-type"].startswith("text/html")
    assert "set-cookie" not in answer.headers


def test_each_log_in_has_a_new_secret_and_ends_the_one_before(
    enter: Callable[[str], TestClient], app: FastAPI
) -> None:
    client = enter("coordinator")
    first = client.cookies["session"]
    client.cookies.set("session", "chosen-by-somebody-else")
    del client.cookies["session"]
    client.cookies.set("session", first)

    answer = client.post("/logga-in", data={"login": "driver", "password": PASSWORD})

    assert answer.status_code == 303
    second = answer.cookies["session"]
    assert second not in {first, "chosen-by-somebody-else"}
    client.cookies.clear()
    client.cookies.set("session", first)
    app.state.door.forget()
    assert client.get("/konto").headers["location"] == "/logga-in?next=/konto&because=ended"


def test_log_out_ends_the_log_in_on_the_server_too(enter: Callable[[str], TestClient]) -> None:
    client = enter("driver")
    secret = client.cookies["session"]

    answer = submit(client, "/hjalp", "/logga-ut")

    assert answer.headers["location"] == "/logga-in?because=out"
    assert "Du är utloggad" in client.get("/logga-in?because=out").text
    client.cookies.set("session", secret)
    assert client.get("/konto").status_code == 303


def test_a_form_without_its_token_changes_nothing(enter: Callable[[str], TestClient]) -> None:
    client = enter("driver")

    answer = client.post("/logga-ut", data={"once": "1"})

    assert answer.status_code == 403
    assert "Formuläret är för gammalt" in answer.text
    assert client.get("/konto").status_code == 200


def test_a_form_sent_after_the_log_in_ended_says_so(
    enter: Callable[[str], TestClient], app: FastAPI
) -> None:
    client = enter("driver")
    fields = hidden(client.get("/konto").text, "/konto/losenord")
    client.cookies.set("session", "gone")
    app.state.door.forget()
    del client.cookies["session"]

    answer = client.post(
        "/konto/losenord", data=fields, headers={"Referer": "http://testserver/konto"}
    )

    assert answer.status_code == 401
    assert "Din inloggning har tagit slut" in answer.text
    assert "/logga-in?next=/konto&amp;because=ended" in answer.text


def test_a_part_asked_for_after_the_log_in_ended_leads_to_the_log_in(visitor: TestClient) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/sok?q=1"}
    answer = visitor.get("/sok?q=2", headers=headers)

    assert answer.status_code == 204
    assert answer.headers["hx-redirect"] == "/logga-in?next=/sok%3Fq%3D1"


@pytest.mark.parametrize(
    ("wanted", "leads_to"),
    [
        ("/dag/2026-11-24?x=1", "/dag/2026-11-24?x=1"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("/v1/session", "/"),
        ("/logga-in?next=/", "/"),
        ("/a\r\nSet-Cookie: x=1", "/"),
        ("", "/"),
    ],
)
def test_a_log_in_leads_to_our_own_pages_alone(wanted: str, leads_to: str) -> None:
    assert onward(wanted) == leads_to


def test_log_ins_are_noted_without_names(enter: Callable[[str], TestClient], app: FastAPI) -> None:
    enter("management")

    with reading(app.state.engine) as session:
        entry = session.exec(select(AuditRow).order_by(col(AuditRow.id).desc())).first()
    assert entry is not None
    assert (entry.action, entry.actor) == ("log in", "user:4")


def test_without_an_issuer_the_page_asks_for_name_and_password_alone(visitor: TestClient) -> None:
    shown = visitor.get("/logga-in").text
    assert "/v1/session/oidc" not in shown
    assert "kommunens konto" not in shown


@pytest.fixture
def issuer() -> Iterator[Provider]:
    with provider() as running:
        yield running


@pytest.fixture
def with_issuer(engine: Engine, settings: Settings, issuer: Provider) -> Iterator[TestClient]:
    """A browser that is not logged in, of a service that the municipality's accounts open."""
    known = {
        "oidc_issuer": issuer.issuer,
        "oidc_client_id": CLIENT,
        "oidc_client_secret": SecretStr(SECRET),
    }
    app = create_app(settings.model_copy(update=known), engine=engine, now=lambda: NOW)
    with TestClient(app, follow_redirects=False) as client:
        client.headers["Accept"] = "text/html"
        yield client


def through_the_issuer(browser: TestClient, page: str) -> Response:
    """Press the button of the log-in page, log in at the issuer, and come back."""
    shown = browser.get(page).text
    button = re.search(r'<a class="button primary[^>]*href="([^"]+)"[^>]*>([^<]+)</a>', shown)
    assert button, shown
    assert button[2].strip() == "Logga in med kommunens konto"
    out = browser.get(html.unescape(button[1]))
    assert out.status_code == 303, out.text
    back = httpx2.get(out.headers["location"])
    return browser.get(back.headers["location"])


def test_the_municipalitys_account_opens_the_page_that_was_asked_for(
    with_issuer: TestClient, issuer: Provider
) -> None:
    asked = with_issuer.get("/sok?q=1&d=2").headers["location"]

    answer = through_the_issuer(with_issuer, asked)

    assert (answer.status_code, answer.headers["location"]) == (303, "/sok?q=1&d=2")
    assert with_issuer.get("/sok?q=1&d=2").status_code == 200
    assert issuer.person["name"] == "Karin"


def test_an_account_without_a_role_here_is_told_so_on_a_page(
    with_issuer: TestClient, issuer: Provider
) -> None:
    issuer.person["roles"] = ["guest"]

    answer = through_the_issuer(with_issuer, "/logga-in")

    assert answer.status_code == 403
    assert answer.headers["content-type"].startswith("text/html")
    assert "har ingen roll här" in answer.text
    assert 'lang="en"' not in answer.text.split("<main", 1)[1]
    assert with_issuer.get("/konto").status_code == 303

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from sqlmodel import col, select

from logistics.storage.session import reading
from logistics.storage.tables import AuditRow
from tests.api.pages.people import PASSWORD, hidden, submit

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import FastAPI
    from fastapi.testclient import TestClient

NEW = "rain over the lakes of Nora"


def change(client: TestClient, *, old: str = PASSWORD, new: str = NEW, again: str = NEW) -> str:
    answer = submit(client, "/konto", "/konto/losenord", old=old, new=new, again=again)
    assert answer.status_code in {303, 422}
    return answer.text if answer.status_code == 422 else client.get("/konto").text


def test_a_new_password_ends_every_other_log_in_and_is_noted(
    enter: Callable[[str], TestClient], app: FastAPI
) -> None:
    here, elsewhere = enter("driver"), enter("driver")

    page = change(here)

    assert "Lösenordet är bytt." in page
    assert "Lösenordet är bytt." not in here.get("/konto").text  # said once
    assert elsewhere.get("/konto").status_code == 303
    with reading(app.state.engine) as session:
        noted = select(AuditRow).where(col(AuditRow.action) == "change password")
        assert [row.actor for row in session.exec(noted)] == ["user:3"]
    assert submit(elsewhere, "/logga-in", login="driver", password=NEW).status_code == 303


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"old": "wrong"}, "Det är inte ditt nuvarande lösenord."),
        ({"again": NEW + "x"}, "De två nya lösenorden är olika."),
        ({"new": "short", "again": "short"}, "Ta minst 12 tecken"),
        ({"new": "aaaaaaaaaaaaaa", "again": "aaaaaaaaaaaaaa"}, "Ta minst 12 tecken"),
        ({"new": "å" * 300, "again": "å" * 300}, "Ta minst 12 tecken"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field(
    enter: Callable[[str], TestClient], fields: dict[str, str], fault: str
) -> None:
    client = enter("driver")

    page = change(client, **fields)

    assert re.search(rf'class="fault" id="f-\w+-h">{re.escape(fault)}', page)
    assert 'aria-invalid="true"' in page
    assert PASSWORD not in page
    assert NEW not in page


def test_a_form_sent_twice_is_done_once(enter: Callable[[str], TestClient], app: FastAPI) -> None:
    # Without the cookie of the first answer the second finds its log-in ended: nothing is changed.
    client = enter("driver")
    fields = hidden(client.get("/konto").text, "/konto/losenord")
    fields |= {"old": PASSWORD, "new": NEW, "again": NEW}
    secret = client.cookies["session"]

    first = client.post("/konto/losenord", data=fields)
    client.cookies.clear()
    client.cookies.set("session", secret)
    second = client.post("/konto/losenord", data=fields)

    assert (first.status_code, second.status_code) == (303, 401)
    with reading(app.state.engine) as session:
        noted = select(AuditRow).where(col(AuditRow.action) == "change password")
        assert len(list(session.exec(noted))) == 1


def test_the_account_says_who_one_is(enter: Callable[[str], TestClient]) -> None:
    page = enter("branch").get("/konto").text

    assert "<dd>Bibliotekspersonal</dd>" in page
    assert "<dd>Laxå bibliotek</dd>" in page


def test_without_authentication_everybody_is_the_coordinator(
    app: FastAPI, visitor: TestClient
) -> None:
    app.state.door.settings = app.state.settings.model_copy(update={"authentication": "off"})

    assert visitor.get("/").status_code == 303
    page = visitor.get("/konto").text
    assert "utan inloggning" in page
    assert "/logga-ut" not in page


@pytest.mark.parametrize(
    ("headers", "language"),
    [
        ({}, "sv"),
        ({"Accept-Language": "en-GB,en;q=0.9,sv;q=0.8"}, "en"),
        ({"Accept-Language": "en;q=0.5,sv;q=0.9"}, "sv"),
        ({"Accept-Language": "fi,de"}, "sv"),
        ({"Accept-Language": "en;q=bad,;;,"}, "sv"),
    ],
)
def test_the_browser_says_which_language_until_somebody_chooses(
    visitor: TestClient, headers: dict[str, str], language: str
) -> None:
    assert f'<html lang="{language}">' in visitor.get("/logga-in", headers=headers).text


def test_a_language_in_an_address_that_leads_on_is_kept(
    enter: Callable[[str], TestClient],
) -> None:
    client = enter("coordinator")
    onward = client.get("/?lang=en")
    assert onward.status_code == 303
    assert '<html lang="en">' in client.get("/hjalp").text


def test_a_chosen_language_stays(enter: Callable[[str], TestClient]) -> None:
    client = enter("management")

    english = client.get("/konto?lang=en")

    assert "My account" in english.text
    assert 'href="/konto?lang=sv"' in english.text
    assert "Help" in client.get("/hjalp").text
    assert "Mitt konto" in client.get("/konto?lang=sv").text
    assert "Hjälp" in client.get("/hjalp?lang=xx").text

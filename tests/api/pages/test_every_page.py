"""What must hold of every page there is, and of each that will ever be added."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from fastapi.routing import APIRoute

from api.door import CSRF_FIELD, CSRF_HEADER, allow
from api.pages.forms import _form
from api.pages.frame import Gate
from api.pages.routers import ROUTERS
from tests.api.pages.people import ROLES, hidden
from tests.api.test_every_route import dependants

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fastapi import FastAPI
    from fastapi.testclient import TestClient

#: Pages for everybody. A new one must be argued for here, not forgotten there.
PUBLIC = {
    "GET /static/{state}/{name}": "scripts and style sheets hold no data",
    "GET /logga-in": "it is the log-in",
    "POST /logga-in": "it is the log-in",
}
PAGES = {
    f"{method} {route.path}": route
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, APIRoute)
    for method in route.methods
}
GUARDED = sorted(PAGES.keys() - PUBLIC.keys())
VALUES = {"date": "2026-11-24", "day": "2026-11-24", "month": "2026-11", "branch": "laxa"}


def address(name: str) -> str:
    path = name.partition(" ")[2]
    return re.sub(r"{(\w+)(:\w+)?}", lambda match: VALUES.get(match[1], "1"), path)


def gates(name: str) -> list[Gate]:
    return [one.call for one in dependants(PAGES[name].dependant) if isinstance(one.call, Gate)]


@pytest.mark.parametrize("name", GUARDED)
def test_every_page_says_whom_it_is_for(name: str) -> None:
    assert len(gates(name)) == 1, f"{name} needs one `shown_to(...)`"
    assert gates(name)[0].roles <= set(ROLES)
    assert any(one.call is allow for one in dependants(PAGES[name].dependant))


def test_pages_stay_out_of_the_document_of_the_api() -> None:
    assert [name for name, route in PAGES.items() if route.include_in_schema] == []
    assert set(PUBLIC) <= PAGES.keys()


def test_every_page_that_changes_something_takes_a_form_sent_once() -> None:
    for name in GUARDED:
        if name.startswith("GET "):
            continue
        calls = [one.call for one in dependants(PAGES[name].dependant)]
        assert _form in calls, f"{name} takes no `FormDep`"


def test_no_page_answers_a_stranger(app: FastAPI, visitor: TestClient) -> None:
    app.state.door.counting = False
    for name in GUARDED:
        method = name.partition(" ")[0]
        answer = visitor.request(method, address(name))
        if method == "GET":
            assert answer.status_code == 303, name
            assert answer.headers["location"].startswith("/logga-in?next="), name
        else:
            assert answer.status_code == 401, name
        assert answer.headers["cache-control"] == "no-store", name


@pytest.mark.parametrize("role", ROLES)
def test_no_page_answers_another_role(role: str, enter: Callable[[str], TestClient]) -> None:
    client = enter(role)
    client.headers[CSRF_HEADER] = hidden(client.get("/konto").text, "/logga-ut")[CSRF_FIELD]
    for name in GUARDED:
        if role in gates(name)[0].roles:
            continue
        answer = client.request(name.partition(" ")[0], address(name))
        assert answer.status_code == 403, name
        assert "Det här är inte för dig" in answer.text, name


def test_no_page_answers_a_key(
    visitor: TestClient, app: FastAPI, make_key: Callable[..., str]
) -> None:
    app.state.door.counting = False
    headers = {"Authorization": f"Bearer {make_key()}"}
    for name in GUARDED:
        answer = visitor.request(name.partition(" ")[0], address(name), headers=headers)
        assert answer.status_code == 403, name


def test_no_form_forgets_its_token(pytestconfig: pytest.Config) -> None:
    # Forms are made by ui.form or ui.confirm; two are written out: log-in (nobody has a token yet)
    # and log-out (part of the frame).
    folder: Path = pytestconfig.rootpath / "api" / "templates"
    written_out = {
        (path.name, action)
        for path in folder.glob("*.html")
        if path.name != "components.html"
        for action in re.findall(r'<form[^>]*method="post"[^>]*action="([^"]*)"', path.read_text())
    }
    others = [
        (path.name, form)
        for path in folder.glob("*.html")
        for form in re.findall(r"<form[^>]*>", path.read_text())
        if "hx-post" in form and path.name != "components.html"
    ]

    assert written_out == {("log_in.html", "/logga-in"), ("page.html", "/logga-ut")}
    assert others == []

"""The frame round every page: menu, errors, what is served beside it, help."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from api.pages import search, static
from api.pages.manual import written
from api.pages.notice import COOKIE
from logistics.errors import ConflictError
from tests.api.day import asked_on_monday, make
from tests.api.helpers import assert_problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi.testclient import TestClient

ROLES = ("coordinator", "branch", "driver", "management", "admin")


@pytest.mark.parametrize("role", ROLES)
def test_no_entry_of_the_menu_leads_nowhere(role: str, enter: Callable[[str], TestClient]) -> None:
    client = enter(role)
    start = client.get("/").headers["location"]
    page = client.get("/hjalp").text
    nav = page[page.index("<nav") : page.index("</nav>")]
    paths = re.findall(r'href="([^"]+)"', nav)

    assert start == paths[0]
    assert "/hjalp" in paths
    for path in paths:
        answer = client.get(path)
        assert answer.status_code in {200, 303}, (path, answer.status_code)


def test_an_unknown_address_is_a_page_for_people_and_a_problem_for_programs(
    enter: Callable[[str], TestClient],
) -> None:
    client = enter("coordinator")

    page = client.get("/nowhere/%3Cb%3E")
    assert page.status_code == 404
    assert "Här finns ingenting" in page.text
    assert 'href="/konto"' in page.text  # still logged in
    assert page.headers["x-request-id"] in page.text
    assert_problem(client.get("/v1/nowhere"), "not-found")


def test_a_fault_of_ours_says_its_number_and_nothing_else(
    enter: Callable[[str], TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = enter("coordinator")
    monkeypatch.setattr(search, "find", lambda *_: 1 / 0)

    page = client.get("/sok?q=1")

    assert page.status_code == 500
    assert "Något gick sönder hos oss" in page.text
    assert "division" not in page.text


def test_a_conflict_is_told_whole_and_as_a_part(
    enter: Callable[[str], TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = enter("coordinator")

    def find(*_: object) -> None:
        raise ConflictError("plan of 2026-11-24: version 3 is <published>, expected draft")

    monkeypatch.setattr(search, "find", find)
    whole = client.get("/sok?q=1")
    part = client.get("/sok?q=1", headers={"HX-Request": "true"})

    assert (whole.status_code, part.status_code) == (409, 409)
    for answer in (whole, part):
        assert "Någon annan hann före" in answer.text
        assert "är &lt;published&gt;, men borde vara ett utkast" in answer.text
    assert "<html" in whole.text
    assert "<html" not in part.text


def test_a_sentence_that_we_did_not_leave_is_not_shown(enter: Callable[[str], TestClient]) -> None:
    client = enter("coordinator")
    client.cookies.set(COOKIE, '["Call 555-1234", "bad"].x.y')

    assert "555" not in client.get("/konto").text


def test_files_are_kept_for_ever_under_an_address_that_changes(visitor: TestClient) -> None:
    for name in static.every_file():
        answer = visitor.get(static.address(name))
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["content-encoding"] == "gzip"
    etag = {"If-None-Match": answer.headers["etag"]}
    assert visitor.get(static.address(name), headers=etag).status_code == 304
    assert visitor.get(f"/static/old/{name}").headers["cache-control"] == "no-cache"
    assert visitor.get("/static/old/..%2Fframe.py").status_code == 404
    with pytest.raises(KeyError, match=r"there is no static file 'x\.js'"):
        static.address("x.js")


def test_no_file_names_a_foreign_host_to_load_from() -> None:
    for name, file in static.every_file().items():
        text = file.content.decode() if file.media_type.startswith("text/") else ""
        assert not re.search(r"""(url\(|import\s*\(?|src=)\s*["']?(https?:)?//""", text), name


def test_help_shows_markdown_and_nothing_that_runs(enter: Callable[[str], TestClient]) -> None:
    client = enter("driver")

    assert "Att komma igång" in client.get("/hjalp").text
    assert '<h2 id="logga-in">Logga in</h2>' in client.get("/hjalp/start").text
    assert client.get("/hjalp/..%2F..%2FREADME").status_code == 404
    assert client.get("/hjalp/bilder/x.png").status_code == 404
    hostile = written("<script>x</script> [a](javascript:alert(1)) ![b](bilder/b.png)")
    assert "<script" not in hostile
    assert "href" not in hostile
    assert '<img src="bilder/b.png" alt="b"' in hostile


def test_the_policy_lets_no_foreign_script_in(enter: Callable[[str], TestClient]) -> None:
    page = enter("coordinator").get("/design")

    policy = page.headers["content-security-policy"]
    assert "default-src 'none'; script-src 'self' 'nonce-" in policy
    assert not re.search(r"<script(?![^>]*src=)", page.text)
    assert not re.search(r"\son\w+=", page.text)


def test_the_design_of_a_day_shows_the_newest_plan(
    enter: Callable[[str], TestClient], make_key: Callable[..., str]
) -> None:
    client = enter("coordinator")
    assert client.get("/design/dag").status_code == 404
    client.headers["Authorization"] = f"Bearer {make_key()}"
    assert client.post("/v1/transfers", json=asked_on_monday()).status_code == 201
    make(client)
    del client.headers["Authorization"]

    page = client.get("/design/dag")

    assert page.status_code == 200
    assert f'href="{static.address("theme.css")}"' in page.text

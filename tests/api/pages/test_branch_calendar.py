"""Branch staff make an address for their calendar, see it once, and revoke it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.api.pages.people import hidden, submit

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi.testclient import TestClient

HERE = "/bibliotek/laxa/kalender"


def test_an_address_is_shown_once_and_revoked(enter: Callable[[str], TestClient]) -> None:
    laxa = enter("branch")
    fields = hidden(laxa.get(HERE).text, HERE) | {"name": "personalens kalender"}

    page = laxa.post(HERE, data=fields).text

    url = re.search(r'id="url" value="([^"]+)"', page)
    assert url
    path = url[1].removeprefix("http://testserver")
    assert laxa.get(path).status_code == 200
    listed = laxa.get(HERE).text
    assert "personalens kalender" in listed
    assert url[1] not in listed
    again = laxa.post(HERE, data=fields)  # the page was reloaded
    assert again.status_code == 303
    assert "redan skapad" in laxa.get(HERE).text
    (number,) = set(re.findall(rf"{HERE}/(\d+)/dra-in", listed))
    gone = submit(laxa, HERE, f"{HERE}/{number}/dra-in")
    assert gone.status_code == 303
    after = laxa.get(HERE).text
    assert "Adressen är indragen" in after
    assert "Inga än." in after
    assert laxa.get(path).status_code == 404


def test_a_name_that_cannot_be_is_told_beside_its_field(
    enter: Callable[[str], TestClient],
) -> None:
    laxa = enter("branch")

    blank = submit(laxa, HERE, name=" ")
    person = submit(laxa, HERE, name="19811218-9876")

    assert (blank.status_code, person.status_code) == (422, 422)
    assert "Skriv var adressen ska användas." in blank.text
    assert "personal number" in person.text or "personnummer" in person.text


def test_no_branch_sees_the_addresses_of_another(enter: Callable[[str], TestClient]) -> None:
    laxa, coordinator = enter("branch"), enter("coordinator")

    assert laxa.get("/bibliotek/kumla/kalender").status_code == 403
    assert coordinator.get("/bibliotek/kumla/kalender").status_code == 200

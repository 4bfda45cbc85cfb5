from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.api.day import asked_on_monday
from tests.maps.hostile import SCRIPT

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi.testclient import TestClient


@pytest.fixture
def asked(enter: Callable[[str], TestClient], make_key: Callable[..., str]) -> TestClient:
    """A coordinator, and eight transfers that wait."""
    client = enter("coordinator")
    headers = {"Authorization": f"Bearer {make_key()}"}
    assert client.post("/v1/transfers", json=asked_on_monday(), headers=headers).status_code == 201
    return client


def test_a_bar_code_answers_in_one_sentence_with_its_history(asked: TestClient) -> None:
    page = asked.get("/sok?q=item-0").text

    assert '<p class="sentence">Ligger i Nora bibliotek, ännu inte packad till Kumla' in page
    assert "Begärd, Nora bibliotek" in page
    assert "1 återlämning" in page


def test_several_matches_are_listed_each_with_its_sentence(asked: TestClient) -> None:
    page = asked.get("/sok?q=item").text

    assert "8 träffar" in page
    assert page.count("<span>Ligger i ") == 8
    assert '<p class="sentence">' not in page


def test_nothing_found_says_what_to_do(asked: TestClient) -> None:
    page = asked.get("/sok?q=+%3Cb%3E7310+").text

    assert "Ingenting heter ”&lt;b&gt;7310”" in page
    assert "sök i bibliotekskatalogen" in page


def test_a_journey_under_way_stands_before_those_that_ended(
    asked: TestClient, make_key: Callable[..., str]
) -> None:
    headers = {"Authorization": f"Bearer {make_key()}"}
    first = asked.get("/v1/transfers?item=item-0", headers=headers).json()["data"][0]["id"]
    ended = asked.post(
        f"/v1/transfers/{first}/cancel", json={"reason": "not needed"}, headers=headers
    )
    assert ended.status_code == 200, ended.text
    again = asked_on_monday()[0] | {"request_id": "r-again"}
    assert asked.post("/v1/transfers", json=again, headers=headers).status_code == 201

    page = asked.get("/sok?q=item-0").text
    assert "not needed" in asked.get("/sok", params={"q": first}).text

    assert page.index('<p class="sentence">Ligger i Nora') < page.index("Andra resor")
    assert "Avbeställd; låg senast i Nora bibliotek." in page


def test_a_branch_finds_its_own_alone(
    asked: TestClient, enter: Callable[[str], TestClient]
) -> None:
    del asked
    laxa = enter("branch")

    assert "2 träffar" in laxa.get("/sok?q=item").text
    assert "Ingenting heter" in laxa.get("/sok?q=item-0").text


@pytest.mark.parametrize("text", [SCRIPT, "\0", "%", "_____", "a" * 5000, "\u202eabc", "🙂"])
def test_whatever_is_typed_is_text(asked: TestClient, text: str) -> None:
    answer: Any = asked.get("/sok", params={"q": text})

    assert answer.status_code == 200
    assert "<img src=x" not in answer.text

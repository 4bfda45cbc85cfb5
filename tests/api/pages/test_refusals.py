"""Every refusal of the domain that a page can show is said in Swedish, with its values."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from api.pages.refusals import caveat, said
from maps.i18n import Words
from tests.api.pages.people import hidden
from tests.maps.hostile import SCRIPT
from tests.operations.helpers import TUESDAY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fastapi.testclient import TestClient

SWEDISH, ENGLISH = Words("sv", ("api",)), Words("en", ("api",))
ROOT = Path(__file__).parents[3]
#: Where the refusals of what pages do are raised.
MODULES = (
    "logistics/operations/change/change.py",
    "logistics/dispatch/assemble.py",
    "logistics/operations/day/close.py",
    "logistics/operations/day/day_problem.py",
    "logistics/operations/network/load_network.py",
    "logistics/operations/road/drive.py",
    "logistics/operations/intake/handle.py",
    "logistics/operations/change/keep_change.py",
    "logistics/operations/road/late_ticks.py",
    "logistics/operations/network/network_changes.py",
    "logistics/operations/road/on_the_road.py",
    "logistics/operations/day/publish.py",
    "logistics/operations/day/stored_plans.py",
    "logistics/operations/intake/take_in.py",
    "logistics/planning/feasibility.py",
    "logistics/operations/day/store_plan.py",
    "logistics/planning/searches.py",
    "logistics/planning/shortfall.py",
    "logistics/storage/transfers.py",
    "api/pages/costs.py",
    "api/pages/costs_span.py",
    "api/pages/day_late.py",
    "api/pages/day_stop.py",
    "api/pages/day_try.py",
    "api/pages/day_turn.py",
    "api/pages/help.py",
    "api/security/oidc.py",
)
#: Said by rule and place on the page of the change itself, before anything can be kept.
ELSEWHERE = {"x: x"}
#: Puts its argument into a sentence of its own, which the walk finds.
WRAPPED = "_refused"


def refusals(path: str) -> Iterator[str]:
    """The sentences of a module, each value in them an x."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            if not (isinstance(node.exc.func, ast.Name) and node.exc.func.id == WRAPPED):
                yield from filter(None, map(sentence, node.exc.args))
        elif isinstance(node, ast.Yield) and node.value is not None:
            yield from filter(None, [sentence(node.value)])
        elif isinstance(node, ast.Return) and isinstance(node.value, ast.List):
            yield from filter(None, map(sentence, node.value.elts))
        elif isinstance(node, ast.Return) and isinstance(node.value, ast.Call):
            if isinstance(node.value.func, ast.Name) and node.value.func.id.endswith("Error"):
                yield from filter(None, map(sentence, node.value.args))
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.ListComp):
            yield from filter(None, [sentence(node.value)])


def sentence(node: ast.expr) -> str:
    if isinstance(node, ast.GeneratorExp | ast.ListComp):
        return sentence(node.elt)
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values
        )
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
        return node.value
    return ""


def walked() -> list[str]:
    found = {text for path in MODULES for text in refusals(path)}
    return sorted(found - ELSEWHERE)


def test_the_walk_finds_the_refusals() -> None:
    assert len(walked()) > 40


@pytest.mark.parametrize("text", walked())
def test_each_refusal_is_said_in_swedish(text: str) -> None:
    shown = said(SWEDISH, text)
    assert shown.language == "sv", text
    assert shown.text != text
    assert "{" not in shown.text
    assert said(ENGLISH, text).text == text


def test_values_and_states_are_said_too() -> None:
    shown = said(SWEDISH, "plan of 2026-11-24: version 3 is under way, expected draft")
    assert shown.text == "Version 3 av 2026-11-24 är på väg, men borde vara ett utkast."
    shown = said(SWEDISH, "transfer 't-1': no step from at_hub to packed; allowed: aboard")
    assert shown.text == "Transporten t-1 har läget ”på navet” och kan inte få läget ”packat”."


def test_records_are_called_by_the_names_people_know() -> None:
    names = {"laxa": "Laxå", "van-1": "Bil 1"}
    told = "site 'laxa': must be visited, but it can be served alone; add a vehicle"
    assert said(SWEDISH, told, names).text.startswith("Laxå måste besökas")
    assert said(SWEDISH, told).text.startswith("laxa måste besökas")
    told = "sites 'laxa', 'nora': must be visited, but there is no vehicle that runs; add one"
    assert "Laxå, nora" in said(SWEDISH, told, names).text
    assert "Bil 1" in said(SWEDISH, "vehicle 'van-1': has no run on 2026-11-24", names).text


def test_what_a_plan_admits_to_is_said_in_swedish() -> None:
    stored = "12 of the 40 places are known by their town only; their doors may lie up to a "
    stored += "kilometre away"
    shown = caveat(SWEDISH, stored)
    assert shown.text.startswith("av 40 platser är 12 bara kända till orten")
    assert str(shown.marked) == ""
    assert caveat(ENGLISH, stored).text == stored
    unknown = caveat(SWEDISH, "snow: travel times x 2")
    assert (unknown.text, str(unknown.marked)) == ("snow: travel times x 2", ' lang="en"')


def test_what_is_not_known_stays_as_the_domain_says_it_and_is_marked() -> None:
    shown = said(SWEDISH, "crate 'K7': it is lost, expected to be somewhere; look for it")
    assert shown.text == "crate 'K7': it is lost, expected to be somewhere; look for it"
    assert str(shown.marked) == ' lang="en"'
    assert str(said(SWEDISH, "Välj vad som har hänt.").marked) == ""
    assert str(said(ENGLISH, "crate 'K7': it is lost").marked) == ""


def test_a_page_says_why_in_the_language_of_its_reader(
    enter: Callable[[str], TestClient],
) -> None:
    client = enter("coordinator")
    form = hidden(client.get(f"/dag/{TUESDAY}").text, f"/dag/{TUESDAY}/planera")
    answer = client.post("/natet/stangningar/999/oppna", data=form)
    assert "<li>Det finns ingen stängning 999. Någon kan ha tagit bort den.</li>" in answer.text
    form = hidden(client.get(f"/dag/{TUESDAY}?lang=en").text, f"/dag/{TUESDAY}/planera")
    answer = client.post("/natet/stangningar/999/oppna", data=form)
    assert "<li>closure 999: there is none of this number</li>" in answer.text


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/dag/abc", "abc är inget datum. Skriv som 2026-11-24."),
        ("/dag/2026-02-30", "Kalendern har ingen dag 2026-02-30."),
        ("/dag/1999-01-01", "Dagar från 2000 till 2100 kan visas."),
        ("/dag/2026-11-24?version=x", "x är inget som en adress kan fråga efter här."),
        ("/dag/2026-11-24/transporter?utfall=y", "y är inget som en adress kan fråga efter här."),
        ("/dag/2026-11-24/jamfor", "Adressen säger inte vad mot ska vara."),
    ],
)
def test_an_address_that_cannot_be_says_so_in_swedish(
    enter: Callable[[str], TestClient], path: str, why: str
) -> None:
    answer = enter("coordinator").get(path)
    assert answer.status_code in {404, 422}
    assert f"<li>{why}</li>" in answer.text


def test_hostile_values_in_a_refusal_are_text(enter: Callable[[str], TestClient]) -> None:
    answer = enter("coordinator").get(f"/dag/{TUESDAY}/pa-vagen?handelse=bil&vad=x%3Cimg%3E")
    assert "<img" not in answer.text
    assert SCRIPT not in answer.text

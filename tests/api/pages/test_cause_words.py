"""Why an item's steps were taken, in the reader's language; the words of people as they are."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import logistics
from api.pages.cause_words import cause_said
from maps.i18n import words

if TYPE_CHECKING:
    from collections.abc import Iterator

PLACES = {"nora": "Nora bibliotek", "laxa": "Laxå bibliotek"}
SAID = {
    "run 1, hub": "tur 1, på navet",
    "run 2, stop 11": "tur 2, stopp 11",
    "van stopped": "bilen har stannat",
    "taken in by the branch": "mottaget av biblioteket",
    "packed": "det packades",
    "unpacked": "det packades upp igen",
    "found": "det har hittats",
    "missing": "det saknas",
    "missed at laxa": "saknas på Laxå bibliotek",
    "missed at gone": "saknas på gone",
    "'r; {goal}' takes its place: nora to laxa": (
        "”r; {goal}” tar dess plats, från Nora bibliotek till Laxå bibliotek"
    ),
    '"o\'r" was asked for later: nora to laxa': (
        "”o'r” begärdes senare, från Nora bibliotek till Laxå bibliotek"
    ),
    "the hub moved from nora to laxa": "navet flyttade från Nora bibliotek till Laxå bibliotek",
    "somebody waits for it, so it does not go home": "någon väntar på det, så det går inte hem",
    "first in the queue who can have it, at nora": (
        "till den första i kön som kan få det, på Nora bibliotek"
    ),
    "nobody waits, so it goes home to nora": (
        "ingen väntar på det, så det går hem till Nora bibliotek"
    ),
    "no reader who waits may have it, so it goes home to laxa in 1.5 days": (
        "ingen låntagare som väntar får låna det, så det går hem till Laxå bibliotek på 1,5 dagar"
    ),
    "1.5 days to a reader at nora, 12.34 SEK there and home; "
    "the cheapest of 3 places with a copy": (
        "1,5 dagar till en låntagare på Nora bibliotek, 12,34 kr dit och hem; "
        "billigast av 3 platser med ett exemplar"
    ),
    "the reader waits where the copy is; no other copy may fill this hold": (
        "låntagaren väntar där exemplaret finns; inget annat exemplar kan uppfylla reservationen"
    ),
}


@pytest.mark.parametrize(("cause", "said"), SAID.items())
def test_what_the_software_writes_is_said_in_swedish(cause: str, said: str) -> None:
    assert cause_said(words("sv", "api"), "transfer.cancelled", cause, PLACES) == said


@pytest.mark.parametrize(
    "cause", ["ringde och ångrade sig", "found; in the cellar", "run 1", "Packed", "van stopped!"]
)
def test_what_people_write_stays_as_they_wrote_it(cause: str) -> None:
    for language in ("sv", "en"):
        assert cause_said(words(language, "api"), "transfer.cancelled", cause, PLACES) == cause


def test_a_cause_that_only_repeats_the_step_is_left_out() -> None:
    w = words("sv", "api")
    assert cause_said(w, "transfer.packed", "packed", PLACES) == ""
    assert cause_said(w, "transfer.missing", "missing", PLACES) == ""


def test_every_cause_that_is_written_out_in_the_use_cases_is_known() -> None:
    written = set(_written())
    assert {"van stopped", "unpacked", "found"} <= written
    assert written <= SAID.keys()


def _written() -> Iterator[str]:
    """Texts that the use cases give as a cause, where they are no pattern."""
    for path in (Path(logistics.__file__).parent / "operations").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.keyword(arg="cause") | ast.Assign(targets=[ast.Name("cause" | "_CAUSE")]):
                    yield from _text(node.value)


def _text(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value

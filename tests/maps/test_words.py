from __future__ import annotations

import re
from datetime import UTC, date, datetime
from importlib.resources import files

import pytest
from babel.messages.pofile import read_po

from logistics.errors import InputError
from maps.i18n import words
from tests.maps.messages import messages

PLACEHOLDER = re.compile(r"{\w+}")


def swedish() -> dict[str, tuple[str, ...]]:
    path = files("maps") / "locale" / "sv" / "LC_MESSAGES" / "maps.po"
    with path.open("rb") as file:
        catalogue = read_po(file, abort_invalid=True)
    assert not any(message.fuzzy for message in catalogue if message.id)
    pairs = ((m.id, m.string) for m in catalogue if m.id)
    return {
        (key if isinstance(key, str) else key[0]): (text,) if isinstance(text, str) else text
        for key, text in pairs
    }


def test_no_string_is_untranslated_and_none_is_left_over() -> None:
    assert sorted(swedish()) == sorted(messages())
    assert [key for key, forms in swedish().items() if not all(forms)] == []


def test_translations_fill_in_the_same_values() -> None:
    sources = messages()
    wrong = [
        key
        for key, forms in swedish().items()
        for form in forms
        if set(PLACEHOLDER.findall(form)) != set(PLACEHOLDER.findall(sources[key][-1]))
    ]
    assert wrong == []


def test_values_are_written_as_swedes_write_them() -> None:
    w = words("sv")
    assert (
        w.sek(1234567.5, 2) == "1\N{NO-BREAK SPACE}234\N{NO-BREAK SPACE}567,50\N{NO-BREAK SPACE}kr"
    )
    assert w.number(-3) == "\N{MINUS SIGN}3"
    assert w.number(-0.2) == "0"
    assert w.percent(0.125, 1) == "12,5\N{NO-BREAK SPACE}%"
    assert w.day(date(2026, 11, 24)) == "tisdag 24 november 2026"
    assert w.span(5700) == "1\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}35\N{NO-BREAK SPACE}min"
    assert w.moment(datetime(2026, 11, 24, 5, 41, tzinfo=UTC)) == "24 nov. 06:41"
    assert w.many("{n} stop", "{n} stops", 1) == "1 stopp"


def test_values_are_written_as_english_readers_write_them() -> None:
    w = words("en")
    assert w.sek(1234.5) == "SEK 1,234"
    assert w.percent(0.5) == "50%"
    assert w.many("{n} stop", "{n} stops", 2) == "2 stops"


def test_a_value_is_never_read_as_a_pattern() -> None:
    assert words("sv").t("Hub: {place}", place="{x} %s {0}") == "Nav: {x} %s {0}"


def test_language_without_catalogue_is_refused() -> None:
    with pytest.raises(InputError, match="language is 'fi', expected one of sv, en"):
        words("fi")

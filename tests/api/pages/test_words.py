from __future__ import annotations

import re
from importlib.resources import files

from babel.messages.pofile import read_po

from tests.maps.messages import messages

PLACEHOLDER = re.compile(r"{\w+}")


def catalogues(package: str) -> list[tuple[str, tuple[str, ...]]]:
    found = []
    for path in sorted((files(package) / "locale" / "sv" / "LC_MESSAGES").iterdir(), key=str):
        with path.open("rb") as file:
            catalogue = read_po(file, abort_invalid=True)
        assert not any(message.fuzzy for message in catalogue if message.id)
        found += [(forms(m.id)[0], forms(m.string)) for m in catalogue if m.id]
    return found


def forms(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def test_no_string_of_a_page_is_untranslated_and_none_is_left_over() -> None:
    of_maps, of_pages = dict(catalogues("maps")), [key for key, _ in catalogues("api")]
    sources = messages("api")

    assert sorted(sources.keys() - of_maps.keys() - set(of_pages)) == [], "untranslated"
    assert sorted(set(of_pages) - sources.keys()) == [], "left over"
    assert sorted(key for key in of_pages if of_pages.count(key) > 1) == [], "said twice"
    assert sorted(set(of_pages) & of_maps.keys()) == [], "maps says it already"
    assert [key for key, text in catalogues("api") if not all(text)] == []


def test_translations_of_pages_fill_in_the_same_values() -> None:
    sources = messages("api")
    wrong = [
        key
        for key, texts in catalogues("api")
        for text in texts
        if set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(sources[key][-1]))
    ]
    assert wrong == []
